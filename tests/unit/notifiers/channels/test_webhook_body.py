"""The bytes that the generic webhook carries."""

import json
from dataclasses import replace
from typing import Any

import pytest

from notifiers.channels.webhook import MOST_BYTES, MOST_DIGEST_BYTES, render
from notifiers.content.content import DigestContent, Newcomer, Note, UpdateContent
from tests.unit.notifiers.samples import (
    ENVELOPE,
    LINK,
    NOON,
    NOTICE,
    TEST_NOTE,
    TEXT,
    TITLE,
    alert_content,
    evidence_of,
)


def test_the_webhook_body_is_exactly_what_was_promised() -> None:
    start = TEXT.index("Hanoi-konventionen")
    told = alert_content(articles=3)
    (proof,) = told.alert.evidence
    proof = replace(proof, variants=("konvention",))
    told = replace(told, alert=replace(told.alert, evidence=(proof,)))
    body = json.loads(render(told, ENVELOPE))
    excerpt = body["data"]["evidence"][0].pop("excerpt")
    assert "Den nya Hanoi-konventionen mot it-brott" in excerpt
    assert body == {
        "type": "alert",
        "timestamp": "2026-03-01T12:00:00Z",
        "data": {
            "alert": {"id": "a1b2c3" + "x" * 20},
            "rule": {
                "id": "rule" + "r" * 22,
                "name": "Hanoi Convention",
                "query": "Hanoi Convention",
                "tags": [],
            },
            "priority": "normal",
            "story": {"id": "story" + "s" * 21, "articles": 3, "outlets": 1, "languages": []},
            "article": {
                "id": "article" + "a" * 19,
                "url": LINK,
                "title": TITLE,
                "summary": "Sextio länder är med.",
                "language": "sv",
                "published_at": "2026-03-01T10:00:00Z",
                "first_seen_at": "2026-03-01T11:59:00Z",
                "source": {"name": "Dagens Prov", "url": "https://news.example/rss"},
            },
            "evidence": [
                {
                    "field": "text",
                    "start": start,
                    "end": start + 18,
                    "text": "Hanoi-konventionen",
                    "term": "Hanoi Convention",
                    "layer": "compound",
                    "language": "sv",
                    "variants": ["konvention"],
                }
            ],
        },
    }


@pytest.mark.parametrize(
    ("note", "body"),
    [
        (TEST_NOTE, {"title": 'Channel "desk" works', "text": "This is a test."}),
        (NOTICE, {"title": "Something needs you", "text": "One.\nTwo."}),
    ],
)
def test_notes_have_a_title_and_a_text(note: Note, body: dict[str, str]) -> None:
    made = json.loads(render(note, ENVELOPE))
    assert made["type"] == note.kind
    assert made["data"] == body
    assert made["timestamp"] == "2026-03-01T12:00:00Z"


def test_a_webhook_body_stays_small_and_keeps_its_link() -> None:
    text = "장" * 100 + " Hanoi-konventionen " + "국" * 50_000
    many = tuple(evidence_of(text, "Hanoi-konventionen") for _ in range(500))
    link = "https://news.example/" + "a" * 3000
    made = alert_content(
        title="국" * 500,
        text=text,
        url=link,
        evidence=many,
        rule="장" * 50_000,
        summary="국" * 2000,
    )
    body = render(made, ENVELOPE)
    assert len(body) <= MOST_BYTES
    assert json.loads(body)["data"]["article"]["url"] == link


def test_a_folders_path_and_fractions_of_seconds_do_not_leave_in_the_webhook() -> None:
    known = alert_content()
    folder = replace(known.source, kind="folder", url="/srv/press")
    article = replace(known.article, first_seen_at=ENVELOPE.at.replace(microsecond=123))
    body = json.loads(render(replace(known, source=folder, article=article), ENVELOPE))
    assert body["data"]["article"]["source"]["url"] == ""
    assert body["data"]["article"]["first_seen_at"] == "2026-03-01T12:00:00Z"


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        ("One. Two.", "One. Two."),
        ("A first one here. " + "word " * 100, None),
        ("This sentence goes on. " * 30, ("This sentence goes on. " * 13).strip()),
    ],
)
def test_an_article_without_a_summary_gives_its_first_sentences(
    text: str, summary: str | None
) -> None:
    body = json.loads(render(alert_content(text=text, summary="", evidence=()), ENVELOPE))
    given = body["data"]["article"]["summary"]
    assert len(given) <= 300
    assert given == summary or (summary is None and given.endswith("word…"))


