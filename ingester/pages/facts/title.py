"""The title of the article on a page: the headline that readers see, without the site's name."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from lxml.html import HtmlElement

from common.records import dataclass
from ingester.pages.facts.dom import folded, names_of, some_text
from ingester.text.titles import title_text

_TITLES = (
    "articletitle",
    "dc:title",
    "dcterms.title",
    "dc.title",
    "og:title",
    "twitter:title",
    "title",
)
_SEPARATORS = (
    " | ",
    " - ",
    " – ",
    " — ",
    " · ",
    " :: ",
    " » ",
    " « ",
    " • ",
    " ǀ ",
    " ‹ ",
    " › ",
    " ~ ",
    " ⋆ ",
    " ● ",
)
_OF_SITES = (" | ", " :: ", " » ", " ǀ ")
"""Behind these stands the site's name, even where nothing else says that it is."""
_ENDS = (*_SEPARATORS, " : ", ": ", "：", "-", "_", "|", "｜", "－", "–", "—")
_UNTITLED = frozenset(
    (
        *("document", "untitled", "untitleddocument", "untitledpage", "newpage", "title"),
        *("pagetitle", "unbenanntesdokument", "documentsanstitre", "documentosintítulo"),
        *("documentosemtítulo", "documentosenzatitolo", "naamloosdocument", "namnlöstdokument"),
    )
)
_MOST_HEADS = 20
_LONGEST_BOLD = 200
_LONGEST_NAME = 40
_FEW_WORDS = 3
_MOST_NAME_WORDS = 4
_ALIKE = 0.4
"""Share of the shorter one's letters in threes that a heading and the head's title have in common
when they are two wordings of one headline."""

_ALMOST_THE_SAME = 0.8
"""The same where the head has but its title element, which many sites leave as it was."""
_FEWEST_THREES = 12
_INLINE = frozenset(
    ("a", "b", "strong", "em", "i", "u", "mark", "small", "font", "wbr", "sup", "sub")
)

_LETTERS = re.compile(r"[\W_]+")
_HOME = re.compile(r"(?:https?:)?(?://[^/?#]+)?/?(?:index\.\w{3,5})?")
_SITE_AT_END = re.compile(r"(?<=[^\x00-\u024f])\s?[-_|｜－—–]\s?([^\x00-\u024f\s]{2,10})$")
_IN_BRACKETS = re.compile(r"\s*[（(][^（）()]{2,20}[)）]$")
"""Whose report it is, on pages of portals."""
_NAMED = re.compile(
    r"(?:^|[\s_-])(?:[a-z]{0,10}titles?|titulo|titre|titolo|subject|headline|tit|sbj|baslik|judul|lbltitle)(?:$|[\s_-])",
    re.I,
)
_TITLE_TAGS = ("th", "td", "dt", "div", "p", "span", "strong")
_MOST_NAMED = 2_000
_NEVER = frozenset(("nav", "footer", "aside", "form"))


@dataclass(frozen=True, slots=True)
class _Heading:
    """A heading of the page; `is_pieced`: its text stands in several elements."""

    text: str
    is_pieced: bool


def page_title(
    tree: HtmlElement, meta: Mapping[str, list[str]], *, headline: str, site: str, url: str = ""
) -> str:
    """Return the article's title, or "".

    The heading that the page shows goes before what its head says, if both are about the same;
    if they differ, what JSON-LD and Open Graph agree on goes before the heading.

    Args:
        headline: What JSON-LD says.
        site: The name of the site, or "".
        url: Where the page is; its host tells the site's name at the end of a title.
    """
    names = _SiteNames(site, host_label(url))
    said = next(
        (_given(title_text(meta[name][0], markup=True)) for name in _TITLES if name in meta), ""
    )
    full = next((_given(_text(element)) for element in _some(tree, "title")), "")
    headline = _given(title_text(headline, markup=True))
    best = said if said and _is_clipped(headline, said) else headline or said or full
    heads = [head for head in _heads(tree) if head.text and folded(head.text) != folded(site)]
    others = (title_text(title, markup=True) for title in meta.get("og:title", ())[1:3])
    plain = [names.taken_off(title) for title in (headline, said, full, *others) if title]
    if equal := _equal_heading(heads, plain):
        return equal
    if not heads and not (headline or said) and (bold := _bold_heading(tree, full)):
        return bold
    if len(heads) == 1 and not (headline or said):
        head = heads[0].text
        if _says_less(full, head, tree) or _begins(full, head):
            return names.taken_off(head)
    shown = _part_heading(heads, full, names)
    if not shown and not _agreed(headline, said, names):
        shown = _alike_heading(heads, plain, full, names)
    if shown:
        return _unkicked(shown, plain)
    if folded(best) == folded(site):
        best = ""
    if full and (part := _part_of_title(tree, full, best, names)):
        return part
    if not heads and best == full:
        best = names.first_taken_off(full)
    last = next((head.text for head in heads), "") or names.taken_off(full) or _only(tree, "h2")
    return names.taken_off(best) or last


