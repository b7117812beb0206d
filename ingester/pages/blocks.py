"""A second opinion on a page's text: its prose, paragraph by paragraph, wherever it stands.

trafilatura takes one box of a page. Where a site builds its articles of many boxes that is a part
of the article; counting the paragraphs of prose tells.
"""

from collections.abc import Sequence

from lxml.html import HtmlElement

from ingester.pages.dom import folded, is_elsewhere, some_text

_PROSE = 80
"""Characters from which a paragraph is prose."""

_MOST = 2_000
_KEY = 80
_MOST_MISSING = 40
_LONGEST_MISSING = 500
_LINES = ("p", "h2", "h3", "h4", "h5", "h6", "li", "blockquote", "pre")


def prose(tree: HtmlElement) -> list[HtmlElement]:
    """Return the paragraphs of a page that are prose: long, few links, in no box beside."""
    paragraphs = []
    for count, element in enumerate(tree.iter("p")):
        if count == _MOST:
            break
        if _is_prose(element):
            paragraphs.append(element)
    return paragraphs


def text_of(element: HtmlElement) -> str:
    """Return an element's text on one line."""
    return " ".join(element.text_content().split())


def assembled(tree: HtmlElement, paragraphs: Sequence[HtmlElement]) -> list[str]:
    """Return the lines of text from the first of the paragraphs of prose to the last."""
    lines: list[str] = []
    last = paragraphs[-1]
    started = False
    for element in tree.iter(*_LINES):
        started = started or element is paragraphs[0]
        if not started:
            continue
        text = text_of(element)
        is_whole = (
            element.tag in ("p", "pre") or next(element.iterdescendants("p", "li"), None) is None
        )
        if text and is_whole and not _is_linked(element, text) and not is_elsewhere(element):
            lines.append(f"- {text}" if element.tag == "li" else text)
        if element is last:
            break
    return lines


def restored(tree: HtmlElement, lines: Sequence[str]) -> list[str]:
    """Return the lines with the headings and lists put back that were dropped between two of them.

    Only what stands in the same box as a paragraph found before it and one found after it.
    """
    places = {folded(line)[:_KEY]: number for number, line in enumerate(lines)}
    added: dict[int, list[str]] = {}
    missing: list[tuple[HtmlElement | None, str]] = []
    before: tuple[HtmlElement | None, int] | None = None
    for count, element in enumerate(tree.iter("p", "h2", "h3", "h4", "h5", "h6", "li")):
        if count == _MOST:
            break
        text = some_text(element, _LONGEST_MISSING + 1)
        key = folded(text)[:_KEY]
        place = places.get(key) if key else None
        box = element.getparent()
        if place is None:
            if key and len(text) <= _LONGEST_MISSING and element.tag != "p":
                outer = box.getparent() if box is not None and element.tag == "li" else box
                missing.append((outer, f"- {text}" if element.tag == "li" else text))
            continue
        if before is not None and place == before[1] + 1 and element.tag == "p":
            fit = [line for outer, line in missing if outer is box and outer is before[0]]
            if len(fit) == len(missing) <= _MOST_MISSING:
                added[before[1]] = fit
        missing = []
        before = (box, place) if element.tag == "p" else None
    return [text for number, line in enumerate(lines) for text in (line, *added.get(number, ()))]


def _is_prose(element: HtmlElement) -> bool:
    text = text_of(element)
    return len(text) >= _PROSE and not _is_linked(element, text) and not is_elsewhere(element)


def _is_linked(element: HtmlElement, text: str) -> bool:
    return sum(len(link.text_content()) for link in element.iter("a")) >= 0.5 * len(text)
