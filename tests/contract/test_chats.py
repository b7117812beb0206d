"""What every chat must do, against a double of its vendor: render, accept, refuse, keep pace."""

import ipaddress
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from monitor.net.client import make_client
from monitor.net.guard import AddressGuard
from notifiers.api import DeliveryError, Failure, Message, Notifier, Settings
from notifiers.channels.kinds import KINDS
from notifiers.channels.targets import parse_target
from notifiers.content.content import Content, DigestContent, Newcomer, UpdateContent, kind_of
from notifiers.content.wording import wording
from notifiers.pace import free_at
from notifiers.spec import WebUrl
from storage.model import DeliveryKind
from tests.contract.test_notifier import assert_no_secret
from tests.servers import FaultServer
from tests.unit.notifiers.samples import (
    ENVELOPE,
    LINK,
    NOON,
    NOTICE,
    TEST_NOTE,
    TITLE,
    alert_content,
    hostile,
    tools,
)
from tests.vendors.double import CANARY, Double, Meaning
from tests.vendors.doubles import DOUBLES
from tests.vendors.reading import Read

MARKUP = (
    "*bold* _it_ ~no~ `code` **b** [x](https://evil.example) <b>b</b> <script>x</script> &amp; "
    "@everyone @here @channel <!channel> <@U123> <#C1> #tag - > 1. | ||spoiler|| \\ \\* </b> "
    "/start@bot /delete $ACME "
)
LONG = "Ord & <ord> *国* 👩‍👧 " * 400


def digest(count: int, **changes: Any) -> DigestContent:
    alerts = tuple(
        replace(
            alert_content(
                **changes, articles=9, reasons=(f"reason {number}",), story=f"story {number}"
            ),
            priority="high" if number == 0 else "normal",
            outlets=9,
            languages=("sv", "vi", "de"),
        )
        for number in range(count)
    )
    return DigestContent(alerts=alerts, name="Hanoi Convention", left_out=2)


def of_several_rules(stories: int, reasons: int = 3) -> DigestContent:
    """A digest of stories that three rules found, for so many reasons each, and of one more."""
    one = replace(alert_content(articles=9), outlets=9)
    alerts = [
        replace(
            one,
            alert=replace(one.alert, story_id=f"story {story}"),
            rule=replace(one.rule, name=f"rule {number % 3}"),
            reasons=(f"reason {number % reasons} is long enough to take its room",),
        )
        for story in range(stories)
        for number in range(6)
    ]
    last = replace(one, alert=replace(one.alert, story_id="last"), reasons=("only this",))
    return DigestContent(alerts=(last, *alerts))


def update(**changes: Any) -> UpdateContent:
    alert = alert_content(**changes)
    other = replace(alert.article, id="other", url="https://other.example/2", title="Ännu en")
    new = (Newcomer(article=other, source=replace(alert.source, id="o", name="Annan Prov")),)
    return UpdateContent(alert=alert, new=new)


CONTENTS: dict[str, Content] = {
    "an alert": alert_content(articles=9),
    "a critical alert": replace(alert_content(), priority="critical"),
    "a hostile alert": alert_content(**hostile(MARKUP)),
    "a long alert": alert_content(**hostile(LONG), summary=LONG, reasons=(LONG,) * 3),
    "a link that is too long": alert_content(url=f"https://news.example/{'a' * 9000}"),
    "an update": update(),
    "a digest": digest(5),
    "a digest of short ones": digest(20, title="Kort", source="P", rule="r"),
    "a digest of too much": digest(60, **hostile(LONG)),
    "a hostile digest": digest(3, **hostile(MARKUP)),
    "a notice": NOTICE,
    "a test": TEST_NOTE,
}


@dataclass(kw_only=True)
class Chat:
    """A channel of one kind, at its double."""

    kind: str
    double: Double
    web: FaultServer
    notifier: Notifier
    settings: Settings

    def send(
        self,
        content: Content,
        *,
        id: str = ENVELOPE.id,
        language: str = "en",
        thread: str = "",
        template: str = "",
        pages: str = "",
    ) -> str | None:
        envelope = replace(ENVELOPE, id=id, language=language, template=template, pages=pages)
        message = Message(
            id=id,
            kind=kind_of(content),
            payload=KINDS[self.kind].render(content, envelope),
            thread=thread,
        )
        return self.notifier.send(message, self.settings)

    def shown(self, content: Content, **envelope: str) -> Read:
        self.send(content, **envelope)
        return self.double.read(self.double.kept[-1])