def _bold_heading(tree: HtmlElement, full: str) -> str:
    """Return the line named a title, or in bold, above the text of a page without headings, or "".

    Old pages have it where the title element says no more than what the site is called.
    """
    if len(full.split()) > _MOST_NAME_WORDS or next(tree.iter("h1", "h2", "h3"), None) is not None:
        return ""
    for element in islice(tree.iter(*_TITLE_TAGS), _MOST_NAMED):
        is_named = _NAMED.search(names_of(element)[:200]) is not None
        if is_named or (element.tag == "th" and (element.get("colspan") or "1") != "1"):
            text = some_text(element, _LONGEST_BOLD + 1)
            is_inside = any(box.tag in ("a", *_NEVER) for box in element.iterancestors())
            if len(full) < len(text) <= _LONGEST_BOLD and not is_inside:
                return text
    for element in _some(tree, "b", "strong"):
        text = _text(element)
        around = element.getparent()
        is_line = around is not None and (
            element.getnext() is not None and element.getnext().tag == "br"
        )
        if not is_line or not len(full) < len(text) <= _LONGEST_BOLD or text.endswith((".", ":")):
            continue
        if not any(box.tag in ("a", *_NEVER) for box in element.iterancestors()):
            return text
    return ""


def _only(tree: HtmlElement, name: str) -> str:
    shown = {_text(heading) for heading in _some(tree, name)}
    return shown.pop() if len(shown) == 1 else ""


def _given(title: str) -> str:
    """Return a title, or "" if it is what editors call a page that nobody has named."""
    return "" if folded(title) in _UNTITLED else title


def _says_less(full: str, head: str, tree: HtmlElement) -> bool:
    """Tell a title element that an editor or a program left ("Home", "React App") from a title."""
    if len(full.split()) > _FEW_WORDS or len(folded(head)) <= 2 * len(folded(full)):
        return False
    return all(folded(_text(lesser)) != folded(full) for lesser in _some(tree, "h2", "h3"))


def _begins(full: str, head: str) -> bool:
    """Tell a title element that gives a heading up to some word: "Quay shut - The Daily"."""
    starts = {folded(full), *(folded(full.rpartition(sign)[0]) for sign in _SEPARATORS)}
    return any(len(start) > 7 and folded(head).startswith(start) for start in starts)


def only_heading(tree: HtmlElement, site: str) -> str:
    """Return the text of the one h1 that is not the name of the site, or ""."""
    heads = {_text(heading) for heading in _some(tree, "h1")}
    full = next((_text(element) for element in _some(tree, "title")), "")
    names = {site, *(full.rpartition(separator)[2] for separator in _SEPARATORS if full)} - {full}
    heads -= {"", *names}
    return heads.pop() if len(heads) == 1 else ""


def _equal_heading(heads: Sequence[_Heading], said: Sequence[str]) -> str:
    """Return the heading that the head of the page has, too, spelt as it is to be read."""
    for head in heads:
        for title in said:
            if folded(head.text) in (folded(title), folded(_IN_BRACKETS.sub("", title))):
                is_shouted = head.text.isupper() and not title.isupper()
                return title if head.is_pieced or is_shouted else head.text
    return ""


def _part_heading(heads: Sequence[_Heading], full: str, names: "_SiteNames") -> str:
    """Return the longest heading that is a part of the title element and not the site's name."""
    parts = [
        head.text
        for head in heads
        if full
        and head.text != full
        and _is_part(head.text, full)
        and not names.is_name_in(head.text, full)
    ]
    return max(parts, key=len, default="")


def _alike_heading(
    heads: Sequence[_Heading], said: Sequence[str], full: str, names: "_SiteNames"
) -> str:
    """Return the heading that words otherwise what the head of the page says, or ""."""
    fit = [head.text for head in heads if not names.is_name_in(head.text, full)]
    scores = [(max((alike(head, title) for title in said), default=0.0), head) for head in fit]
    score, head = max(scores, key=lambda scored: scored[0], default=(0.0, ""))
    return head if score >= (_ALIKE if len(said) > 1 else _ALMOST_THE_SAME) else ""


def _agreed(headline: str, said: str, names: "_SiteNames") -> bool:
    """Tell whether JSON-LD and the meta elements say the same title."""
    if not headline or not said:
        return False
    return folded(names.taken_off(headline)) == folded(names.taken_off(said))


def _unkicked(shown: str, said: Sequence[str]) -> str:
    """Return a heading without the words above it, if the head's title does without them."""
    bare = folded(shown)
    for title in said:
        short = folded(title)
        if len(short) > 15 and bare != short and (bare.endswith(short)):
            return title
    return shown


def _part_of_title(tree: HtmlElement, full: str, best: str, names: "_SiteNames") -> str:
    """Return a lesser heading that is one of the parts of "Site » Archive » Headline"."""
    if best and folded(best) != folded(full):
        return ""
    for element in _some(tree, "h2", "h3"):
        head = _text(element)
        is_first = len(head) > 3 and any(full.startswith(head + mark) for mark in _SEPARATORS)
        if (len(head) > 10 or is_first) and head != full and _is_part(head, full):
            return "" if names.is_name_in(head, full) else head
    return ""


