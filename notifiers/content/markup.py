"""How the chats write a message that is laid out: as plain text, in Markdown, in simple HTML."""

import html
import re
from collections.abc import Callable, Iterable, Mapping

from common.clip import clip_words
from common.records import dataclass
from notifiers.content.layout import Line, Role, Run

COLORS: Mapping[str, str] = {
    "low": "#8a8f98",
    "normal": "#2b6cb0",
    "high": "#c05621",
    "critical": "#c53030",
}
"""By priority, for those who show one beside a message."""


def _same(text: str) -> str:
    return text


@dataclass(frozen=True, slots=True, kw_only=True)
class Markup:
    """What one chat makes of text.

    Attributes:
        escape: Returns text from outside so that nothing in it is markup.
        marked: What matched, once it is escaped.
        heading: The headline of a message or of a story in it.
        link: An escaped text, and where it leads to.
        quote: A line of the article.
        small: A line that may be passed over.
        code: A code of ours; None for as any other text.
        guard: Returns a whole line so that its beginning is no markup.
        between: What parts two lines.
    """

    escape: Callable[[str], str]
    marked: Callable[[str], str]
    heading: Callable[[str], str]
    link: Callable[[str, str], str]
    quote: Callable[[str], str]
    small: Callable[[str], str] = _same
    code: Callable[[str], str] | None = None
    guard: Callable[[str], str] = _same
    between: str = "\n"


def written(lines: Iterable[Line], markup: Markup) -> str:
    """Return the lines as this chat writes them."""
    return markup.between.join(_line(line, markup) for line in lines)


def _line(line: Line, markup: Markup) -> str:
    is_heading = line.role in (Role.TITLE, Role.STORY)
    bold = markup.heading if is_heading else markup.marked
    text = markup.guard("".join(_run(run, bold, markup) for run in line.runs if run.text))
    match line.role:
        case Role.QUOTE:
            return markup.quote(text)
        case Role.STORY:
            return f"• {text}"
        case Role.BYLINE | Role.DETAIL | Role.FOOT:
            return markup.small(text)
        case _:
            return text


def _run(run: Run, bold: Callable[[str], str], markup: Markup) -> str:
    if run.is_code and markup.code is not None:
        return markup.code(run.text)
    text = markup.escape(run.text)
    text = bold(text) if run.bold else text
    return markup.link(text, run.link) if run.link else text


PLAIN = Markup(
    # Nothing is markup here; but a sign that marks words is ours alone.
    escape=lambda text: text.replace("*", "∗"),
    marked=lambda text: f"*{text}*",
    heading=_same,
    link=lambda text, url: url if text == url else f"{text}\n{url}",
    quote=lambda text: f"> {text}",
)
"""What people read as it stands."""


def escape_markdown(text: str) -> str:
    """Return the text with everything that Markdown could act on behind a backslash."""
    return re.sub(r"([\\`*_~|<>\[\]()#@&!])", r"\\\1", text)


def guarded(line: str) -> str:
    """Return a line of Markdown that begins no list, heading, quote or ruler."""
    return re.sub(r"^(\s*(?:\d+(?=[.)]))?)([-+=.):])", r"\1\\\2", line)


def parted(text: str, letters: str) -> str:
    """Return the text with nothing to see behind these letters, so that they begin no mention."""
    return re.sub(f"([{re.escape(letters)}])", "\\1\u200b", text)


def escape_html(text: str) -> str:
    """Return the text as it stands in HTML, in an attribute between double quotes too."""
    # By names alone: not everybody who knows a few tags knows numbers of letters.
    return html.escape(text, quote=False).replace('"', "&quot;")


def html_link(text: str, url: str) -> str:
    """Return a link in HTML."""
    return f'<a href="{escape_html(url)}">{text}</a>'


def clip_to(text: str, limit: int, size: Callable[[str], int]) -> str:
    """Return as much of the text as is no longer than `limit`, in what `size` counts."""
    room = limit
    clipped = clip_words(text, room)
    while room > 1 and (over := size(clipped) - limit) > 0:
        room -= max(over // 4, 1)
        clipped = clip_words(text, room)
    return clipped


def utf16_units(text: str) -> int:
    """Return how long the text is where letters beyond the first plane count as two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def utf8_bytes(text: str) -> int:
    """Return how long the text is in UTF-8."""
    return len(text.encode("utf-8", "surrogatepass"))
