"""An alert as an e-mail."""

import re
import unicodedata
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifiers.channels.email.message import SUBJECT_LIMIT, render_email, subject
from notifiers.content.content import Content, DigestContent
from notifiers.content.wording import wording
from tests.unit.notifiers.samples import ENVELOPE, LINK, TEST_NOTE, alert_content


def mail(content: Content) -> EmailMessage:
    message = message_from_bytes(render_email(content, ENVELOPE), policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content())


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]


def test_its_foot_names_the_rule_once_and_says_how_to_look_it_up() -> None:
    plain = mail(alert_content()).get_body(("plain",))
    assert plain is not None
    foot = plain.get_content().splitlines()[-1]
    assert "show-alert a1b2c3" in foot
    assert foot.count("Hanoi Convention") == 1


def test_its_head_identifies_the_delivery_and_keeps_robots_from_answering() -> None:
    made = mail(alert_content())
    assert made["From"] == "Newsroom Monitor <alerts@example.net>"
    assert made["To"] == "bo@example.org"
    assert made["Subject"] == "Sextio länder skriver under · Hanoi Convention"
    assert made["Date"] == "Sun, 01 Mar 2026 12:00:00 +0000"
    assert made["Message-ID"] == f"<{ENVELOPE.id}@example.net>"
    assert made["Auto-Submitted"] == "auto-generated"
    assert made["List-Id"] == "<rule" + "r" * 22 + ".newsroom-monitor.example.net>"
    assert (made["Cc"], made["Bcc"]) == (None, None)


@pytest.mark.parametrize(
    ("leave", "post"),
    [
        ("https://n.example/leave/l1.x.y", "List-Unsubscribe=One-Click"),
        ("http://n.example/leave/l1.x.y", None),
    ],
)
def test_who_can_leave_the_list_is_offered_to(leave: str, post: str | None) -> None:
    envelope = replace(ENVELOPE, leave=leave)
    made = message_from_bytes(render_email(alert_content(), envelope), policy=policy.default)
    assert (made["List-Unsubscribe"], made["List-Unsubscribe-Post"]) == (f"<{leave}>", post)
    assert mail(alert_content())["List-Unsubscribe"] is None


def test_all_recipients_get_the_same_between_boundaries_of_their_own() -> None:
    first, second = (
        render_email(alert_content(), replace(ENVELOPE, id=id_, recipient=to))
        for id_, to in (("msg_" + "a" * 26, "bo@example.org"), ("msg_" + "b" * 26, "cy@x.org"))
    )
    assert b"=_msg_" + b"b" * 26 in second
    assert b"xxxx" not in second
    as_first = second.replace(b"b" * 26, b"a" * 26).replace(b"cy@x.org", b"bo@example.org")
    assert as_first == first


def test_its_bytes_pass_every_relay_unchanged() -> None:
    data = render_email(alert_content(text="Hanoi-konventionen " + "國" * 3000), ENVELOPE)
    assert data.isascii()
    assert b"\r" not in data.replace(b"\r\n", b"")
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert max(map(len, data.split(b"\r\n"))) <= 998


def test_both_parts_show_the_matched_words_marked() -> None:
    made = mail(alert_content())
    assert "*Hanoi-konventionen* mot it-brott" in part(made, "plain")
    assert re.search(
        r"<mark [^>]*><span [^>]*>Hanoi-konventionen</span></mark> mot", part(made, "html")
    )


def test_both_parts_of_a_digest_give_each_reason_of_a_story_once() -> None:
    several = alert_content(reasons=("as it stands", "in Swedish", "As it stands"))
    one = alert_content(story="b" * 26, reasons=("as it stands",))
    other = alert_content(story="b" * 26, rule="Treaty", reasons=("translated", "not said"))
    message = mail(DigestContent(alerts=(several, one, other)))
    reasons = ["as it stands", "in Swedish", "as it stands", "translated"]
    lines = part(message, "plain").splitlines()
    assert [line for line in lines if line in reasons] == reasons
    assert re.findall(r"• ([^<]+)<", part(message, "html")) == reasons


def test_the_title_is_the_link() -> None:
    seen = _Links()
    seen.feed(part(mail(alert_content()), "html"))
    assert seen.links == [LINK]


