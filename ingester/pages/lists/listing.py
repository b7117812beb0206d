"""List pages: the links of a front or section page that lead to articles, without a feed.

No selector is needed. Each link is weighed by what it says and where it stands (in a heading, in
an article's box, in a menu); then the page's own structure decides: links that stand where most
links are headlines are headlines, too. A selector of its owner's comes before all that.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from urllib.parse import urlsplit

from cssselect import SelectorError
from lxml import etree
from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement

from ingester.entry import Entry, Listing
from ingester.pages.facts.dom import some_text
from ingester.pages.facts.metadata import PageFacts
from ingester.pages.lists.addresses import address_weight, common_make, is_near, make_of
from ingester.pages.lists.data import data_entries
from ingester.pages.lists.headlines import HEADINGS, TITLE, said, words
from ingester.pages.lists.links import (
    MOST_LINKS,
    NO_PAGE,
    Link,
    LinkGroup,
    base_of,
    groups_of,
    leading,
    links_of,
)
from ingester.pages.lists.rows import (
    ancestors,
    days_of,
    days_with_addresses,
    has_clock,
    has_teaser,
    rows_of,
    with_clocks,
)
from ingester.urls.dates import home_zone
from ingester.urls.urls import canonical_url

FEWEST = 4
"""A page with fewer headlines is no list."""

FEWEST_DATED = 3
"""Unless each has its date beside it, and nothing else is told."""

MOST_ENTRIES = 500
_ENOUGH = 5
_ENOUGH_TOGETHER = 3
_ENOUGH_OF_A_MAKE = 2
_LEAST = -1
_LEAST_SHORT = -4
_FEWEST_OWN = 2
"""Words of a headline, beside which what stands beside another link does not count."""
_AHEAD = timedelta(days=1)
_PROSE = 140
_LOOKED_AT = 20

_CALLED = ("class", "itemprop", "data-testid")
_WITH_FIGURES = re.compile(r"\S*\d\S*")
_MAIN = re.compile(r"(?:main|content)(?:[-_]?content)?|container", re.I)


class SelectorProblemError(ValueError):
    """The owner's selector is no CSS selector; the message says what is wrong with it."""


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
    base = base_of(tree, url)
    if selector:
        links = links_of(_selected(tree, selector), url, base)
        entries = _entries([link for link in links if link.url], links, facts, now)
        return Listing(entries=entries, title=facts.title, language=facts.language)
    links = links_of(leading(tree), url, base)
    entries = _entries(_headlines(links), links, facts, now)
    if len(entries) < FEWEST:
        entries = _of_data(tree, url, base, facts.told_in)
    if len(entries) < FEWEST:
        entries = _entries(_plainly_listed(tree, links, facts, now), links, facts, now)
    if not entries:
        return None
    return Listing(entries=entries, title=facts.title, language=facts.language)


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


def _of_data(tree: HtmlElement, url: str, base: str, language: str) -> tuple[Entry, ...]:
    found = (
        entry
        for entry in data_entries(tree, base, language=language)
        if is_near(entry.url, url)
        and address_weight(entry.url, url) >= 0
        and not NO_PAGE.search(urlsplit(entry.url).path)
    )
    return tuple(islice(found, MOST_ENTRIES))


def _headlines(links: list[Link]) -> list[Link]:
    chosen: list[Link] = []
    for group in groups_of(links):
        enough = _LEAST if group.are_headlines(_ENOUGH) else _ENOUGH
        chosen += (link for link in group.links if link.text and link.score >= enough)
    if make := common_make([link.url for link in chosen if link.url]):
        known = set(map(id, chosen))
        shapes = {link.shape for link in chosen}
        chosen += (
            link
            for link in links
            if link.text and id(link) not in known
            if link.score >= (_LEAST if link.shape in shapes else _ENOUGH_OF_A_MAKE)
            if make_of(link.url) == make
        )
    return sorted(chosen, key=lambda link: link.order)


def _plainly_listed(
    tree: HtmlElement, links: list[Link], facts: PageFacts, now: datetime | None
) -> list[Link]:
    """Return the links of the longest list whose lines are as long as headlines, of a page of it.

    Authorities and companies list their news so: no heading, no box, and an address that tells
    nothing (`notice.php?id=7`). What stands in the main part of a page, or has a date or a teaser
    beside each line, need say less, and so need addresses of one make, each with a number. What
    has as many paragraphs of its own is an article.
    """
    longest: list[Link] = []
    most = FEWEST_DATED - 1
    for group in groups_of(links):
        lines = _lines(group, _LEAST)
        with_short = _lines(group, _LEAST_SHORT)
        looked_at = with_short if 2 * len(lines) >= len(with_short) else lines
        if _pages(looked_at) <= most:
            continue
        around = _Around(looked_at, facts, now)
        if around.tells_of_short:
            lines = looked_at
        pages = _pages(lines)
        enough = _ENOUGH_TOGETHER - around.tells
        good = _pages(line for line in lines if line.score >= min(1, enough))
        if not group.are_headlines(enough) or 2 * good < pages or good < FEWEST_DATED - 1:
            continue
        if pages > max(most, FEWEST) or (pages > most and around.is_each_dated):
            longest, most = lines, pages
    paragraphs = _paragraphs(tree, longest)
    return longest if paragraphs < (most if most > FEWEST else FEWEST_DATED - 1) else []


