"""Commands about articles: what the sources have published."""

from collections.abc import Iterator
from datetime import datetime

import click

from monitor.base.errors import escaped
from monitor.base.times import show_age
from monitor.cli import output
from monitor.cli.commands.alerts import SHOWN
from monitor.cli.params import SINCE, TEXT
from monitor.cli.session import Command, Session, pass_session
from monitor.views.shapes import article_shape
from storage.api import Storage
from storage.model import Article

_PAGE = 500
_NONE = "No article."


@click.command("list-articles", cls=Command)
@click.option("--source", type=TEXT, help="Only those of this source.")
@click.option("--language", type=TEXT, help="Only those in this language, such as sv.")
@click.option("--since", type=SINCE, help="Only those first seen since: 24h, 2026-11-24.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="At most N, newest first.")
@pass_session
def list_articles(
    session: Session,
    source: str | None,
    language: str | None,
    since: datetime | None,
    limit: int | None,
) -> None:
    """List articles, newest first.

    \b
    Example:
        monitor list-articles --since 24h --language sv
    """
    from monitor.services.sources import source_named

    with session.storage() as storage:
        with storage.reading() as tx:
            source_ids = (source_named(tx, source).id,) if source else ()
            names = {source.id: source.name for source in tx.sources.all()}
        found = _newest(
            storage,
            source_ids=source_ids,
            language=language,
            since=since,
            limit=limit if limit or session.json else SHOWN,
        )
        if session.json:
            _emit(found, names, session)
            return
        articles = list(found)
    if not articles:
        session.found_nothing(_NONE)
    now = session.now()
    output.table(
        ("ID", "SEEN", "LANGUAGE", "SOURCE", "TITLE"),
        [
            (
                output.short_id(article.id),
                show_age(article.first_seen_at, now=now),
                article.language,
                names.get(article.source_id, "-"),
                article.title,
            )
            for article in articles
        ],
    )
    if limit is None and len(articles) == SHOWN:
        output.warn(f"The newest {SHOWN}; for more: --limit N")


@click.command("show-article", cls=Command)
@click.argument("article", type=TEXT)
@pass_session
def show_article(session: Session, article: str) -> None:
    """Show one article with its text. ARTICLE is an id, its beginning, or a URL.

    \b
    Example:
        monitor show-article a1b2c3
    """
    from monitor.base.names import found
    from monitor.explain.stages import origin_of

    with session.storage() as storage, storage.reading() as tx:
        one = found("article", article, tx.articles.find, lambda: ())
        source = tx.sources.get(one.source_id)
    shape = article_shape(one, sources={one.source_id: source.name} if source else {})
    if source:
        shape["text_from"] = origin_of(one, source)
    if session.json:
        output.emit({**shape, "text": one.text})
        return
    output.details(shape.items())
    output.say("")
    for line in one.text.split("\n"):
        output.say(escaped(line))


def _emit(articles: Iterator[Article], names: dict[str, str], session: Session) -> None:
    any_found = False
    for article in articles:
        output.emit(article_shape(article, sources=names))
        any_found = True
    if not any_found:
        session.found_nothing(_NONE)


def _newest(
    storage: Storage,
    *,
    source_ids: tuple[str, ...],
    language: str | None,
    since: datetime | None,
    limit: int | None,
) -> Iterator[Article]:
    """Yield articles, newest first, page by page: an archive does not fit into memory."""
    before: tuple[datetime, str] | None = None
    left = limit
    while left is None or left > 0:
        wanted = _PAGE if left is None else min(_PAGE, left)
        with storage.reading() as tx:
            page = tx.articles.recent(
                since=since,
                source_ids=source_ids,
                language=language,
                limit=wanted,
                before=before,
            )
        yield from page
        if len(page) < wanted:
            return
        left = None if left is None else left - len(page)
        before = (page[-1].first_seen_at, page[-1].id)
