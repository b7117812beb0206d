"""Every spelling of an address that must not be connected to, through every door: no connection.

What counts is what the interpreter tells its audit hooks: no socket is ever connected to an
address that is not public, by whatever part of the program, and each spelling is answered with
one clear sentence.
"""

import errno
import json
import re
import socket
import sys
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit
from xml.sax.saxutils import escape, quoteattr

import pytest

from ingester.discovery.discover import discover
from ingester.entry import Entry, FetchError, ParseError
from ingester.fetch.robots import CachedRobots
from ingester.kinds import KINDS
from ingester.pages.fulltext import FullText
from ingester.pages.kind import PageKind
from ingester.sitemaps.kind import SitemapKind
from ingester.urls.links import absolute_link
from ingester.urls.parts import split_url
from monitor.app import App
from monitor.base.errors import Refusal, escaped
from monitor.cli.main import run
from monitor.cli.session import Session
from monitor.config.load import Config, ConfigError, load
from monitor.config.secrets import write as write_secrets
from monitor.config.smtp import Smtp
from monitor.feed_lists.follow import follow
from monitor.feed_lists.opml import read_opml
from monitor.services.deliveries import send_test
from monitor.services.sources import sources
from monitor.translation.translate import Translation
from notifiers.api import DeliveryError, Message
from notifiers.channels.targets import parse_target
from storage.model import Channel, DeliveryKind, Source
from tests.answers import redirect, reply
from tests.builders import NOON
from tests.fakes import MemoryStorage
from tests.reading import HereReader
from tests.servers import FaultServer
from tests.unit.monitor.net.ssrf_corpus import HOSTILE_DNS, HOSTS
from tests.unit.monitor.net.ssrf_urls import FICKLE_DNS, PUBLIC_ADDRESS, URLS

DOORWAY = "127.0.0.77"
"""The one address that is allowed: a server there sends its visitors elsewhere."""

SCHEMES = ("http", "https")
SPELLINGS = [
    *(f"{SCHEMES[place % 2]}://{host}/feed.xml" for place, host in enumerate(HOSTS)),
    *(f"http://{host}/" for host in FICKLE_DNS),
    *URLS,
]
Door = Callable[[str], str | None]
"""Sends a URL through one door; returns what is said about it."""


# --- what is recorded ----------------------------------------------------------------------------


@dataclass
class Wire:
    """What the audit hook sees while it is armed."""

    armed: bool = False
    connected: list[tuple[str, int]] = field(default_factory=list)

    def leaks(self) -> list[tuple[str, int]]:
        """Return the connections that must not be; forget all."""
        made, self.connected = self.connected, []
        web = {(PUBLIC_ADDRESS, 80), (PUBLIC_ADDRESS, 443)}
        return [each for each in made if each[0] != DOORWAY and each not in web]


WIRE = Wire()
_hooked: list[bool] = []


def _hear(event: str, arguments: tuple[object, ...]) -> None:
    if not WIRE.armed or event not in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        return
    address = arguments[1]
    if not isinstance(address, tuple):
        return
    WIRE.connected.append((address[0], address[1]))
    if address[0] != DOORWAY:
        raise ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused")


@pytest.fixture(autouse=True)
def wire() -> Iterator[Wire]:
    """Listen to all connections of this process; a hook cannot be taken away, only deafened."""
    if not _hooked:
        sys.addaudithook(_hear)
        _hooked.append(True)
    WIRE.connected.clear()
    WIRE.armed = True
    yield WIRE
    WIRE.armed = False


class HostileResolver:
    """Stands for the system's resolver; asks no network."""

    def __init__(self) -> None:
        self._real = socket.getaddrinfo
        self.asked: dict[str, int] = {}

    def __call__(self, host: object, port: object, *rest: object, **more: object) -> object:
        name = host.decode() if isinstance(host, bytes) else str(host)
        answers = HOSTILE_DNS.get(name) or self._fickle(name)
        if answers is None:
            more["flags"] = socket.AI_NUMERICHOST
            return self._real(name, port, *rest, **more)  # type: ignore[arg-type]
        return [
            (socket.AF_INET6, socket.SOCK_STREAM, 6, "", (ip, port or 0, 0, 0))
            if ":" in ip
            else (socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port or 0))
            for ip in answers
        ]

    def _fickle(self, name: str) -> object:
        answers = FICKLE_DNS.get(name)
        if answers is None:
            return None
        number = self.asked[name] = self.asked.get(name, -1) + 1
        return answers[min(number, len(answers) - 1)]