class _Around:
    """What stands around the lines of a list and tells that they are news."""

    def __init__(self, lines: list[Link], facts: PageFacts, now: datetime | None) -> None:
        self._lines = lines
        rows = rows_of({line.url: line.element for line in lines}.values())
        first = dict(islice(rows.items(), _LOOKED_AT))
        days = days_of(first, url=facts.url, language=facts.told_in, now=now)
        latest = None if now is None else now + _AHEAD
        come = [day for day in days.values() if latest is None or day <= latest]
        self.is_each_dated = len(days) == len(first) and bool(come)
        """What is still to come, each of it, is a calendar."""
        self._is_of_a_make = bool(common_make([line.url for line in lines]))
        self.tells = self._is_main() + self._told(first, len(days))

    def _is_main(self) -> bool:
        return any(
            box.tag == "main" or box.get("role") == "main" or _MAIN.fullmatch(box.get("id") or "")
            for box in ancestors(self._lines[0].element)
        )

    def _told(self, rows: dict[HtmlElement, HtmlElement], dated: int) -> int:
        if 2 * dated > len(rows):
            return 3
        said = {line.element: line.text for line in self._lines}
        teased = sum(has_teaser(row, said[link]) for link, row in rows.items())
        if 2 * teased > len(rows):
            return 2
        timed = sum(has_clock(row) for row in rows.values())
        return (2 + (2 * timed > len(rows))) if self._is_of_a_make else 0

    @property
    def tells_of_short(self) -> bool:
        """Whether lines of a word or two are news as well: much tells of each of them."""
        return self.is_each_dated or self._is_of_a_make


def _lines(group: LinkGroup, least: int) -> list[Link]:
    return [link for link in group.links if link.text and link.url and link.score >= least]


def _pages(lines: Iterable[Link]) -> int:
    """Return to how many pages some lines lead."""
    return len({line.url for line in lines})


def _paragraphs(tree: HtmlElement, lines: list[Link]) -> int:
    """Return how many long paragraphs without a link a page has outside the rows of its list."""
    rows = set(rows_of(line.element for line in lines).values()) if lines else set()
    return sum(
        1
        for element in tree.iter("p")
        if len(some_text(element, 2 * _PROSE)) > _PROSE
        and element.find(".//a") is None
        and rows.isdisjoint(ancestors(element))
    )


def _entries(
    chosen: list[Link], links: list[Link], facts: PageFacts, now: datetime | None
) -> tuple[Entry, ...]:
    """Return an entry for each article: of several links to it the best one says its title."""
    best: dict[str, Link] = {}
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
    shown = days_of(rows, url=facts.url, language=facts.told_in, now=now) if rows else {}
    days = days_with_addresses({link.element: link.url for link in best.values()}, shown)
    days = with_clocks(rows, days, home_zone(facts.url, facts.told_in))
    return tuple(
        Entry(
            url=link.url,
            title=link.text,
            summary=summaries.get(link.url, ""),
            published_at=days.get(link.element),
        )
        for link in sorted(best.values(), key=lambda link: link.order)
        if link.url or (link.text not in titles and _rank(link)[0])
    )[:MOST_ENTRIES]


def _rank(link: Link) -> tuple[bool, bool, bool, bool, int, int]:
    names = {link.element.getparent().tag} if link.element.getparent() is not None else set()
    names |= {element.tag for element in link.element.iterdescendants()}
    is_shown = bool(link.text) and bool(some_text(link.element, 1))
    said = _said_in(link.text)
    # What stands beside "Read more" may be more than the headline.
    is_own = said >= _FEWEST_OWN and not link.is_more
    is_called = any(TITLE.search(link.element.get(name) or "") for name in _CALLED)
    return bool(names & HEADINGS), is_shown, is_own, is_called, said, min(len(link.text), 120)


def _said_in(text: str) -> int:
    """Return how many words a text says without figures, up to what a headline has at least."""
    return min(FEWEST, words(_WITH_FIGURES.sub("", text)))


def _summaries(links: Iterable[Link], best: dict[str, Link]) -> dict[str, str]:
    """Return the longest other text that links to each article: its teaser."""
    titles = {link.url: link.text for link in best.values() if link.url}
    summaries: dict[str, str] = {}
    for link in links:
        title = titles.get(link.url)
        text = said(link.element) if title else ""
        if title and text != title and len(text) > max(60, len(summaries.get(link.url, ""))):
            summaries[link.url] = text.replace(title, "", 1).strip()
    return summaries
