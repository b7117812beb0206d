"""Where an element of a page stands, and the beginning of what it says."""

import re
from collections.abc import Iterator, Set

from lxml.html import HtmlElement

_DEEP = 8
_LETTERS = re.compile(r"[\W_]+")
_ELSEWHERE = re.compile(
    r"comment|related|teaser|sidebar|widget|most-|popular|recommend|footer(?!_author)|respond|caption|credit|"
    r"kontext|advertorial|newsletter|latest|weitere|mehr-|promo(?!ted)|recirc|ticker|rail|modal|hidden",
    re.I,
)


def around_headings(tree: HtmlElement) -> Set[HtmlElement]:
    """Return the elements that hold a heading of a page.

    Asked of each box anew, while one walks through all that it holds, it would be quadratic.
    """
    around: set[HtmlElement] = set()
    for heading in tree.iter("h1"):
        for box in heading.iterancestors():
            if box in around:
                break
            around.add(box)
    return around


def is_elsewhere(element: HtmlElement, around: Set[HtmlElement]) -> bool:
    """Tell what stands in a comment, a teaser, a list of other articles.

    Args:
        around: What holds the headings of its page.
    """
    for count, box in enumerate((element, *element.iterancestors())):
        if count == _DEEP or box.tag in ("body", "main"):
            return False
        if box.tag in ("footer", "nav", "figure", "figcaption", "blockquote"):
            return True
        names = names_of(box)[:300]
        # What holds the heading is the article, whatever it is called.
        if _ELSEWHERE.search(names) and box not in around:
            return True
    return False


def names_of(element: HtmlElement) -> str:
    """Return what an element is called: by its class, its id, and its tag if a site made that."""
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return f"{element.tag} {names}" if "-" in element.tag else names


def some_text(element: HtmlElement, limit: int) -> str:
    """Return the first `limit` characters of an element's text, on one line.

    Pieces are parted by blanks; of a big element only the beginning is looked at.
    """
    return " ".join(pieces(element, limit))[:limit]


def pieces(element: HtmlElement, limit: int) -> Iterator[str]:
    """Yield what stands between an element's tags, on one line each, until it is `limit` long."""
    length = 0
    for part in element.itertext():
        words = " ".join(part[: 2 * limit].split())
        if words:
            yield words
            length += len(words) + 1
        if length > limit:
            break


def folded(text: str) -> str:
    """Return only the letters and digits of a text, lower case, to compare."""
    return _LETTERS.sub("", text).casefold()
