"""Lines of a page that say who wrote its article, which nothing marks as such."""

import re
from collections.abc import Iterable, Iterator, Set
from functools import lru_cache
from itertools import islice

from lxml.html import HtmlElement

from ingester.pages.facts.dates import date_of_line
from ingester.pages.facts.dom import around_headings, is_elsewhere, pieces, some_text
from ingester.pages.facts.names import (
    BY,
    LONGEST_BYLINE,
    OTHERS_WORK,
    REPORTER,
    is_name,
    is_plainly_name,
    people,
    shortened,
    without_address,
)

_LINE_TAGS = (
    "p",
    "div",
    "span",
    "li",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "td",
    "strong",
    "em",
    "i",
    "small",
    "font",
)
_NEAR = 250
"""Elements before and after the heading among which a line "By ..." counts."""
_DATA = ("data-author", "data-author-name", "data-authors", "data-byline")
_MOST_DATA = 20
_BELOW = 60
"""Elements below the heading among which a name stands beside the date."""
_KEPT = 500
_IN_BRACKETS = re.compile(
    r"\s*[（(【](?!.*(?:[写略続续完訳注照抜]|提供|[社部局紙報]\W))"
    r"([\u3400-\u9fff]{2}[\u3400-\u9fff\u3040-\u30ff]{1,4})[)）】]\s*"
)
"""How Japanese papers sign below; (names omitted), (to be continued) and agencies stand so, too."""
_KOREAN_DATELINE = re.compile(
    r"[\[(【][^\])】]{2,30}[\])】]\s*([가-힣]{2,4}\s?(?:기자|특파원))\s*="
)
_TO_LAST_DIGIT = re.compile(r"^.*\d[^\w]*(?:h\s|[ap]m\s)?\W*", re.S)
_FEW_LINKS = 2
_SIGNED, _LAST, _LONGEST_LAST = 300, 3, 40
"""Letters and lines at the end of an article among which a name signs it, and of what follows."""
_SILENT = ("script", "style", "template", "option")
_HIGH = 4
_LONGEST_DATE = 60
_DIGITS = re.compile(r"\d{4}|\d\s?[./-]\s?\d|\d\s?[日일]")
_MOST_PARTS = 8
_APART = re.compile(r"\s+[|•·–—/-]\s+|[|•·]")
_OF_SOMEBODY = re.compile(
    r"/(?:authors?|autor(?:en?|es|i)?|auteurs?|people|persons?|profiles?|by|staff|team|users?|"
    r"contributors?|journalists?|journalist|reporters?|writers?|columnists?|redaktion|redazione|"
    r"redaccion|skribent|forfatter|penulis|tac-gia|yazar(?:lar)?|mailto:)[/=_-]|^mailto:|author=",
    re.I,
)
_OF_AN_AUTHOR = re.compile(
    r"/(?:authors?|autor(?:en?|es|i|ka|zy)?|auteurs?|journalists?|reporters?|writers?|columnists?|"
    r"contributors?|skribent|forfatter|penulis|wartawan|tac-gia|yazar(?:lar)?|muhabir(?:ler)?|"
    r"avtor[iy]?|szerzok?|toimittaja|firmas?|autore|jurnalist|novinar|kontributor)[/=_-]|author=",
    re.I,
)
_ABOVE = 12
"""Elements above the heading among which a link to an author counts."""


def bylines(tree: HtmlElement) -> Iterator[str]:
    """Yield the names in the first line "By ..." near the heading, or behind its time."""
    around = around_headings(tree)
    after_heading = next(tree.iter("h1"), None) is None
    for count, element in enumerate(tree.iter("h1", *_LINE_TAGS)):
        if element.tag == "h1":
            after_heading = True
            continue
        if count > 20 * _NEAR:
            return
        line = _line_of_authors(element)
        if not line or is_elsewhere(element, around):
            continue
        if not after_heading and not REPORTER.match(line):
            continue
        is_reporter = REPORTER.match(line) is not None
        names = [each for each in people(shortened(line)) if is_reporter or is_name(each)]
        if names:
            yield from names
            return


def _line_of_authors(element: HtmlElement) -> str:
    """Return the line of an element that begins as bylines do, or names a reporter, or ""."""
    bare = (element.text or "").strip()
    if not bare and len(element) and element[0].tag in ("span", "b", "strong", "em", "i"):
        bare = (element[0].text or "").strip()
    if 1 < len(bare) <= LONGEST_BYLINE:
        whole = some_text(element, LONGEST_BYLINE + 1) if len(bare) > 3 or len(element) else ""
        whole = without_address(whole) if "@" in whole else whole
        if len(whole) <= LONGEST_BYLINE and (BY.match(whole) or REPORTER.match(whole)):
            return whole
    if sign := _KOREAN_DATELINE.match(bare[:_LONGEST_DATE]):
        return sign[1]
    if 3 < len(bare) <= LONGEST_BYLINE and len(element) <= _FEW_LINKS:
        # Behind a date or a source: "11 november 2026 - door Jan Postma".
        whole = some_text(element, LONGEST_BYLINE + 1) if len(element) else bare
        behind = (_TO_LAST_DIGIT.sub("", whole), *_APART.split(whole)[1:3])
        if len(whole) <= LONGEST_BYLINE and (by := next(filter(_is_labelled, behind), "")):
            return by
    for time in islice(element.iterchildren("time"), 1):
        bare = (time.tail or "").strip(" \t\r\n|·•,–—-")
        if 3 < len(bare) <= LONGEST_BYLINE and BY.match(bare):
            return bare
    return ""


