"""Commands about articles, and about stories: articles that tell the same event."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

import click

from monitor.base.errors import Refusal, escaped
from monitor.base.times import show_age
from monitor.cli import output
from monitor.cli.params import BEFORE, LANGUAGE, SINCE, TEXT, Count
from monitor.cli.session import Command, Session, pass_session
from monitor.views.article import (
    article_details_shape,
    article_shape,
    article_text_shape,
    story_details_shape,
    story_shape,
)
from storage.model import Article

if TYPE_CHECKING:
    from monitor.stories.told import ToldStory

_NONE = "No article."
_WIDEST_BAR = 40


@click.command("list-articles", cls=Command)
@click.option("--source", type=TEXT, help="Only those of this source.")
@click.option("--language", type=LANGUAGE, help="Only those in this language, such as sv.")
@click.option("--since", type=SINCE, help="Only those first seen since: 24h, today, 2026-11-24.")
@click.option("--until", type=BEFORE, help="Only those first seen before: 24h, yesterday.")
@click.option("--limit", type=Count(min=1), metavar="N", help="At most N, newest first.")
@click.option("--text", is_flag=True, help="With --json: also their texts, as replay reads them.")
@pass_session
def list_articles(
    session: Session,
    source: str | None,
    language: str | None,
    since: datetime | None,
    until: datetime | None,
    limit: int | None,
    text: bool,
) -> None:
    """List articles, newest first.

    \b
    Example:
        monitor list-articles --since 24h --language sv
        monitor list-articles --since 7d --text --json > days/week.jsonl
    """
    if text and not session.json:
        raise Refusal("--text goes with --json; show-article shows one article with its text")
    from monitor.base.paging import Selection, newest
    from monitor.services.sources.sources import SourceNames, source_named

    with session.storage() as storage:
        with storage.reading() as tx:
            source_ids = (source_named(tx, source).id,) if source else ()
            names = SourceNames(tx.sources.all(), storage)
        wanted = language or None  # "" is any
        selection = Selection(since=since, until=until, source_ids=source_ids, language=wanted)
        articles = newest(storage, selection, most=session.at_most(limit))
        if session.json:
            _emit(articles, names, session, text=text)
        else:
            _print(list(articles), names, session, limit)


def _emit(
    articles: Iterator[Article], names: Mapping[str, str], session: Session, *, text: bool
) -> None:
    any_found = False
    for article in articles:
        shape_of = article_text_shape if text else article_shape
        output.emit(shape_of(article, sources=names))
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


@click.command("list-stories", cls=Command)
@click.option("--since", type=SINCE, help="Only those still told since: 24h, today, 2026-11-24.")
@click.option("--limit", type=Count(min=1), metavar="N", help="At most N, told last first.")
@pass_session
def list_stories(session: Session, since: datetime | None, limit: int | None) -> None:
    """List stories, those first that were told last.

    A story is all articles that tell the same event, in any language.

    \b
    Example:
        monitor list-stories --since 24h
    """
    from monitor.stories.told import told

    with session.storage() as storage, storage.reading() as tx:
        stories = told(tx, tx.stories.recent(since=since, limit=session.at_most(limit)))
        are_missing = bool(tx.stories.unplaced(1))
    if session.json:
        for story in stories:
            output.emit(story_shape(story))
    elif stories:
        output.table(
            ("ID", "TOLD", "ARTICLES", "OUTLETS", "LANGUAGES", "TITLE"),
            [
                (
                    output.short_id(story.story.id),
                    show_age(story.story.seen_at, now=session.now()),
                    len(story.tellings),
                    len(story.carried.outlets),
                    " ".join(story.carried.languages),
                    story.tellings[0].article.title,
                )
                for story in stories
            ],
        )
    if are_missing and not session.json:
        output.warn("(some articles have no story yet; a silent first poll gets them later)")
    if not stories:
        session.found_nothing("No story.")
    session.say_if_cut(len(stories), limit)


@click.command("show-story", cls=Command)
@click.argument("story", type=TEXT)
@pass_session
def show_story(session: Session, story: str) -> None:
    """Show one story: who carries it, in order of appearance, and why each article belongs to it.

    STORY is its id, the id or URL of one of its articles, or the code in a message (#a1b2c3).

    \b
    Example:
        monitor show-story a1b2c3
    """
    from monitor.stories.told import story_named, told

    with session.storage() as storage, storage.reading() as tx:
        [shown] = told(tx, [story_named(tx, story)])
    _show(session, shown)


@click.command("split-story", cls=Command)
@click.argument("story", type=TEXT)
@click.argument("articles", metavar="ARTICLE...", nargs=-1, required=True, type=TEXT)
@pass_session
def split_story(session: Session, story: str, articles: tuple[str, ...]) -> None:
    """Take articles out of a story that they do not tell; they become a story of their own.

    They stay apart. Alerts about them go along; what nobody was told of yet is told.

    \b
    Example:
        monitor split-story a1b2c3 d4e5f6
    """
    from monitor.stories.told import split, story_named, told

    with session.app() as app, app.storage.changing() as tx:
        left = story_named(tx, story)
        made = split(tx, app.stories, left, articles, now=app.now())
        app.pipeline.tell_moved(tx, made, left)
        [shown] = told(tx, [made])
    _show(session, shown)


@click.command("merge-stories", cls=Command)
@click.argument("story", type=TEXT)
@click.argument("other", type=TEXT)
@pass_session
def merge_stories(session: Session, story: str, other: str) -> None:
    """Make one story of two that tell the same: all articles of OTHER become STORY's.

    \b
    Example:
        monitor merge-stories a1b2c3 d4e5f6
    """
    from monitor.stories.told import merge, story_named, told

    with session.app() as app, app.storage.changing() as tx:
        one, another = story_named(tx, story), story_named(tx, other)
        made = merge(tx, app.stories, one, another, now=app.now())
        app.pipeline.tell_moved(tx, made)
        [shown] = told(tx, [made])
    _show(session, shown)


_LABELS = {
    "id": "story",
    "title": "title",
    "url": "url",
    "first_seen_at": "first seen",
    "last_seen_at": "last seen",
    "articles": "articles",
    "outlets": "outlets",
    "languages": "languages",
    "rules": "rules",
    "follows": "follows",
}
"""What people are told of a story, in this order, and what they call it."""


def _show(session: Session, shown: "ToldStory") -> None:
    shape = story_details_shape(shown)
    if session.json:
        output.emit(shape)
        return
    told = dict(session.readable(shape))
    output.details((label, told[name]) for name, label in _LABELS.items() if told.get(name))
    output.say("")
    for telling in shown.tellings:
        article = telling.article
        at = session.local(article.published_at or article.first_seen_at)
        output.say(f"{at}  {escaped(telling.outlet)}  {article.language or '-'}")
        title = f"  {escaped(article.title)}  ({output.short_id(article.id)})"
        output.say(output.fitting(title, 4))
        output.say(output.fitting(f"  {escaped(telling.reason or 'the first')}", 4))
    output.say("")
    days = Counter(
        (telling.article.published_at or telling.article.first_seen_at)
        .astimezone(session.config.zone)
        .date()
        for telling in shown.tellings
    )
    most = max(days.values())
    for day, count in sorted(days.items()):
        bar = "#" * max(1, round(count * min(most, _WIDEST_BAR) / most))
        output.say(f"{day}  {bar} {count}")
