"""Who wrote the article on a page."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from lxml.html import HtmlElement

from ingester.pages.facts.bylines import bylines, in_data, linked_names, signed, unlabelled
from ingester.pages.facts.dom import around_headings, folded, is_elsewhere, pieces, some_text
from ingester.pages.facts.json_ld import PageData
from ingester.pages.facts.names import (
    LONGEST,
    LONGEST_BYLINE,
    is_plainly_name,
    people,
    shortened,
    undated,
    without_by,
)
from ingester.text.titles import title_text

_META = (
    "dc:creator",
    "dc.creator",
    "dcterms.creator",
    "author",
    "article:author",
    "byl",
    "parsely-author",
    "cxenseparse:author",
    "sailthru.author",
    "articleauthor",
    "dable:author",
    "mrf:authors",
    "citation_author",
)
_MOST = 20
_MOST_MARKED = 400

_WRITTEN = re.compile(
    r"written|\bby\b|verfasst|geschrieben|autor|auteur|écrit|escrito|scritto|geschreven|napisan|"
    r"skriven|skrevet|tác giả|được viết|автор|著者|執筆|作者",
    re.I,
)
_MARKED = re.compile(
    r"(?:^|[\s_-])(?:(?:entry|post|article|story|document|by|meta|news|news-list)[_-]*)?"
    r"(?:authors?|byline|bylines|autor(?:en|es|in)?|auteurs?|writer|redakteur|redaktor|verfasser|"
    r"szerzők?|szerzo|yazar|kirjoittaja|toimittaja|tac-?gia|skribent|forfatter|reporter|"
    r"journalist|periodista|giornalista|redactor|contributors?|correspondent|autoria|"
    r"(?:created|written|posted)[_-]?by|authorbold|authorname|author-?line|penulis|"
    r"wartawan|muhabir|avtor|firma|signature|assinatura|novinar|jurnalist|author-\d)"
    r"(?:[_-]*(?:names?|link|text|block|wrapper|container|item|by|info|data|box))*(?:$|[\s_-])",
    re.I,
)
_OF_A_NAME = re.compile(
    r"(?:^|[\s_-])(?:(?:author|byline|writer|contributor|reporter)[_-]*)name(?:$|\s)", re.I
)
_AND = re.compile(
    r"\W|(?:and|und|et|y|e|og|och|en|i|и|та|und|và|dan|von|van|de|di|da|bin|al)\b", re.I
)
_FEW = 30


def page_authors(
    tree: HtmlElement,
    meta: Mapping[str, list[str]],
    data: PageData,
    names: Sequence[str],
    *,
    language: str = "",
) -> tuple[str, ...]:
    """Return the authors of a page's article, in its order; () if it names none.

    People go before the site itself, which many sites write where they know nobody better.

    Args:
        names: What the site and its publisher are called, and the telling part of its host.
        language: What the page says that it is in.
    """
    sites = [site for site in (folded(name) for name in names) if len(site) > 2]
    linked = _unique(_linked(data.article.get("author"), data.named, depth=0))
    said = _unique(_said(meta))
    if linked and set(linked) < set(said):
        linked = said
    for group in (linked, said):
        if group and not all(_is_site(name, sites) for name in group):
            return tuple(group)
    marked = [_unique(_marked(find(tree))) for find in (_by_relation, _by_class)]
    shown = (in_data(tree), bylines(tree), linked_names(tree), signed(tree))
    for group in (*marked, *map(_unique, shown)):
        if group and not all(_is_site(name, sites) for name in group):
            return tuple(without_by(name, language) for name in group)
    if known := linked or said or marked[0] or marked[1]:
        return tuple(known)
    alone = [without_by(name, language) for name in _unique(unlabelled(tree, language))]
    return () if any(_is_site(name, sites) for name in alone) else tuple(alone)


def names_in(value: object) -> tuple[str, ...]:
    """Return the authors that data name: a text, an object with a name, or a list of either."""
    return tuple(_unique(_linked(value, {}, depth=0)))


def _is_site(name: str, sites: Sequence[str]) -> bool:
    bare = folded(name)
    return any(bare == site or (len(site) > 4 and (bare in site or site in bare)) for site in sites)


def _unique(names: Iterator[str]) -> list[str]:
    """Return the first names, each once; it may be written in other capitals again."""
    first: dict[str, str] = {}
    for name in islice(names, _MOST):
        first.setdefault(name.casefold(), name)
    return list(first.values())


def _linked(
    value: object, named: Mapping[str, Mapping[str, object]], *, depth: int
) -> Iterator[str]:
    if depth > 4:
        return
    if isinstance(value, str):
        if "://" not in value:
            yield from people(value)
    elif isinstance(value, dict):
        kind = str(value.get("@type") or "")
        known = value.get("name") or named.get(str(value.get("@id")), {}).get("name")
        if isinstance(known, str) and "rganization" in kind:
            yield title_text(known, markup=True)[:LONGEST]
        else:
            yield from _linked(known, named, depth=depth + 1)
    elif isinstance(value, list):
        for item in value[:_MOST]:
            yield from _linked(item, named, depth=depth + 1)


def _said(meta: Mapping[str, list[str]]) -> Iterator[str]:
    for key in _META:
        values = [value for value in meta.get(key, ()) if not value.startswith(("http", "//", "@"))]
        names = [name for value in values for name in people(undated(value))]
        if names:
            yield from names
            return
    for number in ("1", "2"):
        # What WordPress says to who shares a link: "Written by" and the name.
        label, value = (meta.get(f"twitter:{kind}{number}", [""])[0] for kind in ("label", "data"))
        if _WRITTEN.search(label):
            yield from people(value)
            return


def _marked(elements: Iterator[HtmlElement]) -> Iterator[str]:
    """Yield the names in the first element that calls itself the author's, and in its like."""
    first: HtmlElement | None = None
    for element in elements:
        if first is not None and _grandparent(element) is not _grandparent(first):
            return
        names = _names_in(element)
        if names:
            first = element if first is None else first
            yield from names


