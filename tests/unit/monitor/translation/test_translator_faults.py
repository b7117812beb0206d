"""A translator that misbehaves: one sentence without secrets, in time, and never an exception."""

import json
from collections.abc import Iterator
from ipaddress import ip_network
from typing import Any

import httpx
import pytest

from monitor.base.errors import Remedy, RemedyKind
from monitor.base.remedies import remedy_words
from monitor.net.client import make_client
from monitor.net.guard import AddressGuard
from monitor.translation import openai
from monitor.translation.translate import Proposals, Translation, warning
from tests.answers import (
    Answer,
    Connection,
    Seen,
    black_hole,
    cut,
    delayed,
    drip,
    endless_body,
    endless_headers,
    head,
    raw,
    redirect,
    reply,
    reset,
)
from tests.builders import NOON
from tests.servers import FaultServer, refused_url
from tests.translator_server import CHAT, TranslatorServer, chat_answer

LOCAL = (ip_network("127.0.0.0/8"),)
KEY = "sesame-very-secret"
KINDS = ("libretranslate", "openai")
PATHS = {"libretranslate": "/translate", "openai": CHAT}


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    with make_client(AddressGuard(LOCAL), user_agent="tests/1") as client:
        yield client


@pytest.fixture
def server() -> Iterator[TranslatorServer]:
    with TranslatorServer(key=KEY) as server:
        yield server


class Clock:
    """Waits without waiting, and remembers how long."""

    def __init__(self) -> None:
        self.waits: list[float] = []

    def pause(self, seconds: float) -> None:
        self.waits.append(seconds)


def propose(
    client: httpx.Client, server: TranslatorServer, kind: str, clock: Clock | None = None, **to: Any
) -> Proposals:
    settings = server.settings(kind, **{"languages": ("sv", "de"), "timeout_seconds": 1, **to})
    pause = None if clock is None else clock.pause
    translation = Translation(settings, client, now=lambda: NOON, pause=pause)
    return translation.propose("harbour pilot")


def a_problem(found: Proposals) -> str:
    assert found.problem is not None
    assert KEY not in found.problem
    assert "\n" not in found.problem
    assert len(found.problem) < 300
    return found.problem


def said(text: str, status: int = 400, **headers: str) -> Answer:
    body = json.dumps({"error": {"message": text}})
    return reply(body, status=status, content_type="application/json", headers=headers)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        pytest.param(said(f"bad key {KEY}", 401), "HTTP 401 Unauthorized: bad key ***", id="401"),
        pytest.param(said("not yours", 403), "check translator_key", id="403"),
        pytest.param(reply(status=404), "check translator_url", id="404"),
        pytest.param(said("no model x", 404), "no model x; check translator_url", id="404, said"),
        pytest.param(said("no", 418), "HTTP 418", id="another refusal"),
        pytest.param(redirect("https://new.example/api?k=1"), "at new.example", id="redirect"),
        pytest.param(redirect("http://[::1", status=308), "not followed", id="hostile redirect"),
        pytest.param(reply("<!DOCTYPE html><p>hi"), "answers with a web page", id="HTML"),
        pytest.param(reply("translated!"), "not JSON", id="not JSON"),
        pytest.param(reply("[" * 100_000), "not JSON", id="deep JSON"),
        pytest.param(reply(b"\xff\xfe\x00"), "not JSON", id="bytes"),
        pytest.param(reply(""), "not JSON", id="nothing"),
        pytest.param(reply("null"), "its answer is not", id="null"),
        pytest.param(reply('{"translatedText": 7, "choices": {}}'), "is not", id="wrong types"),
        pytest.param(endless_body(), "too large", id="an endless body"),
        pytest.param(endless_headers(), "too large", id="endless headers"),
        pytest.param(raw(b"SSH-2.0-hello\r\n\r\n"), "not HTTP", id="another protocol"),
        pytest.param(black_hole(), "no answer within 1 s", id="silence"),
        pytest.param(
            drip(b"{" * 9999, at_once=head(200)), "no answer within 1 s", id="a byte at a time"
        ),
        pytest.param(delayed(60, said("late")), "no answer within 1 s", id="too late"),
    ],
)
def test_a_translator_that_fails_is_told_of_and_left_alone(
    kind: str, answer: Answer, expected: str, server: TranslatorServer, client: httpx.Client
) -> None:
    server.on(PATHS[kind], answer)
    found = propose(client, server, kind, Clock())
    assert expected in a_problem(found)
    assert found.variants == ()
    assert len(server.seen(PATHS[kind])) <= 6


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(said("overloaded", 503), id="503"),
        pytest.param(reply(status=502), id="502"),
        pytest.param(said("slow down", 429), id="429"),
        pytest.param(reset(), id="reset"),
        pytest.param(cut(b"{" * 100, after=10), id="cut"),
        pytest.param(raw(b""), id="closed"),
    ],
)
def test_what_may_get_better_is_tried_again(
    kind: str, broken: Answer, server: TranslatorServer, client: httpx.Client
) -> None:
    working = server._routes[PATHS[kind]].answers[0]
    server.on(PATHS[kind], broken, working)
    clock = Clock()
    found = propose(client, server, kind, clock, timeout_seconds=30)
    assert found.problem is None
    assert found.variants
    assert clock.waits
    assert max(clock.waits) <= 1


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("status", [500, 503, 429])
def test_what_does_not_get_better_is_given_up(
    kind: str, status: int, server: TranslatorServer, client: httpx.Client
) -> None:
    server.on(PATHS[kind], said("busy", status))
    found = propose(
        client, server, kind, Clock(), timeout_seconds=30, languages=("sv", "de", "fr") * 9
    )
    assert f"HTTP {status}" in a_problem(found)
    assert "busy" in a_problem(found)
    assert len(server.seen(PATHS[kind])) < 30


