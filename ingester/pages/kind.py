"""A page of the web read as an article or as a list of them, and the kind that polls one."""

import logging
import re
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring, tostring

from ingester.entry import Entry, Listing, ParseError, Polled
from ingester.fetch.conditional import Look, look, type_of
from ingester.fetch.ports import PAGES, Fetched, Fetcher, Reader, Robots
from ingester.kinds import Memory, SourceTools
from ingester.pages.facts.bylines import signature
from ingester.pages.facts.dates import day_counted_back, shown_date, surer_of
from ingester.pages.facts.dom import some_text
from ingester.pages.facts.metadata import PageFacts, page_facts
from ingester.pages.instead import Looks, check_article, check_list, looks_of
from ingester.pages.lists.addresses import is_address_of_article
from ingester.pages.lists.data import data_article
from ingester.pages.lists.listing import listed
from ingester.pages.refresh import RefreshFollower
from ingester.pages.text import article_text
from ingester.text.dates import parse_date
from ingester.text.encoding import decode
from ingester.text.text import one_line
from ingester.urls.dates import url_date
from storage.model import Source

LINKS = "links"
"""Among the validators of a list page: how many articles it listed when it last listed any."""
SELECTOR = "selector"
"""The same: what its owner said then about the links that count."""
_OF_ONE_READING = ("etag", "last_modified", "body", "read_at")

MAX_CHARS = 10 * 1024 * 1024
MAX_ELEMENTS = 50_000
"""Beyond it a page's text is all of its text: finding the article among so many takes minutes."""
MAX_SIBLINGS = 10_000
"""The same of what lies in one element."""
MAX_TAGS = 1_000_000
"""Beyond it no tree is built, which would take half a gigabyte: the text is all that is read."""
MAX_ATTRIBUTES = 5_000
"""Of one tag: a tree of them is built in quadratic time."""
_MAY_BE_CROWDED = 200_000
"""Characters; shorter pages cannot have so many that it matters."""
MAX_TEXT_CHARS = 100_000

_MARKUP = re.compile(
    r"<(?:!doctype\s+html|html|head|body|article|main|title|meta|div|p|h1)\b", re.I
)
_XML_DECLARATION = re.compile(r"\A\s*+<\?xml[^<>]*>")
_LOOKED_AT = 65_536
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")

_SIGNATURES = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"PK\x03\x04", "application/zip"),
    (b"\x1f\x8b", "application/gzip"),
    (b"\x7fELF", "application/octet-stream"),
)
_SENTENCES = 70
"""Characters of a paragraph that is more than a line with a date."""
_DATE_LINE = 30
_LINKS_OF_A_PAGE = 8
_LINK_TAG = re.compile(r"<(/?)a(?:\s|>|$)", re.I)
_LONGEST_LINK = 65_536

_PAGES = ("text/html", "application/xhtml+xml", "text/plain", "application/xml", "text/xml")


