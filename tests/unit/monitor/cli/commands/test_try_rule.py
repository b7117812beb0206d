"""`try-rule` and `inspect`."""

import io
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.answers import reply
from tests.builders import a_source, an_article, given
from tests.servers import FaultServer, fault_server
from tests.unit.monitor.cli.conftest import Monitor

__all__ = ["fault_server"]


def lines(*documents: object) -> str:
    """JSON lines."""
    return "".join(json.dumps(document, ensure_ascii=False) + "\n" for document in documents)


def test_every_document_is_answered_with_places_in_its_fields_as_given(
    monitor: Monitor, tmp_path: Path
) -> None:
    text = "\u00a0Mo\u0308te: Hanoi-konventionen  undertecknades i 😀 dag."
    news = tmp_path / "news.jsonl"
    news.write_text(
        lines(
            {"id": "a", "title": "Nyheter", "text": text, "language": "sv"},
            {"id": 7, "title": "Weather", "text": "Rain all day in the north of the country."},
        )
    )
    first, second = monitor.json("try-rule", "Hanoi Convention", str(news))
    assert (first["id"], first["matched"], first["language"]) == ("a", True, "sv")
    [evidence] = first["evidence"]
    assert evidence["field"] == "text"
    assert text[evidence["start"] : evidence["end"]] == evidence["text"] == "Hanoi-konventionen"
    assert (second["id"], second["matched"], second["score"], second["evidence"]) == (
        7,
        False,
        0.0,
        [],
    )


def test_other_files_are_one_document_each_and_nothing_found_ends_with_1(
    monitor: Monitor, tmp_path: Path
) -> None:
    note = tmp_path / "note.txt"
    note.write_text("Rail strike ends\n\nThe rail strike ended this morning after nine days.\n")
    assert monitor.one("try-rule", "rail strike", str(note))["id"] == str(note)
    assert "The document matches." in monitor("try-rule", "rail strike", str(note))
    monitor("try-rule", "volcano", str(note), expect=1)


def test_standard_input_is_read_as_lines(monitor: Monitor, monkeypatch: pytest.MonkeyPatch) -> None:
    given_lines = lines({"id": "x", "title": "Rail strike ends", "text": ""})
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(given_lines.encode())))
    assert monitor.one("try-rule", "rail strike", "-")["matched"]


def test_a_word_of_the_rules_own_language_is_no_translation(
    monitor: Monitor, tmp_path: Path
) -> None:
    news = tmp_path / "news.txt"
    news.write_text(
        "Airstrike hits a depot\n\nThe depot near the airport burned until the morning."
    )
    said = "Airstrike — related word (news lexicon), English — for strike"
    assert said in monitor("try-rule", "strike", str(news))
    monitor("add-rule", "strike")
    assert '"Airstrike", related word (news lexicon), English' in monitor(
        "explain", "strike", str(news)
    )


def test_what_may_be_meant_otherwise_is_noted_as_by_add_rule(
    monitor: Monitor, tmp_path: Path
) -> None:
    news = tmp_path / "news.txt"
    news.write_text("Trams stand still\n\nThe trams stand still in the whole town.")
    monitor("try-rule", "trams or buses", str(news), expect=1)
    assert (
        'Note: "trams or buses": "or" is a word like any other; the operator is OR' in monitor.err
    )
    monitor("try-rule", "trams OR buses", str(news))
    assert monitor.err == ""


def test_a_bad_line_is_told_and_the_others_are_tried(monitor: Monitor, tmp_path: Path) -> None:
    news = tmp_path / "news.jsonl"
    good = lines({"title": "Rail strike", "text": ""})
    news.write_bytes(b'{"id": 1,\n[]\n\xff\n' + b'{"title": 5}\n' + good.encode())
    result = monitor.one("try-rule", "rail strike", str(news))
    assert result["id"] == 5
    assert [line.split("news.jsonl")[1][:3] for line in monitor.err.splitlines()] == [
        ":1:",
        ":2:",
        ":3:",
        ":4:",
    ]


