"""One row of the API: an address, what it takes, what it answers."""

from collections.abc import Callable, Mapping
from dataclasses import field

from starlette.requests import Request

from common.records import dataclass
from monitor.web.api.bodies import Fields, Given
from monitor.web.base.desk import Desk

Answer = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One row.

    Attributes:
        path: Below the prefix.
        call: Answers.
        answer: The `TypedDict` of what it answers.
        purpose: One sentence.
        takes: The fields of its body; of one that only reads, none.
        asks: The names of what may stand in the query.
        needs: Those of `asks` that must stand there.
        is_secret: Whether its answer is shown this once.
    """

    method: str
    path: str
    call: Callable[[Desk, Request, Given], Answer]
    answer: type
    purpose: str
    takes: Fields = field(default_factory=dict)
    asks: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    code: int = 200
    is_secret: bool = False

    @property
    def is_reading(self) -> bool:
        """Whether it changes nothing."""
        return self.method == "GET"

    @property
    def name(self) -> str:
        """A name that no other has."""
        parts = self.path.replace("{id}", "one").strip("/").replace("-", "_").split("/")
        return "_".join((self.method.lower(), *parts))


def get(
    path: str,
    call: Callable[[Desk, Request], Answer],
    answer: type,
    purpose: str,
    *asks: str,
    needs: tuple[str, ...] = (),
) -> Operation:
    """Return a row that changes nothing."""
    return Operation(
        method="GET",
        path=path,
        call=lambda desk, request, given: call(desk, request),
        answer=answer,
        purpose=purpose,
        asks=asks,
        needs=needs,
    )
