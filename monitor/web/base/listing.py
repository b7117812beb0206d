"""Long lists, a page at a time."""

from collections.abc import Mapping, Sequence
from typing import Generic, TypeVar

from common.records import dataclass
from monitor.web.base.desk import number

PAGE = 50
MOST_PAGES = 100_000

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing(Generic[Row]):
    """One page of a list.

    Attributes:
        count: How many rows the whole list has.
        number: Of this page, from 1.
    """

    rows: tuple[Row, ...]
    count: int
    number: int
    size: int = PAGE

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.count // self.size))

    @property
    def first(self) -> int:
        """Which row of the list is the first of this page, from 1."""
        return (self.number - 1) * self.size + 1


def page_of(rows: Sequence[Row], params: Mapping[str, str], *, size: int = PAGE) -> Listing[Row]:
    """Return the page that is asked for; behind the last there is nothing."""
    asked = number(params, "page", default=1, low=1, high=MOST_PAGES)
    begin = (asked - 1) * size
    return Listing(rows=tuple(rows[begin : begin + size]), count=len(rows), number=asked, size=size)