def read_page(
    body: bytes,
    *,
    url: str = "",
    content_type: str = "",
    now: datetime | None = None,
    is_file: bool = False,
) -> Entry:
    """Return the one article that a page is, with its text.

    Args:
        url: Where it finally came from, or "" if nobody knows.
        now: Dates in the URL that lie after it are not believed.
        is_file: Somebody wrote or saved it as a document: its one heading is its title, and
            captions are no text.

    Raises:
        ParseError: It is not a page, or has no text; the text says what it is instead.
        InsteadOfPageError: It shows something else than an article.
    """
    kind = not_a_page(body, content_type=content_type)
    if kind:
        raise ParseError(f"not a page: {kind}")
    if not body.strip():
        raise ParseError(f"empty answer ({len(body)} bytes)")
    html = _CONTROLS.sub("", decode(body, content_type=content_type).text)
    if len(html) > MAX_CHARS:
        raise ParseError(f"page over {MAX_CHARS // 1024 // 1024} MiB")
    tree = _tree(html)
    facts = PageFacts(url=url) if tree is None else page_facts(tree, url=url, is_file=is_file)
    if is_file and tree is not None:
        html = _without_captions(html, tree)
    is_small = tree is not None and _is_small(tree)
    # Looked at first, as the days shown are sought: the search for the text changes the tree.
    looks, facts = (None, facts) if tree is None or is_file else _seen(html, tree, facts, url)
    said = facts.published_at
    if tree is not None and is_small and (said is None or not (said.hour or said.minute)):
        said = surer_of(said, shown_date(tree, facts.url, now, language=facts.told_in))
    if said is None and tree is not None and is_small and now is not None:
        said = day_counted_back(tree, facts.url, now, language=facts.told_in)
    published = said or _guessed_date(tree if is_small else None, facts.url, now)
    text = article_text(html, tree if is_small else None, facts, url)
    if looks is not None:
        check_article(looks, facts, text, is_dated=said is not None)
    if not text and not facts.title:
        raise ParseError("a page without text: nothing to take in")
    return Entry(
        url=facts.url,
        title=one_line(facts.title) or text.partition("\n")[0][:200],
        summary=facts.summary,
        text=text[:MAX_TEXT_CHARS],
        language=facts.language,
        authors=facts.authors or signature(text),
        published_at=published,
        updated_at=facts.updated_at,
    )


def _without_captions(html: str, tree: HtmlElement) -> str:
    """Return a page without what stands below its pictures; they are taken out of the tree."""
    captions = list(tree.iter("figcaption"))
    for caption in captions:
        caption.drop_tree()
    return tostring(tree, encoding="unicode") if captions else html


def _seen(html: str, tree: HtmlElement, facts: PageFacts, url: str) -> tuple[Looks, PageFacts]:
    """Return how a page looks, and what it says of itself: also what its program would draw."""
    looks = looks_of(html, tree, facts, url)
    known = None
    if not facts.body:
        known = data_article(tree, facts.title, facts.url, language=facts.told_in)
    if known is None:
        return looks, facts
    return looks, replace(
        facts,
        body=known.body,
        published_at=facts.published_at or known.published_at,
        authors=facts.authors or known.authors,
    )


def read_listing(
    body: bytes,
    *,
    url: str,
    content_type: str = "",
    selector: str = "",
    now: datetime | None = None,
) -> Listing | None:
    """Return the articles that a front or section page lists, or None if it is no such page.

    Args:
        url: Where it finally came from.
        selector: Its owner's CSS for the links: then the page is a list, whatever it looks like.
        now: When it was fetched, UTC: "3 hours ago" is counted from then.

    Raises:
        ParseError: It is not a page.
        InsteadOfPageError: It says of itself that it is something else.
        SelectorProblemError: The selector cannot be read.
    """
    kind = not_a_page(body, content_type=content_type)
    if kind:
        raise ParseError(f"not a page: {kind}")
    html = _CONTROLS.sub("", decode(body, content_type=content_type).text)[:MAX_CHARS]
    tree = _tree(_without_cut_link(html))
    if tree is None:
        return None
    facts = page_facts(tree, url=url, is_list=True)
    is_front = url and not url.partition("//")[2].partition("/")[2].partition("?")[0]
    says_article = facts.is_article or is_address_of_article(url)
    if says_article and not is_front and not selector:
        return None
    check_list(tree, facts)
    return listed(tree, facts, url=url, selector=selector, now=now)


def _without_cut_link(html: str) -> str:
    """Return a page that stops within a link without it: half a headline is another one."""
    tags = [*_LINK_TAG.finditer(html, max(0, len(html) - _LONGEST_LINK))]
    return html[: tags[-1].start()] if tags and not tags[-1][1] else html


