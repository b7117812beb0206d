"""List pages: the links of a front or section page that lead to articles, without a feed.

No selector is needed. Each link is weighed by what it says and where it stands (in a heading, in
an article's box, in a menu); then the page's own structure decides: links that stand where most
links are headlines are headlines, too. A selector of its owner's comes before all that.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import field
from itertools import islice
from urllib.parse import urlsplit

from cssselect import SelectorError
from lxml import etree
from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement

from common.records import dataclass
from common.scripts import DENSE, letters
from ingester.entry import Entry, Listing
from ingester.pages.dom import some_text
from ingester.pages.listing_data import data_entries
from ingester.pages.metadata import PageFacts
from ingester.text.titles import title_text
from ingester.urls.links import absolute_link
from ingester.urls.urls import canonical_url

FEWEST = 4
"""A page with fewer headlines is no list."""

MOST_LINKS = 5_000
MOST_ENTRIES = 500
_DEEP = 4
_ENOUGH = 5
_ENOUGH_TOGETHER = 3
_PROSE = 140
_OF_AN_ARTICLE = 3
_MOST_TITLE = 300
_LONGEST_LINE = 200
_FEWEST_WORDS = 4

_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5"))
_BLOCKS = frozenset(("div", "p", "section", "span", "ul", "header", "time"))
_MENUS = frozenset(("nav", "footer", "header", "form", "menu"))
_TELLING = re.compile(
    r"title|headline|heading|teaser|story|entry|post|article|news|item|card", re.I
)
_AROUND = re.compile(
    r"(?:^|[\s_-])(?:nav|menu|footer|breadcrumb|sidebar|toolbar|share|social|tags?|pagination|pager|"
    r"login|search|comments?|submenu|copyright|cookie|lang|topbar)",
    re.I,
)
_SLUG = re.compile(r"[^\W_]+(?:[-_][^\W_]+){3,}")
_LONG_SLUG = re.compile(r"[^\W_]+(?:[-_]+[^\W_]+){5,}")
_NUMBERED = re.compile(r"\d{5,}|/20\d\d/\d{1,2}/|/20\d\d-\d\d")
_DOCUMENT = re.compile(r"\.(?:s?html?|php|aspx?|jsp|amp)$", re.I)
_OF_A_TOPIC = re.compile(
    r"/(?:tags?|topics?|themen|themas?|temas?|categor(?:y|ies)|authors?)/[^/]*[^/\d][^/]*/?$", re.I
)
_MOVES = re.compile(r"location(?:\.href)?\s*=\s*['\"]([^'\"]+)")
_BOX_LINKS = ("data-href", "data-url", "data-link", "onclick")
_INNER_LINKS = ("a", *(f"*[@{name}]" for name in _BOX_LINKS))
_NO_PAGE = re.compile(r"\.(?:jpe?g|png|gif|webp|svg|mp[34]|zip|xml|rss|css|js|ico)$", re.I)
_MORE = re.compile(
    r"(?:read more|more|continue reading|weiterlesen|mehr|lire la suite|xem thêm|đọc tiếp|läs mer|"
    r"les mer|leer más|leia mais|подробнее|далее|czytaj więcej|続きを読む|もっと見る|查看更多)\W*",
    re.I,
)
_WORD = re.compile(r"\w+")
_WIDE = re.compile(f"[{letters(DENSE)}]")


class SelectorProblemError(ValueError):
    """The owner's selector is no CSS selector; the message says what is wrong with it."""


@dataclass(slots=True)
class _Link:
    """A link of the page, with what is known of it."""

    element: HtmlElement
    url: str
    text: str
    score: int = 0
    shape: tuple[str, ...] = ()
    order: int = 0


@dataclass(slots=True)
class _LinkGroup:
    """Links that stand in the same structure."""

    links: list[_Link] = field(default_factory=list)

    def are_headlines(self, enough: int) -> bool:
        """Whether most of those that say something are headlines."""
        saying = [link for link in self.links if link.text]
        good = sum(link.score >= enough for link in saying)
        return bool(good) and good * 2 >= len(saying)