def test_markup_in_the_news_stays_text() -> None:
    attack = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'{{ 7*7 }}"
    made = alert_content(
        title=attack, text=f"{attack} Hanoi-konventionen", rule=attack, source=attack
    )
    seen = _Links()
    seen.feed(part(mail(made), "html"))
    assert not {"script", "img"} & set(seen.tags)
    assert seen.links == [LINK]
    assert "{{ 7*7 }}" in part(mail(made), "plain")


def test_no_header_can_be_added_by_the_news() -> None:
    attack = "x\r\nBcc: eve@evil.example\r\n\r\nHello"
    made = mail(alert_content(title=attack, rule=attack, source=attack))
    assert made["Bcc"] is None
    assert "Bcc: eve@evil.example Hello" in made["Subject"]


@given(
    title=st.text(st.characters(), min_size=1, max_size=500),
    rule=st.text(st.characters(), min_size=1, max_size=100),
)
def test_a_subject_is_one_line_that_reads_back_as_it_was_meant(title: str, rule: str) -> None:
    content = alert_content(title=title, rule=rule)
    meant = subject(wording(content, ENVELOPE))
    read = str(mail(content)["Subject"])
    assert len(meant) <= SUBJECT_LIMIT
    assert read.split() == meant.split()
    assert not any(unicodedata.category(letter) in ("Cc", "Zl", "Zp") for letter in read)


def test_a_test_says_so() -> None:
    made = mail(TEST_NOTE)
    assert made["Subject"] == 'Test: Channel "desk" works'
    assert made["List-Id"] == "<notices.newsroom-monitor.example.net>"
    assert "This is a test." in part(made, "plain")
    assert "This is a test." in part(made, "html")


@pytest.mark.parametrize("title", [".", "..", "From me", "-- ", "=_msg_" + "d" * 26])
def test_lines_that_mean_something_to_mail_are_only_text(title: str) -> None:
    made = mail(alert_content(title=title, text=f"{title}\n.\nHanoi-konventionen"))
    assert title.strip() in part(made, "plain")
    assert len(list(made.iter_parts())) == 2


def test_more_of_a_story_goes_under_its_first_message() -> None:
    first = "msg_" + "f" * 26
    data = render_email(alert_content(), replace(ENVELOPE, thread=first))
    made = message_from_bytes(data, policy=policy.default)
    assert made["In-Reply-To"] == made["References"] == f"<{first}@example.net>"
    assert made["Message-ID"] == f"<{ENVELOPE.id}@example.net>"
    assert mail(alert_content())["References"] is None


def test_matched_words_can_be_read_in_light_and_dark() -> None:
    html = part(mail(alert_content()), "html")
    marks = re.findall(r"<mark [^>]*>", html)
    assert marks
    # A background of our own never stands without a colour of our own on it.
    for style in re.findall(r'style="([^"]*)"', html) + re.findall(r"\{([^}]*)\}", html):
        assert ("background-color" in style) <= bool(re.search(r"(?<![-\w])color:", style)), style


def _contrast(one: str, two: str) -> float:
    """Return the contrast of two colours, as WCAG 2 has it: 4.5 is what text needs."""

    def luminance(color: str) -> float:
        parts = (int(color[place : place + 2], 16) / 255 for place in (1, 3, 5))
        linear = [
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
        ]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    darker, lighter = sorted((luminance(one), luminance(two)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_stands_out_from_what_is_behind_it(scheme: str) -> None:
    html = part(mail(alert_content()), "html")
    if scheme == "dark":
        rules = re.findall(r"^  [^{]*\{([^}]*)\}", html, re.MULTILINE)
    else:
        rules = re.findall(r'style="([^"]*)"', html)
    page = "#1f1f1f" if scheme == "dark" else "#ffffff"
    judged = 0
    for rule in rules:
        color = re.search(r"(?<![-\w])color:\s*(#[0-9a-f]{6})", rule)
        behind = re.search(r"background-color:\s*(#[0-9a-f]{6})", rule)
        if color is not None:
            judged += 1
            assert _contrast(color[1], behind[1] if behind else page) >= 4.5, rule
    assert judged >= 5
