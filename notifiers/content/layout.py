"""How a message is laid out for people: lines of runs, without markup, cut until they fit."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from enum import StrEnum
from typing import TypeVar

from common.clip import clip_front, clip_words
from common.records import dataclass
from notifiers.content.excerpt import Excerpt
from notifiers.content.sanitize import isolated_name
from notifiers.content.template import pieces
from notifiers.content.wording import Wording

Made = TypeVar("Made")

MOST_LINES = 10
_LEAST_MARKED = 100
_LADDER = ((300, 20), (200, 15), (150, 10), (100, 7), (70, 5), (40, 3), (40, 1))
"""Characters of a text and stories of a digest, from the roomiest to the shortest."""
_FEWER_REASONS = (2, 1)
"""So many reasons a story are given where all of them do not fit."""


class Role(StrEnum):
    """What a line is for."""

    TITLE = "title"
    BYLINE = "byline"
    QUOTE = "quote"
    TEXT = "text"
    WHY = "why"
    STORY = "story"
    """The headline of one of several stories; lines of DETAIL follow."""
    DETAIL = "detail"
    FOOT = "foot"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Some text that looks the same all along.

    Attributes:
        link: Where it leads to, or "".
        is_code: Whether it is a code of ours, to be copied as it is.
    """

    text: str
    bold: bool = False
    link: str = ""
    is_code: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line or paragraph."""

    role: Role
    runs: tuple[Run, ...]

    @property
    def text(self) -> str:
        """What it says, without looks and links."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """A message, laid out.

    Attributes:
        link: Of its title; "" when there is none, or it fits nowhere.
    """

    words: Wording
    link: str
    lines: tuple[Line, ...]

    def of(self, *roles: Role) -> tuple[Line, ...]:
        """Return the lines with these roles, in order."""
        return tuple(line for line in self.lines if line.role in roles)

    @property
    def title(self) -> str:
        """The headline."""
        return self.lines[0].text

    @property
    def rest(self) -> tuple[Line, ...]:
        """All below the headline."""
        return self.lines[1:]


def fitted(words: Wording, make: Callable[[Laid], Made], fits: Callable[[Made], bool]) -> Made:
    """Return the roomiest message that fits: texts are cut, then stories, never a link or a code.

    Before any of that a story's further reasons go, then the pages of single stories, as their
    titles have links: neither costs a story. A link that fits nowhere, one of some thousand
    characters, is left out whole: the code finds the alert, and it has the link.
    """
    shown = list(_barer(words))
    for room, stories in _LADDER:
        for said in shown:
            made = make(_laid(said, room, stories))
            if fits(made):
                return made
    for link in (words.link, ""):
        title = Run(text=clip_words(words.title.text, 100), bold=True, link=link)
        lines = (
            Line(role=Role.TITLE, runs=(title,)),
            Line(role=Role.FOOT, runs=(Run(text=words.code, is_code=True),)),
        )
        made = make(Laid(words=words, link=link, lines=lines))
        if fits(made):
            break
    return made


def _barer(words: Wording) -> Iterator[Wording]:
    """Return the message whole, then with ever less that is said of its stories."""
    has_pages = any(story.page for story in words.stories)
    most = max((len(story.why) for story in words.stories), default=0)
    for keeps_pages in (True, False) if has_pages else (True,):
        for reasons in (most, *(fewer for fewer in _FEWER_REASONS if fewer < most)):
            stories = tuple(
                replace(story, why=story.why[:reasons], page=story.page if keeps_pages else "")
                for story in words.stories
            )
            yield replace(words, stories=stories)


def _laid(words: Wording, room: int, stories: int) -> Laid:
    return Laid(words=words, link=words.link, lines=tuple(_lines(words, room, stories)))


def _lines(words: Wording, room: int, stories: int) -> Iterator[Line]:
    title = clip_words(words.title.text, room)
    yield Line(role=Role.TITLE, runs=(Run(text=title, bold=True, link=words.link),))
    if words.template:
        yield from templated(words, room)
        yield _foot(Role.FOOT, words, isolated_name(words.rule), room)
        return
    if words.source_line:
        yield _plain(Role.BYLINE, words.source_line, room)
    if words.proof:
        yield Line(role=Role.QUOTE, runs=tuple(marked_runs(words.proof, room)))
    for text in words.lines[:MOST_LINES]:
        yield _plain(Role.TEXT, text, room)
    for text in words.why:
        yield _plain(Role.WHY, text, room)
    for story in words.stories[:stories]:
        yield from _story(story, room)
    yield from _more(words, stories, room)
    yield _foot(Role.FOOT, words, isolated_name(words.rule), room)


def _story(story: Wording, room: int) -> Iterator[Line]:
    headline = Run(text=clip_words(story.title.text, room), bold=True, link=story.link)
    yield Line(role=Role.STORY, runs=(headline,))
    yield _plain(Role.DETAIL, story.source_line, room)
    if not story.code:
        return
    # One reason stands beside its rule; of several each has a line of its own.
    alone, several = (story.why, ()) if len(story.why) <= 1 else ((), story.why)
    for reason in several:
        yield _plain(Role.DETAIL, reason, room)
    yield _foot(Role.DETAIL, story, " · ".join((*alone, isolated_name(story.rule))), room)


def _more(words: Wording, stories: int, room: int) -> Iterator[Line]:
    cut = max(len(words.stories) - stories, 0)
    more = replace(words, left_out=words.left_out + cut).more
    if more:
        yield _plain(Role.TEXT, more, max(room, 100))


def _foot(role: Role, words: Wording, said: str, room: int) -> Line:
    """Return a line that ends with the code, which is never cut; what is said before it is."""
    parts = (words.urgency, clip_words(said, max(room - len(words.code), 20)))
    before = "".join(f"{part} · " for part in parts if part)
    code = Run(text=words.code, is_code=not words.page, link=words.page)
    return Line(role=role, runs=(Run(text=before), code))


def _plain(role: Role, text: str, room: int) -> Line:
    return Line(role=role, runs=(Run(text=clip_words(text, room)),))


def templated(words: Wording, room: int = 300) -> Iterator[Line]:
    """Return the lines of the reader's own template; those all of whose fields say nothing go."""
    for line in words.template.split("\n"):
        parts = list(pieces(line))
        filled = [
            list(_field(words, part, room)) if is_field else [Run(text=part)]
            for part, is_field in parts
        ]
        fields = [runs for runs, (_, is_field) in zip(filled, parts, strict=True) if is_field]
        if fields and not any(run.text for runs in fields for run in runs):
            continue
        yield Line(role=Role.TEXT, runs=tuple(run for runs in filled for run in runs))


