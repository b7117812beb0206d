"""What is wrong with a call, as RFC 9457 has it."""

from http import HTTPStatus

from starlette.responses import JSONResponse, Response

from monitor.base.errors import Refusal
from monitor.base.remedies import worded

MEDIA_TYPE = "application/problem+json"


def problem(status: int, detail: str) -> Response:
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
        headers={"Cache-Control": "no-store"},
    )


def refused(refusal: Refusal, *, command: str) -> Response:
    """Return what is refused: 400 where asking differently helps, else 409."""
    return problem(400 if refusal.misuse else 409, worded(refusal, command=command))
