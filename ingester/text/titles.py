"""What a source calls something, as one line of plain text."""

import html
import re
from urllib.parse import unquote, urlsplit

_WORD = re.compile(r"[^\W\d_]{2,}")


_LONGEST_TITLE = 500


MAX_CHARS = 2_000

_DROPPED = ("script", "style", "applet")
_COMMENT = re.compile(r"<!--[^<>]*>")
_CDATA = re.compile(r"\A\s*<!\[CDATA\[(.*)\]\]>\s*\Z", re.S)
"""Escaped once more than meant."""
_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9:-]*+)[^<>]*+>")
_HTML = (
    "a abbr acronym address applet area article aside audio b base bdi bdo big blink blockquote "
    "body br button center cite code col dd del dfn div dl dt em embed fieldset figure font footer "
    "form frame frameset h1 h2 h3 h4 h5 h6 head header hr html i iframe img input ins kbd label "
    "legend li link main map mark math meta nav nobr noscript object ol option p param pre q s "
    "samp script section select small source span strike strong style sub sup svg table tbody td "
    "textarea tfoot th thead time title tr tt u ul var video wbr"
)
HTML_ELEMENTS = frozenset(_HTML.split())


def title_text(value: str, *, markup: bool) -> str:
    """Return a title without tags, entities and line breaks, at most 2,000 characters.

    Args:
        markup: The source says, or its format leaves it open, that the title may hold HTML. Only
            HTML's own elements are then taken off: `List<String>` stays.
    """
    text = value[: 2 * MAX_CHARS]
    if markup and "<" in text:
        text = _without_tags(_CDATA.sub(r"\1", text))
    if markup and "&" in text:
        text = html.unescape(text)
    return " ".join(text.split())[:MAX_CHARS]


def _without_tags(text: str) -> str:
    for name in _DROPPED:
        text = _without_element(text, name)
    text = _COMMENT.sub("", text)
    return _TAG.sub(_blank, text.removesuffix("<!--"))


def _without_element(text: str, name: str) -> str:
    low = text.lower()
    if len(low) != len(text):
        return text  # a letter whose lower case is longer; its tags still go
    pieces = []
    position = 0
    while (start := low.find(f"<{name}", position)) >= 0:
        pieces.append(text[position:start])
        end = low.find(f"</{name}", start)
        closed = low.find(">", end) if end >= 0 else -1
        position = len(text) if closed < 0 else closed + 1
    return "".join([*pieces, text[position:]])


def _blank(match: re.Match[str]) -> str:
    name = match[1].lower()
    if name not in HTML_ELEMENTS:
        return match[0]
    return " " if name in ("br", "p", "div", "li", "tr", "td") else ""


def title_in(url: str) -> str:
    """Return the words of an address that name its page (/2026/dam-breaks-1.html), or ""."""
    path = unquote(urlsplit(url).path).rstrip("/")
    name = path.rpartition("/")[2].partition(".")[0]
    words = re.split(r"[-_+\s]+", name)
    said = [word for word in words if _WORD.fullmatch(word)]
    return " ".join(said)[:_LONGEST_TITLE] if len(said) > 2 else ""