@contextmanager
def at_double(kind: str) -> Iterator[Chat]:
    double = DOUBLES[kind]()
    guard = AddressGuard((ipaddress.ip_network("127.0.0.0/8"),))
    with FaultServer() as web, make_client(guard, user_agent="test") as client:
        web.otherwise(double)
        settings = dict(parse_target(web.url(double.path), kind=kind).settings)
        if double.secret:
            settings["secret"] = double.secret
        notifier = KINDS[kind].make(tools(client=client))
        assert notifier is not None
        yield Chat(kind=kind, double=double, web=web, notifier=notifier, settings=settings)


@pytest.fixture(params=list(DOUBLES))
def chat(request: pytest.FixtureRequest) -> Iterator[Chat]:
    with at_double(request.param) as made:
        yield made


def test_every_chat_has_a_double() -> None:
    chats = {kind for kind, spec in KINDS.items() if isinstance(spec.target, WebUrl)}
    assert set(DOUBLES) == chats - {"webhook"}


@pytest.mark.parametrize("what", CONTENTS)
def test_its_vendor_takes_whatever_is_said(chat: Chat, what: str) -> None:
    content = CONTENTS[what]
    read = chat.shown(content)
    code = wording(content, ENVELOPE).code.removeprefix("#")
    assert code in read.text
    assert read.stray == []
    assert read.mentions == []


def test_an_alert_says_all_that_it_must(chat: Chat) -> None:
    content = replace(CONTENTS["an alert"], outlets=9, languages=tuple("abcdefg"))
    read = chat.shown(content)
    for words in (
        TITLE,
        "Dagens Prov",
        "Swedish",
        "2026-03-01 10:00 UTC",
        "Den nya",
        "mot it-brott",
        "Hanoi-konventionen — compound, Swedish — for Hanoi Convention",
        "+8 outlets, 7 languages",
        "a1b2c3",
        "Hanoi Convention",
    ):
        assert words in read.text, words
    assert "Hanoi-konventionen" in read.bold
    assert read.links
    assert set(read.links) == {LINK}


def test_what_people_write_in_quotes_reads_as_they_wrote_it(chat: Chat) -> None:
    title = """King's "crown" & Co: what's next? - 24/7, US$5, it's #1 @ home"""
    assert title in chat.shown(alert_content(title=title)).text


def test_a_code_can_be_copied_as_it_is(chat: Chat) -> None:
    chat.send(alert_content())
    chat.send(digest(2), id="msg_2")
    for request in chat.web.requests:
        said = json.dumps(json.loads(request.body), ensure_ascii=False)
        assert "#a1b2c3" in said.replace("\\", "") or "#dddddd" in said.replace("\\", "")
        assert "#\u200b" not in said


def test_a_priority_is_said(chat: Chat) -> None:
    assert "critical" in chat.shown(CONTENTS["a critical alert"]).text
    assert "critical" not in chat.shown(CONTENTS["an alert"], id="msg_2").text


def test_markup_in_the_news_stays_text_and_leads_nowhere(chat: Chat) -> None:
    read = chat.shown(CONTENTS["a hostile alert"])
    assert set(read.links) == {LINK}
    assert "*bold* _it_ ~no~ `code`" in " ".join(read.text.split())
    assert not any(
        "it" in bold and "konvention" not in bold for bold in read.bold if bold[0] != "*"
    )


def test_what_is_too_long_is_cut_but_never_its_link_or_its_code(chat: Chat) -> None:
    read = chat.shown(CONTENTS["a long alert"])
    assert set(read.links) == {LINK}
    assert "a1b2c3" in read.text
    assert "Hanoi-konventionen" in read.bold
    too_long = chat.shown(CONTENTS["a link that is too long"], id="msg_2")
    assert all(link.endswith("a" * 9000) for link in too_long.links)
    assert "a1b2c3" in too_long.text


