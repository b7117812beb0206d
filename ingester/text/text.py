"""Text from outside made plain: markup, characters that hurt, lengths."""

import functools
import html
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from html.entities import html5
from itertools import chain

from lxml import etree

from common.clip import clip

_BLOCKS = (
    "address article aside blockquote body br caption center dd details dialog dir div dl dt "
    "fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li "
    "main menu nav ol optgroup option p pre section summary table tbody tfoot thead title tr "
    "ul"
)
_SILENT = (
    "script style template noscript noframes iframe object applet svg math canvas audio video "
    "select textarea head"
)
BLOCKS = frozenset(_BLOCKS.split())
"""They begin a line of their own."""
SILENT = frozenset(_SILENT.split())
"""Their text is not for readers, or not for readers of news."""
_CELLS = frozenset(("td", "th"))

LONGEST_MARKUP = 12_000_000
"""Characters of markup that are read; what follows is dropped."""

_MOST_TAGS_OF_A_TREE = 2_000
"""Below this depth libxml2 keeps nothing in a tree."""

MAY_JOIN = (range(0x3400), range(0xA000, 0xAC00), range(0xF900, 0x10000))
"""Among these are all letters that combine or can be taken apart, of those up to U+FFFF: between
lie Chinese characters, Korean syllables and private ones."""

MARKS_IN_A_ROW = 30
"""Unicode's stream-safe limit; normalising a longer run takes quadratic time."""

_MARKUP = re.compile(r"<(?:[a-zA-Z][^<>]*|/[a-zA-Z][^<>]*|!--)>?|&(?:#\d+|#[xX][0-9a-fA-F]+|\w+);")
_UNWANTED = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff]")
_LINE_ENDS = re.compile("[\r\x0b\x0c\x85\u2028\u2029]")
_AUTHORS_LINES = re.compile("[\r\n]+")
_END = re.compile("</html", re.IGNORECASE)
"""What follows the end of a document is text that its tree does not show."""
_SPACES = re.compile(" {2,}")
_WIDTHLESS = "\u200b\u2060 "
_OTHER_BLANKS = re.compile(r"[^\S\n ]")
_EMPTY_LINES = re.compile(r"\n{3,}")
_REFERENCE = re.compile(r"&(?:amp;)*(#[xX]?[0-9A-Fa-f]{2,6}|[A-Za-z]{2,8});")
_SURROGATES = re.compile("[\ud800-\udfff]")
_OUTSIDE_BMP = re.compile("[\U00010000-\U0010ffff]")


def markup_to_text(markup: str) -> str:
    """Return what a reader sees of HTML: block elements become lines, script and style nothing.

    Reads any markup in linear time, however deep or broken, and never fetches anything.
    """
    # Control characters would end libxml2's reading early; surrogates cannot be encoded.
    source = markup[:LONGEST_MARKUP].replace("\x00", "")
    if not source or source.isspace():
        return ""
    if _SURROGATES.search(source):
        source = _SURROGATES.sub("\ufffd", source)
    is_small = source.count("<") <= _MOST_TAGS_OF_A_TREE and not _END.search(source)
    return clean_text(_read_as_tree(source) if is_small else _read_as_it_comes(source))


def _read_as_tree(source: str) -> str:
    """Read what is not deep: three times faster than `_read_as_it_comes`, with one result."""
    parser = etree.HTMLParser(
        encoding="utf-8",
        no_network=True,
        huge_tree=True,
        recover=True,
        remove_comments=True,
        remove_pis=True,
    )
    root = etree.fromstring(source.encode(), parser)
    return "" if root is None else "".join(_texts(root))


def _read_as_it_comes(source: str) -> str:
    parser = etree.HTMLParser(
        target=_TextCollector(), encoding="utf-8", no_network=True, huge_tree=True, recover=True
    )
    text: str = etree.fromstring(source.encode(), parser)
    return text


def _texts(root: etree._Element) -> Iterator[str]:
    """Yield the texts of a tree, and what parts them."""
    silent = line_ends = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag
        begins = event == "start"
        if tag in SILENT:
            silent += 1 if begins else -1
        if tag in BLOCKS:
            line_ends = max(line_ends, 2 if tag == "p" else 1)
        elif tag in _CELLS:
            yield " "
        text = element.text if begins else element.tail
        if not text or silent:
            continue
        if line_ends and not text.isspace():
            yield "\n" * line_ends
            line_ends = 0
        # Line ends inside a paragraph are the author's, not the reader's.
        yield _AUTHORS_LINES.sub(" ", text) if "\n" in text or "\r" in text else text