def listed(tree: HtmlElement, facts: PageFacts, *, url: str, selector: str = "") -> Listing | None:
    """Return what a page lists, or None if it is no list.

    Args:
        facts: What the page says of itself, for the list's title and language.
        url: Where the page came from.
        selector: CSS; the links are what it selects, or lie in what it selects.

    Raises:
        SelectorProblemError: The selector cannot be read.
    """
    base = _base(tree, url)
    if selector:
        links = [
            _Link(element, _place(element, url, base), _text(element))
            for element in _selected(tree, selector)
        ]
        chosen = [link for link in links if link.url]
    else:
        links = list(_links(tree, url, base))
        chosen = _headlines(links)
    entries = _entries(chosen, links)
    if not selector and len(entries) < FEWEST:
        entries = _of_data(tree, url, base)
    if not selector and len(entries) < FEWEST:
        entries = _entries(_plainly_listed(tree, links), links)
    if not selector and len(entries) < FEWEST:
        return None
    return Listing(entries=entries, title=facts.title, language=facts.language)


def is_address_of_article(url: str) -> bool:
    """Whether an address alone says that it is an article's: words and a number or a date."""
    return _address_score(url, url) >= _OF_AN_ARTICLE


def check_selector(selector: str) -> None:
    """Raise SelectorProblemError if a selector cannot be read."""
    try:
        CSSSelector(selector)
    except (SelectorError, etree.XPathError) as error:
        raise SelectorProblemError(f'"{selector[:80]}" is no CSS selector: {error}') from None


def _selected(tree: HtmlElement, selector: str) -> Iterator[HtmlElement]:
    check_selector(selector)
    seen: set[HtmlElement] = set()
    for element in CSSSelector(selector)(tree)[:MOST_LINKS]:
        links = [element] if element.tag == "a" else list(element.iter("a"))
        for link in links[:MOST_LINKS]:
            if link not in seen:
                seen.add(link)
                yield link


def _base(tree: HtmlElement, url: str) -> str:
    """Return what the links of a page are relative to."""
    element = next((base for base in tree.iter("base") if base.get("href")), None)
    return url if element is None else absolute_link(element.get("href") or "", url) or url


def _of_data(tree: HtmlElement, url: str, base: str) -> tuple[Entry, ...]:
    found = (
        entry
        for entry in data_entries(tree, base)
        if _is_near(entry.url, url)
        and _address_score(entry.url, url) >= 0
        and not _NO_PAGE.search(urlsplit(entry.url).path)
    )
    return tuple(islice(found, MOST_ENTRIES))


def _links(tree: HtmlElement, url: str, base: str) -> Iterator[_Link]:
    for order, element in enumerate(_leading(tree)):
        if order >= MOST_LINKS:
            return
        link = _Link(element, _place(element, url, base), _text(element), order=order)
        link.shape = _shape(element)
        link.score = _score(link, url)
        yield link


def _leading(tree: HtmlElement) -> Iterator[HtmlElement]:
    """Yield what leads to other pages: links, and boxes that a program makes links of."""
    for element in tree.iter():
        if element.tag == "a" or (isinstance(element.tag, str) and _moves_to(element)):
            yield element


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
    if not href or href.startswith(("#", "javascript:", "mailto:", "tel:")):
        return ""
    address = absolute_link(href, base).partition("#")[0]
    if not address or address.rstrip("/") == url.partition("#")[0].rstrip("/"):
        return ""
    return "" if _NO_PAGE.search(urlsplit(address).path) else address


def _text(element: HtmlElement) -> str:
    text = _said(_headline_in(element))
    if _MORE.fullmatch(text):
        return _headline_beside(element)
    if not text:
        image = element.find(".//img")
        alt = "" if image is None else image.get("alt")
        said = element.get("title") or element.get("aria-label") or alt or ""
        text = title_text(said, markup=False)[:_MOST_TITLE]
    return text


