import gc
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from ingester.text import language
from monitor.app import App
from monitor.cli.main import LOOKED_THROUGH_AFTER
from monitor.config.load import load
from monitor.daemon.warming import MOST_RULES, UNKNOWN, search_once, warm_up
from rules.index.sounds import spoken
from rules.languages import everyday, inflection
from storage.model import Article, Source
from tests.builders import a_source, an_article, given


class Recorder:
    """In the place of whoever reads articles."""

    def __init__(self) -> None:
        self.signed: list[str] = []
        self.matched: list[tuple[str, str]] = []
        self.matcher = self
        self.rules = dict[str, Any]()
        self.prepared: list[str] = []

    def current(self) -> "Recorder":
        return self

    def prepare(self, languages: Sequence[str]) -> None:
        self.prepared += languages

    def signatures(self, articles: Sequence[Article]) -> dict[str, Any]:
        self.signed += [article.title for article in articles]
        return {}

    def matches(self, article: Article, source: Source) -> list[Any]:
        self.matched.append((article.title, source.name))
        return []


@pytest.fixture(params=["127.0.0.1:8420", "none"])
def app(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[App]:
    environ = {"MONITOR_HOME": str(tmp_path), "MONITOR_SEEDS": "none"}
    environ["MONITOR_WEB_LISTEN"] = request.param
    with App.open(load(environ=environ, path=None, home=None), daemon=True) as opened:
        yield opened


def test_the_first_article_of_each_language_finds_everything_loaded(app: App) -> None:
    source = a_source()
    given(app.storage, source)
    for number, code in enumerate(["sv", "sv", "vi", ""]):
        made = an_article(f"{code}{number}", source_id=source.id, language=code)
        given(app.storage, made)
    recorder = Recorder()
    vars(app)["stories"] = vars(app)["rulesets"] = recorder
    language._load.cache_clear()
    warm_up(app)
    assert sorted(title[:-1] for title in recorder.signed) == ["", "sv", "vi"]
    assert recorder.prepared == ["", "sv", "vi", UNKNOWN]
    assert recorder.matched == [(title, source.name) for title in recorder.signed]
    assert language._load.cache_info().currsize


def test_of_very_many_rules_a_text_without_a_language_finds_nothing_loaded(app: App) -> None:
    recorder = Recorder()
    recorder.rules = dict.fromkeys(map(str, range(MOST_RULES + 1)))
    vars(app)["stories"] = vars(app)["rulesets"] = recorder
    warm_up(app)
    assert not recorder.prepared


def test_an_empty_home_is_warmed_up_too_and_nothing_is_stored(app: App) -> None:
    warm_up(app)
    with app.storage.reading() as tx:
        assert tx.articles.count() == 0


def test_who_serves_the_page_finds_a_search_loaded_too(app: App) -> None:
    inflection.all_endings.cache_clear()
    warm_up(app)
    assert bool(inflection.all_endings.cache_info().currsize) == bool(app.config.web_listen)


def test_what_is_there_when_a_daemon_is_warm_is_never_looked_through_again(app: App) -> None:
    before, often = gc.get_freeze_count(), gc.get_threshold()
    try:
        gc.set_threshold(LOOKED_THROUGH_AFTER)
        warm_up(app)
        assert gc.get_freeze_count() > before
        assert gc.get_threshold()[0] < LOOKED_THROUGH_AFTER  # more often what comes from then on
    finally:
        gc.unfreeze()
        gc.set_threshold(*often)


def test_who_searches_first_finds_loaded_what_other_spellings_need(app: App) -> None:
    given(app.storage, an_article("Strejk", language="sv"))
    spoken.letter_row.cache_clear()
    search_once(app.storage, app.now())
    assert spoken.letter_row.cache_info().currsize


def test_who_searches_first_finds_loaded_what_matching_a_hit_needs(app: App) -> None:
    everyday._every_small_word.cache_clear()
    search_once(app.storage, app.now())  # finds nothing: there are no articles
    assert everyday._every_small_word.cache_info().currsize
