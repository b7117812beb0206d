"""List pages: the links of a front or section page that lead to articles, without a feed.

No selector is needed. Each link is weighed by what it says and where it stands (in a heading, in
an article's box, in a menu); then the page's own structure decides: links that stand where most
links are headlines are headlines, too. A selector of its owner's comes before all that.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from urllib.parse import urlsplit

from cssselect import SelectorError
from lxml import etree
from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement

from ingester.entry import Entry, Listing
from ingester.pages.facts.dates import surer_of
from ingester.pages.facts.dom import some_text
from ingester.pages.facts.metadata import PageFacts
from ingester.pages.lists.addresses import address_weight, is_near
from ingester.pages.lists.data import data_entries
from ingester.pages.lists.headlines import HEADINGS, said
from ingester.pages.lists.links import (
    MOST_LINKS,
    NO_PAGE,
    Link,
    base_of,
    groups_of,
    leading,
    links_of,
)
from ingester.pages.lists.rows import ancestors, days_of, has_teaser, rows_of
from ingester.urls.dates import url_date
from ingester.urls.urls import canonical_url

FEWEST = 4
"""A page with fewer headlines is no list."""

MOST_ENTRIES = 500
_ENOUGH = 5
_ENOUGH_TOGETHER = 3
_LEAST = -1
_PROSE = 140
_LOOKED_AT = 20

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
        entries = _of_data(tree, url, base)
    if len(entries) < FEWEST:
        entries = _entries(_plainly_listed(tree, links, facts, now), links, facts, now)
    if len(entries) < FEWEST:
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


def _of_data(tree: HtmlElement, url: str, base: str) -> tuple[Entry, ...]:
    found = (
        entry
        for entry in data_entries(tree, base)
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
    return sorted(chosen, key=lambda link: link.order)


def _plainly_listed(
    tree: HtmlElement, links: list[Link], facts: PageFacts, now: datetime | None
) -> list[Link]:
    """Return the links of the longest list whose lines are as long as headlines, of a page of it.

    Authorities and companies list their news so: no heading, no box, and an address that tells
    nothing (`notice.php?id=7`). What stands in the main part of a page, or has a date or a teaser
    beside each line, need say less. What has as many paragraphs of its own is an article.
    """
    longest: list[Link] = []
    for group in groups_of(links):
        lines = [link for link in group.links if link.text and link.url and link.score >= _LEAST]
        if len(lines) > len(longest):
            enough = _ENOUGH_TOGETHER - _known_as(lines, facts, now)
            if (
                group.are_headlines(enough)
                and sum(line.score >= min(1, enough) for line in lines) >= FEWEST
            ):
                longest = lines
    return longest if len(longest) > max(FEWEST, _paragraphs(tree)) else []


def _known_as(lines: list[Link], facts: PageFacts, now: datetime | None) -> int:
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


def _rank(link: Link) -> tuple[bool, int, int]:
    names = {link.element.getparent().tag} if link.element.getparent() is not None else set()
    names |= {element.tag for element in link.element.iterdescendants()}
    is_shown = bool(link.text) and bool(some_text(link.element, 1))
    return bool(names & HEADINGS), is_shown, min(len(link.text), 120)


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