def _said(element: HtmlElement) -> str:
    return title_text(some_text(element, 2 * _MOST_TITLE), markup=False)[:_MOST_TITLE]


def _headline_in(link: HtmlElement) -> HtmlElement:
    """Return what of a link around a whole box is the headline: its heading, or its first line."""
    headings = list(link.iter(*_HEADINGS))
    if headings:
        return max(headings, key=lambda heading: len(some_text(heading, _MOST_TITLE)))
    box = link
    while True:
        lines = [part for part in box if part.tag in _BLOCKS and some_text(part, 1)]
        loose = (box.text, *(part.tail for part in box))
        inline = (some_text(part, 1) for part in box if part not in lines)
        if not lines or any(text and text.strip() for text in (*loose, *inline)):
            return box
        if len(lines) > 1:
            return next((line for line in lines if _is_wordy(some_text(line, 80))), box)
        box = lines[0]


def _headline_beside(link: HtmlElement) -> str:
    """Return the heading, or the first wordy line, of the box that a link "Read more" ends."""
    box = link
    for _ in range(_DEEP):
        parent = box.getparent()
        if parent is None or next(islice(parent.iter("a"), 1, None), None) is not None:
            break
        box = parent
    lines = [*box.iter(*_HEADINGS), *box.iter("p", "div", "span", "td")]
    texts = (_said(line) for line in lines if not any(part.tag in _BLOCKS for part in line))
    return next((text for text in texts if _is_wordy(text) and len(text) <= _LONGEST_LINE), "")


def _is_wordy(text: str) -> bool:
    return len(_WORD.findall(text)) >= _FEWEST_WORDS or len(_WIDE.findall(text)) >= 6


def _shape(element: HtmlElement) -> tuple[str, ...]:
    """Return what the link and the elements around it are: names and first classes."""
    shape = []
    box: HtmlElement | None = element
    for _ in range(_DEEP):
        if box is None or not isinstance(box.tag, str):
            break
        classes = (box.get("class") or "").split()
        shape.append(f"{box.tag}.{classes[0] if classes else ''}")
        box = box.getparent()
    return tuple(shape)


def _score(link: _Link, url: str) -> int:
    """Return how much a link is like a headline; `_ENOUGH` is enough."""
    words = max(map(_words, (link.text, _said(link.element))))
    score = 3 if words >= 6 else 2 if words >= 4 else 0 if words == 3 else -3
    around = [link.element, *_ancestors(link.element)]
    names = {box.tag for box in around[:4]} | {
        element.tag for element in link.element.iterdescendants()
    }
    score += 3 * bool(names & _HEADINGS)
    score += 2 * any(box.tag == "article" for box in around[:8])
    score += any(_TELLING.search(_classes(box)) is not None for box in around[:3])
    if any(box.tag in _MENUS or _AROUND.search(_classes(box)) for box in around):
        score -= 4
    return score + (_address_score(link.url, url) if link.url else 0)


def _words(text: str) -> int:
    return 0 if _MORE.fullmatch(text) else len(_WORD.findall(text)) + len(_WIDE.findall(text)) // 2


def _address_score(there: str, here: str) -> int:
    parts = urlsplit(there)
    last = parts.path.rstrip("/").rpartition("/")[2]
    score = 2 if _SLUG.search(last) else 0
    score += 1 if _LONG_SLUG.search(last) else 0
    score += 2 if _NUMBERED.search(parts.path + "?" + parts.query) else 0
    score += 1 if _DOCUMENT.search(parts.path) else 0
    score -= 4 if _OF_A_TOPIC.search(parts.path) and not _NUMBERED.search(parts.path) else 0
    score -= 2 if parts.path.lower().endswith(".pdf") else 0
    if not _is_near(there, here):
        score -= 3  # advertisements and partners lead elsewhere
    return score if parts.path.strip("/") else -5