class _TextCollector:
    """Collects text while libxml2 reads; no tree is built, so depth costs nothing."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._silent: list[str] = []
        self._line_ends = 0

    def start(self, tag: str, attributes: object) -> None:
        del attributes
        if tag in SILENT:
            self._silent.append(tag)
        self._part(tag)

    def end(self, tag: str) -> None:
        if self._silent and self._silent[-1] == tag:
            self._silent.pop()
        self._part(tag)

    def _part(self, tag: str) -> None:
        if tag in BLOCKS:
            self._line_ends = max(self._line_ends, 2 if tag == "p" else 1)
        elif tag in _CELLS:
            self._parts.append(" ")

    def data(self, text: str) -> None:
        if self._silent:
            return
        if self._line_ends and text.strip():
            self._parts.append("\n" * self._line_ends)
            self._line_ends = 0
        # Line ends inside a paragraph are the author's, not the reader's.
        self._parts.append(_AUTHORS_LINES.sub(" ", text))

    def comment(self, text: str) -> None:
        """Comments say nothing to readers."""

    def pi(self, target: str, content: str | None) -> None:
        """Neither do processing instructions."""

    def close(self) -> str:
        return "".join(self._parts)


def is_markup(text: str) -> bool:
    """Whether a text of unknown kind holds tags or character references."""
    return _MARKUP.search(text) is not None


def plain_text(text: str) -> str:
    """Return a text that may be HTML or plain as clean plain text."""
    return markup_to_text(text) if is_markup(text) else clean_text(text)


def clean_text(text: str) -> str:
    """Return the text as it may be stored: NFC, no control characters, unified line ends.

    Lone surrogates become U+FFFD. Lines lose blanks at their ends, runs of blanks become one
    space, and more than one empty line becomes one. Cleaning twice changes nothing.
    """
    if _unusual().search(text):
        text = _SURROGATES.sub("\ufffd", text)
        text = _UNWANTED.sub("", _LINE_ENDS.sub("\n", text.replace("\r\n", "\n")))
        text = _OTHER_BLANKS.sub(" ", text if text.isascii() else _normalised(text))
    elif not text.isascii():
        text = unicodedata.normalize("NFC", text)
    if "  " in text:
        text = _SPACES.sub(" ", text)
    if " \n" in text or "\n " in text:
        text = text.replace(" \n", "\n").replace("\n ", "\n")
    if "\n\n\n" in text:
        text = _EMPTY_LINES.sub("\n\n", text)
    return text.strip()


def one_line(text: str) -> str:
    """Return the cleaned text on one line, without blanks of no width at its ends."""
    return " ".join(clean_text(text).split()).strip(_WIDTHLESS)


def unescaped_line(text: str) -> str:
    """Return the cleaned text on one line, character references resolved, tags gone."""
    return one_line(markup_to_text(text)) if is_markup(text) else one_line(html.unescape(text))


def without_references(text: str) -> str:
    """Return what was markup, with the references that its writer escaped twice resolved.

    Brackets stay as they are, so that no text becomes markup.
    """
    if "&" not in text or not _REFERENCE.search(text):
        return text
    return clean_text(_REFERENCE.sub(_resolved, text))


def _resolved(reference: re.Match[str]) -> str:
    name = reference[1]
    is_known = name[0] == "#" or f"{name};" in html5
    resolved = html.unescape(f"&{name};")
    return resolved if is_known and resolved not in ("<", ">") else reference[0]


def clip_sentence(text: str, limit: int) -> str:
    """Return at most `limit` characters, cut between two words where there are words."""
    if len(text) <= limit:
        return text
    head = text[:limit]
    space = head.rfind(" ")
    if space < limit // 2:
        return clip(text, limit, trim=True)
    return head[:space].rstrip(" ,;:–—-") + "…"


def _normalised(text: str) -> str:
    runs = _mark_runs(outside_bmp=_OUTSIDE_BMP.search(text) is not None)
    if runs.search(text):
        # A combining grapheme joiner parts the run without changing what is seen.
        text = runs.sub(lambda run: run[0] + "\u034f", text)
    return unicodedata.normalize("NFC", text)


@functools.cache
def unusual() -> Sequence[tuple[int, int]]:
    """Return what cleaning may have to look at one by one, as first and last code points.

    These are what must not be stored, blanks and line ends of other kinds, and combining marks;
    beyond the Basic Multilingual Plane all of them.
    """
    every = "".join(map(chr, range(0x10000)))
    odd = (_UNWANTED, _LINE_ENDS, _OTHER_BLANKS, _SURROGATES)
    found = {ord(letter) for each in odd for letter in each.findall(every)}
    found.update(_marks())
    return (*_ranges(sorted(found)), (0x10000, 0x10FFFF))


@functools.cache
def _unusual() -> re.Pattern[str]:
    """Match an unusual character; most texts have none."""
    return re.compile(f"[{_written(unusual())}]")


@functools.cache
def _mark_runs(*, outside_bmp: bool) -> re.Pattern[str]:
    """Match as many combining marks in a row as may be normalised together.

    Args:
        outside_bmp: Know those outside of the Basic Multilingual Plane, too: ten times slower.
    """
    beyond = range(0x10000, 0x1F000) if outside_bmp else ()
    marks = (*_marks(), *(code for code in beyond if unicodedata.combining(chr(code))))
    letters = _written(_ranges(marks))
    return re.compile(f"[{letters}]{{{MARKS_IN_A_ROW}}}(?=[{letters}])")


@functools.cache
def _marks() -> Sequence[int]:
    """Return the combining marks of the Basic Multilingual Plane."""
    return [code for code in chain.from_iterable(MAY_JOIN) if unicodedata.combining(chr(code))]


def _ranges(codes: Iterable[int]) -> Sequence[tuple[int, int]]:
    """Return ascending code points as ranges, first and last."""
    ranges: list[list[int]] = []
    for code in codes:
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return [(first, last) for first, last in ranges]


def _written(ranges: Iterable[tuple[int, int]]) -> str:
    """Return ranges as they stand between the brackets of a pattern."""
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges)
