"""`search`."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from monitor.cli.commands import search as command
from monitor.cli.main import NOT_NOW
from monitor.pipeline.indexing import ANALYSIS
from monitor.services import search
from storage.admin.engine import open_storage
from tests.builders import a_source, an_article, given
from tests.unit.monitor.cli.conftest import Monitor

NOW = datetime.now(UTC)


@pytest.fixture
def archive(monitor: Monitor) -> Monitor:
    """A home with a few articles, of which the index knows nothing yet."""
    storage = open_storage(f"sqlite:///{monitor.home / 'monitor.db'}", home=monitor.home)
    long = "Ports were quiet. " * 40
    given(
        storage,
        a_source(),
        a_source("Other Paper"),
        an_article(
            "Strejk i hamnen",
            id="swedish",
            text=f"{long}Hamnstrejken tog slut i går. {long}",
            language="sv",
            first_seen_at=NOW - timedelta(hours=3),
        ),
        an_article(
            "Rail strike ends",
            id="english",
            text="The strike\x1b[31m ended; rail strikes are rare.",
            first_seen_at=NOW - timedelta(hours=2),
        ),
        an_article(
            "公约在河内签署",
            id="chinese",
            text="",
            language="zh",
            source_id=a_source("Other Paper").id,
            first_seen_at=NOW - timedelta(days=9),
        ),
    )
    storage.close()
    return monitor


def ids(hits: list[dict[str, object]]) -> list[object]:
    return [hit["id"] for hit in hits]


def test_what_is_found_is_told_with_its_words_and_their_places(archive: Monitor) -> None:
    hit = archive.one("search", "strejk")
    assert hit["id"] == "swedish"
    assert hit["source"] == "Harbour News"
    assert 0 < hit["score"] <= 1
    assert [place["text"] for place in hit["evidence"]] == ["Strejk", "Hamnstrejken"]
    assert hit["snippet"]["field"] == "text"
    assert "[Hamnstrejken] tog slut" in hit["snippet"]["text"]
    assert len(hit["snippet"]["text"]) < 250
    only_title = archive.one("search", "河内")
    assert only_title["snippet"] == {"field": "title", "text": "公约在[河内]签署"}


def test_people_read_title_age_source_and_the_words_around(archive: Monitor) -> None:
    said = archive("search", "strike", "OR", "strejk")
    assert "Rail [strike] ends\n  2h ago  Harbour News  en  english\n  The [strike]" in said
    assert "\x1b" not in said
    assert said.index("Rail [strike]") < said.index("[Strejk] i hamnen")
    assert said.count("\n\n") == 1
    assert archive.err == ""


def test_a_search_is_narrowed_ordered_and_limited(archive: Monitor) -> None:
    everything = "strike OR strejk OR 公约"
    assert ids(archive.json("search", everything)) == ["english", "swedish", "chinese"]
    assert ids(archive.json("search", everything, "--since", "24h")) == ["english", "swedish"]
    assert ids(archive.json("search", everything, "--language", "zh,sv")) == ["swedish", "chinese"]
    assert ids(archive.json("search", everything, "--source", "Other Paper")) == ["chinese"]
    assert ids(archive.json("search", everything, "--limit", "1")) == ["english"]
    assert "The first 1; for more: --limit N" in archive.err
    assert ids(archive.json("search", everything, "--best"))[0] == "english"
    archive("search", everything, "--source", "nobody", expect=1)
    assert "nobody" in archive.err


def test_how_far_words_may_lie_is_the_askers_wish(archive: Monitor) -> None:
    archive("search", "strikes", "--match", "exact", "--language", "sv", expect=1)
    assert ids(archive.json("search", "ports strike", "--variant", "zh:公约")) == ["chinese"]
    assert ids(archive.json("search", "strikes")) == ["english"]
    assert ids(archive.json("search", '"strikes are"', "--match", "exact")) == ["english"]
    assert ids(archive.json("search", "rail strike", "--match", "all"))[:1] == ["english"]


def test_nothing_found_ends_with_1_and_a_wrong_query_with_2_and_a_caret(archive: Monitor) -> None:
    assert archive("search", "elephant", expect=1) == ""
    assert archive.err == "No article matches.\n"
    assert archive.json("search", "elephant", expect=1) == []
    assert archive.err == ""
    archive("search", "rail (strike", expect=2)
    assert "rail (strike\n       ^" in archive.err
    archive("search", "strike AND -strike", expect=2)
    archive("search", expect=2)


def test_what_only_a_farther_search_finds_is_counted(archive: Monitor) -> None:
    assert archive("search", "port strike", expect=1) == ""
    assert " ".join(archive.err.split()) == (
        "No article has these words. 1 says it otherwise, spelled differently or in another "
        "language: add --match all"
    )
    archive("search", "port strike", "--language", "en", expect=1)
    assert archive.err == "No article matches.\n"
    archive("search", "port OR 公约 -strike", "--match", "all", "--language", "en", expect=1)
    assert archive.err == "No article matches.\n"


def test_a_query_without_a_word_to_look_up_reads_the_newest_and_says_where_it_stopped(
    archive: Monitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ids(archive.json("search", "/str[ie]/")) == ["english", "swedish"]
    assert archive.err == ""
    monkeypatch.setattr(search, "_FEWEST", 2)
    monkeypatch.setattr(command, "_PATIENCE", timedelta())
    assert ids(archive.json("search", "NOT rail")) == ["swedish"]
    assert "Only the newest 2 articles that may match were read, back to 20" in archive.err
    monkeypatch.setattr(search, "_FEWEST", 1)
    archive.json("search", "harbour strike", "--match", "all")
    assert "parts of longer words were looked for only in articles since 20" in archive.err


def test_doctor_tells_that_the_index_is_to_be_filled_and_migrate_fills_it(archive: Monitor) -> None:
    def state() -> str:
        findings = {finding["what"]: finding["state"] for finding in archive.json("doctor")}
        return str(findings["search index"])

    assert state() == "note"
    archive("migrate")
    assert state() == "ok"
    assert ids(archive.json("search", "strejk")) == ["swedish"]


def test_one_round_of_the_service_fills_the_index(archive: Monitor) -> None:
    archive("run", "--once", "--no-starter")
    own = open_storage(f"sqlite:///{archive.home / 'monitor.db'}", analysis=ANALYSIS)
    with own.reading() as tx:
        assert tx.articles.index_is_full()
    own.close()


def test_doctor_finds_an_article_that_the_full_index_lacks(archive: Monitor) -> None:
    archive("migrate")
    plain = open_storage(f"sqlite:///{archive.home / 'monitor.db'}", home=archive.home)
    with plain._backend.writing() as connection:
        connection.exec_driver_sql("DELETE FROM article_index WHERE article_id = 'english'")
    plain.close()
    wrong = [finding for finding in archive.json("doctor", expect=1) if finding["state"] == "wrong"]
    assert "article english: is missing in the search index" in wrong[0]["trouble"]


def test_an_index_that_is_damaged_is_told_and_made_anew(archive: Monitor) -> None:
    def index(*, expect: int) -> tuple[str, str]:
        found = archive.json("doctor", expect=expect)
        return next((f["state"], f["trouble"] or "") for f in found if f["what"] == "search index")

    def damage() -> None:
        with closing(sqlite3.connect(archive.home / "monitor.db")) as database:
            database.execute("UPDATE article_page SET bytes = ?", (b"\xff" * 300,))
            database.commit()

    archive("migrate")
    damage()
    archive("search", "strejk", expect=NOT_NOW)  # and is asked no more
    assert "monitor migrate" in archive.err
    assert ids(archive.json("search", "strejk")) == ["swedish"]
    archive("migrate")
    damage()
    state, trouble = index(expect=1)
    assert state == "wrong"
    assert "is damaged" in trouble
    archive("doctor", expect=1)
    assert "monitor migrate" in archive.out
    assert ids(archive.json("search", "strejk")) == ["swedish"]
    archive("migrate")
    assert index(expect=0) == ("ok", "")
    assert ids(archive.json("search", "strejk")) == ["swedish"]