def _field(words: Wording, name: str, room: int) -> Iterator[Run]:
    if name == "title":
        yield Run(text=clip_words(words.title.text, room), bold=True, link=words.link)
    elif name == "link":
        yield Run(text=words.link, link=words.link)
    elif name == "excerpt" and words.proof:
        yield from marked_runs(words.proof, room)
    else:
        said = clip_words(field_text(words, name), room)
        is_code = name == "code"
        link = words.page if is_code or (words.page and name == "look_up") else ""
        yield Run(text=said, is_code=is_code and not link, link=link)


def field_text(words: Wording, name: str) -> str:
    """Return what a field of a template says, as plain text."""
    match name:
        case "title":
            return words.title.text
        case "excerpt":
            return words.proof.text if words.proof else ""
        case "why":
            return " · ".join(words.why)
        case "note":
            return " ".join(words.lines)
        case "priority":
            return words.urgency
        case "text":
            return "\n".join(line.text for line in _lines(replace(words, template=""), 300, 20))
        case _:
            return str(getattr(words, name))


def marked_runs(excerpt: Excerpt, room: int) -> Iterator[Run]:
    """Return an excerpt in runs: what is marked stays, what stands around it is cut."""
    parts = excerpt.parts()
    for place, (text, is_marked) in enumerate(parts):
        if is_marked:
            yield Run(text=clip_words(text, max(room, _LEAST_MARKED)), bold=True)
        elif place == 0 and len(parts) > 1:
            yield Run(text=clip_front(text, room))
        else:
            yield Run(text=clip_words(text, room))
