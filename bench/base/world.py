"""The world around a monitor under fire: a growing feed, and a recorder that fails on purpose.

It runs in a process of its own and is never killed. It counts an id once it has the whole body,
before it answers; what it knows is asked for over a pipe.
"""

import hashlib
import json
import random
import re
import socket
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection

from aiosmtpd.smtp import Envelope, Session

from tests.answers import Seen
from tests.smtp_server import SmtpServer
from tests.vendors.double import CANARY, Double, Refused, Said
from tests.vendors.doubles import DOUBLES

ERROR_SHARE = 0.3
APPRISE = "/apprise"
OLD_NEWS = "/old/"
OLD_ITEMS = 150
"""So many are in each feed of old news."""

ANSWERS_AFTER_S = 0.5
"""So long a look at a feed takes: time for another to come at the same time."""


@dataclass
class Record:
    """What the receiver has got.

    Attributes:
        bodies: Delivery id to how often each body (its SHA-256) came under it.
        ids: The path that was posted to and an alert's id (of a chat: its kind and the alert's
            code), to the delivery ids under which it came: its own, or those of digests that told
            it. Updates tell more of what was told. A chat without ids is told none: there, the
            bytes are what a message is known by.
        digests: How many different digests came.
        left_out: Of how many alerts each says that it has no room for them.
        looks: How often a feed was asked for.
        at_once: How often while somebody else was being answered.
    """

    bodies: dict[str, Counter[str]] = field(default_factory=dict)
    ids: dict[str, set[str]] = field(default_factory=dict)
    digests: set[str] = field(default_factory=set)
    left_out: dict[tuple[str, str], int] = field(default_factory=dict)
    looks: int = 0
    at_once: int = 0