@pytest.mark.parametrize("kind", ["fifo", "device", "folder", "missing"])
def test_what_is_no_plain_file_is_refused(monitor: Monitor, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "x"
    match kind:
        case "fifo":
            os.mkfifo(path)
        case "device":
            path = Path("/dev/zero")
        case "folder":
            path.mkdir()
    monitor("try-rule", "x y", str(path), expect=2)
    assert str(path) in monitor.err
    monitor("inspect", str(path), expect=2)


@pytest.mark.parametrize(
    ("scope", "other"),
    [
        ('source:"harbour news"', "source:times"),
        ("author:ann", "author:bo"),
        ("category:ports", "category:sport"),
        ("tag:sea", "tag:land"),
        ("url:example.org", "url:example.net"),
        ("language:sv", "language:da"),
        ("within:9000d", "within:7d"),
    ],
)
def test_what_a_line_says_beside_its_words_can_be_asked_for(
    monitor: Monitor, tmp_path: Path, scope: str, other: str
) -> None:
    news = tmp_path / "news.jsonl"
    said = {"title": "Strejk", "text": "", "language": "sv", "url": "https://example.org/1"}
    said |= {"source": "Harbour News", "published_at": "2020-01-01T00:00:00Z"}
    news.write_text(lines({**said, "authors": ["Ann"], "categories": ["Ports"], "tags": ["sea"]}))
    assert monitor.one("try-rule", f"strejk {scope}", str(news))["matched"]
    monitor("try-rule", f"strejk {other}", str(news), expect=1)


@pytest.mark.parametrize("tags", ["land, sea", ["sea", 7], ["land", " sea "]])
def test_tags_of_a_line_may_be_one_text(monitor: Monitor, tmp_path: Path, tags: object) -> None:
    news = tmp_path / "news.jsonl"
    news.write_text(lines({"title": "Strejk", "text": "", "language": "sv", "tags": tags}))
    assert monitor.one("try-rule", "strejk tag:sea", str(news))["matched"]


@pytest.mark.parametrize("tags", [None, 7, {"sea": True}, ""])
def test_a_line_with_tags_of_another_form_is_tried_all_the_same(
    monitor: Monitor, tmp_path: Path, tags: object
) -> None:
    news = tmp_path / "news.jsonl"
    news.write_text(lines({"title": "Strejk", "text": "", "language": "sv", "tags": tags}))
    assert monitor.one("try-rule", "strejk", str(news))["matched"]


def test_options_that_change_matching_count(monitor: Monitor, tmp_path: Path) -> None:
    news = tmp_path / "news.jsonl"
    news.write_text(lines({"title": "Tågstrejk i norr", "text": "", "language": "sv"}))
    monitor("try-rule", "rail walkout", str(news), expect=1)
    words = ("try-rule", "rail walkout", str(news), "--variant", "sv:tågstrejk")
    assert monitor.one(*words)["matched"]
    monitor(*words, "--language", "de", expect=1)


def test_stored_articles_are_tried_without_files(monitor: Monitor) -> None:
    storage = monitor.storage()
    now = datetime.now(UTC)
    given(
        storage,
        a_source(),
        an_article("Rail strike ends", first_seen_at=now - timedelta(days=1)),
        an_article("Rail strike begins", first_seen_at=now - timedelta(days=90)),
    )
    storage.close()
    assert len(monitor.json("try-rule", "rail strike")) == 1
    assert len(monitor.json("try-rule", "rail strike", "--since", "100d")) == 2
    monitor("try-rule", "rail strike", "x.txt", "--since", "1d", expect=2)


def test_a_query_that_cannot_be_read_shows_where(monitor: Monitor) -> None:
    monitor("try-rule", "東京 AND (", "x.txt", expect=2)
    assert "\n\n  東京 AND (\n            ^" in monitor.err


def test_inspect_shows_feeds_documents_and_what_it_does_not_know(
    monitor: Monitor, tmp_path: Path, fault_server: FaultServer
) -> None:
    feed = b"<rss><channel><title>Harbour</title><item><title>A</title></item></channel></rss>"
    url = fault_server.on("/feed", reply(feed, content_type="application/rss+xml"))
    shown = monitor.one("inspect", url)
    assert (shown["kind"], shown["feed"]["title"], len(shown["entries"])) == ("feed", "Harbour", 1)

    note, noise = tmp_path / "note.txt", tmp_path / "noise.bin"
    note.write_text("Rail strike ends\n\nThe rail strike ended this morning after nine days.\n")
    noise.write_bytes(bytes(range(256)) * 10)
    both = monitor.json("inspect", str(note), str(noise), expect=1)
    assert [shape["kind"] for shape in both] == ["document", "not-recognised"]
    assert both[0]["article"]["title"] == "Rail strike ends"
    assert "Rail strike ends" in monitor("inspect", str(note))


def test_inspect_needs_no_store(monitor: Monitor, tmp_path: Path) -> None:
    monitor.environ["MONITOR_HOME"] = "/dev/null/home"
    note = tmp_path / "note.txt"
    note.write_text("Rail strike ends\n\nThe rail strike ended this morning after nine days.\n")
    assert monitor.one("inspect", str(note))["kind"] == "document"
