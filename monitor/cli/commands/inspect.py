"""The command that shows what would be taken in."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor.base.errors import Refusal, escaped
from monitor.base.files import read_bytes
from monitor.cli import output
from monitor.cli.params import TEXT
from monitor.cli.session import Command, Session

if TYPE_CHECKING:
    from ingester.fetch.http import HttpFetcher

_LIMIT_BYTES = 10 * 1024 * 1024


@click.command("inspect", cls=Command)
@click.argument("places", metavar="URL_OR_FILE...", nargs=-1, required=True)
@click.option(
    "--url", type=TEXT, default="", help="Where a file came from; links are joined to it."
)
@click.option("--content-type", type=TEXT, default="", help="As a server would have said.")
@click.pass_context
def inspect(ctx: click.Context, places: tuple[str, ...], url: str, content_type: str) -> None:
    """Show what would be taken in from a URL or a file, without storing anything.

    \b
    Example:
        monitor inspect https://example.com/feed.xml
        monitor inspect page.html --url https://example.com/news/1
    """
    session = ctx.ensure_object(Session)
    look = _Looker(session, url=url, content_type=content_type)
    failed = False
    for place in places:
        try:
            shown = look.at(place)
        except Refusal as refusal:
            if len(places) == 1:
                raise
            shown = _nothing(str(refusal))
        failed = failed or shown["kind"] == "not-recognised"
        if session.json:
            output.emit(shown)
        else:
            _print(place, shown)
    if failed:
        ctx.exit(1)


class _Looker:
    """Looks at URLs with the one client, and at files."""

    def __init__(self, session: Session, *, url: str, content_type: str) -> None:
        self._session = session
        self._url = url
        self._content_type = content_type
        self._fetcher: HttpFetcher | None = None

    def at(self, place: str) -> dict[str, Any]:
        """Return what a place holds; raises Refusal when it cannot be read or fetched."""
        if "://" in place:
            return self._fetched(place)
        return self._read(Path(place))

    def _read(self, path: Path) -> dict[str, Any]:
        inspect = _inspector()
        body = read_bytes(path, limit_bytes=_LIMIT_BYTES)
        return inspect(
            body,
            url=self._url,
            content_type=self._content_type,
            name=path.name,
            modified_at=datetime.fromtimestamp(path.stat().st_mtime, UTC),
            now=self._session.now(),
        )

    def _fetched(self, url: str) -> dict[str, Any]:
        from ingester.entry import FetchError
        from ingester.fetch.http import HttpFetcher
        from ingester.fetch.ports import Fetched
        from ingester.urls.urls import check_feed_url
        from monitor.app import user_agent
        from monitor.net.client import make_client
        from monitor.net.guard import AddressGuard

        inspect = _inspector()
        config = self._session.config
        if self._fetcher is None:
            client = make_client(
                AddressGuard(config.allow_private),
                user_agent=user_agent(config.user_agent_contact),
            )
            self._fetcher = HttpFetcher(client, now=self._session.now)
        try:
            answer = self._fetcher.get(check_feed_url(url))
        except ValueError as error:
            raise Refusal(str(error)) from None
        except FetchError as error:
            raise Refusal(str(error), misuse=False) from None
        if not isinstance(answer, Fetched):  # only to validators, and none were sent
            return _nothing("the server sent no body")
        charset = f"; charset={answer.charset}" if answer.charset else ""
        return inspect(
            answer.body,
            url=self._url or answer.url,
            content_type=self._content_type or answer.content_type + charset,
            now=self._session.now(),
        )


def _inspector() -> Callable[..., dict[str, Any]]:
    """Return the function that knows; its parsers are dear to import."""
    from ingester.discovery.inspect import inspect

    return inspect


def _nothing(problem: str) -> dict[str, Any]:
    return {
        "kind": "not-recognised",
        "parser": "none",
        "problem": problem,
        "feed": None,
        "entries": [],
        "article": None,
    }


def _print(place: str, shown: dict[str, Any]) -> None:
    feed, article = shown["feed"] or {}, shown["article"] or {}
    text = article.get("text") or ""
    output.details(
        [
            ("place", place),
            ("kind", shown["kind"]),
            ("parser", shown["parser"]),
            ("problem", shown["problem"]),
            ("title", feed.get("title") or article.get("title")),
            ("url", feed.get("link") or article.get("url")),
            ("language", feed.get("language") or article.get("language")),
            ("published", article.get("published_at")),
            ("authors", article.get("authors")),
            ("text", f"{len(text)} characters" if text else None),
        ]
    )
    if text:
        output.say("  " + escaped(" ".join(text.split())[:300]))
    if shown["entries"]:
        output.table(
            ("PUBLISHED", "TITLE", "LINK"),
            [(each["published_at"], each["title"], each["link"]) for each in shown["entries"]],
        )
    output.say("")
