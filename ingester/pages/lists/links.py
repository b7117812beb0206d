"""The links of a page, each weighed by what it says, where it stands and where it leads."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import field
from functools import lru_cache
from itertools import islice
from urllib.parse import urlsplit

from lxml import etree
from lxml.html import HtmlElement

from common.records import dataclass
from ingester.pages.lists.addresses import address_weight
from ingester.pages.lists.headlines import (
    HEADINGS,
    headline_beside,
    headline_of,
    number_before,
    said,
    words,
)
from ingester.pages.lists.rows import ancestors
from ingester.urls.links import absolute_link

MOST_LINKS = 5_000
_DEEP = 4
_OFTEN = 3
_LONGEST_MORE = 60
_SIZE = re.compile(
    r"\s*[(\[]?\s?\d{1,9}(?:[.,]\d{1,3})?\s?(?:[KMGkmg]i?[Bb]|[KMkm]o|bytes|[кКмМ][бБ])\s?[)\]]?\Z"
)
"""How big a file is: it tells "Download (212 KB)" from the next, and is no part of a headline."""
_MANY_WORDS, _SOME_WORDS = 6, 4

_ONE_OF_A_ROW = frozenset(("odd", "even", "first", "last", "alt", "active"))
_DIGITS = "0123456789"
_MENUS = frozenset(("nav", "footer", "header", "form", "menu"))
_TELLING = re.compile(
    r"title|headline|heading|teaser|story|entry|post|article|news|item|card", re.I
)
_AROUND = re.compile(
    r"(?:^|[\s_-])(?:sponsored|advert(?:s|isement|orial)?|promoted|nav|menu|footer|breadcrumb|sidebar|toolbar|share|social|tags?|pagination|pager|"
    r"login|search|comments?|submenu|copyright|cookie|lang|topbar)",
    re.I,
)
_MOVES = re.compile(r"location(?:\.href)?\s*=\s*['\"]([^'\"]+)")
_BOX_LINKS = ("data-href", "data-url", "data-link", "onclick")
_LEADING = etree.XPath("//a|//*[" + " or ".join(f"@{name}" for name in _BOX_LINKS) + "]")
_INNER_LINKS = ("a", *(f"*[@{name}]" for name in _BOX_LINKS))
NO_PAGE = re.compile(r"\.(?:jpe?g|png|gif|webp|svg|mp[34]|zip|xml|rss|css|js|ico)$", re.I)


@dataclass(slots=True)
class Link:
    """A link of the page, with what is known of it."""

    element: HtmlElement
    url: str
    text: str
    score: int = 0
    shape: tuple[str, ...] = ()
    order: int = 0
    is_more: bool = False
    """It says "Read more", in whatever language; `text` is that of the headline beside it."""
    beside: HtmlElement | None = None


@dataclass(slots=True)
class LinkGroup:
    """Links that stand in the same structure."""

    links: list[Link] = field(default_factory=list)

    def are_headlines(self, enough: int) -> bool:
        """Whether most of those that say something are headlines."""
        saying = [link for link in self.links if link.text]
        good = sum(link.score >= enough for link in saying)
        return bool(good) and good * 2 >= len(saying)


def base_of(tree: HtmlElement, url: str) -> str:
    """Return what the links of a page are relative to."""
    element = next((base for base in tree.iter("base") if base.get("href")), None)
    return url if element is None else absolute_link(element.get("href") or "", url) or url


def leading(tree: HtmlElement) -> Iterator[HtmlElement]:
    """Yield what leads to other pages: links, and boxes that a program makes links of."""
    for template in list(tree.iter("template")):
        template.drop_tree()  # for programs to fill in; no reader sees it
    for element in _LEADING(tree):
        if "sponsored" in (element.get("rel") or "").lower().split():
            continue  # paid for, as it says itself
        if element.tag == "a" or _moves_to(element):
            yield element


def links_of(elements: Iterable[HtmlElement], url: str, base: str) -> list[Link]:
    """Return the links of a page's elements, weighed, in their order on the page."""
    links = [
        Link(element, _place(element, url, base), headline_of(element), order=order)
        for order, element in enumerate(islice(elements, MOST_LINKS))
    ]
    _read_beside(links)
    for link in links:
        link.shape = _shape(link.element)
        link.score = _score(link, url)
    for group in groups_of(links):
        _drop_numbers(group.links)
    return links


def groups_of(links: list[Link]) -> Iterable[LinkGroup]:
    """Return links in groups of those that are built alike."""
    shapes: dict[tuple[str, ...], LinkGroup] = defaultdict(LinkGroup)
    for link in links:
        shapes[link.shape].links.append(link)
    return shapes.values()