def test_a_digest_tells_its_stories_and_how_many_it_leaves_out(chat: Chat) -> None:
    read = chat.shown(CONTENTS["a digest"])
    assert "Digest: 7 stories · Hanoi Convention" in read.text
    assert read.text.count(TITLE) == 5
    assert "and 2 more stories" in read.text
    crowded = chat.shown(CONTENTS["a digest of too much"], id="msg_2").text
    told = crowded.count("reason")
    assert 1 <= told < 60
    assert f"and {62 - told} more stories" in crowded


@pytest.mark.parametrize("pages", ["", "https://monitor.example.org"])
def test_a_digest_gives_each_reason_of_a_story_but_never_at_the_cost_of_another_story(
    chat: Chat, pages: str
) -> None:
    few = chat.shown(of_several_rules(3), pages=pages)
    for words in ("reason 0", "reason 1", "reason 2", "only this", "rule 0, rule 1, rule 2"):
        assert words in few.text, words
    assert (few.stray, few.mentions) == ([], [])
    told = [
        chat.shown(of_several_rules(30, reasons), id=f"msg_{reasons}", pages=pages).text.count("+8")
        for reasons in (1, 6)
    ]
    assert told[0] == told[1] > 1


def test_a_readers_template_is_followed_and_what_it_is_filled_with_stays_text(chat: Chat) -> None:
    template = "Seen at {outlet}: {excerpt}\n{title} - {link}"
    read = chat.shown(CONTENTS["a hostile alert"], template=template)
    assert "Seen at *bold* _it_" in " ".join(read.text.split())
    assert "compound" not in read.text
    assert "a1b2c3" in read.text
    assert "Hanoi-konventionen" in read.bold
    assert set(read.links) == {LINK}
    assert (read.stray, read.mentions) == ([], [])


def test_an_update_says_how_many_joined_and_who(chat: Chat) -> None:
    read = chat.shown(CONTENTS["an update"])
    assert f"+1 outlet: {TITLE}" in read.text
    assert "Annan Prov" in read.text
    assert "Ännu en" in read.text


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("vi", ("Tiếng Thụy Điển", "+8 báo", "từ ghép")),
        ("sv", ("svenska", "+8 källor", "sammansättning")),
        ("de", ("Schwedisch", "+8 Quellen", "Zusammensetzung")),
        ("fr", ("suédois", "+8 médias", "mot composé")),
        ("es", ("sueco", "+8 medios", "palabra compuesta")),
        ("ja", ("スウェーデン語", "ほか8媒体", "複合語")),
        ("zh", ("瑞典语", "另有8家媒体", "复合词")),
    ],
)
def test_it_speaks_its_readers_language(chat: Chat, language: str, words: tuple[str, ...]) -> None:
    content = replace(alert_content(articles=9), outlets=9)
    read = chat.shown(content, language=language)
    for word in words:
        assert word in read.text


def refusals() -> Iterator[Any]:
    for kind, double in DOUBLES.items():
        for name, meaning in double.refusals.items():
            yield pytest.param(kind, meaning, id=f"{kind}: {name}")


@pytest.mark.parametrize(("kind", "meaning"), list(refusals()))
def test_what_its_vendor_answers_means_what_is_documented(kind: str, meaning: Meaning) -> None:
    with at_double(kind) as chat:
        chat.double.answers.append(meaning.said)
        with pytest.raises(DeliveryError) as caught:
            chat.send(alert_content())
        assert caught.value.failure is meaning.failure
        if meaning.seconds is not None:
            assert caught.value.after == timedelta(seconds=meaning.seconds)
        assert_no_secret(caught.value)
        assert chat.double.kept == []


def test_a_message_that_comes_twice_is_shown_once_where_its_vendor_can(chat: Chat) -> None:
    first = chat.send(alert_content())
    second = chat.send(alert_content())
    assert len(chat.double.kept) == (1 if chat.double.is_once else 2)
    if chat.double.is_once:
        assert first == second is not None


def test_another_message_is_another_one(chat: Chat) -> None:
    chat.send(alert_content())
    chat.send(alert_content(), id="msg_" + "e" * 26)
    assert len(chat.double.kept) == 2


