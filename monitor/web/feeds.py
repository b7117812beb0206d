"""Feeds out: what rules have found, a tag or a search, as Atom and as JSON Feed."""

import json
import re
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from hashlib import sha256
from urllib.parse import quote

from lxml import etree
from starlette.requests import Request
from starlette.responses import Response

from common.records import dataclass
from common.words.registry import words_of
from monitor.base.errors import Missing, Refusal
from monitor.base.times import show_instant
from monitor.services.alerts import raised
from monitor.services.rules.rules import rule_named
from monitor.services.search import Search
from monitor.stories.carried import Carried, carried_by, publisher_of
from monitor.web.base.desk import Desk
from monitor.web.base.mounted import root_of
from monitor.web.base.render import filters
from monitor.web.feed_text import LONGEST, told
from monitor.web.pages.search import FILTERS, request_of
from notifiers.content.sanitize import is_seen, one_line, safe_link
from storage.api.storage import Transaction
from storage.model import Alert, Article, Evidence, stable_id

SHOWN = 50
_LOOKED_AT = 1_000
"""So many of the newest alerts are looked at for a tag."""

ATOM = "http://www.w3.org/2005/Atom"
JSON_FEED = "https://jsonfeed.org/version/1.1"
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of a feed.

    Attributes:
        html: What it says to its reader, as `monitor.web.feed_text.told` returns it.
    """

    id: str
    at: datetime
    article: Article
    source: str
    html: str
    tags: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """Its article's, as one line; where that is none that shows, where it leads to."""
        title = one_line(self.article.title)
        return title if is_seen(title) else safe_link(self.article.url) or "(no title)"

    @property
    def text(self) -> str:
        """What its article says, or the beginning of it."""
        said = (self.article.summary or self.article.text)[:LONGEST]
        return "\n".join(map(one_line, said.split("\n")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed; `id` is the same for as long as it tells of the same."""

    id: str
    title: str
    entries: tuple[Entry, ...]

    @property
    def updated_at(self) -> datetime | None:
        """When its newest entry came; None while there is none."""
        return max((entry.at for entry in self.entries), default=None)


Source = Callable[[Desk, Request], Feed]


def of_rule(desk: Desk, request: Request) -> Feed:
    """Return what a rule has found."""
    with desk.app.storage.reading() as tx:
        rule = rule_named(tx, request.path_params["id"])
        entries = _entries(desk, tx, tx.alerts.recent(rule_id=rule.id, limit=SHOWN))
    return Feed(id=f"rule:{rule.id}", title=rule.name, entries=entries)


def of_tag(desk: Desk, request: Request) -> Feed:
    """Return what the rules with a tag have found."""
    tag = request.path_params["id"]
    with desk.app.storage.reading() as tx:
        ids = {rule.id for rule in tx.rules.outlines() if tag in rule.tags}
        if not ids:
            raise Missing("no rule has this tag", word=tag)
        recent = tx.alerts.recent(limit=_LOOKED_AT)
        entries = _entries(desk, tx, [one for one in recent if one.rule_id in ids][:SHOWN])
    return Feed(id=f"tag:{stable_id('tag', tag)}", title=tag, entries=entries)


def of_search(desk: Desk, request: Request) -> Feed:
    """Return the newest that a search finds."""
    chosen = filters(request.query_params, FILTERS)
    if not chosen["query"]:
        raise Refusal("query: expected a query")
    hits = Search(desk.app.storage, request_of(desk, chosen, 0)).newest(SHOWN)
    entries = tuple(
        Entry(
            id=hit.article.id,
            at=hit.article.first_seen_at,
            article=hit.article,
            source=hit.source.name,
            html=_told(
                desk,
                hit.article,
                hit.match.evidence,
                source=hit.source.name,
                publisher=publisher_of(hit.article, hit.source),
            ),
        )
        for hit in hits
    )
    key = stable_id("search", *(chosen[name] for name in FILTERS))
    return Feed(id=f"search:{key}", title=chosen["query"], entries=entries)


def _told(
    desk: Desk,
    article: Article,
    evidence: Sequence[Evidence],
    *,
    source: str,
    publisher: str,
    carried: Carried | None = None,
    written_in: Collection[str] = (),
) -> str:
    words, zone = words_of(desk.app.config.message_language), desk.app.config.zone
    outlet = f"{source} ({publisher})" if publisher else source
    return told(
        article,
        evidence,
        source=outlet,
        carried=carried,
        words=words,
        written_in=written_in,
        zone=zone,
    )


def _entries(desk: Desk, tx: Transaction, alerts: Sequence[Alert]) -> tuple[Entry, ...]:
    told_by = carried_by(tx, {alert.story_id for alert in alerts})
    return tuple(
        Entry(
            id=each.alert.id,
            at=each.alert.raised_at,
            article=each.article,
            source=each.source_name,
            html=_told(
                desk,
                each.article,
                each.alert.evidence,
                source=each.source_name,
                publisher=each.publisher,
                carried=told_by[each.alert.story_id],
                written_in=each.written_in,
            ),
            tags=(each.rule_name,),
        )
        for each in raised(tx, alerts)
        if each.article is not None
    )


def atom(source: Source) -> Callable[[Desk, Request], Response]:
    """Return the page that answers with a feed as Atom."""

    def show(desk: Desk, request: Request) -> Response:
        feed = source(desk, request)
        root = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})
        _add(root, "title", f"Monitor: {feed.title}")
        _add(root, "id", f"urn:newsroom-monitor:{feed.id}")
        _add(root, "updated", show_instant(feed.updated_at) or "1970-01-01T00:00:00Z")
        _add(root, "link", rel="self", href=_own_address(request))
        for entry in feed.entries:
            _add_entry(root, entry)
        body = etree.tostring(root, xml_declaration=True, encoding="utf-8")
        return _answer(request, body, "application/atom+xml")

    return show


def _add(parent: etree._Element, name: str, text: str = "", **attributes: str) -> etree._Element:
    child = etree.SubElement(parent, f"{{{ATOM}}}{name}")
    for key, value in attributes.items():
        child.set(key, _NOT_IN_XML.sub("", value))
    child.text = _NOT_IN_XML.sub("", text) or None
    return child


def _add_entry(root: etree._Element, entry: Entry) -> None:
    element = _add(root, "entry")
    article = entry.article
    _add(element, "title", entry.title, type="text")
    _add(element, "id", f"urn:newsroom-monitor:{entry.id}")
    _add(element, "updated", show_instant(entry.at) or "")
    if article.published_at:
        _add(element, "published", show_instant(article.published_at) or "")
    if link := safe_link(article.url):
        _add(element, "link", rel="alternate", href=link)
    _add(_add(element, "author"), "name", entry.source)
    for tag in entry.tags:
        _add(element, "category", term=tag)
    _add(element, "summary", entry.text, type="text")
    _add(element, "content", entry.html, type="html")


def as_json(source: Source) -> Callable[[Desk, Request], Response]:
    """Return the page that answers with a feed as JSON Feed."""

    def show(desk: Desk, request: Request) -> Response:
        feed = source(desk, request)
        body = {
            "version": JSON_FEED,
            "title": f"Monitor: {feed.title}",
            "feed_url": _own_address(request),
            "items": [_item(entry) for entry in feed.entries],
        }
        return _answer(request, json.dumps(body).encode(), "application/feed+json")

    return show


def _item(entry: Entry) -> dict[str, object]:
    article = entry.article
    item: dict[str, object] = {
        "id": f"urn:newsroom-monitor:{entry.id}",
        "title": entry.title,
        "content_text": entry.text,
        "content_html": entry.html,
        "date_published": show_instant(entry.at),
        "authors": [{"name": entry.source}],
        "tags": list(entry.tags),
    }
    if article.language:
        item["language"] = article.language
    if link := safe_link(article.url):
        item["url"] = link
    return item


_OF_AN_ADDRESS = ":/?#[]@!$&'()*+,;=%"


def _own_address(request: Request) -> str:
    """Return where the feed is, without what lets somebody in."""
    own = request.url.remove_query_params("token")
    own = own.replace(path=root_of(request) + own.path)
    return quote(str(own), safe=_OF_AN_ADDRESS)


def _answer(request: Request, body: bytes, media_type: str) -> Response:
    tag = f'"{sha256(body).hexdigest()[:24]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=media_type, headers=headers)


PAGES: dict[str, Callable[[Desk, Request], Response]] = {
    "/feeds/search.atom": atom(of_search),
    "/feeds/search.json": as_json(of_search),
    "/feeds/tags/{id}.atom": atom(of_tag),
    "/feeds/tags/{id}.json": as_json(of_tag),
    "/feeds/{id}.atom": atom(of_rule),
    "/feeds/{id}.json": as_json(of_rule),
}
"""What GET answers for readers of feeds."""
