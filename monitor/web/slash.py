"""A command typed into Slack or Mattermost: adds a rule, tries one, or mutes a story."""

import hashlib
import hmac
import re
import shlex
import threading
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from common.records import dataclass
from monitor.base.errors import Refusal, clipped
from monitor.base.remedies import worded
from monitor.base.times import parse_duration, show_duration
from monitor.preview.trying import tried
from monitor.quiet.backfill import USUAL
from monitor.services.alerts import alert_named
from monitor.services.fields.rule_fields import RuleChanges
from monitor.services.rules.save_rule import save_new
from monitor.silences.silencing import mute_story
from monitor.web.base.desk import MOST_FORM_BYTES, MOST_FORM_FIELDS, Desk
from monitor.web.base.problems import problem

SIGNATURE, SIGNED_AT = "x-slack-signature", "x-slack-request-timestamp"
_VERSION = "v0"

FRESH = timedelta(minutes=5)
"""Whoever has caught a signed command can do nothing with it afterwards."""

MOST_SEEN = 10_000
USUAL_MUTE = timedelta(days=1)
_SAMPLES = 3
HELP = """`add QUERY` adds a rule, `add QUERY --notify CHANNEL` one whose alerts go there
`try QUERY` says what it would have found in the last 30 days
`mute ALERT` silences the story of an alert for a day, `mute ALERT 7d` for a week"""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody has typed, and who it was, as their chat calls them."""

    verb: str
    words: str
    who: str


class Signatures:
    """Knows which commands come from our chats, each once.

    Args:
        slack: The secret with which Slack signs; None when it is not set.
        mattermost: The token that Mattermost sends along; None when it is not set.
    """

    def __init__(
        self, *, slack: str | None, mattermost: str | None, now: Callable[[], datetime]
    ) -> None:
        self._slack = slack
        self._mattermost = mattermost
        self._now = now
        self._seen: OrderedDict[str, datetime] = OrderedDict()
        self._lock = threading.Lock()

    def is_ours(self, request: Request, body: bytes, fields: dict[str, str]) -> bool:
        """Whether this command was sent by one of our chats, now."""
        if SIGNATURE in request.headers:
            return self._is_slacks(
                request.headers[SIGNATURE], request.headers.get(SIGNED_AT, ""), body
            )
        scheme, _, shown = request.headers.get("authorization", "").partition(" ")
        shown = shown if scheme.lower() == "token" else fields.get("token", "")
        return bool(self._mattermost) and _same(shown, str(self._mattermost))

    def _is_slacks(self, signature: str, signed_at: str, body: bytes) -> bool:
        if not self._slack or not re.fullmatch(r"[0-9]{1,12}", signed_at):
            return False
        if abs(self._now().timestamp() - int(signed_at)) > FRESH.total_seconds():
            return False
        base = f"{_VERSION}:{signed_at}:".encode() + body
        digest = hmac.new(self._slack.encode(), base, hashlib.sha256).hexdigest()
        return _same(signature, f"{_VERSION}={digest}") and self._is_first(digest)

    def _is_first(self, digest: str) -> bool:
        now = self._now()
        with self._lock:
            while self._seen:
                oldest = next(iter(self._seen))
                if now - self._seen[oldest] <= 2 * FRESH and len(self._seen) < MOST_SEEN:
                    break
                del self._seen[oldest]
            is_first = digest not in self._seen
            self._seen[digest] = now
        return is_first


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "surrogatepass"), other.encode())


class Slash:
    """Answers commands; each answer is seen by who typed it alone."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        config = desk.app.config
        self._signatures = Signatures(
            slack=config.slack_signing_secret,
            mattermost=config.mattermost_slash_token,
            now=desk.app.now,
        )

    async def answer(self, request: Request) -> Response:
        """Do what was typed; 401 to whoever is none of our chats."""
        body = await _body_of(request)
        fields = _fields_of(body)
        if not self._signatures.is_ours(request, body, fields):
            headers = {"WWW-Authenticate": 'Bearer realm="monitor"'}
            return problem(401, "this was not signed by a chat of ours", headers=headers)
        verb, _, words = fields.get("text", "").strip().partition(" ")
        wish = Wish(verb.lower(), words.strip(), fields.get("user_name", "")[:80])
        text = await run_in_threadpool(self._done, wish)
        return JSONResponse({"response_type": "ephemeral", "text": text})

    def _done(self, wish: Wish) -> str:
        verbs = {"add": _add, "try": _try, "mute": _mute}
        do = verbs.get(wish.verb)
        if do is None or not wish.words:
            return HELP
        try:
            return do(self._desk, wish)
        except Refusal as refusal:
            return _plain(worded(refusal))


def _add(desk: Desk, wish: Wish) -> str:
    query, notify = _with_channels(wish.words)
    changes = RuleChanges(query=query, notify=notify or None)
    saved = save_new(desk.saving(), changes, backfill=USUAL, forced=False)
    where = ", ".join(saved.told) or "nobody yet: no channel takes it"
    return f"Rule *{_plain(saved.rule.name)}* is there; its alerts go to {_plain(where)}."


def _with_channels(words: str) -> tuple[str, tuple[str, ...]]:
    """Return the query, and the channels that are named behind it."""
    query, *named = re.split(r"\s+(?:--|\u2014)notify\s+", words)
    try:
        channels = tuple(name for part in named for name in shlex.split(part))
    except ValueError:
        raise Refusal("--notify: a quote is not closed") from None
    return query.strip(), channels


def _try(desk: Desk, wish: Wish) -> str:
    app = desk.app
    _, backtest = tried(app.storage, app.lexicons, wish.words, now=app.now())
    if not backtest.hits:
        return "Nothing in the last 30 days."
    lines = [
        f"{backtest.hits} articles in {backtest.stories} stories, "
        f"{backtest.alerts_a_day:.1f} alerts a day: {backtest.verdict}."
    ]
    lines += [f"• {_plain(clipped(one.title, 150))}" for one in backtest.newest[:_SAMPLES]]
    return "\n".join(lines)


def _mute(desk: Desk, wish: Wish) -> str:
    word, _, text = wish.words.partition(" ")
    now = desk.app.now()
    try:
        long = parse_duration(text) if text.strip() else USUAL_MUTE
    except ValueError as error:
        raise Refusal(f"mute: {error}") from None
    reason = f"muted by {wish.who} in a chat" if wish.who else "muted in a chat"
    with desk.app.storage.changing() as tx:
        alert = alert_named(tx, word)
        mute_story(tx, alert.id, reason=reason, until=now + long, now=now)
        article = tx.articles.get(alert.article_id)
    title = article.title if article else word
    return f"*{_plain(clipped(title, 150))}* is muted for {show_duration(long)}."


def _plain(text: str) -> str:
    """Return text as chats show it: nobody is mentioned and nothing is a link."""
    return (
        text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("@", "@\u200b")
    )


async def _body_of(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_FORM_BYTES:
            raise HTTPException(413, f"the body is larger than {MOST_FORM_BYTES:,} bytes")
    return bytes(body)


def _fields_of(body: bytes) -> dict[str, str]:
    read = partial(parse_qsl, keep_blank_values=True, max_num_fields=MOST_FORM_FIELDS)
    try:
        return dict(read(body.decode(), errors="strict"))
    except ValueError:
        return {}
