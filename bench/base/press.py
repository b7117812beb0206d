"""The world of `bench.soak`: feeds that fail in every way, and receivers that keep what they read.

It runs in a process of its own and is never killed. Of receivers and how these fail it has what
`bench.base.world` has; what each channel was told is read out of the messages themselves.
"""

import json
import random
import re
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection

from bench.base import world
from bench.base.world import event
from tests.answers import Seen
from tests.vendors.double import Double, Said

FAULT_SHARE = 0.4
"""So many requests for a feed meet one of `FAULTS`; of those that ask for no news only three."""
FAULTS = ("503", "slow", "cut", "garbage", "bad bytes")
SLOW_S = 3.0

RULES = {"Hanoi Convention": 1, "harbour strike": 3}
"""Each with how many items of how many it finds: one of one, one of three."""

_NUMBER = re.compile(r"http://127\.\d+\.\d+\.\d+:\d+/news/(\d+)\b")
_DIGEST = re.compile(r"\bDigest: \d+ stor(?:y|ies)\b")
_MORE = re.compile(r"\band (\d+) more stor(?:y|ies)\b")


@dataclass
class Digest:
    """What one digest says.

    Attributes:
        listed: What it tells of, as in `Told.told`.
        left_out: Of how many more it says that it has no room for them.
    """

    listed: set[str]
    left_out: int = 0


@dataclass
class Told:
    """What a channel was told.

    Attributes:
        told: A rule and an item's number of each alert, as programs are told it; of people, the
            number that the link of a story has.
        digests: By the code of the message; of people, by each code that stands in it.
        messages: How many different ones.
    """

    told: set[str] = field(default_factory=set)
    digests: dict[str, Digest] = field(default_factory=dict)
    messages: set[str] = field(default_factory=set)


class Press:
    """Publishes items, shared out to feeds, each of which lists all of its own.

    Attributes:
        has: Up to which version each feed has been taken in, as whoever asks for it says.
    """

    def __init__(self, feeds: int, seed: int) -> None:
        self.published = 0
        self.is_fair = False
        self.looks: Counter[str] = Counter()
        self.has = [0] * feeds
        self._chance = random.Random(seed)
        self._lock = threading.Lock()
        self._servers = [_Feed(self, number) for number in range(feeds)]
        for each in self._servers:
            threading.Thread(target=each.serve_forever, daemon=True).start()

    @property
    def urls(self) -> list[str]:
        """Where the feeds are."""
        return [f"{each.site}/feed.xml" for each in self._servers]

    def items(self, feed: int) -> range:
        """Return the numbers of what a feed lists; how many these are is its version."""
        return range(feed + 1, self.published + 1, len(self.has))

    @property
    def read(self) -> int:
        """Up to which item all has been taken in."""
        late = [self.items(feed)[has] for feed, has in enumerate(self.has) if self._is_late(feed)]
        return min(late, default=self.published + 1) - 1

    def _is_late(self, feed: int) -> bool:
        return self.has[feed] < len(self.items(feed))

    def asked(self, feed: int, version: int | None) -> str:
        """Note what somebody has of a feed; return what is to become of the request."""
        with self._lock:
            self.has[feed] = max(self.has[feed], version or 0)
            happens = "whole"
            if not self.is_fair and self._chance.random() < FAULT_SHARE:
                happens = self._chance.choice(FAULTS)
            if happens in ("whole", "slow", "bad bytes") and version == len(self.items(feed)):
                happens = "304"
            self.looks[happens] += 1
            return happens


