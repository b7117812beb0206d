"""From what is known about an alert to what a message says.

Everything here is a function of its arguments: the same alert gives the same bytes, always.
"""

import json
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import field, replace
from datetime import UTC, datetime, tzinfo
from itertools import chain

from common.language_names import language_name
from common.records import dataclass
from common.words.registry import ENGLISH, words_of
from common.words.shape import Words, counted
from common.zones import shown_in
from notifiers.content.content import (
    AlertContent,
    Content,
    DigestContent,
    Envelope,
    Newcomer,
    Note,
    UpdateContent,
    kind_of,
)
from notifiers.content.excerpt import Excerpt, excerpt_of
from notifiers.content.sanitize import is_seen, isolated, isolated_name, one_line, safe_link
from storage.model import Article, DeliveryKind, Evidence

MOST_REASONS = 3
MOST_OF_RULES = 6
"""So many reasons are given where several rules found the story: one of each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What a message says to a person: safe lines without markup.

    Attributes:
        kind: What it is.
        title: The headline, with the matched words in it marked; what a digest or a note is about.
        link: http(s), or "".
        byline: Source, language, time.
        excerpt: From the text; without marks when only the title matched. None when there is
            no text, and in notes.
        lines: What a note says; empty in alerts.
        why: "Hanoi-konventionen — compound, Swedish — for Hanoi Convention", a line each.
        carried: How many tell the story, as a person says it: "+8 outlets, 7 languages".
        rule: The rule's name.
        code: "#a1b2c3", the beginning of the alert's id (or, in digests and notes, the delivery's).
        priority: Its name, "normal" or another.
        at: When the article was published, or first seen.
        thread: What messages about the same story have in common; "" for none.
        stories: Of a digest, best first; of an update, what joined.
        left_out: How many stories beside those.
        words: The reader's.
        outlet, language, time: What the byline is made of.
        template: How its reader wants it worded; "" for as usual.
        page: Where its reader sees all that is known about it, and says what to do; "" for nowhere.
    """

    title: Excerpt
    code: str
    kind: DeliveryKind = DeliveryKind.ALERT
    link: str = ""
    byline: str = ""
    excerpt: Excerpt | None = None
    lines: tuple[str, ...] = ()
    why: tuple[str, ...] = ()
    carried: str = ""
    rule: str = ""
    rule_id: str = ""
    query: str = ""
    priority: str = "normal"
    at: datetime | None = None
    thread: str = ""
    stories: tuple["Wording", ...] = ()
    left_out: int = 0
    words: Words = field(default=ENGLISH, repr=False)
    outlet: str = ""
    language: str = ""
    time: str = ""
    template: str = ""
    command: str = "monitor"
    page: str = ""

    @property
    def look_up(self) -> str:
        """Where to see all that is known about it, or what to type for that."""
        if self.page:
            return self.page
        code = self.code.removeprefix("#")
        if self.kind is DeliveryKind.DIGEST:
            return f"{self.command} list-alerts --digest {code}"
        return f"{self.command} show-alert {code}"

    @property
    def proof(self) -> Excerpt | None:
        """The excerpt that shows matched words: from the text, else the title."""
        if self.title.marks and not (self.excerpt and self.excerpt.marks):
            return self.title
        return self.excerpt

    @property
    def source_line(self) -> str:
        """Source, language, time, and who else tells it."""
        return " · ".join(filter(None, (self.byline, self.carried)))

    @property
    def urgency(self) -> str:
        """The priority in the reader's words; "" for a normal one."""
        return self.words.priorities.get(self.priority, "")

    @property
    def foot(self) -> str:
        """What closes the message: priority, rule, look-up code."""
        return " · ".join(filter(None, (self.urgency, isolated_name(self.rule), self.code)))

    @property
    def more(self) -> str:
        """How many stories are left out, and what shows them; "" when none is."""
        if not self.left_out:
            return ""
        said = counted(self.words.left_out, self.left_out)
        return f"{said} ({self.words.look_up.format(command=self.look_up)})"


