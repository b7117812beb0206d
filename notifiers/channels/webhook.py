"""The generic webhook: signed JSON to a URL, as docs/webhooks.md describes it."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from common.clip import clip_words
from notifiers.api import DEADLINE_SECONDS, DeliveryError, Failure, Message, Settings
from notifiers.channels.signature import keys_of, sign, weakness_of
from notifiers.content.content import (
    AlertContent,
    Content,
    DigestContent,
    Envelope,
    Note,
    UpdateContent,
    kind_of,
)
from notifiers.content.excerpt import excerpt_of
from notifiers.content.layout import field_text
from notifiers.content.sanitize import one_line, safe_link
from notifiers.content.template import FIELDS, check_json_template, filled_json
from notifiers.content.wording import compact_json, instant, wording
from notifiers.http import responses
from notifiers.spec import URL, ChannelSetting, ChannelSpec, WebUrl
from storage.model import Article, Evidence, Source

if TYPE_CHECKING:  # a short command needs no HTTP client
    from notifiers.http.post import Poster

MOST_BYTES = 20_000
"""What Standard Webhooks advises as the most a body should have."""

MOST_DIGEST_BYTES = 200_000
"""A digest is sent instead of as many bodies as it tells alerts."""

LEAD_CHARACTERS = 300
"""At most so much of the text stands for a summary that the source does not give."""

MOST_EVIDENCE = 20

_LONGEST_TEXT = 500
"""Characters of what was found; an expression may find more."""

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_SENTENCE_END = re.compile(r"[.!?…]+[\"'”’»)]*(?=\s|$)|[。！？]+[」』）]*|[।॥]+")


Size = tuple[int, int, int]
"""The most evidence, and characters of a summary and of a query, of one alert."""

_SIZES: tuple[Size, ...] = ((MOST_EVIDENCE, 2000, 2000), (10, 1000, 1000), (5, 500, 500))
_SIZES += ((2, 200, 200), (1, 0, 100))
_DIGEST_SIZES: tuple[Size, ...] = ((3, 300, 300), (1, 200, 200), (1, 0, 100))


def render(content: Content, envelope: Envelope) -> bytes:
    """Return the JSON body that docs/webhooks.md describes, at most about 20 kB.

    What makes it longer is cut, least important first: evidence beyond the first, the
    summary, the query; then the last alerts of a digest. The link is never cut.
    """
    if envelope.template:
        return _templated(content, envelope)
    match content:
        case AlertContent():
            bodies = (_body(content, envelope, _alert(content, size)) for size in _SIZES)
        case UpdateContent():
            bodies = (_body(content, envelope, data) for data in _updates(content))
        case DigestContent():
            bodies = (_body(content, envelope, data) for data in _digests(content, envelope))
        case Note():
            note = wording(content, envelope)
            data: dict[str, object] = {"title": note.title.text, "text": "\n".join(note.lines)}
            return _body(content, envelope, data)
    most = MOST_DIGEST_BYTES if isinstance(content, DigestContent) else MOST_BYTES
    for body in bodies:
        if len(body) <= most:
            break
    return body


def _templated(content: Content, envelope: Envelope) -> bytes:
    """Return the reader's own JSON, about whatever there is to say."""
    words = wording(content, envelope)
    for most in (2_000, 500, 100):
        values = {name: clip_words(field_text(words, name), most) for name in FIELDS}
        values["link"] = words.link
        body = filled_json(envelope.template, values).encode("utf-8", "replace")
        if len(body) <= MOST_BYTES:
            break
    return body


def _body(content: Content, envelope: Envelope, data: dict[str, object]) -> bytes:
    at = content.alert.raised_at if isinstance(content, AlertContent) else envelope.at
    return compact_json({"type": kind_of(content).value, "timestamp": instant(at), "data": data})


def _updates(content: UpdateContent) -> Iterator[dict[str, object]]:
    """Return the update's data, from the longest to the shortest: summaries go before links."""
    for size in _SIZES:
        alert, joined = _alert(content.alert, size), content.new[: size[0]]
        for summary in (LEAD_CHARACTERS, 0):
            new = [_article(each.article, each.source, summary=summary) for each in joined]
            yield {**alert, "new": new, "left_out": len(content.new) - len(new)}