def test_what_is_no_link_does_not_leave() -> None:
    body = json.loads(render(alert_content(url="javascript:alert(1)"), ENVELOPE))
    assert body["data"]["article"]["url"] == ""


def digest_of(count: int, **changes: Any) -> dict[str, Any]:
    alerts = tuple(alert_content(**changes) for _ in range(count))
    content = DigestContent(alerts=alerts, lines=("They were held.",), left_out=2, since=NOON)
    body = render(content, ENVELOPE)
    assert len(body) <= MOST_DIGEST_BYTES
    made = json.loads(body)
    assert made["type"] == "digest"
    return dict(made["data"])


def test_a_digest_carries_each_alert_as_it_would_be_alone() -> None:
    data = digest_of(3)
    alone = json.loads(render(alert_content(), ENVELOPE))["data"]
    assert [alert["alert"] for alert in data["alerts"]] == [alone["alert"]] * 3
    assert data["alerts"][0].keys() == alone.keys()
    assert (data["count"], data["left_out"]) == (5, 2)
    assert data["why"] == ["They were held."]
    assert data["since"] == "2026-03-01T12:00:00Z"


def test_a_digest_of_too_much_says_how_many_it_leaves_out() -> None:
    data = digest_of(600, title="國" * 500)
    told = len(data["alerts"])
    assert 0 < told < 600
    assert data["left_out"] == 602 - told
    assert data["count"] == 602


def test_an_update_carries_its_alert_and_what_joined() -> None:
    alert = replace(alert_content(articles=2), outlets=2, languages=("sv", "vi"))
    other = replace(alert.article, id="other", url="https://other.example/2")
    new = (Newcomer(article=other, source=replace(alert.source, name="Annan Prov")),)
    body = json.loads(render(UpdateContent(alert=alert, new=new), ENVELOPE))
    assert body["type"] == "update"
    assert body["data"]["alert"] == {"id": alert.alert.id}
    assert body["data"]["story"]["outlets"] == 2
    assert body["data"]["story"]["languages"] == ["sv", "vi"]
    [joined] = body["data"]["new"]
    assert joined["url"] == "https://other.example/2"
    assert joined["source"]["name"] == "Annan Prov"
    assert body["data"]["left_out"] == 0
    assert joined["summary"] == body["data"]["article"]["summary"] != ""


def test_an_update_of_many_articles_stays_small_and_a_summary_short() -> None:
    alert = alert_content(articles=2)
    long = replace(alert.article, summary="word " * 400)
    new = tuple(
        Newcomer(article=replace(long, id=str(number)), source=alert.source) for number in range(60)
    )
    body = render(UpdateContent(alert=alert, new=new), ENVELOPE)
    assert len(body) <= 20_480
    data = json.loads(body)["data"]
    assert all(len(each["summary"]) <= 300 for each in data["new"])
    assert 0 < len(data["new"]) < 60
    assert data["left_out"] == 60 - len(data["new"])


@pytest.mark.parametrize(
    ("length", "cut"), [(500, None), (501, True)], ids=["as it is", "with more behind it"]
)
def test_words_that_are_cut_are_said_to_be(length: int, cut: bool | None) -> None:
    told = alert_content()
    (proof,) = told.alert.evidence
    proof = replace(proof, text="1" * length, end=proof.start + length)
    told = replace(told, alert=replace(told.alert, evidence=(proof,)))
    [shown] = json.loads(render(told, ENVELOPE))["data"]["evidence"]
    assert (len(shown["text"]), shown.get("cut")) == (500, cut)
