"""What a page says about itself in its head: JSON-LD, meta elements, links."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lxml.html import HtmlElement

from common.records import dataclass
from ingester.pages.facts.authors import page_authors
from ingester.pages.facts.dates import PUBLISHED, UPDATED, stated_date
from ingester.pages.facts.json_ld import PageData, is_whole_page, page_data, string
from ingester.pages.facts.title import host_label, name_at_end, only_heading, page_title
from ingester.text.language import primary
from ingester.text.titles import title_text
from ingester.urls.links import absolute_link
from ingester.urls.zones import language_of_letters


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFacts:
    """What a page claims, each "" or None where it claims nothing.

    Attributes:
        titles: All that it calls the article, the title among them or not.
        url: Its canonical address, absolute.
        told_in: `language`, or what the letters of its title tell: whose zone its times are in.
        body: The article's text as JSON-LD carries it for some sites.
        is_article: It says that it is one article, not a front or section page.
    """

    title: str = ""
    titles: tuple[str, ...] = ()
    url: str = ""
    language: str = ""
    told_in: str = ""
    authors: tuple[str, ...] = ()
    summary: str = ""
    body: str = ""
    published_at: datetime | None = None
    updated_at: datetime | None = None
    is_article: bool = False


def page_facts(
    tree: HtmlElement, *, url: str, is_file: bool = False, is_list: bool = False
) -> PageFacts:
    """Return what a parsed page says of itself; the first of JSON-LD, meta and markup that does.

    Args:
        is_file: The one heading is the title, whatever its head says.
        is_list: Nobody asks who wrote it: authors are not sought.
    """
    meta = _metas(tree)
    data = page_data(tree)
    linked = data.article
    site = title_text(_first(meta, ("og:site_name", "application-name")), markup=True)
    address = _canonical(tree, meta, url)
    language = _language(tree, meta, linked)
    published = _either(linked, "datePublished", "dateCreated")
    updated = string(linked.get("dateModified"))
    sites = (site, _publisher(data), host_label(address), name_at_end(tree))
    title = (only_heading(tree, site) if is_file else "") or page_title(
        tree, meta, headline=string(linked.get("headline")), site=site, url=address
    )
    told = language or language_of_letters(title)
    return PageFacts(
        title=title,
        titles=tuple(
            title_text(headline, markup=True)
            for headline in (string(linked.get("headline")), *meta.get("og:title", ())[:3])
        ),
        url=address,
        language=language,
        told_in=told,
        authors=() if is_list else page_authors(tree, meta, data, sites, language=language),
        summary=title_text(
            _first(meta, ("og:description", "description", "twitter:description")), markup=True
        ),
        body=data.body,
        published_at=stated_date(published, meta, PUBLISHED, url=address, language=told)
        or stated_date(string(linked.get("uploadDate")), {}, (), url=address, language=told),
        updated_at=stated_date(updated, meta, UPDATED, url=address, language=told),
        is_article=_first(meta, ("og:type",)).lower().startswith("article")
        or ("headline" in linked and not is_whole_page(linked)),
    )


def _metas(tree: HtmlElement) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop")
        content = (element.get("content") or "").strip()
        if name and content and len(values) < 500:
            # Several names may share one element; readers of Open Graph split at blanks.
            for part in name.lower().split()[:4]:
                values.setdefault(part, []).append(content)
    return values


def _first(meta: Mapping[str, list[str]], names: tuple[str, ...]) -> str:
    return next((meta[name][0] for name in names if name in meta), "")


def _canonical(tree: HtmlElement, meta: Mapping[str, list[str]], url: str) -> str:
    for element in tree.iter("link"):
        if "canonical" in (element.get("rel") or "").lower().split():
            address = absolute_link(element.get("href") or "", url)
            if address and not _is_front_page(address, url):
                return address
    address = absolute_link(_first(meta, ("og:url",)), url)
    return address if address and not _is_front_page(address, url) else url


def _is_front_page(address: str, url: str) -> bool:
    """Tell a canonical link that would make every page of the site the same one."""
    path = address.partition("//")[2].partition("/")[2].strip("/")
    own = url.partition("//")[2].partition("/")[2].strip("/")
    return not path and bool(own)


def _language(tree: HtmlElement, meta: Mapping[str, list[str]], linked: Mapping[str, Any]) -> str:
    html = tree if tree.tag == "html" else tree.find(".//html")
    own = "" if html is None else html.get("lang") or html.get("xml:lang") or ""
    other = _first(meta, ("og:locale", "content-language", "language", "inlanguage"))
    for said in (own, other, string(linked.get("inLanguage"))):
        if primary(said):
            return said.strip().replace("_", "-")[:35]
    return ""


def _either(linked: Mapping[str, Any], *names: str) -> str:
    return next((said for name in names if (said := string(linked.get(name)))), "")


def _publisher(data: PageData) -> str:
    publisher = data.article.get("publisher")
    if not isinstance(publisher, dict):
        return string(publisher)
    return string(publisher.get("name")) or string(
        data.named.get(str(publisher.get("@id")), {}).get("name")
    )
