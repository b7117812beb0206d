"""What is wrong with a call, as RFC 9457 has it."""

import json
from collections.abc import Mapping
from http import HTTPStatus

from starlette.responses import JSONResponse, Response

from monitor.base.errors import Missing, Refusal, RemedyKind
from monitor.base.remedies import worded

MEDIA_TYPE = "application/problem+json"

_WORDS = {
    RemedyKind.FOLLOW_ANYWAY: (
        '; nothing is followed ("anyway": true does, and tries again at each poll)'
    ),
    RemedyKind.FORCE_RULE: ', or give "force": true',
    RemedyKind.SAY_KIND: '; "kind" says otherwise',
    RemedyKind.FOLLOW_AS_FEED: '; "kind": "feed" follows it as a feed',
    RemedyKind.SEND_AGAIN: '; give "again": true to send it once more',
    RemedyKind.GIVE_SECRET: '; give its "secret"',
    RemedyKind.LEAVE_SECRET_OUT: '; leave "secret" out',
    RemedyKind.SEND_ELSEWHERE: '; to send elsewhere, PATCH its "target"',
    RemedyKind.ADD_CHANNEL: "; POST it to channels first",
    RemedyKind.SHOW_RULE: '; give this one another "name"',
    RemedyKind.EDIT_RULE: '; PATCH that one, or give this one another "name"',
    RemedyKind.ADD_VARIANT: '; "to": "add" adds it',
    RemedyKind.NARROW_RULE: (
        " A sharper rule leaves it out: PATCH {changes}; or let it count only in some "
        '"languages" or "sources"'
    ),
    RemedyKind.LIMIT_RULE: (
        ' No word tells it from others; the rule can count only in some "languages" or "sources"'
    ),
}
"""What a call can give otherwise; for the rest there is the command."""


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


def code_of(refusal: Refusal, *, named: str = "", is_reading: bool = False) -> int:
    """Return 404 where nothing is at the address, 400 where asking differently helps, else 409.

    Args:
        named: What the address names.
        is_reading: Whether nothing would be changed; then nothing can be in the way.
    """
    if isinstance(refusal, Missing) and refusal.word == named.removeprefix("#"):
        return 404
    asked_for_nothing = is_reading and isinstance(refusal, Missing)
    return 400 if refusal.misuse or asked_for_nothing else 409


def refused(refusal: Refusal, *, named: str = "", is_reading: bool = False) -> Response:
    """Return what is refused, and why."""
    code = code_of(refusal, named=named, is_reading=is_reading)
    remedy = refusal.remedy
    if remedy is None or remedy.kind not in _WORDS:
        return problem(code, worded(refusal))
    changes = json.dumps(dict(remedy.changes), ensure_ascii=False)
    return problem(code, f"{refusal}{_WORDS[remedy.kind].replace('{changes}', changes)}")
