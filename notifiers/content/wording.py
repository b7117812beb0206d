"""From what is known about an alert to what a message says, and to the webhook's bytes.

Everything here is a function of its arguments: the same alert gives the same bytes, always.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from common.language_names import language_name
from notifiers.content.excerpt import Excerpt, excerpt_of
from notifiers.content.sanitize import clipped, one_line, safe_link
from storage.model import Alert, Article, DeliveryKind, Evidence, Rule, Source

WEBHOOK_BYTES = 20_000
"""What Standard Webhooks advises as the most a body should have."""

LEAD_CHARACTERS = 300
"""At most so much of the text stands for a summary that the source does not give."""

MOST_EVIDENCE = 20
MOST_REASONS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything that an alert's message may say.

    Attributes:
        articles: How many articles tell the story by now, this one included.
        reasons: Why it counts, one sentence each, in the reader's words; when empty they are
            made from the evidence.
    """

    alert: Alert
    rule: Rule
    article: Article
    source: Source
    articles: int = 1
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A message that is not about news: a notice, or a test of a channel.

    Attributes:
        kind: NOTICE or TEST.
        title: One line.
        text: Sentences, a line each.
    """

    kind: DeliveryKind
    title: str
    text: str


Content = Facts | Note

_SENTENCE_END = re.compile(r"[.!?…]+[\"'”’»)]*(?=\s|$)|[。！？]+[」』）]*|[।॥]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What a message carries beside what it says; fixed when the delivery is made.

    Attributes:
        id: The delivery's id.
        at: When the delivery was made.
        recipient: Whom it is for, or "" for kinds without recipients.
        sender: Whom e-mail is from, or "".
    """

    id: str
    at: datetime
    recipient: str = ""
    sender: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What a message says to a person: safe lines without markup.

    Attributes:
        title: The headline, with the matched words in it marked.
        link: http(s), or "".
        byline: Source, language, time.
        excerpt: From the text; without marks when only the title matched. None when there is
            no text, and in notes.
        lines: What a note says; empty in alerts.
        why: "Hanoi-konventionen — compound, Swedish — for Hanoi Convention", a line each.
        carried: How many articles tell the story, as a person says it.
        rule: The rule's name.
        code: "#a1b2c3", the beginning of the alert's id (or, in notes, the delivery's).
    """

    title: Excerpt
    code: str
    link: str = ""
    byline: str = ""
    excerpt: Excerpt | None = None
    lines: tuple[str, ...] = ()
    why: tuple[str, ...] = ()
    carried: str = ""
    rule: str = ""
    rule_id: str = ""
    query: str = ""

    @property
    def look_up(self) -> str:
        """What to type to see all that is known about it."""
        return f"monitor show-alert {self.code.removeprefix('#')}"

    @property
    def proof(self) -> Excerpt | None:
        """The excerpt that shows matched words: from the text, else the title."""
        if self.title.marks and not (self.excerpt and self.excerpt.marks):
            return self.title
        return self.excerpt


def wording(content: Content, envelope: Envelope) -> Wording:
    """Return what the message says."""
    if isinstance(content, Note):
        return Wording(
            title=Excerpt(text=one_line(content.title, 200)),
            code=short_code(envelope.id),
            lines=tuple(filter(None, (one_line(part, 1000) for part in content.text.split("\n")))),
        )
    article, evidence = content.article, content.alert.evidence
    return Wording(
        title=_of_field(article.title, "title", evidence, width=300),
        code=short_code(content.alert.id),
        link=safe_link(article.url),
        byline=_byline(article, content.source),
        excerpt=_lead(article, evidence),
        why=_distinct(one_line(reason, 300) for reason in content.reasons) or why(evidence),
        carried=carried(content.articles),
        rule=one_line(content.rule.name, 100),
        rule_id=content.rule.id,
        query=one_line(content.rule.query, 200),
    )


def short_code(id: str) -> str:
    """Return a code that is short to say and long enough to look up: `#a1b2c3`."""
    return f"#{id.removeprefix('msg_')[:6]}"


def why(evidence: Sequence[Evidence]) -> tuple[str, ...]:
    """Return one sentence for each different way in which the words count, the first three."""
    sentences: dict[str, None] = {}
    for each in evidence:
        how = f"{each.layer}, {language_name(each.language)}" if each.language else each.layer
        words, term = one_line(each.text, 80), one_line(each.term, 80)
        sentences[f"{words} — {how} — for {term}"] = None
    return _distinct(sentences)[:MOST_REASONS]


def _distinct(sentences: Iterable[str]) -> tuple[str, ...]:
    """Return the sentences without those that differ from one before only in how words look.

    Case, accents, and what joins the parts of a word: "Hanoi-konventionen" says as much as
    "Hanoikonventionen" does.
    """
    kept: dict[str, str] = {}
    for sentence in sentences:
        letters = unicodedata.normalize("NFKD", sentence.casefold())
        kept.setdefault("".join(filter(str.isalnum, letters)), sentence)
    return tuple(kept.values())


def carried(articles: int) -> str:
    """Return how many articles tell the story, in words."""
    return "no other outlet yet" if articles <= 1 else f"{articles} articles tell this story"


def instant(at: datetime | None) -> str | None:
    """Return ISO 8601 in UTC with Z, to the second, or None."""
    if at is None:
        return None
    return at.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def _byline(article: Article, source: Source) -> str:
    at = article.published_at or article.first_seen_at
    seen = "" if article.published_at else "seen "
    language = language_name(article.language) if article.language else ""
    parts = (
        one_line(source.name, 100),
        one_line(language, 40),
        f"{seen}{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC",
    )
    return " · ".join(filter(None, parts))


def _of_field(text: str, field: str, evidence: Sequence[Evidence], *, width: int) -> Excerpt:
    spans = [(each.start, each.end) for each in evidence if each.field == field]
    return excerpt_of(text, spans, around=spans[0][0] if spans else 0, width=width)


def _lead(article: Article, evidence: Sequence[Evidence]) -> Excerpt | None:
    """Return the text around its first matched words, or its beginning when it has none."""
    found = _of_field(article.text, "text", evidence, width=200)
    if found.marks:
        return found
    start = excerpt_of(article.summary or article.text, ())
    return start if start.text and start.text != article.title else None


# --- the generic webhook -------------------------------------------------------------------


def render_webhook(content: Content, envelope: Envelope) -> bytes:
    """Return the JSON body that docs/webhooks.md describes, at most about 20 kB.

    What makes it longer is cut, least important first: evidence beyond the first, the
    summary, the query. The link is never cut.
    """
    if isinstance(content, Note):
        note = wording(content, envelope)
        return compact_json(
            {
                "type": content.kind.value,
                "timestamp": instant(envelope.at),
                "data": {"title": note.title.text, "text": "\n".join(note.lines)},
            }
        )
    for evidence, summary, query in (
        (MOST_EVIDENCE, 2000, 2000),
        (10, 1000, 1000),
        (5, 500, 500),
        (2, 200, 200),
        (1, 0, 100),
    ):
        body = compact_json(_alert(content, evidence=evidence, summary=summary, query=query))
        if len(body) <= WEBHOOK_BYTES:
            break
    return body


def _alert(facts: Facts, *, evidence: int, summary: int, query: int) -> dict[str, object]:
    article, source = facts.article, facts.source
    return {
        "type": DeliveryKind.ALERT.value,
        "timestamp": instant(facts.alert.raised_at),
        "data": {
            "alert": {"id": facts.alert.id},
            "rule": {
                "id": facts.rule.id,
                "name": facts.rule.name[:500],
                "query": facts.rule.query[:query],
            },
            "story": {"id": facts.alert.story_id, "articles": facts.articles},
            "article": {
                "id": article.id,
                "url": article.url if safe_link(article.url) else "",
                "title": article.title[:1000],
                "summary": (article.summary or _beginning(article.text))[:summary],
                "language": article.language,
                "published_at": instant(article.published_at),
                "first_seen_at": instant(article.first_seen_at),
                "source": {"name": source.name[:500], "url": _public_url(source)},
            },
            "evidence": [_proof(each, article) for each in facts.alert.evidence[:evidence]],
        },
    }


def _proof(evidence: Evidence, article: Article) -> dict[str, object]:
    text = article.title if evidence.field == "title" else article.text
    around = excerpt_of(text, (), around=evidence.start)
    return {
        "field": evidence.field,
        "start": evidence.start,
        "end": evidence.end,
        "text": evidence.text[:500],
        "term": evidence.term[:500],
        "layer": evidence.layer,
        "language": evidence.language,
        "variants": [variant[:500] for variant in evidence.variants[:5]],
        "excerpt": around.text,
    }


def _beginning(text: str) -> str:
    """Return the text's first sentences, at most 300 characters, cut at a word if need be."""
    line = one_line(text[: 4 * LEAD_CHARACTERS])
    if len(line) <= LEAD_CHARACTERS:
        return line
    ends = [match.end() for match in _SENTENCE_END.finditer(line[: LEAD_CHARACTERS + 1])]
    whole = [end for end in ends if LEAD_CHARACTERS // 3 <= end <= LEAD_CHARACTERS]
    return line[: whole[-1]].rstrip() if whole else clipped(line, LEAD_CHARACTERS)


def _public_url(source: Source) -> str:
    """Return the source's address, or "" for a folder: its path is this machine's business.

    A name and password in it are left out: they are not the receiver's.
    """
    scheme, separator, rest = source.url.partition("://")
    if not separator or scheme not in ("http", "https"):
        return ""
    authority, slash, path = rest.partition("/")
    return f"{scheme}://{authority.rpartition('@')[2]}{slash}{path}"


def compact_json(value: object) -> bytes:
    """Return valid UTF-8 JSON, keys in the order given; lone surrogates become U+FFFD."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()
