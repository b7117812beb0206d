"""Our dataclasses behave as Python's own do."""

import copy
import dataclasses
import pickle
from collections.abc import Callable
from dataclasses import field
from functools import cached_property
from typing import Any, ClassVar

import pytest

from common.records import dataclass as ours

WAYS = [{"frozen": True, "slots": True, "kw_only": True}, {"frozen": True}, {"slots": True}, {}]


def both(**how: Any) -> list[Any]:
    """The same class, made by Python and by us."""

    def made(dataclass: Callable[..., Any]) -> Any:
        @dataclass(**how)
        class Thing:
            kinds: ClassVar[int] = 3
            name: str
            count: int = 1
            parts: list[int] = field(default_factory=list, compare=False)
            secret: str = field(default="s", repr=False)
            derived: str = field(init=False, default="d")

        return Thing

    return [made(dataclasses.dataclass), made(ours)]


@pytest.mark.parametrize("how", WAYS)
def test_they_are_made_shown_and_compared_alike(how: dict[str, Any]) -> None:
    for thing in both(**how):
        one, same = thing(name="a", count=2), thing(name="a", count=2, parts=[7])
        assert repr(one) == f"{thing.__qualname__}(name='a', count=2, parts=[], derived='d')"
        assert one == same
        assert one != thing(name="b")
        assert one != ("a", 2)
        assert dataclasses.replace(one, count=3).count == 3
        assert copy.copy(one) == copy.deepcopy(one) == one
        assert one.parts is not thing(name="a").parts
        assert [each.name for each in dataclasses.fields(thing)][:2] == ["name", "count"]
        for wrong in ({}, {"name": "a", "other": 1}):
            with pytest.raises(TypeError):
                thing(**wrong)
        if how.get("frozen"):
            assert hash(one) == hash(same) == hash(("a", 2, "s", "d"))
        else:
            with pytest.raises(TypeError, match="unhashable"):
                hash(one)
        if how.get("kw_only"):
            with pytest.raises(TypeError):
                thing("a")
        else:
            assert thing("a", 2) == one


@pytest.mark.parametrize("how", WAYS)
def test_what_is_frozen_stays_and_what_has_slots_has_no_more(how: dict[str, Any]) -> None:
    for thing in both(**how):
        one = thing(name="a")
        if how.get("frozen"):
            with pytest.raises(dataclasses.FrozenInstanceError):
                one.name = "b"
            with pytest.raises((dataclasses.FrozenInstanceError, TypeError)):
                one.other = "b"  # Python's own stumbles over its slots
            with pytest.raises(dataclasses.FrozenInstanceError):
                del one.name
        else:
            one.name = "b"
            assert one.name == "b"
        assert hasattr(one, "__dict__") != bool(how.get("slots"))


@ours(frozen=True, slots=True, kw_only=True)
class Kept:
    name: str
    count: int = 0


@ours(frozen=True, slots=True, order=True)
class Ordered:
    first: int
    second: str


@ours(slots=True, eq=False)
class Itself:
    name: str


@ours(frozen=True)
class Checked:
    count: int

    def __post_init__(self) -> None:
        if self.count < 0:
            raise ValueError(self.count)

    @cached_property
    def twice(self) -> int:
        return 2 * self.count


@ours(frozen=True)
class Child(Checked):
    name: str = ""


def test_a_frozen_one_is_pickled() -> None:
    one = Kept(name="a", count=2)
    assert pickle.loads(pickle.dumps(one)) == one


def test_they_are_ordered_by_their_fields_when_asked_to() -> None:
    some = [Ordered(2, "a"), Ordered(1, "b"), Ordered(1, "a")]
    assert sorted(some) == [some[2], some[1], some[0]]
    assert Ordered(1, "a") <= Ordered(1, "a")


def test_one_without_eq_is_only_itself() -> None:
    one = Itself("a")
    assert one == one
    assert one != Itself("a")
    assert hash(one) != hash(Itself("a"))


def test_what_follows_the_making_is_called_and_inherited() -> None:
    assert Checked(2).twice == 4
    with pytest.raises(ValueError, match="-1"):
        Checked(-1)
    with pytest.raises(ValueError, match="-2"):
        Child(-2, "a")
    assert Child(1, "a") == Child(count=1, name="a") != Checked(1)
