"""What is wrong with a call, as RFC 9457 has it."""

from collections.abc import Mapping
from http import HTTPStatus

from starlette.responses import JSONResponse, Response

from monitor.base.errors import Missing, Refusal
from monitor.base.remedies import worded

MEDIA_TYPE = "application/problem+json"


def problem(status: int, detail: str, *, headers: Mapping[str, str] | None = None) -> Response:
    """Return an answer that says what is wrong."""
    return JSONResponse(
        {
            "type": "about:blank",
            "title": HTTPStatus(status).phrase,
            "status": status,
            "detail": detail,
        },
        status_code=status,
        media_type=MEDIA_TYPE,
        headers={"Cache-Control": "no-store", **(headers or {})},
    )


def code_of(refusal: Refusal, *, named: str = "") -> int:
    """Return 404 where nothing is at the address, 400 where asking differently helps, else 409.

    Args:
        named: What the address names.
    """
    if isinstance(refusal, Missing) and refusal.word == named.removeprefix("#"):
        return 404
    return 400 if refusal.misuse else 409


def refused(refusal: Refusal, *, command: str, named: str = "") -> Response:
    """Return what is refused, and why."""
    return problem(code_of(refusal, named=named), worded(refusal, command=command))
