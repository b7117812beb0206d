"""List pages: the links of a front or section page that lead to articles, without a feed.

No selector is needed. Each link is weighed by what it says and where it stands (in a heading, in
an article's box, in a menu); then the page's own structure decides: links that stand where most
links are headlines are headlines, too. A selector of its owner's comes before all that.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import field
from datetime import datetime
from functools import lru_cache
from itertools import islice
from urllib.parse import urlsplit

from cssselect import SelectorError
from lxml import etree
from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement

from common.records import dataclass
from ingester.entry import Entry, Listing
from ingester.pages.dates import surer_of
from ingester.pages.dom import some_text
from ingester.pages.headlines import (
    HEADINGS,
    headline_beside,
    headline_of,
    number_before,
    said,
    words,
)
from ingester.pages.listing_data import data_entries
from ingester.pages.listing_rows import ancestors, days_of, has_teaser, rows_of
from ingester.pages.metadata import PageFacts
from ingester.urls.dates import url_date
from ingester.urls.links import absolute_link
from ingester.urls.urls import canonical_url

FEWEST = 4
"""A page with fewer headlines is no list."""

MOST_LINKS = 5_000
MOST_ENTRIES = 500
_DEEP = 4
_ENOUGH = 5
_ENOUGH_TOGETHER = 3
_LEAST = -1
_PROSE = 140
_OFTEN = 3
_MANY_WORDS, _SOME_WORDS = 6, 4
_LOOKED_AT = 20
_LONGEST_MORE = 60
_OF_AN_ARTICLE = 3

_MENUS = frozenset(("nav", "footer", "header", "form", "menu"))
_TELLING = re.compile(
    r"title|headline|heading|teaser|story|entry|post|article|news|item|card", re.I
)
_AROUND = re.compile(
    r"(?:^|[\s_-])(?:sponsored|advert(?:s|isement|orial)?|promoted|nav|menu|footer|breadcrumb|sidebar|toolbar|share|social|tags?|pagination|pager|"
    r"login|search|comments?|submenu|copyright|cookie|lang|topbar)",
    re.I,
)
_SLUG = re.compile(r"[^\W_]+(?:[-_][^\W_]+){3,}")
_LONG_SLUG = re.compile(r"[^\W_]+(?:[-_]+[^\W_]+){5,}")
_NUMBERED = re.compile(r"\d{5,}|/20\d\d/\d{1,2}/|/20\d\d-\d\d")
_NUMBER_ASKED = re.compile(r"(?:^|&)(?!page|cat|m=|lang)[\w-]+=\d{2,}(?:&|$)")
_DOCUMENT = re.compile(r"\.(?:s?html?|php|aspx?|jsp|amp)$", re.I)
_OF_A_TOPIC = re.compile(
    r"/(?:tags?|topics?|themen|themas?|temas?|categor(?:y|ies)|authors?)/[^/]*[^/\d][^/]*/?$", re.I
)
_MAIN = re.compile(r"(?:main|content)(?:[-_]?content)?|container", re.I)
_MOVES = re.compile(r"location(?:\.href)?\s*=\s*['\"]([^'\"]+)")
_BOX_LINKS = ("data-href", "data-url", "data-link", "onclick")
_LEADING = etree.XPath("//a|//*[" + " or ".join(f"@{name}" for name in _BOX_LINKS) + "]")
_INNER_LINKS = ("a", *(f"*[@{name}]" for name in _BOX_LINKS))
_NO_PAGE = re.compile(r"\.(?:jpe?g|png|gif|webp|svg|mp[34]|zip|xml|rss|css|js|ico)$", re.I)


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
    is_more: bool = False
    """It says "Read more", in whatever language; `text` is that of the headline beside it."""
    beside: HtmlElement | None = None


@dataclass(slots=True)
class _LinkGroup:
    """Links that stand in the same structure."""

    links: list[_Link] = field(default_factory=list)

    def are_headlines(self, enough: int) -> bool:
        """Whether most of those that say something are headlines."""
        saying = [link for link in self.links if link.text]
        good = sum(link.score >= enough for link in saying)
        return bool(good) and good * 2 >= len(saying)


def listed(
    tree: HtmlElement,
    facts: PageFacts,
    *,
    url: str,
    selector: str = "",
    now: datetime | None = None,
) -> Listing | None:
    """Return what a page lists, or None if it is no list.

    Args:
        facts: What the page says of itself, for the list's title and language.
        url: Where the page came from.
        selector: CSS; the links are what it selects, or lie in what it selects.
        now: When it was fetched, UTC: "3 hours ago" is counted from then.

    Raises:
        SelectorProblemError: The selector cannot be read.
    """
    base = _base(tree, url)
    if selector:
        links = _links(_selected(tree, selector), url, base)
        entries = _entries([link for link in links if link.url], links, facts, now)
        return Listing(entries=entries, title=facts.title, language=facts.language)
    links = _links(_leading(tree), url, base)
    entries = _entries(_headlines(links), links, facts, now)
    if len(entries) < FEWEST:
        entries = _of_data(tree, url, base)
    if len(entries) < FEWEST:
        entries = _entries(_plainly_listed(tree, links, facts, now), links, facts, now)
    if len(entries) < FEWEST:
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


def _links(elements: Iterable[HtmlElement], url: str, base: str) -> list[_Link]:
    links = [
        _Link(element, _place(element, url, base), headline_of(element), order=order)
        for order, element in enumerate(islice(elements, MOST_LINKS))
    ]
    _read_beside(links)
    for link in links:
        link.shape = _shape(link.element)
        link.score = _score(link, url)
    for group in _groups(links):
        _drop_numbers(group.links)
    return links


def _read_beside(links: list[_Link]) -> None:
    """Give links that say "Read more" the headlines beside them.

    In any language they are those that say the same and lead to different pages.
    """
    pages: dict[str, set[str]] = defaultdict(set)
    for link in links:
        if 0 < len(link.text) <= _LONGEST_MORE:
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


def _drop_numbers(links: list[_Link]) -> None:
    """Take the places in a list from its headlines: what stands by itself before each of them."""
    numbered = [link for link in links if link.text and not link.is_more]
    if len(numbered) >= _OFTEN and all(number_before(link.element) for link in numbered):
        for link in numbered:
            link.text = link.text.removeprefix(number_before(link.element)).lstrip()


def _leading(tree: HtmlElement) -> Iterator[HtmlElement]:
    """Yield what leads to other pages: links, and boxes that a program makes links of."""
    for template in list(tree.iter("template")):
        if template.get("shadowrootmode") is None:
            template.drop_tree()  # for programs to fill in; no reader sees it
    for element in _LEADING(tree):
        if "sponsored" in (element.get("rel") or "").lower().split():
            continue  # paid for, as it says itself
        if element.tag == "a" or _moves_to(element):
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
    if not href or (href.startswith(("#", "javascript:", "mailto:", "tel:")) and href[:3] != "#!/"):
        return ""
    address = absolute_link(href, base)
    if "#!/" in address:
        return address  # such a fragment names a page (`canonical_url`)
    address = address.partition("#")[0]
    if not address or address.rstrip("/") == url.partition("#")[0].rstrip("/"):
        return ""
    return "" if _NO_PAGE.search(urlsplit(address).path) else address


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
    return score + (_address_score(link.url, url) if link.url else 0)


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
    return score if parts.path.strip("/") or _NUMBER_ASKED.search(parts.query) else -5


def _is_near(there: str, here: str) -> bool:
    own, other = _host(urlsplit(there).hostname), _host(urlsplit(here).hostname)
    return own == other or own.endswith("." + other) or other.endswith("." + own)


def _host(name: str | None) -> str:
    return (name or "").removeprefix("www.")


@lru_cache(1_000)
def _is_around(classes: str) -> bool:
    """Whether a box is called what stands around articles; boxes of a page are called alike."""
    return _AROUND.search(classes) is not None


def _classes(element: HtmlElement) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''}"[:200]


def _headlines(links: list[_Link]) -> list[_Link]:
    chosen: list[_Link] = []
    for group in _groups(links):
        enough = _LEAST if group.are_headlines(_ENOUGH) else _ENOUGH
        chosen += (link for link in group.links if link.text and link.score >= enough)
    return sorted(chosen, key=lambda link: link.order)


def _plainly_listed(
    tree: HtmlElement, links: list[_Link], facts: PageFacts, now: datetime | None
) -> list[_Link]:
    """Return the links of the longest list whose lines are as long as headlines, of a page of it.

    Authorities and companies list their news so: no heading, no box, and an address that tells
    nothing (`notice.php?id=7`). What stands in the main part of a page, or has a date or a teaser
    beside each line, need say less. What has as many paragraphs of its own is an article.
    """
    longest: list[_Link] = []
    for group in _groups(links):
        lines = [link for link in group.links if link.text and link.url and link.score >= _LEAST]
        if len(lines) > len(longest):
            enough = _ENOUGH_TOGETHER - _known_as(lines, facts, now)
            if (
                group.are_headlines(enough)
                and sum(line.score >= min(1, enough) for line in lines) >= FEWEST
            ):
                longest = lines
    return longest if len(longest) > max(FEWEST, _paragraphs(tree)) else []


def _known_as(lines: list[_Link], facts: PageFacts, now: datetime | None) -> int:
    """Return how much tells of lines that they are news, apart from what they say."""
    is_main = any(
        box.tag == "main" or box.get("role") == "main" or _MAIN.fullmatch(box.get("id") or "")
        for box in ancestors(lines[0].element)
    )
    rows = rows_of(line.element for line in lines)
    first = {line.element: rows[line.element] for line in lines[:_LOOKED_AT]}
    dated = len(days_of(first, url=facts.url, language=facts.language, now=now))
    teased = sum(has_teaser(first[line.element], line.text) for line in lines[:_LOOKED_AT])
    return is_main + (3 if 2 * dated > len(first) else 2 if 2 * teased > len(first) else 0)


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


def _entries(
    chosen: list[_Link], links: list[_Link], facts: PageFacts, now: datetime | None
) -> tuple[Entry, ...]:
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
    rows = rows_of(link.element for link in best.values())
    days = days_of(rows, url=facts.url, language=facts.language, now=now) if rows else {}
    return tuple(
        Entry(
            url=link.url,
            title=link.text,
            summary=summaries.get(link.url, ""),
            published_at=surer_of(url_date(link.url), days.get(link.element)),
        )
        for link in sorted(best.values(), key=lambda link: link.order)
        if link.url or (link.text not in titles and _rank(link)[0])
    )[:MOST_ENTRIES]


def _rank(link: _Link) -> tuple[bool, int, int]:
    names = {link.element.getparent().tag} if link.element.getparent() is not None else set()
    names |= {element.tag for element in link.element.iterdescendants()}
    is_shown = bool(link.text) and bool(some_text(link.element, 1))
    return bool(names & HEADINGS), is_shown, min(len(link.text), 120)


def _summaries(links: Iterable[_Link], best: dict[str, _Link]) -> dict[str, str]:
    """Return the longest other text that links to each article: its teaser."""
    titles = {link.url: link.text for link in best.values() if link.url}
    summaries: dict[str, str] = {}
    for link in links:
        title = titles.get(link.url)
        text = said(link.element) if title else ""
        if title and text != title and len(text) > max(60, len(summaries.get(link.url, ""))):
            summaries[link.url] = text.replace(title, "", 1).strip()
    return summaries