def _read_beside(links: list[Link]) -> None:
    """Give links that say "Read more" the headlines beside them.

    In any language they are those that say the same and lead to different pages.
    """
    pages: dict[str, set[str]] = defaultdict(set)
    for link in links:
        if 0 < len(link.text) <= _LONGEST_MORE:
            link.text = _SIZE.sub("", link.text).strip() or link.text
            pages[link.text].add(link.url)
    repeated = {text for text, urls in pages.items() if len(urls) >= _OFTEN}
    alike: dict[str, set[HtmlElement]] = defaultdict(set)
    for link in links:
        if link.text in repeated:
            alike[link.text].add(link.element)
    linked = pages.keys() - repeated
    for link in links:
        if link.text in repeated and not _tags_around(link.element) & HEADINGS:
            link.is_more = True
            link.beside = headline_beside(link.element, alike[link.text])
            beside = "" if link.beside is None else said(link.beside)
            link.text = "" if beside in linked else beside


def _drop_numbers(links: list[Link]) -> None:
    """Take the places in a list from its headlines: what stands by itself before each of them."""
    numbered = [link for link in links if link.text and not link.is_more]
    if len(numbered) >= _OFTEN and all(number_before(link.element) for link in numbered):
        for link in numbered:
            link.text = link.text.removeprefix(number_before(link.element)).lstrip()


def _moves_to(element: HtmlElement) -> str:
    """Return where a program leads who clicks on a box that holds no link nor other box, or ""."""
    if not element.attrib or element.tag == "a":
        return ""
    said: list[str] = [value for name in _BOX_LINKS if (value := element.get(name))]
    if not said or any(element.find(f".//{inner}") is not None for inner in _INNER_LINKS):
        return ""
    if "onclick" in element.attrib and len(said) == 1:
        moves = _MOVES.search(said[0][:500])
        return moves[1] if moves else ""
    return said[0]


def _place(element: HtmlElement, url: str, base: str) -> str:
    """Return where a link leads, without its fragment; "" if to no other page."""
    href = (element.get("href") or _moves_to(element)).strip()
    if not href or (href.startswith(("#", "javascript:", "mailto:", "tel:")) and href[:3] != "#!/"):
        return ""
    address = absolute_link(href, base)
    if "#!/" in address:
        return address  # such a fragment names a page (`canonical_url`)
    address = address.partition("#")[0]
    if not address or address.rstrip("/") == url.partition("#")[0].rstrip("/"):
        return ""
    return "" if NO_PAGE.search(urlsplit(address).path) else address


def _shape(element: HtmlElement) -> tuple[str, ...]:
    """Return what the link and the elements around it are: names and first classes.

    What tells one row from the next (`row0`, `odd`) is none of it.
    """
    shape = []
    box: HtmlElement | None = element
    for _ in range(_DEEP):
        if box is None or not isinstance(box.tag, str):
            break
        shape.append(f"{box.tag}.{_name_of_all(box.get('class') or '')}")
        box = box.getparent()
    return tuple(shape)


@lru_cache(1_000)
def _name_of_all(classes: str) -> str:
    """Return the first class that all rows have; boxes of a page are called alike."""
    names = (name for name in classes.split() if name not in _ONE_OF_A_ROW)
    return next(names, "").rstrip(_DIGITS)


def _score(link: Link, url: str) -> int:
    """Return how much a link is like a headline; `_ENOUGH` is enough."""
    says = words(link.text)
    if says < _MANY_WORDS and not link.is_more:
        says = max(says, words(said(link.element)))
    around = [link.element, *ancestors(link.element)]
    is_heading = bool(_tags_around(link.element if link.beside is None else link.beside) & HEADINGS)
    is_boxed = any(box.tag == "article" for box in around[:8])
    score = _score_of_words(says, is_known=is_heading and is_boxed)
    score += 3 * is_heading + 2 * is_boxed
    score += any(_TELLING.search(_classes(box)) is not None for box in around[:3])
    if any(box.tag in _MENUS or _is_around(_classes(box)) for box in around):
        score -= 4
    return score + (address_weight(link.url, url) if link.url else 0)


def _score_of_words(says: int, *, is_known: bool) -> int:
    """Return what the length of a line tells; the heading of an article's box may be short."""
    if says >= _MANY_WORDS:
        return 3
    if says >= _SOME_WORDS:
        return 2
    return 0 if is_known or says == _SOME_WORDS - 1 else -3


def _tags_around(link: HtmlElement) -> set[str]:
    """Return what a link lies in, three elements up, and what lies in it."""
    around = (link, *islice(ancestors(link), 3))
    return {box.tag for box in around} | {element.tag for element in link.iterdescendants()}


@lru_cache(1_000)
def _is_around(classes: str) -> bool:
    """Whether a box is called what stands around articles; boxes of a page are called alike."""
    return _AROUND.search(classes) is not None


def _classes(element: HtmlElement) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''}"[:200]