def wording(content: Content, envelope: Envelope) -> Wording:
    """Return what the message says."""
    words = words_of(envelope.language)
    match content:
        case AlertContent():
            said = replace(_alert(content, envelope.zone, words), template=envelope.template)
        case UpdateContent():
            said = _update(content, envelope.zone, words)
        case DigestContent():
            said = _digest(content, envelope, words)
        case Note():
            said = Wording(
                title=Excerpt(text=one_line(content.title, 200)),
                code=short_code(envelope.id),
                lines=_lines(content.text.split("\n")),
                words=words,
            )
    said = replace(said, kind=kind_of(content), command=envelope.command)
    if not envelope.pages:
        return said
    said = _with_pages(said, envelope.pages)
    if said.kind is not DeliveryKind.DIGEST:
        return said
    return replace(said, page=safe_link(f"{envelope.pages.rstrip('/')}/deliveries/{envelope.id}"))


def _with_pages(said: Wording, pages: str) -> Wording:
    """Return it with the page of each alert that it is about."""
    stories = tuple(_with_pages(story, pages) for story in said.stories)
    page = safe_link(f"{pages.rstrip('/')}/alerts/{said.thread}") if said.thread else ""
    return replace(said, page=page, stories=stories)


def _alert(content: AlertContent, zone: tzinfo | None, words: Words) -> Wording:
    article, every = content.article, (content, *content.beside)
    # Words stand where they were found: those of another article of the story are elsewhere.
    alike = [each.alert.evidence for each in every if each.article.id == article.id]
    evidence = tuple(chain.from_iterable(alike))
    link, code = safe_link(article.url), short_code(content.alert.id)
    title = _of_field(article.title, "title", evidence, width=300)
    outlet, language, time = _published(content, zone, words)
    return Wording(
        # Of signs that are not shown, nothing is left; a link must stand on something.
        title=title if is_seen(title.text) else Excerpt(text=link or code),
        code=code,
        link=link,
        byline=_byline((outlet, language, time)),
        outlet=outlet,
        language=language,
        time=time,
        excerpt=_lead(article, evidence),
        lines=_lines((content.note,)),
        why=tuple(map(isolated, _why(every, words))),
        carried=isolated(carried(content, words)),
        rule=one_line(
            ", ".join(dict.fromkeys(each.rule.name for each in every)),
            300 if content.beside else 100,
        ),
        rule_id=content.rule.id,
        query="" if content.beside else one_line(content.rule.query, 200),
        priority=content.priority,
        at=article.published_at or article.first_seen_at,
        thread=content.alert.id,
        words=words,
    )


def _why(every: Sequence[AlertContent], words: Words) -> tuple[str, ...]:
    """Return why a story counts: for one rule in all ways, for each of several in the first."""
    of_rules = [
        distinct(one_line(reason, 300) for reason in each.reasons)
        or why(each.alert.evidence, words, each.rule.written_in)
        for each in every
    ]
    if len(of_rules) == 1:
        return of_rules[0]
    return distinct(chain.from_iterable(reasons[:1] for reasons in of_rules))[:MOST_OF_RULES]


def _update(content: UpdateContent, zone: tzinfo | None, words: Words) -> Wording:
    """Return an update: how many joined, of which story, and who they are."""
    alert = _alert(content.alert, zone, words)
    joined = tuple(
        Wording(
            title=Excerpt(text=_headline(new.article)),
            code="",
            link=safe_link(new.article.url),
            byline=_byline(_published(new, zone, words)),
            words=words,
        )
        for new in content.new
    )
    outlets = len({new.source.id for new in content.new})
    forms = words.outlets if outlets == len(content.new) else words.articles
    title = f"{counted(forms, len(content.new))}: {alert.title.text}"
    return replace(alert, title=Excerpt(text=title), excerpt=None, why=(), stories=joined)


def _headline(article: Article) -> str:
    title = one_line(article.title, 200)
    return title if is_seen(title) else article.id[:6]