@pytest.mark.parametrize("kind", KINDS)
def test_a_busy_server_is_asked_again_as_late_as_it_wishes(
    kind: str, server: TranslatorServer, client: httpx.Client
) -> None:
    working = server._routes[PATHS[kind]].answers[0]
    server.on(PATHS[kind], said("slow down", 429, **{"Retry-After": "7"}), working)
    clock = Clock()
    found = propose(client, server, kind, clock, timeout_seconds=30)
    assert found.problem is None
    assert found.variants
    assert 6 < max(clock.waits) <= 7


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("wish", ["60", "Mon, 02 Mar 2026 13:00:00 GMT", "1e99"])
def test_a_server_that_asks_for_more_time_than_there_is_is_left_alone(
    kind: str, wish: str, server: TranslatorServer, client: httpx.Client
) -> None:
    server.on(PATHS[kind], said("slow down", 429, **{"Retry-After": wish}))
    clock = Clock()
    found = propose(client, server, kind, clock, timeout_seconds=30)
    assert "it asks to wait" in a_problem(found)
    assert clock.waits == []
    assert len(server.seen(PATHS[kind])) <= 3


@pytest.mark.parametrize("kind", KINDS)
def test_an_address_where_nobody_listens_is_told(kind: str, client: httpx.Client) -> None:
    with TranslatorServer() as server:
        found = propose(client, server, kind, Clock(), url=refused_url())
    assert a_problem(found).startswith("no connection")


@pytest.mark.parametrize("kind", KINDS)
def test_a_private_address_must_have_been_allowed(kind: str) -> None:
    with (
        TranslatorServer() as server,
        make_client(AddressGuard(), user_agent="tests/1") as guarded,
    ):
        found = propose(guarded, server, kind, Clock())
        assert "address 127.0.0.1 is not public" in a_problem(found)
        assert "MONITOR_ALLOW_PRIVATE" in a_problem(found)
        assert server.connections == 0


@pytest.mark.parametrize("kind", KINDS)
def test_what_came_before_it_failed_is_kept(
    kind: str, server: TranslatorServer, client: httpx.Client
) -> None:
    working = server._routes[PATHS[kind]].answers[0]
    server.on(PATHS[kind], working, reply(status=403))
    found = propose(
        client, server, kind, Clock(), languages=("sv", "de", "fr", "nl", "pl", "fi", "ru") * 4
    )
    assert a_problem(found).startswith("HTTP 403")
    assert found.variants


