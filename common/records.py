"""`dataclass`, as Python's own is used here, made in a tenth of the time.

Python's writes a text of five functions for each class and compiles it when the class is made: of a
program of 120 of them that is a quarter of its start. Here what shows and protects is written once
for all, and what makes and compares is compiled when it is first needed, if it ever is.
Type checkers see Python's own.
"""

import dataclasses
from collections.abc import Callable, Iterable
from reprlib import recursive_repr
from types import MemberDescriptorType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:

    def dataclass(
        *,
        frozen: bool = False,
        slots: bool = False,
        kw_only: bool = False,
        eq: bool = True,
        order: bool = False,
    ) -> Callable[[type], type]:
        """Make a class a dataclass; what is not named here is as `dataclasses.dataclass` has it.

        Of the class itself `__dataclass_params__` do not tell whether it is frozen.
        """

        def made(cls: type) -> type:
            own = set(cls.__dict__)
            if not cls.__doc__:
                cls.__doc__ = cls.__name__  # else the signature is looked up for it
            cls = dataclasses.dataclass(
                cls, init=False, repr=False, eq=False, slots=slots, kw_only=kw_only
            )
            methods = _methods(cls, frozen=frozen, slots=slots, eq=eq, order=order)
            for name in methods.keys() - own:
                setattr(cls, name, methods[name])
            if eq and "__hash__" not in own and "__eq__" not in own and not frozen:
                cls.__hash__ = None
            return cls

        return made


def _methods(
    cls: type[Any], *, frozen: bool, slots: bool, eq: bool, order: bool
) -> dict[str, Callable[..., Any]]:
    methods: dict[str, Callable[..., Any]] = {
        "__init__": _once_needed(cls, "__init__", _init),
        "__repr__": _repr,
    }
    if eq:
        methods["__eq__"] = _once_needed(cls, "__eq__", _eq)
    if eq and frozen:
        methods["__hash__"] = _once_needed(cls, "__hash__", _hash)
    if order:
        methods |= _ORDERS
    if frozen:
        methods["__setattr__"] = _no_setattr(cls)
        methods["__delattr__"] = _no_delattr(cls)
        if slots:
            methods["__getstate__"] = _getstate
            methods["__setstate__"] = _setstate
    return methods


def _once_needed(
    cls: type[Any], name: str, make: Callable[[type[Any]], Callable[..., Any]]
) -> Callable[..., Any]:
    """Return a method that replaces itself when it is first called."""

    def first(self: Any, *args: Any, **kwargs: Any) -> Any:
        made = make(cls)
        made.__qualname__ = f"{cls.__qualname__}.{name}"
        setattr(cls, name, made)
        return made(self, *args, **kwargs)

    return first


def _eq(cls: type[Any]) -> Callable[..., Any]:
    names = [field.name for field in dataclasses.fields(cls) if field.compare]
    same = " and ".join(f"self.{name} == other.{name}" for name in names) or "True"
    return _compiled(
        "__eq__(self, other)",
        ["if self is other:", " return True"],
        ["if other.__class__ is self.__class__:", f" return {same}"],
        ["return NotImplemented"],
    )


def _hash(cls: type[Any]) -> Callable[..., Any]:
    fields = dataclasses.fields(cls)
    names = [each.name for each in fields if (each.compare if each.hash is None else each.hash)]
    return _compiled(
        "__hash__(self)", [f"return hash(({''.join(f'self.{name}, ' for name in names)}))"]
    )


def _order(name: str) -> Callable[[Any, Any], Any]:
    compare = getattr(tuple, name)

    def method(self: Any, other: Any) -> Any:
        if other.__class__ is not self.__class__:
            return NotImplemented
        names = [field.name for field in dataclasses.fields(self) if field.compare]
        own, others = (tuple(getattr(each, name) for name in names) for each in (self, other))
        return compare(own, others)

    return method


_ORDERS = {name: _order(name) for name in ("__lt__", "__le__", "__gt__", "__ge__")}


@recursive_repr()
def _repr(self: Any) -> str:
    names = (field.name for field in dataclasses.fields(self) if field.repr)
    values = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
    return f"{self.__class__.__qualname__}({values})"


def _no_setattr(cls: type[Any]) -> Callable[..., None]:
    def __setattr__(self: Any, name: str, value: object) -> None:
        if type(self) is cls or name in cls.__dataclass_fields__:
            raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")
        super(cls, self).__setattr__(name, value)

    return __setattr__


def _no_delattr(cls: type[Any]) -> Callable[..., None]:
    def __delattr__(self: Any, name: str) -> None:
        if type(self) is cls or name in cls.__dataclass_fields__:
            raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")
        super(cls, self).__delattr__(name)

    return __delattr__


def _getstate(self: Any) -> list[object]:
    return [getattr(self, field.name) for field in dataclasses.fields(self)]


def _setstate(self: Any, state: Iterable[object]) -> None:
    for field, value in zip(dataclasses.fields(self), state, strict=True):
        object.__setattr__(self, field.name, value)


def _init(cls: type[Any]) -> Callable[..., None]:
    """Return the `__init__` of a class, as Python's own would be."""
    known: dict[str, Any] = {"_set": object.__setattr__, "_UNSET": object()}
    frozen = "__setattr__" in cls.__dict__
    positional, keyword, body = list[str](), list[str](), list[str]()
    for field in dataclasses.fields(cls):
        name = field.name
        value = name
        if field.default_factory is not dataclasses.MISSING:
            known[f"_made_{name}"] = field.default_factory
            value = f"_made_{name}()"
            if field.init:
                value = f"{value} if {name} is _UNSET else {name}"
            given = f"{name}=_UNSET"
        elif field.default is not dataclasses.MISSING:
            known[f"_default_{name}"] = field.default
            given = f"{name}=_default_{name}"
            value = name if field.init else f"_default_{name}"
        else:
            given = name
        if field.init:
            (keyword if field.kw_only else positional).append(given)
        elif value == name:
            continue
        slot = cls.__dict__.get(name) if frozen else None
        if isinstance(slot, MemberDescriptorType):  # set without being looked for
            known[f"_set_{name}"] = slot.__set__
            body.append(f"_set_{name}(self, {value})")
        else:
            body.append(f"_set(self, {name!r}, {value})" if frozen else f"self.{name} = {value}")
    if hasattr(cls, "__post_init__"):
        body.append("self.__post_init__()")
    given = ", ".join(["self", *positional, *(["*", *keyword] if keyword else [])])
    return _compiled(f"__init__({given})", body or ["pass"], known=known)


def _compiled(
    head: str, *lines: list[str], known: dict[str, Any] | None = None
) -> Callable[..., Any]:
    made = {} if known is None else known
    text = "\n ".join(line for some in lines for line in some)
    exec(f"def {head}:\n {text}", made)  # noqa: S102  # names of fields, which are ours
    method: Callable[..., Any] = made[head.partition("(")[0]]
    return method
