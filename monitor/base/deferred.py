"""What is made when it is first used: of a round in which nothing is new, much never is."""

from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeVar, cast

T = TypeVar("T")


class _Deferred:
    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make

    @cached_property
    def _made(self) -> Any:
        return self._make()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._made, name)


def deferred(make: Callable[[], T]) -> T:
    """Return what stands for the thing that this makes, and has it made when it is asked for more.

    Two threads that ask at the same time may each have one made; it must hold nothing that the
    other would miss.
    """
    return cast(T, _Deferred(make))