class _Feed(ThreadingHTTPServer):
    """One feed at an address of its own: what it does to its readers keeps no other waiting."""

    daemon_threads = True

    def __init__(self, press: Press, number: int) -> None:
        super().__init__((f"127.0.0.{2 + number}", 0), _FeedHandler)
        self.press, self.number = press, number
        self.site = f"http://127.0.0.{2 + number}:{self.server_address[1]}"

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of readers that hang up."""

    def text(self, items: range) -> str:
        """Return the feed with these items, the newest first."""
        listed = "".join(self._item(number) for number in reversed(items))
        return (
            '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>'
            f"<title>Feed {self.number}</title><link>{self.site}/</link>"
            f"<description>d</description>{listed}</channel></rss>"
        )

    def _item(self, number: int) -> str:
        title, sentence = event(number)
        about = [rule for rule, every in RULES.items() if number % every == 0]
        said = " ".join(f"People spoke about the {topic}." for topic in about)
        return (
            f"<item><guid>g{number}</guid><link>{self.site}/news/{number}</link>"
            f"<title>{title}</title><description>{sentence} {said}</description></item>"
        )


class _FeedHandler(BaseHTTPRequestHandler):
    server: _Feed

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        known = self.headers["if-none-match"]
        press, number = self.server.press, self.server.number
        items = press.items(number)
        happens = press.asked(number, int(known.strip('"')) if known else None)
        if happens == "slow":
            time.sleep(SLOW_S)
        if happens in ("503", "304"):
            self._answer(int(happens), b"")
            return
        body = self.server.text(items).encode()
        if happens == "garbage":
            self._answer(200, random.Random(len(body)).randbytes(len(body)))
            return
        if happens == "bad bytes":
            body = body.replace(b"<description>d<", b"<description>\xff\x00\xfe<")
        cut = len(body) // 2 if happens == "cut" else len(body)
        self._answer(200, body, sent=cut, etag=f'"{len(items)}"')

    def _answer(self, status: int, body: bytes, *, sent: int | None = None, etag: str = "") -> None:
        self.send_response(status)
        if etag:
            self.send_header("etag", etag)
        if body:
            self.send_header("content-type", "application/rss+xml")
            self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[:sent])


class Receivers(world.World):
    """The receivers of `bench.base.world`, which fail as often, and know what they were told."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.channels: dict[str, Told] = {}
        self._reading = threading.Lock()

    def take(self, path: str, id_: str, body: bytes) -> str:
        outcome = super().take(path, id_, body)
        if outcome != "refuse":
            with self._reading:
                self._read_program(path.removeprefix("/"), id_, json.loads(body))
        return outcome

    def take_chat(self, chat: Double, seen: Seen) -> tuple[str, Said]:
        outcome, said = super().take_chat(chat, seen)
        if outcome != "refuse" and said.status < 300:
            self._read(chat.kind, chat.payload(seen).decode().replace("\\n", "\n"))
        return outcome, said

    def take_text(self, kind: str, id_: str, payload: bytes, text: str) -> None:
        super().take_text(kind, id_, payload, text)
        part = message_from_bytes(payload, policy=policy.default).get_body(("html",))
        self._read(kind, f"{text}\n{part.get_content() if part else ''}")

    def _read_program(self, channel: str, id_: str, said: dict[str, object]) -> None:
        told = self.channels.setdefault(channel, Told())
        told.messages.add(id_)
        data = said["data"]
        assert isinstance(data, dict)
        alerts = {"digest": data.get("alerts", []), "alert": [data]}.get(str(said["type"]), [])
        listed = {
            f"{each['rule']['name']} {number}"
            for each in alerts
            for number in _NUMBER.findall(each["article"]["url"])
        }
        told.told |= listed
        if said["type"] == "digest":
            code = id_.removeprefix("msg_")[:6]
            told.digests[code] = Digest(listed=listed, left_out=data["left_out"])

    def _read(self, channel: str, text: str) -> None:
        with self._reading:
            told = self.channels.setdefault(channel, Told())
            told.messages.add(text)
            listed = set(_NUMBER.findall(text))
            told.told |= listed
            if _DIGEST.search(text):
                more = _MORE.search(text)
                digest = Digest(listed=listed, left_out=int(more[1]) if more else 0)
                told.digests |= dict.fromkeys(world.CODE.findall(text), digest)


@dataclass(frozen=True, slots=True)
class Report:
    """What became of requests for feeds, and what each channel was told."""

    looks: Counter[str]
    channels: dict[str, Told]


def serve(seed: int, feeds: int, pipe: Connection) -> None:
    """Run the world until "stop"; tell both ports and where feeds are, then answer each word.

    ("publish", n) publishes n items in all; "fair" ends the faults of feeds, not of receivers;
    "report" answers with a `Report`, anything else with the item up to which all was taken in.
    """
    receivers, press = Receivers(seed), Press(feeds, seed)
    threading.Thread(target=receivers.serve_forever, daemon=True).start()
    with receivers.mail:
        pipe.send((receivers.port, receivers.mail.port, press.urls))
        while (word := pipe.recv()) != "stop":
            match word:
                case ("publish", int(count)):
                    press.published = count
                case "fair":
                    press.is_fair = True
            is_report = word == "report"
            pipe.send(Report(press.looks, receivers.channels) if is_report else press.read)
