"""From what is known about an alert to what a message says.

Everything here is a function of its arguments: the same alert gives the same bytes, always.
"""

import json
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from common.language_names import language_name
from common.zones import shown_in
from notifiers.content.excerpt import Excerpt, excerpt_of
from notifiers.content.sanitize import one_line, safe_link
from storage.model import Alert, Article, DeliveryKind, Evidence, Rule, Source

MOST_REASONS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertContent:
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


Content = AlertContent | Note


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What a message carries beside what it says; fixed when the delivery is made.

    Attributes:
        id: The delivery's id.
        at: When the delivery was made.
        recipient: Whom it is for, or "" for kinds without recipients.
        sender: Whom e-mail is from, or "".
        zone: In which people read times; None for this machine's own.
    """

    id: str
    at: datetime
    recipient: str = ""
    sender: str = ""
    zone: tzinfo | None = UTC


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
        byline=_byline(article, content.source, envelope.zone),
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
    for proof in evidence:
        language = f", {language_name(proof.language)}" if proof.language else ""
        how = f"{proof.layer}{language}"
        words, term = one_line(proof.text, 80), one_line(proof.term, 80)
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


def _byline(article: Article, source: Source, zone: tzinfo | None) -> str:
    at = article.published_at or article.first_seen_at
    seen = "" if article.published_at else "seen "
    language = language_name(article.language) if article.language else ""
    parts = (
        one_line(source.name, 100),
        one_line(language, 40),
        f"{seen}{shown_in(at, zone)}",
    )
    return " · ".join(filter(None, parts))


def _of_field(text: str, field: str, evidence: Sequence[Evidence], *, width: int) -> Excerpt:
    spans = [(proof.start, proof.end) for proof in evidence if proof.field == field]
    return excerpt_of(text, spans, around=spans[0][0] if spans else 0, width=width)


def _lead(article: Article, evidence: Sequence[Evidence]) -> Excerpt | None:
    """Return the text around its first matched words, or its beginning when it has none."""
    around = _of_field(article.text, "text", evidence, width=200)
    if around.marks:
        return around
    start = excerpt_of(article.summary or article.text, ())
    return start if start.text and start.text != article.title else None


def compact_json(value: object) -> bytes:
    """Return valid UTF-8 JSON, keys in the order given; lone surrogates become U+FFFD."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()