def test_its_pace_is_one_that_its_vendor_takes(chat: Chat) -> None:
    if chat.double.per_window is None:
        return
    most, seconds = chat.double.per_window
    pace = KINDS[chat.kind].pace
    assert pace is not None
    now, sent = NOON, list[datetime]()
    for _ in range(200):
        sent.append(now)
        now = free_at(sent, pace, now=now) or now
    for first in range(len(sent) - most):
        assert sent[first + most] - sent[first] >= timedelta(seconds=seconds)


def test_no_secret_is_logged_when_it_is_refused(
    chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    for meaning in chat.double.refusals.values():
        chat.double.answers.append(meaning.said)
    with caplog.at_level(logging.DEBUG):
        for _ in chat.double.refusals:
            with pytest.raises(DeliveryError):
                chat.send(alert_content())
    assert CANARY not in caplog.text


def test_telegram_follows_a_group_that_became_a_supergroup() -> None:
    with at_double("telegram") as chat:
        chat.double.moved["-100"] = -100777  # type: ignore[attr-defined] # it is Telegram's
        chat.send(alert_content())
        chat.send(alert_content())
        assert [message["chat"] for message in chat.double.kept] == ["-100777"] * 2
        # The old chat was asked once.
        assert len(chat.web.requests) == 3


def test_more_of_a_story_goes_under_its_first_message_where_the_vendor_can(chat: Chat) -> None:
    first = chat.send(alert_content())
    chat.send(update(), id="msg_2", thread=first or "")
    told, more = chat.double.kept
    assert chat.double.thread_of(told) is None
    threads = {"slack-bot", "mattermost-bot", "telegram", "matrix"}
    assert chat.double.thread_of(more) == (first if chat.kind in threads else None)
    assert (first is not None) or chat.kind not in threads


def test_a_message_is_replaced_by_one_with_the_counts_of_now_where_the_vendor_can(
    chat: Chat,
) -> None:
    if not KINDS[chat.kind].can_edit:
        return
    first = chat.send(alert_content())
    envelope = replace(ENVELOPE, id="msg_2")
    counted = replace(alert_content(articles=4), outlets=4)
    message = Message(
        id="msg_2",
        kind=DeliveryKind.COUNT,
        payload=KINDS[chat.kind].render(counted, envelope),
        thread=first or "",
    )
    for _ in range(2):  # an answer may get lost
        chat.notifier.send(message, chat.settings)
    [kept] = chat.double.kept
    assert "+3 outlets" in chat.double.read(kept).text
    assert chat.double.payload(chat.web.requests[-1]) == message.payload


def test_a_message_that_somebody_deleted_is_no_reason_to_switch_a_channel_off(chat: Chat) -> None:
    if not KINDS[chat.kind].can_edit or chat.double.is_once:
        return
    first = chat.send(alert_content())
    chat.double.kept.clear()
    payload = KINDS[chat.kind].render(alert_content(), ENVELOPE)
    gone = Message(id="msg_2", kind=DeliveryKind.COUNT, payload=payload, thread=first or "")
    with pytest.raises(DeliveryError) as caught:
        chat.notifier.send(gone, chat.settings)
    assert caught.value.failure is Failure.PERMANENT


def test_a_count_without_a_first_message_stands_by_itself(chat: Chat) -> None:
    if not KINDS[chat.kind].can_edit:
        return
    payload = KINDS[chat.kind].render(alert_content(), ENVELOPE)
    chat.notifier.send(
        Message(id=ENVELOPE.id, kind=DeliveryKind.COUNT, payload=payload), chat.settings
    )
    assert len(chat.double.kept) == 1


def test_google_chat_keeps_a_story_in_one_thread() -> None:
    with at_double("google-chat") as chat:
        chat.send(alert_content())
        chat.send(update(), id="msg_2")
        first, second = (message["thread"] for message in chat.double.kept)
        assert first == second == {"threadKey": alert_content().alert.id}


def test_nothing_is_sent_while_a_service_wants_silence_everywhere() -> None:
    with at_double("discord") as chat:
        chat.double.answers.append(chat.double.refusals["limited everywhere"].said)
        for _ in range(2):
            with pytest.raises(DeliveryError) as caught:
                chat.send(alert_content())
            assert caught.value.failure is Failure.WAIT
        assert len(chat.web.requests) == 1
