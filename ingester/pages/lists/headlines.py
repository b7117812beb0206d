"""What a link of a list page says: the headline in it, or beside it."""

import re
from collections.abc import Container
from itertools import dropwhile, islice

from lxml.html import HtmlElement

from common.scripts import DENSE, letters
from ingester.pages.facts.dom import pieces, some_text
from ingester.text.titles import title_text

HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5"))
MOST_TITLE = 300

_BLOCKS = frozenset(("div", "p", "section", "span", "ul", "header", "time"))
_DEEP = 4
_MOST_BESIDE = 20
"""Links in a box; in one with more of them, what stands beside a link is not said of it alone."""
_LONGEST_LINE = 200
_FEWEST_WORDS = 4
_POINTS = 3

_WORD = re.compile(r"\w+")
_WIDE = re.compile(f"[{letters(DENSE)}]")
_DIGIT = re.compile(r"\d")
_NUMBER = re.compile(r"\d{1,3}\W?")
TITLE = re.compile(r"(?<!sub)(?<!sub-)(?:title|headline)", re.I)
_CLIPPED = re.compile(r"\s*+(?:…|\.{2,})$")
_WHEN = re.compile(
    r"\W*(?:(?:\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})?|\d{4}[./-]\d{1,2}[./-]\d{1,2}|"
    r"\d{1,2}[./-]\d{1,2}(?=\W{1,3}\d{1,2}:\d{2}))\W*)?"
    r"(?:\d{1,2}:\d{2}(?::\d{2})?(?:\s?[ap]\.?m\b\.?)?)?\W*",
    re.I,
)
"""A clock, a date in numbers, or both, and nothing else."""


def headline_of(link: HtmlElement) -> str:
    """Return what a link says, else what it is called: by its title, its label, its picture."""
    shown = _said_by(_headline_in(link))
    clipped = _CLIPPED.search(shown)
    if shown and clipped is None:
        return shown
    image = link.find(".//img") if not shown else None
    alt = "" if image is None else image.get("alt")
    called = link.get("title") or link.get("aria-label") or alt or ""
    called = title_text(called, markup=False)[:MOST_TITLE]
    if clipped is None:
        return called
    is_whole = called.startswith(shown[: clipped.start()]) and len(called) > len(shown) - _POINTS
    return called if is_whole else shown


def number_before(link: HtmlElement) -> str:
    """Return the number that stands by itself before a link's headline, its place in a list."""
    first, *rest = [*islice(pieces(link, MOST_TITLE), 2)] or [""]
    return first if rest and _NUMBER.fullmatch(first) else ""


def headline_beside(link: HtmlElement, alike: Container[HtmlElement]) -> HtmlElement | None:
    """Return the heading, or the first wordy line, of the box that a link "Read more" ends.

    Where none has as many words as a headline, it is the first of some words.

    Args:
        alike: The links that say the same and lead elsewhere: the box holds no other of them.
    """
    box = link
    for _ in range(_DEEP):
        parent = box.getparent()
        if parent is None or parent.tag in ("body", "html"):
            break
        links = list(islice(parent.iter("a"), _MOST_BESIDE + 1))
        if len(links) > _MOST_BESIDE or sum(other in alike for other in links) > 1:
            break
        box = parent
    first, more = None, some_text(link, _LONGEST_LINE + 1)
    for line in (*box.iter(*HEADINGS), *box.iter("p", "div", "span", "td")):
        if not any(part.tag in _BLOCKS for part in line):
            text = some_text(line, _LONGEST_LINE + 1)
            if len(text) <= _LONGEST_LINE and (is_wordy(text) or line.tag in HEADINGS):
                return line
            if first is None and words(text) > 1 and not _DIGIT.search(text) and text != more:
                first = line
    return first


def said(element: HtmlElement) -> str:
    """Return the text of an element as a title, at most 300 characters."""
    return some_text(element, MOST_TITLE)


def words(text: str) -> int:
    """Return how many words a text has; two signs of a script without blanks are one."""
    return len(_WORD.findall(text)) + len(_WIDE.findall(text)) // 2


def is_wordy(text: str) -> bool:
    """Whether a line says as much as a headline does."""
    return len(_WORD.findall(text)) >= _FEWEST_WORDS or len(_WIDE.findall(text)) >= 6


def _said_by(element: HtmlElement) -> str:
    """Return what `said` does, without the time that stands by itself before or behind it."""
    parts = list(pieces(element, 2 * MOST_TITLE))
    if len(parts) > 1:
        parts = list(dropwhile(_WHEN.fullmatch, parts)) or parts[:1]
        while len(parts) > 1 and _WHEN.fullmatch(parts[-1]):
            del parts[-1]
    return " ".join(parts)[:MOST_TITLE]


def _headline_in(link: HtmlElement) -> HtmlElement:
    """Return what of a link around a whole box is the headline: its heading, or its first line."""
    headings = list(link.iter(*HEADINGS))
    if headings:
        return max(headings, key=lambda heading: len(some_text(heading, MOST_TITLE)))
    box = link
    while True:
        lines = [part for part in box if part.tag in _BLOCKS and some_text(part, 1)]
        known = set(lines)
        loose = (box.text, *(part.tail for part in box))
        inline = (some_text(part, 1) for part in box if part not in known)
        if not lines or any(text and text.strip() for text in (*loose, *inline)):
            return box
        if len(lines) > 1:
            called = [line for line in lines if TITLE.search(line.get("class") or "")]
            if len(called) == 1 and len(some_text(called[0], 80).split()) > 1:
                return called[0]
            return next((line for line in lines if is_wordy(some_text(line, 80))), box)
        box = lines[0]