@pytest.fixture(autouse=True)
def _resolver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", HostileResolver())


# --- the app and its doors ---------------------------------------------------------------------


@pytest.fixture
def doorway() -> Iterator[FaultServer]:
    with FaultServer(host=DOORWAY) as server:
        yield server


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """An app that may connect to the doorway and to nothing else that is not public."""
    config = Config(
        home=tmp_path,
        database_url="sqlite://",
        allow_private=(ip_network(DOORWAY),),
        smtp=Smtp(host="127.0.0.1", port=0, security="starttls", sender="a@example.org"),
    )
    made = App(config, MemoryStorage(), owner="test", now=lambda: NOON)
    yield made
    made.client.close()


def source(url: str, kind: str, **options: str) -> Source:
    return Source(
        id=f"{kind} {url}",
        kind=kind,
        url=url,
        name="x",
        every=KINDS[kind].every,
        added_at=NOON,
        options=options,
    )


def polling(app: App, kind: str, **options: str) -> Door:
    """Poll the URL; robots.txt is not asked first, so that it is the URL that is tried."""
    kinds = {
        "feed": app.looking.kinds["feed"],
        "page": PageKind(app.looking.fetcher, now=app.now),
        "sitemap": SitemapKind(app.looking.fetcher, now=app.now, pause=lambda seconds: None),
    }

    def door(url: str) -> str | None:
        try:
            found = kinds[kind].poll(source(url, kind, **options), dict)
        except (FetchError, ParseError) as error:
            return str(error)
        return "; ".join(found.notices) or None

    return door


def answer_of(door: Door, url: str) -> str | None:
    try:
        said = door(url)
    except (Refusal, FetchError, DeliveryError) as refusal:
        said = str(refusal)
    return None if said is None else escaped(said)  # as every command shows it


def feed(app: App, doorway: FaultServer) -> Door:
    return polling(app, "feed")


def page(app: App, doorway: FaultServer) -> Door:
    return polling(app, "page")


def list_page(app: App, doorway: FaultServer) -> Door:
    return polling(app, "page", selector="a.headline")


def sitemap(app: App, doorway: FaultServer) -> Door:
    return polling(app, "sitemap")


def child_of_a_sitemap(app: App, doorway: FaultServer) -> Door:
    poll = polling(app, "sitemap")

    def door(url: str) -> str | None:
        index = f"<sitemapindex><sitemap><loc>{escape(url)}</loc></sitemap></sitemapindex>"
        doorway.on("/index.xml", reply(index, content_type="application/xml"))
        return poll(doorway.url("/index.xml"))

    return door


def refused_by(app: App, url: str) -> str | None:
    refusal = app.looking.robots.refusal(url)
    return None if refusal is None else str(refusal)


def robots(app: App, doorway: FaultServer) -> Door:
    return lambda url: refused_by(app, url) or polling(app, "page")(url)


def redirected(path: str) -> Callable[[App, FaultServer], Door]:
    def make(app: App, doorway: FaultServer) -> Door:
        def door(url: str) -> str | None:
            doorway.on(path, redirect(url))
            if path == "/robots.txt":
                fresh = App(app.config, app.storage, owner="test", now=app.now)
                fresh.client = app.client  # robots.txt is remembered: ask anew
                return refused_by(fresh, doorway.url("/page"))
            return polling(app, "feed")(doorway.url(path))

        return door

    return make


def added_source(app: App, doorway: FaultServer) -> Door:
    def door(url: str) -> str | None:
        place = sources.place_of(url, None)
        if not place.is_folder:  # what the command does first, here to see what comes without it
            answer_of(lambda _: sources.refuse_private(place, app.guard.check_host), url)
        return app.looking.sites.look_at(place.url, tell=lambda _: None).doubt

    return door


