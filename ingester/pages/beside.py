"""Boxes beside an article, told by what they are made of, since their names say nothing.

A form that asks for an address, what programs for the blind call a dialogue or a navigation, and
the box that says who the author is.
"""

from collections.abc import Iterator, Sequence, Set
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement

from ingester.pages.facts.dom import folded, some_text
from ingester.pages.paragraphs import is_long

_LONGEST_FORM = 400
"""Letters of what stands around a form and belongs to it."""
_LONGEST_AUTHOR = 700
_MOST = 200
_WITH_ROLES = etree.XPath("//*[@role]")
_ADDRESSES_ASKED = etree.XPath("//input[@type='email']")
_ROLES = frozenset(("complementary", "contentinfo", "navigation", "search"))
_DIALOGS = frozenset(("alertdialog", "dialog"))
_FEW_DIALOGS = 4
_NEVER = frozenset(("html", "body", "main", "article", "form"))
_NAMES = ("h2", "h3", "h4", "h5", "h6", "strong", "b", "a", "div", "span", "p")
_MOST_NAMES = 3_000
_HIGH = 6
_LONGEST_NAME = 80
_MOST_PARTS = 4
_PARTS = frozenset(("b", "em", "font", "i", "img", "span", "strong"))
_FEW = 1
"""Paragraphs in such a box."""
_SOME = 200


def boxes_beside(tree: HtmlElement, authors: Sequence[str]) -> Iterator[HtmlElement]:
    """Yield the boxes of a page that are beside its article, outermost first or not.

    Args:
        authors: Who wrote the article, as the page says.
    """
    holding = {box for heading in tree.iter("h1") for box in heading.iterancestors()}
    marked = _WITH_ROLES(tree)[:_MOST]
    dialogs = [each for each in marked if _role(each) in _DIALOGS]
    # Many are windows that explain the words of an article.
    asking = dialogs if len(dialogs) <= _FEW_DIALOGS else ()
    for element in (*asking, *(each for each in marked if _role(each) in _ROLES)):
        if element not in holding:
            yield element
    for field in _ADDRESSES_ASKED(tree)[:_MOST]:
        yield from [*_around(field, holding, _LONGEST_FORM)][-1:]
    words = {name.casefold().split()[-1] for name in authors if name.strip()}
    for name in islice(tree.iter(*_NAMES), _MOST_NAMES) if authors else ():
        if _may_name(name, words) and (box := _of_author(name, authors, holding)) is not None:
            yield box


def _role(element: HtmlElement) -> str:
    return (element.get("role") or "").strip().lower()


def _around(element: HtmlElement, holding: Set[HtmlElement], longest: int) -> Iterator[HtmlElement]:
    """Yield the boxes around an element, small first, that say little and are not the article."""
    for box in islice(element.iterancestors(), _HIGH):
        if box in holding or (box.tag in _NEVER and box.tag != "form"):
            return
        paragraphs = sum(is_long(some_text(each, _SOME)) for each in islice(box.iter("p"), _MOST))
        if paragraphs > _FEW or len(some_text(box, longest + 1)) > longest:
            return
        yield box


def _may_name(element: HtmlElement, words: Set[str]) -> bool:
    """Whether an element may say an author's name, by the words of its own; most do not.

    Args:
        words: The last ones of the names, in small letters.
    """
    text = element.text or ""
    if len(text) > 2 * _LONGEST_NAME:
        return False
    if said := text.strip().casefold():
        return len(element) <= _HIGH and any(word in said for word in words)
    # In parts; what holds nothing but one other is told by that.
    return 0 < len(element) <= _MOST_PARTS and (
        element[0].tag in _PARTS and (len(element) > 1 or element[0].tag not in _NAMES)
    )


def _of_author(
    name: HtmlElement, authors: Sequence[str], holding: Set[HtmlElement]
) -> HtmlElement | None:
    """Return the box that begins with an author's name and says who that is, or None.

    What is said names its subject again; a byline above the article's words does not.
    """
    bare = folded(some_text(name, _LONGEST_NAME))
    said = next((each for each in authors if bare and bare.endswith(folded(each))), "")
    for box in _around(name, holding, _LONGEST_AUTHOR) if said else ():
        text = some_text(box, _LONGEST_AUTHOR)
        rest = text[text.casefold().find(said.casefold()) + len(said) :]
        is_first = folded(text).find(folded(said)) <= len(bare)
        if is_first and is_long(rest) and folded(said.split()[-1]) in folded(rest):
            return box
    return None
