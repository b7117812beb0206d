from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from ingester.text import language
from monitor.app import App
from monitor.config.load import load
from monitor.daemon.warming import warm_up
from storage.model import Article, Source
from tests.builders import a_source, an_article, given


class Recorder:
    """In the place of whoever reads articles."""

    def __init__(self) -> None:
        self.signed: list[str] = []
        self.matched: list[tuple[str, str]] = []
        self.matcher = self

    def current(self) -> "Recorder":
        return self

    def signatures(self, articles: Sequence[Article]) -> dict[str, Any]:
        self.signed += [article.title for article in articles]
        return {}

    def matches(self, article: Article, source: Source) -> list[Any]:
        self.matched.append((article.title, source.name))
        return []


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    environ = {"MONITOR_HOME": str(tmp_path), "MONITOR_SEEDS": "none"}
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
    assert recorder.matched == [(title, source.name) for title in recorder.signed]
    assert language._load.cache_info().currsize


def test_an_empty_home_is_warmed_up_too_and_nothing_is_stored(app: App) -> None:
    warm_up(app)
    with app.storage.reading() as tx:
        assert tx.articles.count() == 0
