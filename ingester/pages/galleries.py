"""Articles that are told beneath their pictures: there captions are the text."""

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

_CAPTION = re.compile(r"(?:^|[\s_-])[a-z]{0,12}caption(?:$|[\s_-])", re.I)
_BOXES = frozenset(("figcaption", "div", "p", "span", "dd", "li"))
_BLOCKS = frozenset(("p", "div", "ul", "ol", "dl", "table"))
_WHOLE = frozenset(("html", "body", "main", "article"))
_FEWEST = 3
_LEAST = 40
"""Letters of a caption, on average, that tells something rather than names what is shown."""

_NEARLY_ALL = 0.9
"""Of the text of a gallery's box its captions are so much."""


def free_captions(tree: HtmlElement) -> None:
    """Make lines of text of a gallery's captions where they say more than all paragraphs.

    What leads elsewhere is no caption: it is another story's picture with its headline.

    Args:
        tree: It is changed.
    """
    captions = [*_captions(tree)]
    if len(captions) < _FEWEST:
        return
    said = sum(_length(caption) for caption in captions)
    if said < _LEAST * len(captions):
        return
    inside = {line for caption in captions for line in caption.iter("p")}
    if said <= sum(_length(line) for line in tree.iter("p") if line not in inside):
        return
    last = {*captions[-1].iterancestors()}
    shared = next((box for box in captions[0].iterancestors() if box in last), tree)
    if said < _NEARLY_ALL * _length(shared):
        return  # pictures within an article
    for caption in captions:
        for box in (caption, *caption.iterancestors()):
            if box is shared:
                break
            _bare(box)
    for box in (shared, *shared.iterancestors()):
        if box.tag in _WHOLE or box.find(".//h1") is not None:
            break
        _bare(box)  # "slides", "carousel": what finds articles passes these over


def _captions(tree: HtmlElement) -> Iterator[HtmlElement]:
    """Yield captions that hold no other and lead nowhere."""
    last: HtmlElement | None = None
    for element in tree.iter(*_BOXES):
        if element.tag != "figcaption" and not _CAPTION.search(element.get("class") or ""):
            continue
        if last is not None and last in element.iterancestors():
            continue
        last = element
        if element.find(".//a") is None and not any(
            box.tag == "a" for box in element.iterancestors()
        ):
            yield element


def _length(element: HtmlElement) -> int:
    return len(" ".join(element.text_content().split()))


def _bare(box: HtmlElement) -> None:
    """Take from a box what says that it is no text."""
    for name in ("class", "id"):
        box.attrib.pop(name, None)
    if box.tag in ("figure", "figcaption", "span"):
        has_blocks = any(part.tag in _BLOCKS or part.tag == "figure" for part in box)
        box.tag = "div" if has_blocks or box.tag == "figure" else "p"
