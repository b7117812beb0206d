"""Having ready, before the first article comes after a start, what is dear to load.

Models, lexicon and automata are loaded when a text first asks for them, so that commands are
short. Whom a daemon alerts would wait for that, up to a second, after each start.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from ingester.articles import read_together
from ingester.entry import Entry
from ingester.text.language import detect
from monitor.app import App
from monitor.base.memory import leave_alone
from monitor.services.search import Search, SearchRequest
from rules.data.tables import primary
from rules.matcher import match_of
from storage.api.storage import Storage
from storage.model import Article, Rule, Source

NEWEST = 200
"""Languages of so many articles are had ready: the next one will hardly be in another."""

_SOUGHT, _ONE_WORD, _FOUND = "ministers treaty", "treaty", 20
UNKNOWN = ""
MOST_RULES = 20_000
"""With so many the variants of all languages are made ready, too, which one short text without a
language asks for: a second of 1,000 rules. More of them take too much memory for what is rare."""

_SAMPLE = "The ministers have agreed on a treaty, and the strike of the railway workers ends."


def warm_up(app: App) -> None:
    """Go the way of an article with the newest of each language, and store nothing."""
    samples = _samples(app)
    detect(_SAMPLE)
    read_together([Entry(summary=f"<p>{_SAMPLE}</p>")])
    app.rulesets.prepare(sorted({primary(article.language) for article in samples}))
    matcher = app.rulesets.current().matcher
    for article, source in samples.items():
        app.right_of_way.give_way()
        app.storage.prepare([article])
        app.stories.signatures([article])
        matcher.matches(article, source)
    if len(app.rulesets.current().rules) <= MOST_RULES:
        app.rulesets.prepare([UNKNOWN])
    if app.config.web_listen:
        app.right_of_way.give_way()
        search_once(app.storage, app.now())
    leave_alone(len(app.rulesets.current().rules))


def search_once(storage: Storage, now: datetime) -> None:
    """Go the way of a search, for which somebody will wait who looks at the page."""
    rule = Rule(id="search", name="", query=_SOUGHT, created_at=now, strictness="all")
    Search(storage, SearchRequest(rule=rule, patience=timedelta(0))).newest(_FOUND)
    # What was found is matched, but perhaps nothing was.
    article = Article(
        id="",
        source_id="",
        story_id="",
        url="",
        title=_SAMPLE,
        text=_SAMPLE,
        language="en",
        first_seen_at=now,
    )
    source = Source(id="", kind="", url="", name="", every=timedelta(days=1), added_at=now)
    for each in (rule, replace(rule, query=_ONE_WORD, strictness="forms")):
        match_of(each, article, source)


def _samples(app: App) -> Mapping[Article, Source]:
    """Return the newest article of each language, with its source."""
    with app.storage.reading() as tx:
        newest = _of_each_language(tx.articles.recent(limit=NEWEST))
        sources = tx.sources.some({article.source_id for article in newest})
    return {each: sources[each.source_id] for each in newest if each.source_id in sources}


def _of_each_language(articles: Iterable[Article]) -> list[Article]:
    found: dict[str, Article] = {}
    for article in articles:
        found.setdefault(article.language, article)
    return list(found.values())