class World(ThreadingHTTPServer):
    """Serves `/feed.xml`, whose newest `published` items are listed, and takes alerts by POST."""

    daemon_threads = True

    def __init__(self, seed: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.port: int = self.server_address[1]
        self.published = 0
        self.calm = False
        self.record = Record()
        self.chats: dict[str, Double] = {kind: double() for kind, double in DOUBLES.items()}
        self.mail = Mailbox(self, random.Random(seed + 1))
        self._chance = random.Random(seed)
        self._lock = threading.Lock()
        self._asking: set[socket.socket] = set()
        self._known: set[str] = set()

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of senders that were killed in the middle."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]

    def take(self, path: str, id_: str, body: bytes) -> str:
        """Record a message, unless it is to be refused; return how to answer.

        "ok", "refuse" (429, not recorded), "fail" (500 though recorded) or "lose" (no answer).
        """
        with self._lock:
            fault = 1.0 if self.calm else self._chance.random()
            if fault < ERROR_SHARE / 3:
                return "refuse"
            self.record.bodies.setdefault(id_, Counter())[hashlib.sha256(body).hexdigest()] += 1
            said = json.loads(body)
            if said["type"] == "digest":
                self.record.digests.add(id_)
                self.record.left_out[path.removeprefix("/"), id_] = said["data"]["left_out"]
            told = {"digest": said["data"].get("alerts", []), "alert": [said["data"]]}
            for each in told.get(said["type"], []):
                key = f"{path.removeprefix('/')} {each['alert']['id']}"
                self.record.ids.setdefault(key, set()).add(id_)
            if fault < ERROR_SHARE * 2 / 3:
                return "fail"
            return "lose" if fault < ERROR_SHARE else "ok"

    def chat_at(self, path: str) -> Double | None:
        """Return the chat whose address this is."""
        near = [chat for chat in self.chats.values() if path.startswith(_begins(chat.path))]
        return max(near, key=lambda chat: len(_begins(chat.path)), default=None)

    def take_chat(self, chat: Double, seen: Seen) -> tuple[str, Said]:
        """Record a message for a chat, as `take` does; return that, and what its vendor says."""
        with self._lock:
            fault = 1.0 if self.calm else self._chance.random()
            if fault < ERROR_SHARE / 3:
                return "refuse", Said()
            try:
                answer = chat.take(seen)
            except Refused as refused:
                print(f"{chat.kind} refuses: {refused}")
                return "ok", refused.said
            payload = chat.payload(seen)
            digest = hashlib.sha256(payload).hexdigest()
            named = re.search(r"requestId=(msg_\w+)|/(msg_\w+)$", seen.path)
            id_ = next(filter(None, named.groups())) if named else f"{chat.kind} {digest}"
            self.record.bodies.setdefault(id_, Counter())[digest] += 1
            for code in CODE.findall(payload.decode()):
                self.record.ids.setdefault(f"{chat.kind} {code}", set()).add(id_)
            if fault < ERROR_SHARE * 2 / 3:
                return "fail", answer
            return ("lose" if fault < ERROR_SHARE else "ok"), answer

    def take_text(self, kind: str, id_: str, payload: bytes, text: str) -> None:
        """Record what came for people, who know an alert by its code."""
        with self._lock:
            digest = hashlib.sha256(payload).hexdigest()
            self.record.bodies.setdefault(id_, Counter())[digest] += 1
            for code in CODE.findall(text):
                self.record.ids.setdefault(f"{kind} {code}", set()).add(id_)

    def take_apprise(self, body: bytes) -> str:
        """Record what a library that tells no id has sent; return how to answer."""
        fault = 1.0 if self.calm else self._chance.random()
        if fault < ERROR_SHARE / 3:
            return "refuse"
        digest = hashlib.sha256(body).hexdigest()
        self.take_text("apprise", f"apprise {digest}", body, body.decode())
        if fault < ERROR_SHARE * 2 / 3:
            return "fail"
        return "lose" if fault < ERROR_SHARE else "ok"

    @contextmanager
    def looking(self, path: str, connection: socket.socket) -> Iterator[None]:
        """Count who looks at a feed, and who does so while another is being answered."""
        with self._lock:
            is_ours = path.startswith(OLD_NEWS) and path not in self._known
            self._known.add(path)
            if not is_ours:  # whoever fills a feed of old news looks at it first
                self.record.looks += 1
                self.record.at_once += any(not _has_hung_up(each) for each in self._asking)
                self._asking.add(connection)
        time.sleep(ANSWERS_AFTER_S)
        try:
            yield
        finally:
            with self._lock:
                self._asking.discard(connection)

    def feed(self, path: str) -> bytes:
        """Return a feed as it stands, the newest item first; one of old news that never changes.

        But for a word that makes it another file each time.
        """
        if path.startswith(OLD_NEWS):
            first = OLD_ITEMS * (1_000 + int(path.removeprefix(OLD_NEWS).removesuffix(".xml")))
            numbers, topic, says = range(first, first + OLD_ITEMS), "the harbour", "of ships."
        else:
            numbers = range(self.published, 0, -1)
            topic, says = "the Hanoi Convention", "The Hanoi Convention was spoken about."
        items = "".join(
            f"<item><guid>g{number}</guid><link>http://127.0.0.1:{self.port}/news/{number}</link>"
            f"<title>{event(number)[0]}: {topic}</title>"
            f"<description>{event(number)[1]} {says}</description></item>"
            for number in numbers
        )
        return (
            f'<?xml version="1.0"?><!-- {self.record.looks} --><rss version="2.0"><channel>'
            f"<title>Growing</title><link>http://127.0.0.1:{self.port}/</link>"
            f"<description>d</description>{items}</channel></rss>"
        ).encode()


class Mailbox(SmtpServer):
    """A mail server that refuses for now, refuses what it has, or hangs up on what it has."""

    def __init__(self, world: World, chance: random.Random) -> None:
        super().__init__(security="none")
        self._world = world
        self._chance = chance

    def _scripted(self, stage: str, addresses: tuple[str, ...] = ()) -> str | None:
        fault = 1.0 if self._world.calm else self._chance.random()
        if stage == "mail" and fault < ERROR_SHARE / 3:
            return "451 4.3.0 try again later"
        if stage == "end" and fault < ERROR_SHARE / 3:
            return "451 4.3.0 try again later"
        return "drop" if stage == "end" and fault < ERROR_SHARE * 2 / 3 else None

    def _took(self, session: Session, envelope: Envelope) -> None:
        super()._took(session, envelope)
        mail = self.mails[-1]
        id_ = str(mail.message["message-id"]).strip("<>").partition("@")[0]
        self._world.take_text("email", id_, mail.data, mail.text)


CODE = re.compile(r"#([a-z2-7]{6})\b")


def _begins(path: str) -> str:
    """Return how the addresses of a chat begin."""
    return path.partition("?")[0].partition(CANARY)[0].partition("!")[0]


def event(number: int) -> tuple[str, str]:
    """Return a headline and a sentence about people and places that no other number has.

    So each item is a story of its own.
    """
    chance = random.Random(str(number))  # a number and its negative seed the same
    names = ["".join(chance.choice(_SYLLABLES) for _ in range(4)).title() for _ in range(8)]
    count = chance.randrange(1_000, 1_000_000)
    one, two, place, river, *others = names
    return (
        f"{one} {two} opens a bridge in {place}",
        f"{one} {two} of {place} spent {count} on the {river}, while {' and '.join(others)} left.",
    )


def _has_hung_up(connection: socket.socket) -> bool:
    """Tell whether who has asked is gone: killed, for example."""
    try:
        return not connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except BlockingIOError:
        return False
    except OSError:
        return True


_SYLLABLES = [first + second for first in "bdfgklmnprstvz" for second in "aeiou"]


class _Handler(BaseHTTPRequestHandler):
    server: World
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        with self.server.looking(self.path, self.connection):
            feed = self.server.feed(self.path)
            self._answer(200, feed, content_type="application/rss+xml")

    def do_PUT(self) -> None:
        self.do_POST()

    def do_POST(self) -> None:
        length = int(self.headers["content-length"])
        body = self.rfile.read(length)
        if len(body) < length:
            return  # the sender was killed in the middle
        said = Said(status=204)
        id_ = self.headers["webhook-id"]
        chat = None if id_ else self.server.chat_at(self.path)
        if self.path == APPRISE:
            outcome = self.server.take_apprise(body)
        elif chat is None:
            outcome = self.server.take(self.path, id_, body)
        else:
            headers = {name.lower(): value for name, value in self.headers.items()}
            seen = Seen(
                method=self.command,
                path=self.path,
                headers=headers,
                body=body,
                at=time.monotonic(),
            )
            outcome, said = self.server.take_chat(chat, seen)
        match outcome:
            case "ok":
                whole = said.body.encode() if isinstance(said.body, str) else said.body
                self._answer(said.status, whole, content_type=said.content_type)
            case "fail":
                self._answer(500)
            case "refuse":
                self._answer(429, retry_after="1")
            case _:
                self.close_connection = True  # it took the body and never answers

    def _answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def serve(seed: int, pipe: Connection) -> None:
    """Run the world until "stop"; tell its port and the mail server's, then answer each word.

    ("publish", n) lists n items; "calm" ends all faults; "forget" begins a new record; "report"
    answers with the record.
    """
    world = World(seed)
    threading.Thread(target=world.serve_forever, daemon=True).start()
    with world.mail:
        pipe.send((world.port, world.mail.port))
        while _answer(world, pipe):
            pass


def _answer(world: World, pipe: Connection) -> bool:
    match pipe.recv():
        case ("publish", int(count)):
            world.published = count
            pipe.send(count)
        case "calm":
            world.calm = True
            pipe.send(None)
        case "forget":
            world.record = Record()
            pipe.send(None)
        case "report":
            pipe.send(world.record)
        case _:
            return False
    return True