def _digests(content: DigestContent, envelope: Envelope) -> Iterator[dict[str, object]]:
    """Return the digest's data, from the longest to the shortest."""
    said = wording(content, envelope)
    most = len(content.alerts)
    counts = [(most, size) for size in _DIGEST_SIZES]
    counts += [(most * part // 8, _DIGEST_SIZES[-1]) for part in range(7, 0, -1)]
    for count, size in counts:
        yield {
            "title": said.title.text,
            "count": most + content.left_out,
            "why": list(said.lines),
            "since": instant(content.since),
            "alerts": [_alert(alert, size) for alert in content.alerts[:count]],
            "left_out": content.left_out + most - count,
        }


def _alert(content: AlertContent, size: Size) -> dict[str, object]:
    evidence, summary, query = size
    note = {"note": content.note[:1000]} if content.note else {}
    beside = [
        {"alert": {"id": each.alert.id}, "rule": _rule(each, query)} for each in content.beside[:20]
    ]
    also = {"beside": beside} if beside else {}
    mute = {"mute": {"token": content.mute}} if content.mute else {}
    return {
        "alert": {"id": content.alert.id},
        "rule": _rule(content, query),
        **also,
        "priority": content.priority,
        "story": {
            "id": content.alert.story_id,
            "articles": content.articles,
            "outlets": content.outlets,
            "languages": list(content.languages),
        },
        "article": _article(content.article, content.source, summary=summary),
        "evidence": [_proof(proof, content.article) for proof in content.alert.evidence[:evidence]],
        **note,
        **mute,
    }


def _rule(content: AlertContent, query: int) -> dict[str, object]:
    return {
        "id": content.rule.id,
        "name": content.rule.name[:500],
        "query": content.rule.query[:query],
        "tags": [tag[:100] for tag in content.rule.tags[:20]],
    }


def _article(article: Article, source: Source, *, summary: int) -> dict[str, object]:
    return {
        "id": article.id,
        "url": article.url if safe_link(article.url) else "",
        "title": article.title[:1000],
        "summary": (article.summary or _beginning(article.text))[:summary],
        "language": article.language,
        "published_at": instant(article.published_at),
        "first_seen_at": instant(article.first_seen_at),
        "source": {"name": source.name[:500], "url": _public_url(source)},
    }


def _proof(evidence: Evidence, article: Article) -> dict[str, object]:
    text = article.title if evidence.field == "title" else article.text
    around = excerpt_of(text, (), around=evidence.start)
    return {
        "field": evidence.field,
        "start": evidence.start,
        "end": evidence.end,
        "text": evidence.text[:_LONGEST_TEXT],
        "term": evidence.term[:500],
        "layer": evidence.layer,
        "language": evidence.language,
        "variants": [variant[:500] for variant in evidence.variants[:5]],
        **({"cut": True} if evidence.cut or len(evidence.text) > _LONGEST_TEXT else {}),
        "excerpt": around.text,
    }


def _beginning(text: str) -> str:
    """Return the text's first sentences, at most 300 characters, cut at a word if need be."""
    line = one_line(text[: 4 * LEAD_CHARACTERS])
    if len(line) <= LEAD_CHARACTERS:
        return line
    ends = [match.end() for match in _SENTENCE_END.finditer(line[: LEAD_CHARACTERS + 1])]
    whole = [end for end in ends if LEAD_CHARACTERS // 3 <= end <= LEAD_CHARACTERS]
    return line[: whole[-1]].rstrip() if whole else clip_words(line, LEAD_CHARACTERS)


def _public_url(source: Source) -> str:
    """Return the source's address, or "" for a folder: its path is this machine's business.

    A name and password in it are left out: they are not the receiver's.
    """
    scheme, separator, rest = source.url.partition("://")
    if not separator or scheme not in ("http", "https"):
        return ""
    authority, slash, path = rest.partition("/")
    return f"{scheme}://{authority.rpartition('@')[2]}{slash}{path}"


class WebhookNotifier:
    """Implements `notifiers.api.Notifier`.

    A channel's settings are `url`; when messages are to be signed, `secret`, one key a line
    (`notifiers.channels.signature.keys_of`; with two, both sign); `headers` of its own; and
    `cloudevents`, when each message is one.

    Args:
        client: Refuses addresses by itself; its User-Agent is the one that receivers see.
        seconds: How long one send may take in all.
    """

    def __init__(
        self,
        client: "Poster",
        now: Callable[[], datetime],
        *,
        seconds: float = DEADLINE_SECONDS,
    ) -> None:
        self._client = client
        self._now = now
        self._seconds = seconds

    def send(self, message: Message, settings: Settings) -> str | None:
        """Post the frozen bytes under the delivery's id; the time and signature are of now."""
        from notifiers.http.post import post

        seconds = int(self._now().timestamp())
        own = headers_of(settings.get("headers", ""))
        headers = {**own, "webhook-id": message.id, "webhook-timestamp": str(seconds)}
        if settings.get("cloudevents"):
            headers |= _cloud_event(message)
        secret = settings.get("secret", "")
        if secret:
            headers["webhook-signature"] = sign(message.id, seconds, message.payload, _keys(secret))
        url = settings["url"]
        response = post(self._client, url, message.payload, headers, seconds=self._seconds)
        responses.check(
            response, now=self._now(), secrets=(url, *secret.splitlines(), *own.values())
        )
        return None


def _cloud_event(message: Message) -> dict[str, str]:
    """Return what makes the same body a CloudEvent, in the binary mode of its HTTP binding."""
    event = {
        "ce-specversion": "1.0",
        "ce-id": message.id,
        "ce-source": "urn:newsroom-monitor",
        "ce-type": f"newsroom-monitor.{message.kind.value}",
    }
    said = responses.json_object(message.payload.decode("utf-8", "replace")).get("timestamp")
    # Where its reader has it worded, it says what they want, and no time is better than none such.
    if isinstance(said, str) and _INSTANT.fullmatch(said):
        event["ce-time"] = said
    return event


def _keys(secret: str) -> tuple[bytes, ...]:
    try:
        return keys_of(secret)
    except ValueError as error:
        problem = str(error)
    raise DeliveryError(problem, Failure.DISABLED)


MOST_OF_A_HEADER = 8_000
"""Most servers take 8 KiB for a line of a header."""


def headers_of(text: str) -> dict[str, str]:
    """Return the headers that a setting names: `Name: value`, one a line.

    Raises:
        ValueError: One cannot be sent, or is ours to say; the text never repeats its value.
    """
    headers = {}
    for line in text.splitlines():
        name, colon, value = line.partition(":")
        name, value = name.strip().lower(), value.strip()
        if not colon or not _TOKEN.fullmatch(name):
            raise ValueError('a header is written "Name: value"')
        if name in _OURS or name.startswith(("webhook-", "ce-")):
            raise ValueError(f"the header {name} is set for each message; leave it out")
        if not value or not value.isascii() or not value.isprintable():
            raise ValueError(f"the value of the header {name} is empty or not plain ASCII")
        if name in headers:
            raise ValueError(f"the header {name} is given twice; keep one of them")
        if len(value) > MOST_OF_A_HEADER:
            raise ValueError(
                f"the value of the header {name} is over {MOST_OF_A_HEADER:,} characters, "
                "which servers refuse"
            )
        headers[name] = value
    return headers


_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,200}")
_OURS = frozenset(
    (
        *("accept-encoding", "connection", "content-length", "content-type", "expect", "host"),
        *("keep-alive", "te", "trailer", "transfer-encoding", "upgrade"),
    )
)


SPEC = ChannelSpec(
    kind="webhook",
    name="a webhook",
    target=WebUrl(),
    render=render,
    make=lambda tools: WebhookNotifier(tools.client, tools.now),
    check_template=check_json_template,
    at_once=64,
    settings=(
        URL,
        ChannelSetting(key="secret", is_needed=False, check=keys_of, doubt=weakness_of),
        ChannelSetting(key="headers", is_needed=False, check=headers_of),
        ChannelSetting(key="cloudevents", is_needed=False),
    ),
    by_story=False,
)