class PageKind:
    """Implements `ingester.kinds.SourceKind` for a page: one article, or a list of articles."""

    def __init__(
        self,
        fetcher: Fetcher,
        now: Callable[[], datetime],
        *,
        robots: Robots | None = None,
        reader: Reader | None = None,
    ) -> None:
        self._read_page = reader.read_page if reader else read_page
        self._fetcher = RefreshFollower(fetcher, robots, self._read_page)
        self._now = now
        self._robots = robots
        self._read_listing = reader.read_listing if reader else read_listing

    def poll(self, source: Source, memory: Memory) -> Polled:
        del memory
        if self._robots and (refusal := self._robots.refusal(source.url)):
            raise refusal
        selector = source.options.get("selector", "")
        asked = _without_reading(source) if _is_read_otherwise(source, selector) else source
        seen = look(self._fetcher, asked, now=self._now(), accept=PAGES)
        if seen.fetched is None:
            return seen.unchanged()
        fetched = seen.fetched
        listing = self._read_listing(
            fetched.body,
            url=fetched.url,
            content_type=type_of(fetched),
            selector=selector,
            now=self._now(),
        )
        if listing is not None or selector or LINKS in source.validators:
            if not (listing and listing.entries):
                self._check(fetched)
            polled = _listed(seen, listing, was=source.validators.get(LINKS), selector=selector)
            was_article = source.baseline_done and LINKS not in source.validators
            return _anew(polled) if was_article and polled.entries else polled
        entry = self._read_page(
            fetched.body, url=fetched.url, content_type=type_of(fetched), now=self._now()
        )
        notices = ("the page stops in the middle (truncated)",) if fetched.truncated else ()
        polled = Polled(
            entries=(entry,),
            title=entry.title,
            language=entry.language,
            notices=notices,
            complete=True,
        )
        return seen.result(polled, whole=not fetched.truncated)

    def _check(self, fetched: Fetched) -> None:
        """Refuse a page that lists nothing because it is something else, as it says itself.

        Raises:
            ParseError: It shows something else than what was asked for.
        """
        try:
            self._read_page(fetched.body, url=fetched.url, content_type=type_of(fetched))
        except ParseError as error:
            if error.kind:
                raise


def make(tools: SourceTools) -> PageKind:
    """Return the kind as `ingester.kinds` wants it."""
    return PageKind(tools.fetcher, tools.now, robots=tools.robots, reader=tools.reader)


def _is_read_otherwise(source: Source, selector: str) -> bool:
    return source.validators.get(SELECTOR, "") != selector


def _without_reading(source: Source) -> Source:
    """Return the source as if its page had never been read: what counts in it has changed."""
    kept = {k: v for k, v in source.validators.items() if k not in _OF_ONE_READING}
    return replace(source, validators=kept)


def _listed(seen: Look, listing: Listing | None, *, was: str | None, selector: str) -> Polled:
    """Return the result of a poll of a list page; that it has lost its links is said."""
    assert seen.fetched is not None
    entries = tuple(entry for entry in listing.entries if entry.url) if listing else ()
    notices = []
    if not entries:
        how = "the selector finds" if selector else "the page lists"
        before = f" (was {was})" if was else ""
        notices.append(
            f"{how} 0 articles{before}: the site may have changed; look at it, and give the source "
            "another address or --selector"
        )
    if seen.fetched.truncated:
        notices.append("the page stops in the middle (truncated)")
    polled = Polled(
        entries=entries,
        title=listing.title if listing else "",
        language=listing.language if listing else "",
        notices=tuple(notices),
    )
    result = seen.result(polled, whole=not seen.fetched.truncated)
    links = str(len(entries)) if entries else was
    kept = {name: value for name, value in ((LINKS, links), (SELECTOR, selector)) if value}
    return replace(result, validators={**result.validators, **kept})


def _anew(polled: Polled) -> Polled:
    """Return the first list of a page that was an article before, whose links may be old."""
    text = (
        "the page was read as one article before and is read as a list of them from now on: "
        "what it lists already raises no alerts"
    )
    return replace(polled, anew=True, notices=(*polled.notices, text))