def discovery(app: App, doorway: FaultServer) -> Door:
    def door(url: str) -> str | None:
        try:
            place = sources.place_of(url, "page").url
            found = app.looking.sites.explore(place, thorough=True, tell=lambda _: None)
        except ParseError as error:
            return str(error)
        return "; ".join(found.notices)

    return door


def page_of_an_article(app: App, doorway: FaultServer) -> Door:
    full_text = FullText(app.looking.fetcher, None, app.now)

    def door(url: str) -> str | None:
        done = full_text.enrich(Entry(url=url, title="x"), source(doorway.url(), "feed"))
        return done.trouble.text if done.trouble else None

    return door


def opml(app: App, doorway: FaultServer) -> Door:
    def door(url: str) -> str | None:
        quoted = escape(url, {'"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})
        [listed] = read_opml(f'<opml><body><outline xmlUrl="{quoted}"/></body></opml>') or [None]
        if listed is None:
            return None
        fresh = App(app.config, MemoryStorage(), owner="test", now=app.now)
        fresh.client = app.client
        [[taken]] = follow(fresh.storage, [listed], now=NOON, every=None)
        if taken.source is None:
            return taken.why
        [result] = fresh.looking.poller.poll([taken.source.id])
        assert result.new_articles == 0
        return result.error

    return door


def webhook(app: App, doorway: FaultServer) -> Door:
    def door(url: str) -> str | None:
        message = Message(id="m", kind=DeliveryKind.ALERT, payload=b"{}")
        return app.sending.notifiers["webhook"].send(message, {"url": url})

    return door


def chat(app: App, doorway: FaultServer) -> Door:
    def door(url: str) -> str | None:
        try:
            settings = parse_target(url, kind="slack").settings
        except ValueError as error:
            return str(error)
        message = Message(id="m", kind=DeliveryKind.ALERT, payload=b"{}")
        return app.sending.notifiers["slack"].send(message, settings)

    return door


def redirecting_webhook(app: App, doorway: FaultServer) -> Door:
    def door(url: str) -> str | None:
        doorway.on("/hook", redirect(url, status=307))
        return webhook(app, doorway)(doorway.url("/hook"))

    return door


def test_channel(app: App, doorway: FaultServer) -> Door:
    """What the command does, with the secret file that a hostile backup might bring."""

    def door(url: str) -> str | None:
        channel = Channel(
            id=f"{len(url)} {hash(url)}", name="x", kind="webhook", target="x", added_at=NOON
        )
        write_secrets(app.config.home, channel, {"url": url})
        with app.storage.transaction() as tx:
            tx.channels.add(channel)
        _, [ended] = send_test(
            app.sending.courier,
            channel.id,
            render=app.sending.renderer.test,
            patience=NO_TIME,
            pause=_no_pause,
        )
        assert ended.receipt is None
        return ended.last_error

    return door


test_channel.__test__ = False  # type: ignore[attr-defined] # named as the command is
NO_TIME = NOON - NOON


def _no_pause(seconds: float) -> None:
    raise AssertionError(seconds)


def translator(kind: str) -> Callable[[App, FaultServer], Door]:
    def make(app: App, doorway: FaultServer) -> Door:
        def door(url: str) -> str | None:
            environ = {
                "MONITOR_HOME": str(app.config.home),
                "MONITOR_TRANSLATOR": kind,
                "MONITOR_TRANSLATOR_URL": url.replace("\x00", "\x01") or " ",
                **({"MONITOR_TRANSLATOR_MODEL": "m"} if kind == "openai" else {}),
            }
            try:
                settings = load(environ=environ).translator
            except ConfigError as error:
                return str(error)
            assert settings is not None
            settings = replace(settings, languages=("sv",), timeout_seconds=1)
            translation = Translation(settings, app.client, pause=lambda seconds: None)
            return translation.propose("harbour pilot").problem

        return door

    return make


DOORS: dict[str, Callable[[App, FaultServer], Door]] = {
    "feed": feed,
    "page": page,
    "list page": list_page,
    "sitemap": sitemap,
    "child of a sitemap": child_of_a_sitemap,
    "robots.txt": robots,
    "redirected robots.txt": redirected("/robots.txt"),
    "redirected feed": redirected("/feed"),
    "add-source": added_source,
    "discover": discovery,
    "page of an article": page_of_an_article,
    "import-opml and poll": opml,
    "webhook": webhook,
    "redirecting webhook": redirecting_webhook,
    "chat": chat,
    "test-channel": test_channel,
    "translator, LibreTranslate": translator("libretranslate"),
    "translator, OpenAI": translator("openai"),
}


# --- what must hold ------------------------------------------------------------------------------


_INTERNAL = re.compile(r"Traceback|internal error|\b[A-Za-z]+(?:Error|Exception)\b|object at 0x")


def is_one_clear_sentence(said: str | None) -> bool:
    """Whether it may be shown to a person as it is, and says something."""
    return (
        said is not None
        and 8 <= len(said) <= 400
        and not any(unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") for letter in said)
        and "s3cret" not in said
        and not _INTERNAL.search(said)
    )


def is_silent(door: str, url: str) -> bool:
    """Whether there is nothing to say: an empty address, or a way back to where it came from."""
    if door == "import-opml and poll":
        return not url
    here = f"http://{DOORWAY}/"
    if door == "child of a sitemap":
        return not url or urlsplit(absolute_link(url, here)).hostname == DOORWAY
    if door == "redirected robots.txt":
        header = (url.splitlines() or [""])[0]
        return not header or split_url(header, here).host == DOORWAY
    return False


def test_the_corpus_is_large_and_without_doubles() -> None:
    assert len(SPELLINGS) == len(set(SPELLINGS)) >= 600


@pytest.mark.parametrize("name", DOORS)
def test_no_spelling_opens_a_connection_through(
    name: str, app: App, doorway: FaultServer, wire: Wire
) -> None:
    door = DOORS[name](app, doorway)
    leaks, unclear = {}, {}
    for url in SPELLINGS:
        said = answer_of(door, url)
        if found := wire.leaks():
            leaks[url] = found
        if said is None and is_silent(name, url):
            continue
        if not is_one_clear_sentence(said):
            unclear[url[:200]] = said
    assert leaks == {}
    assert unclear == {}


@pytest.mark.parametrize("how", ["link", "header", "anchor", "robots.txt"])
def test_what_a_site_declares_is_not_connected_to(
    how: str, app: App, doorway: FaultServer, wire: Wire
) -> None:
    kept = 6 if how == "robots.txt" else 3  # after three that fail, a site is left alone
    if how != "robots.txt":
        doorway.otherwise(reply(status=429))  # which ends the look at usual places
    for first in range(0, len(SPELLINGS), kept):
        urls = [each.replace("\x00", "") for each in SPELLINGS[first : first + kept]]
        lines = [" ".join(url.split()) for url in urls]
        headers = {
            "Link": ", ".join(f'<{line}>; rel=alternate; type="{RSS}"' for line in lines),
        }
        links = "".join(f"<link rel=alternate type={RSS} href={quoteattr(url)}>" for url in urls)
        anchors = "".join(f"<a href={quoteattr(url)}>RSS feed</a>" for url in urls)
        markup = {"link": links, "anchor": anchors}.get(how, "")
        named = "".join(f"Sitemap: {line}\n" for line in lines) if how == "robots.txt" else ""
        doorway.on("/robots.txt", reply(named, content_type="text/plain"))
        doorway.on(
            "/",
            reply(
                f"<html><head>{markup}</head><body><h1>News</h1></body></html>",
                content_type="text/html; charset=utf-8",
                headers=headers if how == "header" and "".join(lines).isascii() else {},
            ),
        )
        found = discover(
            doorway.url("/"),
            replace(
                app.looking.tools,
                reader=HereReader(),
                pause=lambda seconds: None,
                robots=CachedRobots(app.looking.fetcher, app.now),
            ),
            thorough=how == "robots.txt",
        )
        assert wire.leaks() == [], urls
        problems = [*(candidate.problem for candidate in found.candidates), *found.notices]
        assert [
            problem for problem in problems if not is_one_clear_sentence(escaped(problem or ""))
        ] == []


RSS = "application/rss+xml"
SMTP_HOSTS = [*HOSTS, *FICKLE_DNS]


@pytest.mark.parametrize("security", ["starttls", "tls", "none"])
def test_no_mail_server_is_reached_at(security: str, app: App, tmp_path: Path, wire: Wire) -> None:
    leaks, unclear = {}, {}
    for host in SMTP_HOSTS:
        said = sent_mail(app, security, host.strip("[]"))
        if found := [leak for leak in wire.leaks() if leak[0] != PUBLIC_ADDRESS]:
            leaks[host] = found
        if not is_one_clear_sentence(said):
            unclear[host] = said
    assert leaks == {}
    assert unclear == {}


def sent_mail(app: App, security: str, host: str) -> str:
    """Send a mail by a server that is set so; return what is said about it."""
    environ = {
        "MONITOR_HOME": str(app.config.home),
        "MONITOR_SMTP_HOST": host,
        "MONITOR_SMTP_SECURITY": security,
        "MONITOR_SMTP_FROM": "monitor@example.org",
        "MONITOR_ALLOW_PRIVATE": DOORWAY,
    }
    try:
        config = load(environ=environ)
    except ConfigError as error:
        return escaped(error.mistakes[0])
    mailing = App(config, app.storage, owner="test", now=app.now)
    mailing.client = app.client
    message = Message(
        id="m", kind=DeliveryKind.ALERT, payload=b"Subject: x\r\n\r\nx", recipient="b@example.org"
    )
    with pytest.raises(DeliveryError) as caught:
        mailing.sending.notifiers["email"].send(message, {})
    return escaped(str(caught.value))


def test_inspect_looks_at_none_of_them(
    tmp_path: Path, wire: Wire, capsys: pytest.CaptureFixture[str]
) -> None:
    urls = [each for each in SPELLINGS if "://" in each and "\x00" not in each]
    session = Session({"MONITOR_HOME": str(tmp_path), "MONITOR_ALLOW_PRIVATE": DOORWAY})
    assert run(["inspect", "--json", *urls], session) == 1
    assert wire.leaks() == []
    said = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(said) == len(urls)
    unclear = [each for each in said if not is_one_clear_sentence(escaped(each["problem"]))]
    assert unclear == []
    assert {each["kind"] for each in said} == {"not-recognised"}


@pytest.mark.parametrize(
    "url", ["http://2130706433/", "http://[::ffff:7f00:1]/", "https://metadata.test/", "//0x7f.1/"]
)
def test_the_commands_say_so_in_one_line(
    url: str, tmp_path: Path, wire: Wire, capsys: pytest.CaptureFixture[str]
) -> None:
    environ = {"MONITOR_HOME": str(tmp_path), "MONITOR_ALLOW_PRIVATE": DOORWAY}
    for words in (["add-source", url], ["add-source", url, "--kind", "page"], ["inspect", url]):
        assert run(words, Session(environ)) in (1, 2)
        [line] = capsys.readouterr().err.splitlines()
        assert is_one_clear_sentence(line)
    if "://" in url:
        assert run(["add-channel", "hook", url], Session(environ)) == 0
        capsys.readouterr()
        assert run(["test-channel", "hook"], Session(environ)) == 1
        assert "is not public; add it to allow_private" in capsys.readouterr().out
    assert wire.leaks() == []


def test_the_wire_hears_what_is_connected_to(wire: Wire, doorway: FaultServer) -> None:
    with socket.create_connection((DOORWAY, doorway.port)):
        assert wire.leaks() == []
    with pytest.raises(ConnectionRefusedError), socket.socket() as sock:
        sock.connect(("10.0.0.5", 80))
    assert wire.leaks() == [("10.0.0.5", 80)]
