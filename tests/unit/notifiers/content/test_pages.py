"""Messages lead to the page of their alert where readers reach it."""

import html
import json
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy

import pytest

from notifiers.channels.kinds import KINDS
from notifiers.content.content import Content, DigestContent, Newcomer, UpdateContent
from tests.unit.notifiers.samples import ENVELOPE, NOTICE, alert_content

PAGES = "https://news.example.org/"
ALERT = alert_content()
PAGE = f"https://news.example.org/alerts/{ALERT.alert.id}"
REACHED = replace(ENVELOPE, pages=PAGES)
TOLD: dict[str, Content] = {
    "alert": ALERT,
    "update": UpdateContent(
        alert=ALERT, new=(Newcomer(article=ALERT.article, source=ALERT.source),)
    ),
    "digest": DigestContent(alerts=(ALERT,), name="Hanoi Convention"),
}
PEOPLE = sorted(set(KINDS) - {"console", "webhook"})


def said(kind: str, content: Content, *, pages: str = PAGES) -> str:
    """Return what a message says, decoded from how it is sent."""
    payload = KINDS[kind].render(content, replace(ENVELOPE, pages=pages))
    if kind != "email":
        return html.unescape(json.dumps(json.loads(payload), ensure_ascii=False))
    message = message_from_bytes(payload, policy=policy.default)
    parts = (message.get_body((form,)) for form in ("plain", "html"))
    text = "\n".join(part.get_content() for part in parts if part is not None)
    return text.replace("\r\n", "\n")


@pytest.mark.parametrize("kind", PEOPLE)
@pytest.mark.parametrize("what", TOLD)
def test_every_message_links_the_page_of_each_alert(kind: str, what: str) -> None:
    told = said(kind, TOLD[what])
    assert PAGE in told
    assert "#a1b2c3" in told.replace("\\u200b", "").replace("\u200b", "")
    assert PAGE not in said(kind, TOLD[what], pages="")


@pytest.mark.parametrize("kind", PEOPLE)
def test_what_is_about_no_alert_leads_to_none(kind: str) -> None:
    assert "/alerts/" not in said(kind, NOTICE)


def test_an_e_mail_links_it_in_both_forms_instead_of_what_to_type() -> None:
    told = said("email", ALERT)
    assert f"look it up: {PAGE}\n" in told
    assert f'href="{PAGE}"' in told
    assert "show-alert" not in told


def test_a_digest_leads_to_all_that_it_is_about() -> None:
    page = f"https://news.example.org/deliveries/{ENVELOPE.id}"
    digest = DigestContent(alerts=(ALERT,), name="Hanoi Convention", left_out=3)
    for kind in PEOPLE:
        assert page in said(kind, digest), kind
    told = said("email", digest)
    assert f"#dddddd · look it up: {page}\n" in told
    assert f"and 3 more stories (look it up: {page})" in told
    assert "list-alerts" not in told


@pytest.mark.parametrize(
    ("seconds", "said_first"),
    [(0, "2026-03-01 12:00 UTC"), (3600, "2026-03-01 11:00 UTC – 2026-03-01 12:00 UTC")],
)
def test_a_digest_of_a_minute_shows_its_time_once(seconds: int, said_first: str) -> None:
    since = ENVELOPE.at - timedelta(seconds=seconds)
    told = said("email", DigestContent(alerts=(ALERT,), name="Hanoi Convention", since=since))
    assert f"\n{said_first}\n" in told


def test_pages_of_single_stories_go_before_stories_do() -> None:
    alerts = tuple(
        replace(
            ALERT,
            alert=replace(ALERT.alert, id=f"{number:02}{'x' * 24}", story_id=f"story {number}"),
        )
        for number in range(20)
    )
    digest = DigestContent(alerts=alerts, name="Hanoi Convention")
    without, with_pages = said("discord", digest, pages=""), said("discord", digest)
    assert with_pages.count("• ") == without.count("• ")


def test_words_of_ones_own_may_name_the_page() -> None:
    envelope = replace(REACHED, template="{outlet}\n{look_up}")
    payload = json.loads(KINDS["slack"].render(ALERT, envelope))
    assert PAGE in json.dumps(payload["blocks"])
