"""The teasers of other stories on a page: boxes in a row, each with one link to another article."""

import re
from collections import defaultdict
from collections.abc import Iterator
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from ingester.pages.facts.dom import folded, some_text

_NEARLY_ALL = 0.8
"""Share of the paragraphs in an element that are teasers, or they are an article's with links."""
_FEWEST = 3
"""Boxes in a row; two links may stand side by side in any article."""
_LONGEST = 600
_KICKER = 40
"""Letters that may stand before a headline: a section, a time."""
_HEADLINE = 16
"""Bytes of letters, since a sign of Chinese says what three letters do; shorter links are names."""
_MOST_LINKS = 2_000
_BOXES = frozenset(("article", "div", "li", "section", "tr", "td", "a", "dd", "figure", "p"))
_HEADINGS = ("h2", "h3", "h4", "h5", "h6")
_FILE = re.compile(r"\.(?:pdf|jpe?g|png|gif|webp|mp[34]|zip)$", re.I)


def teasers(tree: HtmlElement, url: str) -> Iterator[HtmlElement]:
    """Yield the boxes of a page that tell of other pages of its site.

    A box is the widest element around a link in which there is no link to yet another page. It is
    a teaser if it begins with that link, or with a heading and ends with the link, and if at least
    two others beside it do the same.

    Args:
        url: Where the page is: links to itself and to other sites are no other stories of its.
    """
    rows: dict[tuple[HtmlElement, str], list[HtmlElement]] = defaultdict(list)
    for box in _boxes(tree, url):
        parent = box.getparent()
        if parent is not None and box.tag in _BOXES and _is_teaser(box):
            rows[parent, box.tag].append(box)
    for (parent, tag), row in rows.items():
        if len(row) >= _FEWEST and (tag != "p" or len(row) >= _NEARLY_ALL * len(parent)):
            yield from row


def _boxes(tree: HtmlElement, url: str) -> Iterator[HtmlElement]:
    """Yield the widest element around each link that has no other page's link in it."""
    lone: dict[HtmlElement, str] = {}
    links = [(link, there) for link in tree.iter("a") if (there := _elsewhere(link, url))]
    for link, there in links[:_MOST_LINKS]:
        box: HtmlElement | None = link
        while box is not None:
            known = lone.setdefault(box, there)
            if known not in (there, ""):
                lone[box] = ""
            box = box.getparent()
    seen = set()
    for link, _ in links[:_MOST_LINKS]:
        box = link
        while (parent := box.getparent()) is not None and lone[parent]:
            box = parent
        if box not in seen:
            seen.add(box)
            yield box


def _elsewhere(link: HtmlElement, url: str) -> str:
    """Return where on its site a link leads, without its fragment; "" if it leads to no article."""
    href = (link.get("href") or "").partition("#")[0].strip()
    try:
        there, here = urlsplit(href), urlsplit(url)
    except ValueError:
        return ""
    path = there.path.rstrip("/")
    if there.scheme not in ("", "http", "https") or not path or _FILE.search(path):
        return ""
    is_own = path == here.path.rstrip("/") and there.query == here.query
    is_near = not there.netloc or not url or _site(there.netloc) == _site(here.netloc)
    return href if is_near and not is_own else ""


def _site(host: str) -> str:
    return ".".join(host.lower().partition(":")[0].split(".")[-2:])


def _is_teaser(box: HtmlElement) -> bool:
    if folded(box.tail or ""):
        return False  # a link in a sentence
    shown = some_text(box, _LONGEST + 1)
    text = folded(shown)
    if not text or len(shown) > _LONGEST or next(box.iter("h1"), None) is not None:
        return False
    said = [folded(some_text(link, _LONGEST)) for link in box.iter("a")]
    headline = max(said, key=len, default="")
    if len(headline.encode()) >= _HEADLINE and text.find(headline) <= _KICKER:
        return True
    heading = next(box.iter(*_HEADINGS), None)
    if heading is None or text.find(folded(some_text(heading, _LONGEST))) > _KICKER:
        return False
    return any(link and text.endswith(link) for link in said)