def chats(content: Any, **changes: Any) -> Answer:
    return reply(json.dumps(chat_answer(content, **changes)), content_type="application/json")


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        pytest.param(chats("I do not know."), "the model's answer is not JSON", id="talk"),
        pytest.param(chats('{"variants": [{"lang'), "is not JSON", id="half"),
        pytest.param(chats("{}"), "has no variants", id="no variants"),
        pytest.param(chats('{"variants": "sv"}'), "has no variants", id="a word for a list"),
        pytest.param(chats(""), "says nothing", id="empty"),
        pytest.param(chats(None), "says nothing", id="null"),
        pytest.param(chats("{}", finish_reason="length"), "cut off", id="too long"),
        pytest.param(
            chats(None, message={"role": "assistant", "content": None, "refusal": "No."}),
            "refuses",
            id="refusal",
        ),
        pytest.param(chats("{}", message=[]), "not that of a chat", id="no message"),
        pytest.param(reply('{"choices": []}'), "not that of a chat", id="no choices"),
        pytest.param(reply("[]"), "not that of a chat", id="a list"),
    ],
)
def test_a_model_that_talks_nonsense_is_told_of(
    answer: Answer, expected: str, server: TranslatorServer, client: httpx.Client
) -> None:
    server.on(CHAT, answer)
    assert expected in a_problem(propose(client, server, "openai", Clock()))


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(
            '{"variants": [7, null, {"lang": "sv"}, {"lang": 1, "text": "x"}, {"text": "x"},'
            ' {"lang": "sv", "text": ["x"]}, {"lang": "sv", "text": "hamnlots"}]}',
            id="entries of wrong shapes",
        ),
        pytest.param('{"variants": {"sv": ["hamnlots"], "de": 7}}', id="a table by language"),
        pytest.param('[{"lang": "sv", "text": "hamnlots"}]', id="a list alone"),
        pytest.param(
            'So:\n```json\n[{"lang": "sv", "text": "hamnlots"}]\n```', id="a list in a fence"
        ),
        pytest.param('{"variants": [{"language": "Swedish", "text": "hamnlots"}]}', id="a name"),
        pytest.param(
            '{"variants": [{"lang": "sv-SE", "text": "hamnlots", "confidence": "90%"},'
            ' {"lang": "sv", "text": "Hamnlots", "confidence": 1e999},'
            ' {"lang": "tlh", "text": "hamnlots"}, {"lang": "", "text": "hamnlots"}]}',
            id="the same again, and languages of nobody",
        ),
        pytest.param(
            [{"type": "text", "text": '{"variants": [{"lang": "sv", "text": "hamnlots"}]}'}],
            id="content in parts",
        ),
    ],
)
def test_what_is_right_in_a_strange_answer_is_taken(
    content: Any, server: TranslatorServer, client: httpx.Client
) -> None:
    server.on(CHAT, chats(content))
    found = propose(client, server, "openai", Clock())
    assert found.problem is None
    assert [(variant.language, variant.text) for variant in found.variants] == [("sv", "hamnlots")]


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(reply(status=500), id="500"),
        pytest.param(reply(status=404), id="404"),
        pytest.param(reply('{"translatedText": ""}'), id="nothing"),
        pytest.param(reply("<html>"), id="HTML"),
    ],
)
def test_a_server_that_cannot_translate_back_keeps_its_alternatives(
    answer: Answer, client: httpx.Client
) -> None:
    known = {"dredging": {"sv": ["muddring", "mudderverk"], "de": ["Baggern", "Nassbaggern"]}}
    with TranslatorServer(known) as server:
        working = server._routes["/translate"].answers[0]

        def one_way(connection: Connection, seen: Seen) -> None:
            is_back = json.loads(seen.body)["target"] == "en"
            (answer if is_back else working)(connection, seen)

        server.on("/translate", one_way)
        settings = server.settings("libretranslate", languages=("sv", "de"))
        clock = Clock()
        translation = Translation(settings, client, now=lambda: NOON, pause=clock.pause)
        found = translation.propose("dredging")
        assert len(server.seen("/translate")) <= 10
    assert found.problem is None
    assert len(found.variants) == 4
    assert {variant.state.value for variant in found.variants} == {"active"}


def test_a_refused_request_is_quoted_without_the_key(
    server: TranslatorServer, client: httpx.Client
) -> None:
    server.on(CHAT, said(f"no model for {KEY} at http://inner.example/x"))
    assert "no model for *** at <link>" in a_problem(propose(client, server, "openai", Clock()))
    assert len(server.seen(CHAT)) == 3


def test_a_key_that_is_missing_is_told_in_the_servers_words(
    server: TranslatorServer, client: httpx.Client
) -> None:
    found = propose(client, server, "libretranslate", Clock(), key=None)
    assert "contact the server operator" in a_problem(found)


def test_the_warning_says_what_failed_and_how_to_try_again() -> None:
    text = warning("HTTP 403 Forbidden")
    assert "HTTP 403 Forbidden" in text
    text = remedy_words(Remedy(RemedyKind.TRANSLATE_AGAIN, "Mr. O'Hara"))
    assert text.endswith("""./run monitor expand-rule "Mr. O'Hara" --translate""")


def test_a_mistake_of_ours_is_told_and_blocks_nothing(
    server: TranslatorServer, client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openai, "read", lambda content: 1 / 0)
    found = propose(client, server, "openai", Clock())
    assert a_problem(found) == "internal error ZeroDivisionError"


def test_settings_never_show_the_key() -> None:
    with FaultServer() as server:
        from monitor.config.translator import TranslatorSettings
        from monitor.translation.libretranslate import LibreTranslate
        from monitor.translation.openai import OpenAI

        url = server.url("")
        things = (
            TranslatorSettings(kind="openai", url=url, key=KEY),
            OpenAI(url, "m", KEY),
            LibreTranslate(url, KEY),
        )
    assert KEY not in repr(things)
