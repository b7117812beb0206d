"""Commands about articles: what the sources have published."""

from collections.abc import Iterator, Mapping
from datetime import datetime

import click

from monitor.base.errors import escaped
from monitor.base.times import show_age
from monitor.cli import output
from monitor.cli.params import BEFORE, SINCE, TEXT, Count
from monitor.cli.session import Command, Session, pass_session
from monitor.views.article import article_details_shape, article_shape
from storage.model import Article

_NONE = "No article."


@click.command("list-articles", cls=Command)
@click.option("--source", type=TEXT, help="Only those of this source.")
@click.option("--language", type=TEXT, help="Only those in this language, such as sv.")
@click.option("--since", type=SINCE, help="Only those first seen since: 24h, today, 2026-11-24.")
@click.option("--until", type=BEFORE, help="Only those first seen before: 24h, yesterday.")
@click.option("--limit", type=Count(min=1), metavar="N", help="At most N, newest first.")
@pass_session
def list_articles(
    session: Session,
    source: str | None,
    language: str | None,
    since: datetime | None,
    until: datetime | None,
    limit: int | None,
) -> None:
    """List articles, newest first.

    \b
    Example:
        monitor list-articles --since 24h --language sv
    """
    from monitor.base.paging import Selection, newest
    from monitor.services.sources import SourceNames, source_named

    with session.storage() as storage:
        with storage.reading() as tx:
            source_ids = (source_named(tx, source).id,) if source else ()
            names = SourceNames(tx.sources.all(), storage)
        selection = Selection(since=since, until=until, source_ids=source_ids, language=language)
        articles = newest(storage, selection, most=session.at_most(limit))
        if session.json:
            _emit(articles, names, session)
        else:
            _print(list(articles), names, session, limit)


def _emit(articles: Iterator[Article], names: Mapping[str, str], session: Session) -> None:
    any_found = False
    for article in articles:
        output.emit(article_shape(article, sources=names))
        any_found = True
    if not any_found:
        session.found_nothing(_NONE)


def _print(
    articles: list[Article], names: Mapping[str, str], session: Session, limit: int | None
) -> None:
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
                names[article.source_id],
                article.title,
            )
            for article in articles
        ],
    )
    session.say_if_cut(len(articles), limit)


@click.command("show-article", cls=Command)
@click.argument("word", metavar="ARTICLE", type=TEXT)
@pass_session
def show_article(session: Session, word: str) -> None:
    """Show one article with its text.

    ARTICLE is an id, its beginning, a URL, or the short code in a message about it (#a1b2c3).

    \b
    Example:
        monitor show-article a1b2c3
    """
    from monitor.explain.stages import origin_of
    from monitor.services.alerts import article_named

    with session.storage() as storage, storage.reading() as tx:
        article = article_named(tx, word)
        source = tx.sources.get(article.source_id)
        versions = tx.articles.versions(article.id)
    origin = origin_of(article, source) if source else None
    shape = article_details_shape(article, source=source, text_from=origin, versions=versions)
    if session.json:
        output.emit(shape)
        return
    apart = ("text", "versions")
    output.details(pair for pair in session.readable(shape) if pair[0] not in apart)
    output.say("")
    for line in article.text.split("\n"):
        output.say_prose([(line, False)])
    if versions:
        output.say("\nedited by its source; before, it was called:")
    for version in versions:
        output.say(f"  until {session.local(version.until)}: {escaped(version.title)}")