def _digest(content: DigestContent, envelope: Envelope, words: Words) -> Wording:
    of_story: dict[str, list[AlertContent]] = {}
    for alert in content.alerts:
        of_story.setdefault(alert.alert.story_id, []).append(alert)
    stories = tuple(
        _alert(replace(best, beside=tuple(others)), envelope.zone, words)
        for best, *others in of_story.values()
    )
    more = content.left_out if content.more_stories is None else content.more_stories
    count = counted(words.stories, len(stories) + more)
    named = " · ".join(filter(None, (count, one_line(content.name, 100))))
    since = shown_in(content.since or envelope.at, envelope.zone)
    until = shown_in(envelope.at, envelope.zone)
    return Wording(
        title=Excerpt(text=f"{words.digest}: {named}"),
        code=short_code(envelope.id),
        byline=until if since == until else f"{since} – {until}",
        lines=_lines(content.lines),
        stories=stories,
        left_out=more,
        words=words,
    )


def _lines(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(filter(None, (one_line(text, 1000) for text in texts)))


def short_code(id: str) -> str:
    """Return a code that is short to say and long enough to look up: `#a1b2c3`."""
    return f"#{id.removeprefix('msg_')[:6]}"


def why(
    evidence: Iterable[Evidence], words: Words = ENGLISH, written_in: Collection[str] = ()
) -> tuple[str, ...]:
    """Return one sentence for each different way in which the words count, the first three."""
    sentences: dict[str, None] = {}
    for proof in evidence:
        how = words.found_by(proof.layer, proof.language, written_in)
        if proof.language:
            name = language_name(proof.language, words.code)
            how = words.how.format(how=how, language=name)
        found, term = one_line(proof.text, 80), one_line(proof.term, 80)
        sentences[words.reason.format(words=found, how=how, term=term)] = None
    return distinct(sentences)[:MOST_REASONS]


def distinct(sentences: Iterable[str]) -> tuple[str, ...]:
    """Return the sentences without those that differ from one before only in how words look.

    Case, accents, and what joins the parts of a word: "Hanoi-konventionen" says as much as
    "Hanoikonventionen" does.
    """
    kept: dict[str, str] = {}
    for sentence in sentences:
        letters = unicodedata.normalize("NFKD", sentence.casefold())
        kept.setdefault("".join(filter(str.isalnum, letters)), sentence)
    return tuple(kept.values())


def carried(content: AlertContent, words: Words = ENGLISH) -> str:
    """Return how many others tell the story, in words, and where it was first."""
    told = others(content.articles, content.outlets, len(content.languages), words)
    if content.articles > 1 and content.first:
        told = f"{told} · {words.first.format(outlet=one_line(content.first, 60))}"
    return told


def others(articles: int, outlets: int, languages: int, words: Words) -> str:
    """Return how many others tell a story that so many articles of so many outlets tell."""
    if articles <= 1:
        return words.alone
    if outlets > 1:
        told = counted(words.outlets, outlets - 1)
    else:
        told = counted(words.articles, articles - 1)
    return words.in_languages.format(told=told, n=languages) if languages > 1 else told


def instant(at: datetime | None) -> str | None:
    """Return ISO 8601 in UTC with Z, to the second, or None."""
    if at is None:
        return None
    return at.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def _published(
    told: AlertContent | Newcomer, zone: tzinfo | None, words: Words
) -> tuple[str, str, str]:
    """Return who published it, in which language, when."""
    article, name = told.article, one_line(told.source.name, 100)
    outlet = f"{name} ({one_line(told.publisher, 100)})" if told.publisher else name
    at = shown_in(article.published_at or article.first_seen_at, zone)
    language = language_name(article.language, words.code) if article.language else ""
    return (
        outlet,
        one_line(language, 40),
        at if article.published_at else words.seen.format(time=at),
    )


def _byline(published: tuple[str, str, str]) -> str:
    outlet, language, time = published
    parts = (isolated_name(outlet), isolated(language), isolated(time))
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
