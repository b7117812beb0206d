"""What every page and call works with: the program, the templates, and how forms are answered."""

import json
from collections.abc import Callable, Mapping
from urllib.parse import parse_qsl, quote, unquote

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from common.records import dataclass
from monitor.app import App
from monitor.base.errors import Refusal
from monitor.base.store_trouble import STORE
from monitor.services.rules.saving import Saving
from monitor.web.base.counting import Asked
from monitor.web.base.gate import holder_of
from monitor.web.base.lately import Lately
from monitor.web.base.peers import Tries
from monitor.web.base.problems import code_of
from monitor.web.base.remedies import worded
from monitor.web.base.render import Renderer
from monitor.web.base.security import token_of

MOST_FORM_BYTES = 256 * 1024
MOST_FORM_FIELDS = 200

_SAID = "said"
"""The cookie in which a form's outcome reaches the page that is shown next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo:
    """The button of the form `judge` that takes back what was just done; what verdict it gives."""

    path: str
    label: str
    verdict: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What pages and calls are made from.

    Attributes:
        tries: Counts wrong tokens.
        asked: Counts answers.
        lately: The newest alerts in outline.
        is_daemon: Whether this process also polls and sends.
    """

    app: App
    render: Renderer
    tries: Tries
    asked: Asked
    lately: Lately
    is_daemon: bool = False

    @property
    def trouble(self) -> str:
        """Why the daemon's store cannot be used now; "" when it can, or this is no daemon.

        Reading may go on all the same, as with a full disk, and all seem well.
        """
        lately = STORE.lately if self.is_daemon else ""
        return f"the store cannot be used now: {lately}" if lately else ""

    def saving(self) -> Saving:
        """Return what saving a rule needs; the archive is searched by the daemon, not here."""
        app = self.app
        return Saving(
            storage=app.storage,
            now=app.now,
            lexicons=lambda: app.lexicons,
            translation=lambda: app.translation,
            catch_up=lambda: 0,
            watched_languages=app.config.watched_languages,
        )

    def page(
        self, request: Request, template: str, *, code: int = 200, values: Mapping[str, object]
    ) -> Response:
        """Return a page, with what a form before it has said."""
        said = unquote(request.cookies.get(_SAID, ""))[:1000]
        holder = holder_of(request)
        html = self.render.page(
            template,
            token=token_of(request),
            path=local_path(request.url.path),
            said=said,
            store_trouble=self.trouble,
            me=holder.name if holder else "",
            may=holder.scope.value if holder else "",
            **values,
        )
        response = HTMLResponse(html, status_code=code, headers={"Cache-Control": "no-cache"})
        if said:
            response.delete_cookie(_SAID, path="/")
        return response

    def fragment(self, template: str, values: Mapping[str, object], *, code: int = 200) -> Response:
        """Return a part of a page."""
        return HTMLResponse(self.render.page(template, **values), status_code=code)

    def done(
        self, request: Request, where: str, sentence: str, *, undo: Undo | None = None
    ) -> Response:
        """Return to a page of ours, which shows the sentence once; a script gets the sentence.

        A script that keeps the form until all is well (`X-In-Place`) gets the way to that page.

        Args:
            undo: What a script gets beside the sentence; the page shows it where it stands.
        """
        is_in_place = "x-in-place" in request.headers
        if request.headers.get("hx-request") and not is_in_place:
            return self.fragment("_said.html", {"said": sentence, "undo": undo})
        response: Response = RedirectResponse(local_path(where), status_code=303)
        if is_in_place:
            response = Response(status_code=204, headers={"X-Where": local_path(where)})
        response.set_cookie(
            _SAID, quote(sentence[:300]), max_age=60, httponly=True, samesite="strict", path="/"
        )
        return response

    def worded(self, refusal: Refusal) -> str:
        """Return all that a refusal has to say to whoever uses the page."""
        return worded(refusal)

    def refused(self, request: Request, refusal: Refusal) -> Response:
        """Return a page, or a part of one, that says why not."""
        sentence = self.worded(refusal)
        code = code_of(refusal, named=str(request.path_params.get("id", "")))
        if request.headers.get("hx-request"):
            return self.fragment("_refused.html", {"sentence": sentence}, code=code)
        values = {"sentence": sentence, "is_missing": code == 404}
        return self.page(request, "refused.html", code=code, values=values)


Handler = Callable[[Desk, Request, Mapping[str, str]], Response]
"""Answers a form: (desk, request, its fields)."""


async def form_of(request: Request, *, most_bytes: int = MOST_FORM_BYTES) -> dict[str, str]:
    """Return the fields of a form, its token among them; of one that comes twice, a line each.

    Raises:
        Refusal: It is larger than any form of ours.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most_bytes:
            raise Refusal(f"the form is larger than {most_bytes:,} bytes")
    fields: dict[str, str] = {}
    try:
        pairs = parse_qsl(
            body.decode(), keep_blank_values=True, max_num_fields=MOST_FORM_FIELDS, errors="strict"
        )
    except ValueError:
        raise Refusal("the form is not UTF-8, or has too many fields") from None
    for name, value in pairs:
        fields[name] = f"{fields[name]}\n{value}" if name in fields else value
    return fields


def local_path(where: str) -> str:
    """Return a path of this site; what could lead to another becomes "/"."""
    is_local = where.startswith("/") and not where.startswith(("//", "/\\"))
    return where if is_local and where.isprintable() and "\\" not in where else "/"


def number(values: Mapping[str, str], name: str, *, default: int, low: int, high: int) -> int:
    """Return a whole number of a query.

    Raises:
        Refusal: It is not one from `low` to `high`.
    """
    text = values.get(name, "")
    if not text:
        return default
    if not text.isascii() or not text.isdecimal() or len(text) > 9 or not low <= int(text) <= high:
        raise Refusal(f"{name}: expected a whole number from {low} to {high}")
    return int(text)


def as_json(value: object) -> str:
    """Return JSON as people read it."""
    return json.dumps(value, ensure_ascii=False, indent=2)