def _is_near(there: str, here: str) -> bool:
    own, other = _host(urlsplit(there).hostname), _host(urlsplit(here).hostname)
    return own == other or own.endswith("." + other) or other.endswith("." + own)


def _host(name: str | None) -> str:
    return (name or "").removeprefix("www.")


def _ancestors(element: HtmlElement) -> Iterator[HtmlElement]:
    for count, box in enumerate(element.iterancestors()):
        if count >= 12 or box.tag in ("body", "html"):
            return
        yield box


def _classes(element: HtmlElement) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''}"[:200]


def _headlines(links: list[_Link]) -> list[_Link]:
    chosen: list[_Link] = []
    for group in _groups(links):
        enough = -1 if group.are_headlines(_ENOUGH) else _ENOUGH
        chosen += (link for link in group.links if link.text and link.score >= enough)
    return sorted(chosen, key=lambda link: link.order)


def _plainly_listed(tree: HtmlElement, links: list[_Link]) -> list[_Link]:
    """Return the links of the longest list whose lines are as long as headlines, of a page of it.

    Authorities and companies list their news so: no heading, no box, and an address that tells
    nothing (`notice.php?id=7`). What has as many paragraphs of its own is an article.
    """
    plain = [group for group in _groups(links) if group.are_headlines(_ENOUGH_TOGETHER)]
    longest = max(plain, key=lambda group: len(group.links), default=_LinkGroup())
    chosen = [link for link in longest.links if link.text and link.url and link.score > 0]
    return chosen if len(chosen) > max(FEWEST, _paragraphs(tree)) else []


def _paragraphs(tree: HtmlElement) -> int:
    return sum(
        1
        for element in tree.iter("p")
        if len(some_text(element, 2 * _PROSE)) > _PROSE and element.find(".//a") is None
    )


def _groups(links: list[_Link]) -> Iterable[_LinkGroup]:
    shapes: dict[tuple[str, ...], _LinkGroup] = defaultdict(_LinkGroup)
    for link in links:
        shapes[link.shape].links.append(link)
    return shapes.values()


def _entries(chosen: list[_Link], links: list[_Link]) -> tuple[Entry, ...]:
    """Return an entry for each article: of several links to it the best one says its title."""
    best: dict[str, _Link] = {}
    for link in chosen:
        key = canonical_url(link.url) or link.url if link.url else f"\0{link.text}"
        known = best.get(key)
        if known is None or _rank(link) > _rank(known):
            if known is not None:
                link.order = known.order
            best[key] = link
    titles = {link.text for link in best.values() if link.url}
    summaries = _summaries(links, best)
    return tuple(
        Entry(url=link.url, title=link.text, summary=summaries.get(link.url, ""))
        for link in sorted(best.values(), key=lambda link: link.order)
        if link.url or (link.text not in titles and _rank(link)[0])
    )[:MOST_ENTRIES]


def _rank(link: _Link) -> tuple[bool, int, int]:
    names = {link.element.getparent().tag} if link.element.getparent() is not None else set()
    names |= {element.tag for element in link.element.iterdescendants()}
    is_shown = bool(link.text) and bool(some_text(link.element, 1))
    return bool(names & _HEADINGS), is_shown, min(len(link.text), 120)


def _summaries(links: Iterable[_Link], best: dict[str, _Link]) -> dict[str, str]:
    """Return the longest other text that links to each article: its teaser."""
    titles = {link.url: link.text for link in best.values() if link.url}
    summaries: dict[str, str] = {}
    for link in links:
        title = titles.get(link.url)
        said = _said(link.element) if title else ""
        if title and said != title and len(said) > max(60, len(summaries.get(link.url, ""))):
            summaries[link.url] = said.replace(title, "", 1).strip()
    return summaries