def _by_relation(tree: HtmlElement) -> Iterator[HtmlElement]:
    around = around_headings(tree)
    for element in tree.iter("a", "span", "div", "p", "address", "li", "cite", "h3", "h4"):
        said = (element.get(name) or "" for name in ("rel", "itemprop", "property"))
        relation = " ".join(said).lower().replace("schema:", "").split()
        if "author" in relation and not is_elsewhere(element, around):
            yield element


def _by_class(tree: HtmlElement) -> Iterator[HtmlElement]:
    around = around_headings(tree)
    count = 0
    for element in tree.iter(
        "a", "span", "div", "p", "address", "li", "ul", "td", "dd", "small", "em", "i"
    ):
        names = element.get("class")
        if names and _MARKED.search(names[:200]) and not is_elsewhere(element, around):
            count += 1
            if count > _MOST_MARKED:
                return
            yield element


def _grandparent(element: HtmlElement) -> HtmlElement | None:
    parent = element.getparent()
    return None if parent is None else parent.getparent()


def _names_in(element: HtmlElement) -> list[str]:
    """Return the names in a byline, without roles where boxes in it say that they hold a name."""
    inside = islice(element.iterdescendants(), _FEW)
    boxes = [part for part in inside if _OF_A_NAME.search((part.get("class") or "")[:200])]
    if boxes and (names := [name for box in boxes for name in _names_in(box)]):
        return names
    text = some_text(element, LONGEST_BYLINE + 1) if len(element) < 20 else ""
    if not text or len(text) > LONGEST_BYLINE:
        named = element.find(".//*[@itemprop='name']")
        if named is not None:
            text = named.get("content") or some_text(named, LONGEST_BYLINE)
    if not 0 < len(text) <= LONGEST_BYLINE:
        return []
    lines = [*pieces(element, LONGEST_BYLINE)]
    if len(lines) > 1 and is_plainly_name(lines[0]) and not _AND.match(lines[1]):
        # Each in a box of its own: names, or a name and what somebody is.
        return [line for line in lines if is_plainly_name(line)]
    names = people(shortened(text))
    return [name for name in names if "(" in name or (len(name) <= 60 and len(name.split()) <= 6)]