def _is_labelled(line: str) -> bool:
    return BY.match(line) is not None and OTHERS_WORK.match(line) is None


def linked_names(tree: HtmlElement) -> Iterator[str]:
    """Yield the names right above and below the heading that lead to an author's own page."""
    around = around_headings(tree)
    elements = [*tree.iter()]
    heading = next((n for n, element in enumerate(elements) if element.tag == "h1"), None)
    if heading is None:
        return
    for element in elements[max(0, heading - _ABOVE) : heading + _BELOW]:
        if element.tag == "a" and _OF_AN_AUTHOR.search((element.get("href") or "")[:300]):
            name = some_text(element, LONGEST_BYLINE)
            has_case = name.upper() != name.lower()
            is_one = is_plainly_name(name) if has_case else is_name(name)
            if is_one and not is_elsewhere(element, around):
                yield name


def signed(tree: HtmlElement) -> Iterator[str]:
    """Yield the name at the right below an article, as newspapers of East Asia print it."""
    around = around_headings(tree)
    for element in tree.iter("p", "div"):
        style = f"{element.get('style') or ''};text-align:{element.get('align') or ''}"
        if "text-align:right" not in style.replace(" ", "").lower() or len(element) > 3:
            continue
        text = some_text(element, LONGEST_BYLINE)
        if len(text) <= 40 and is_name(text) and not is_elsewhere(element, around):
            yield from people(text)
    for element in tree.iter("p"):
        text = element.text or ""
        match = _IN_BRACKETS.fullmatch(text) if len(text) < 20 and not len(element) else None
        if match and not is_elsewhere(element, around):
            yield match[1]


def signature(text: str) -> tuple[str, ...]:
    """Return the name with which an article ends, where its last lines are but that; or ()."""
    for line in islice(reversed(text[-_SIGNED:].split("\n")), _LAST):
        if len(line) > LONGEST_BYLINE or line.startswith(("- ", "|")):
            break
        bare = without_address(line).strip(" \t-–—()")
        if is_plainly_name(bare):
            return (bare,)
        if len(bare) > _LONGEST_LAST:
            break
    return ()


def in_data(tree: HtmlElement) -> Iterator[str]:
    """Yield the names that the box around an article has for programs (`data-author`)."""
    boxes = [*around_headings(tree), *islice(tree.iter("article", "main"), _MOST_DATA)]
    said = {value for box in boxes for name in _DATA if (value := box.get(name))}
    for value in said if len(said) == 1 else ():
        if value[:1] not in ("{", "["):
            yield from (name for name in people(value) if is_name(name))


def unlabelled(tree: HtmlElement, language: str) -> Iterator[str]:
    """Yield the name that stands by itself beside the date near the heading, where one does."""
    around = around_headings(tree)
    near = -1
    for element in tree.iter():
        near = 0 if element.tag == "h1" else near + (near >= 0)
        if near > _BELOW:
            return
        if near < 1 or not isinstance(element.tag, str) or element.tag in _SILENT:
            continue
        for said, box in ((element.text, element), (element.tail, element.getparent())):
            if not said or len(said) > LONGEST_BYLINE or not _DIGITS.search(said):
                continue
            if not any(_is_date(line, language) for line in _lines_of([said])):
                continue
            name = next(filter(None, _names_beside(box, around, language)), "")
            if name and not is_elsewhere(element, around):
                yield name
                return


def _names_beside(
    box: HtmlElement | None, around: Set[HtmlElement], language: str
) -> Iterator[str]:
    """Yield the name beside the date in a box, and in what is around it, "" where there is none."""
    for _ in range(_HIGH):
        if box is None or box in around:
            return
        parts = [*islice(pieces(box, LONGEST_BYLINE), _MOST_PARTS + 1)]
        if sum(map(len, parts)) > LONGEST_BYLINE or len(parts) > _MOST_PARTS:
            return
        lines = _lines_of(parts)
        at = next((n for n, line in enumerate(lines) if _is_date(line, language)), None)
        if at is not None:
            beside = [*lines[max(0, at - 1) : at], *lines[at + 1 : at + 2]]
            name = next((line for line in beside if is_plainly_name(line)), "")
            yield "" if name and _leads_elsewhere(box, name) else name
        box = box.getparent()


def _lines_of(parts: Iterable[str]) -> list[str]:
    """Return what stands by itself in some texts that are no longer than a byline."""
    return [
        line
        for part in parts
        if len(part) <= LONGEST_BYLINE
        for each in _APART.split(part)
        if (line := " ".join(each.split()))
    ]


@lru_cache(_KEPT)
def _is_date(line: str, language: str) -> bool:
    is_short = len(line) <= _LONGEST_DATE and _DIGITS.search(line) is not None
    return is_short and date_of_line(line, language=language) is not None


def _leads_elsewhere(element: HtmlElement, name: str) -> bool:
    """Whether what looks like a name is a link to anything but somebody's own page."""
    links = (link for link in element.iter("a") if some_text(link, LONGEST_BYLINE) == name)
    return any(not _OF_SOMEBODY.search(link.get("href") or "") for link in links)