def _heads(tree: HtmlElement) -> Iterator[_Heading]:
    for element in _some(tree, "h1"):
        around = {ancestor.tag for ancestor in element.iterancestors()}
        if not around & _NEVER and not _leads_home(element):
            yield _Heading(_text(element), is_pieced=len(element) > 0)


def _leads_home(heading: HtmlElement) -> bool:
    """Tell the name of a site from a headline: it leads to the front page."""
    link = heading.find(".//a[@href]")
    if link is None:
        link = next(heading.iterancestors("a"), None)
    place = None if link is None else link.get("href")
    return place is not None and _HOME.fullmatch(place.strip()) is not None


def _text(element: HtmlElement) -> str:
    """Return an element's text; pieces that stand side by side do not run into one word."""
    return title_text("".join(_pieces(element, depth=0)), markup=False)


def _pieces(element: HtmlElement, *, depth: int) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str) and child.tag not in ("script", "style", "svg"):
            blank = "" if child.tag in _INLINE else " "
            yield blank
            if depth < 20:
                yield from _pieces(child, depth=depth + 1)
            yield blank
        yield child.tail or ""


def _is_clipped(headline: str, said: str) -> bool:
    """Tell a headline that is cut to the 110 characters that a search engine allows."""
    return headline.endswith(("…", "...")) and said.startswith(headline.rstrip(".… "))


def _is_part(head: str, title: str) -> bool:
    """Tell whether the page's heading is its title without the names of site and section."""
    return any(
        title.startswith(head + separator) or title.endswith(separator + head)
        for separator in _ENDS
    ) or any(f"{one}{head}{other}" in title for one in _SEPARATORS for other in _SEPARATORS)


def alike(one: str, other: str) -> float:
    """Return the share, in [0, 1], of the shorter text's letters in threes that both have."""
    first, second = _threes(one), _threes(other)
    fewer = min(len(first), len(second))
    return len(first & second) / fewer if fewer >= _FEWEST_THREES else 0.0


def _threes(text: str) -> set[str]:
    bare = folded(text)
    return {bare[start : start + 3] for start in range(max(0, len(bare) - 2))}


def _some(tree: HtmlElement, *names: str) -> Iterator[HtmlElement]:
    for count, element in enumerate(tree.iter(*names)):
        if count == _MOST_HEADS:
            return
        yield element


def name_at_end(tree: HtmlElement) -> str:
    """Return what stands last in the title element, as the site's name does, or ""."""
    full = next((_text(element) for element in _some(tree, "title")), "")
    parts = (full.rpartition(separator) for separator in _SEPARATORS)
    tail = min((tail for head, _, tail in parts if head), key=len, default="")
    return tail if len(tail.split()) <= _MOST_NAME_WORDS else ""


def host_label(url: str) -> str:
    """Return the telling part of a URL's host ("dantri" of "www.dantri.com.vn"), or ""."""
    host = url.partition("//")[2].partition("/")[0].partition(":")[0].lower()
    labels = [part for part in host.split(".")[:-1] if part not in ("www", "com", "co", "org")]
    return _LETTERS.sub("", max(labels, key=len, default=""))


@dataclass(frozen=True, slots=True)
class _SiteNames:
    """What a site is called, to take it off titles: its name as it says it, its host's label."""

    site: str
    label: str

    def taken_off(self, title: str) -> str:
        for separator in _SEPARATORS:
            head, mark, tail = title.rpartition(separator)
            if mark and head.strip() and self._is_name(tail, separator):
                return head.strip() if len(head) > 10 or self.site else title
        for mark in (*_SEPARATORS, ": "):
            name, _, rest = title.partition(mark)
            if self.site and len(rest) > 10 and folded(name) == folded(self.site):
                return rest.strip()
        match = _SITE_AT_END.search(title)
        if match and match.start() >= 8 and not self.site:
            return title[: match.start()].strip()
        return title

    def first_taken_off(self, title: str) -> str:
        """Return a title without the site's name in front of it, as its host has it, too."""
        for mark in (*_SEPARATORS, ": "):
            name, _, rest = title.partition(mark)
            if len(rest) > 10 and len(self.label) >= 4 and self.label in folded(name):
                return rest.strip() if len(name) <= _LONGEST_NAME else title
        return title

    def is_name_in(self, head: str, full: str) -> bool:
        """Tell "The Daily" in "A long headline of today | The Daily"."""
        if len(head.split()) > 4:
            return False
        rest = min((full.removesuffix(separator + head) for separator in _SEPARATORS), key=len)
        if rest != full:
            return len(rest) > 2 * len(head)
        return len(self.label) >= 4 and self.label in folded(head)

    def _is_name(self, tail: str, separator: str) -> bool:
        bare = folded(tail)
        if self.site and bare == folded(self.site):
            return True
        if len(self.label) >= 4 and (self.label in bare or (len(bare) > 3 and bare in self.label)):
            return len(tail) <= _LONGEST_NAME
        return not self.site and separator in _OF_SITES