def not_a_page(body: bytes, *, content_type: str = "") -> str:
    """Return what the bytes are instead of a page ("application/pdf"), or "" if they may be one."""
    for start, kind in _SIGNATURES:
        if body.startswith(start):
            return kind
    said = content_type.partition(";")[0].strip().lower()
    if said and said not in _PAGES and not looks_like_page(body):
        return said[:80]
    if b"\x00" in body[:1024] and not decode(body[:64]).text.lstrip().startswith("<"):
        return "application/octet-stream"
    return ""


def looks_like_page(body: bytes) -> bool:
    """Tell by the content alone whether it is HTML."""
    return bool(_MARKUP.search(decode(body[:_LOOKED_AT]).text))


def _is_small(tree: HtmlElement) -> bool:
    """Whether to look for the article in it: that is quadratic in what lies side by side."""
    for count, element in enumerate(tree.iter()):
        if count >= MAX_ELEMENTS or len(element) > MAX_SIBLINGS:
            return False
    return True


class _Crowd:
    """Looks for the tag with the most attributes while libxml2 reads; no tree is built."""

    def __init__(self) -> None:
        self.most = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        del tag
        self.most = max(self.most, len(attributes))

    def end(self, tag: str) -> None:
        """Says nothing of attributes."""

    def data(self, text: str) -> None:
        """Neither does text."""

    def close(self) -> int:
        return self.most


def _check_attributes(html: str) -> None:
    parser = HTMLParser(target=_Crowd(), encoding="utf-8", no_network=True)
    try:
        most: int = etree.fromstring(html.encode(), parser)
    except etree.XMLSyntaxError:
        return  # nothing in it that could have attributes
    if most > MAX_ATTRIBUTES:
        raise ParseError(f"a tag of the page has over {MAX_ATTRIBUTES:,} attributes")


def _tree(html: str) -> HtmlElement | None:
    parser = HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, collect_ids=False
    )
    if html.count("<") > MAX_TAGS:
        return None
    if len(html) > _MAY_BE_CROWDED:
        _check_attributes(html)
    try:
        tree = document_fromstring(_XML_DECLARATION.sub("", html, count=1).encode(), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None  # nothing in it that could be an element
    for template in tree.iter("template"):
        if template.get("shadowrootmode") is not None:
            template.tag = "div"  # browsers show it where it stands
    for form in tree.iterfind("body/form"):
        if sum(1 for _ in islice(form.iter("a"), _LINKS_OF_A_PAGE)) == _LINKS_OF_A_PAGE:
            form.tag = "div"  # the whole page, as ASP.NET makes it
    return tree


def _guessed_date(tree: HtmlElement | None, url: str, now: datetime | None) -> datetime | None:
    """Return the day that a page most likely is of which says none: as shown, or in its URL."""
    shown = None if tree is None else _found_date(tree, url, now)
    return shown or (url_date(url, now=now) if url else None)


def _found_date(tree: HtmlElement, url: str, now: datetime | None) -> datetime | None:
    """Return the day that a page shows outside of its article's sentences, found by htmldate."""
    from htmldate import find_date

    shown = deepcopy(tree)
    for paragraph in list(shown.iter("p", "li", "blockquote")):
        # What sentences date is what they tell of; a date line stands before them.
        if len(start := some_text(paragraph, _SENTENCES)) == _SENTENCES:
            paragraph.clear(keep_tail=True)
            paragraph.text = start[:_DATE_LINE]
    for heading in list(shown.iter("title", "h1")):
        heading.clear(keep_tail=True)
    for footer in list(shown.iter("footer")):
        # An article's own may date it; the site's dates the site.
        if not any(box.tag in ("article", "main") for box in footer.iterancestors()):
            footer.clear(keep_tail=True)
    logging.getLogger("htmldate").setLevel(logging.CRITICAL)
    latest = None if now is None else now + timedelta(days=1)
    date = find_date(
        shown, extensive_search=True, original_date=True, url=url or None, max_date=latest
    )
    # The first of January is what it makes of a year alone, which may be that of a copyright.
    return parse_date(date) if date and not date.endswith("-01-01") else None
