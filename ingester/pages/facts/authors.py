"""Who wrote the article on a page: names, without "By", roles, addresses and dates."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from lxml.html import HtmlElement

from common.scripts import letters
from ingester.pages.facts.dom import around_headings, folded, is_elsewhere, some_text
from ingester.pages.facts.json_ld import PageData
from ingester.text.months import fold, month_of
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
)
_MOST = 20
_LONGEST = 100
_LONGEST_BYLINE = 160
_MOST_MARKED = 400

_BY = re.compile(
    r"^(?:[-–—|•·]\s*)?(?:"
    r"(?:(?:written|artikel|article|artículo|articolo|posted|published|reported|reporting|edited|words|text|story|photos?|geschrieben|"
    r"veröffentlicht|publicado|escrito|écrit|publié|scritto|rédigé|skrevet|skriven)\s+)?"
    r"(?:by|von|par|por|di|da|door|af|av|od|przez|oleh|bởi|от|του|της|scris de|"
    r"napisała?|kirjoittanut|pv)(?=\s|:)\s*:?\s*|"
    r"文\s*[/／]\s*|(?:автор|автори)\s+(?=\w+\s)|"
    r"(?:an?|eine?)\s+(?:analysis|analyse|opinion|kommentar|report)\s+(?:by|von)\s+|"
    r"(?:kommentar|interview|gastbeitrag)\s+von\s+|"
    r"(?:text|texte|texto|testo|words|autor(?:in|en|es)?|auteurs?|authors?|autores|autori|"
    r"tekst|teksti|texti|szöveg|írta|szerző|yazan|yazar|autorius|autors|autorzy|autore|autorka|skribent|"
    r"kirjoittaja|toimittaja|συντάκτης|κείμενο|текст|журналіст|журналист|بقلم|كتبت?|الكاتب|نویسنده|מאת|लेखक|"
    r"ผู้เขียน|โดย|người viết|撰文|著者|執筆|取材|记者|글|"
    r"redakteur(?:in)?|reporter|foto|text\s*(?:&|und|and|\+)\s*(?:fotos?|photos?|bilder)|"
    r"tác giả|theo|penulis|автор|автори|作者|文|記者|责任编辑|編集|저자|기자)\s*[:：]\s*"
    r")",
    re.I,
)
_CUT = re.compile(
    r"\s*(?:[|•·;]|(?<=\s)(?:fotos?|photos?|bild(?:er)?|ảnh|фото)\s*[:：]|"
    r"\s[-–—]\s|\d|\bpublished\b|\blast updated\b|\bupdated\b|\bposted\b|"
    r"\bthứ\s(?:hai|ba|tư|năm|sáu|bảy)\b|\bchủ nhật\b|"
    r"\bzeige alle\b|\bview all\b|\bmehr von\b|\bmore (?:by|from)\b|\bfollow\b|\bstand:|\bsays?:|\bsagt:|https?://|www\.).*$",
    re.I | re.S,
)
_REPORTER = re.compile(
    r"^(?:本[報报])?[記记]者\s*(?P<first>[\u4e00-\u9fff]{2,4})(?:\s*[／/].*|\s*[報报][導道].*)?$|"
    r"^(?P<last>[\u4e00-\u9fff]{2,4})(?:本[報报])?[記记]者$|"
    r"^(?P<korean>[가-힣]{2,4})\s?(?:선임|전문|수습|인턴)?\s?(?:기자|특파원)$"
)
"""What East Asian papers call a reporter, around the name."""
_PLACE = re.compile(r"(?<=\w)\s(?:in|à)\s[A-Z][\w'’-]+(?:\s[A-Z][\w'’-]+)?$")
_OTHERS_WORK = re.compile(
    r"(?:additional reporting|editing|edited|photos?|photographs|illustrations?) by\b", re.I
)
_NUMBER = re.compile(r"\s*\d")
_DAY = re.compile(r"\s*(?:(?:19|20)\d\d\b|\d\d?(?:st|nd|rd|th)?(?![\d./:-]|\s*[^\W\d_]{3}))")
"""The day or year behind the name of a month, not the one before it or in a date of numbers."""
_GLUED = re.compile(
    r"(?<=[a-z])(?=(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.? \d)"
)
_YEAR_AT_END = re.compile(r"\b(?:19|20)\d\d\W*$")
_BEFORE_A_DAY = re.compile(
    r"on|at|le|am|den|vom|el|il|the|de|del|em|op|ngày|thứ|публикация|от|"
    r"(?:sun|mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|satur|sat)(?:day)?|"
    r"(?:sonn|mon|diens|donners|frei|sams)tag|mittwoch|"
    r"lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|"
    r"lunes|martes|miércoles|jueves|viernes|sábado|domingo|"
    r"published|posted|updated|publié|veröffentlicht|publicado|pubblicato|erstellt|gepubliceerd"
)
_URL_OR_MAIL = re.compile(r"\(?\s*(?:https?://|www\.|mailto:)\S+|\S+@\S+\.\w+|(?<!\S)@\w+", re.I)
_EMPTY_BRACKETS = re.compile(r"[(\[<]\s*[)\]>]?")
_JOINED = re.compile(
    r"\s*(?:[;、，/]|\s&\s|\s\+\s|\s(?:and|und|et|og|och|en|i|и|và|dan|&amp;)\s)\s*", re.I
)
_JOINED_LATIN = re.compile(r"\s(?:y|e)\s")
_SUFFIX = re.compile(
    r"(?:[A-Z]{1,2}\.?[A-Z]{1,3}\.?|PhD|Ph\.D\.?|Jr\.?|Sr\.?|I{1,3}|Esq\.?|Inc\.?|LLC|GmbH|Ltd\.?)$"
)
_WRITTEN = re.compile(
    r"written|\bby\b|verfasst|geschrieben|autor|auteur|écrit|escrito|scritto|geschreven|napisan|"
    r"skriven|skrevet|tác giả|được viết|автор|著者|執筆|作者",
    re.I,
)
_NOBODIES = (
    "admin administrator unknown null none guest anonymous editor webmaster author autor name "
    "undefined default root user by von redactor staff last"
)
_NOBODY = frozenset(
    (*_NOBODIES.split(), "super user", "site admin", "site administrator", "web admin")
)
_WHEN = re.compile(
    r"(?:veröffentlicht|published|posted|updated|erstellt|geschrieben|written|publié|publicado|"
    r"pubblicato|reading time|lesezeit)\b(?:\s+(?:am|on|by|von|in|le|el|il))?\W*$|\W*$",
    re.I,
)
_EAST_ASIAN = letters(frozenset({"han", "hiragana", "katakana"})) + "・"
_NAME = re.compile(
    r"(?:[^\W\d_][\w.'’-]*\s+){1,4}(?:[^\W\d_][\w.'’-]*)$|" rf"[{_EAST_ASIAN}]{{2,6}}$"
)
_NAME_FIRST = re.compile(r"(?:[^\W\d_a-z][^\W\d_]+[\s,]+){2}")
_MARKED = re.compile(
    r"(?:^|[\s_-])(?:(?:entry|post|article|story|by|meta|news|news-list)[_-]*)?"
    r"(?:authors?|byline|bylines|autor(?:en|es|in)?|auteurs?|writer|redakteur|verfasser|"
    r"(?:created|written|posted)[_-]?by|authorbold|authorname|author-?line|penulis|author-\d)"
    r"(?:[_-]+(?:names?|link|text|block|wrapper|container|item|by|info|data))*(?:$|[\s_-])",
    re.I,
)
_OF_A_NAME = re.compile(
    r"(?:^|[\s_-])(?:(?:author|byline|writer|contributor|reporter)[_-]*)name(?:$|\s)", re.I
)
_FEW = 30
_LINE_TAGS = (
    "p",
    "div",
    "span",
    "li",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "td",
    "strong",
    "em",
    "i",
    "small",
)
_NEAR = 250
"""Elements before and after the heading among which a line "By ..." counts."""


def page_authors(
    tree: HtmlElement, meta: Mapping[str, list[str]], data: PageData, names: Sequence[str]
) -> tuple[str, ...]:
    """Return the authors of a page's article, in its order; () if it names none.

    People go before the site itself, which many sites write where they know nobody better.

    Args:
        names: What the site and its publisher are called, and the telling part of its host.
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
    for group in (*marked, _unique(_bylines(tree)), _unique(_signed(tree))):
        if group and not all(_is_site(name, sites) for name in group):
            return tuple(group)
    return tuple(linked or said or marked[0] or marked[1])


def people(text: str) -> list[str]:
    """Return the names in a byline: "By A and B, Berlin" gives those that look like names."""
    plain = title_text(text, markup=True)
    plain = (
        _EMPTY_BRACKETS.sub(" ", _URL_OR_MAIL.sub(" ", plain))
        if "@" in plain or ("http" in plain or "www." in plain)
        else plain
    )
    whole = plain
    while (shorter := _BY.sub("", plain.strip())) != plain.strip() and shorter:
        plain = shorter
    is_led = plain != whole
    plain = " ".join(plain.split()).strip(" ,;:|·•-–—")
    if reporter := _REPORTER.match(plain):
        return [next(name for name in reporter.groups() if name)]
    if is_led and len(plain.split()) > 3:
        plain = _PLACE.sub("", plain)
    if "(" in plain:
        return [plain] if _is_somebody(plain) else []
    return [name for name in _parted(plain) if _is_somebody(name) and not _OTHERS_WORK.match(name)]


def is_byline(text: str) -> bool:
    """Tell a line that begins as bylines do: "By Ann Bee, our correspondent on the island"."""
    match = _BY.match(text)
    return match is not None and bool(_NAME_FIRST.match(text[match.end() :]))


def _parted(text: str) -> list[str]:
    pieces = [piece for part in _JOINED.split(text) for piece in _at_latin_and(part)]
    parts: list[str] = []
    for piece in pieces:
        for name in piece.split(","):
            bare = name.strip()
            if parts and _SUFFIX.match(bare) and " " in parts[-1]:
                parts[-1] += f", {bare}"
            elif bare:
                parts.append(bare)
    return parts


def _at_latin_and(text: str) -> list[str]:
    sides = _JOINED_LATIN.split(text)
    return sides if all(len(side.split()) >= 2 for side in sides) else [text]


def _is_somebody(name: str) -> bool:
    if not folded(name) or len(name) > _LONGEST:
        return False
    return name.lower() not in _NOBODY and not _WHEN.match(name)


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
            yield title_text(known, markup=True)[:_LONGEST]
        else:
            yield from _linked(known, named, depth=depth + 1)
    elif isinstance(value, list):
        for item in value[:_MOST]:
            yield from _linked(item, named, depth=depth + 1)


def _said(meta: Mapping[str, list[str]]) -> Iterator[str]:
    for key in _META:
        values = [value for value in meta.get(key, ()) if not value.startswith(("http", "//", "@"))]
        names = [name for value in values for name in people(_undated(value))]
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


def _shortened(text: str) -> str:
    """Return a byline without what follows the names: "Ann Bee on Dec 12, 2019" without the day."""
    apart = _GLUED.sub(" ", text)
    cut = _CUT.search(apart)
    if cut is None:
        return apart
    words = apart[: cut.start()].split()
    while len(words) > 2 and _is_of_a_day(words[-1], cut[0]):
        words.pop()
    return " ".join(words)


def _undated(text: str) -> str:
    """Return what a meta element says of authors, short of a day at its end."""
    return _shortened(text) if _YEAR_AT_END.search(text) else text


def _is_of_a_day(word: str, after: str) -> bool:
    """Tell what stands between a name and the number of a day: "on", "Thursday", "Dec."."""
    bare = word.strip(".,:|").lower()
    if _BEFORE_A_DAY.fullmatch(bare):
        return _NUMBER.match(after) is not None
    return _DAY.match(after) is not None and month_of(fold(bare)) is not None


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
    text = some_text(element, _LONGEST_BYLINE + 1) if len(element) < 20 else ""
    if not text or len(text) > _LONGEST_BYLINE:
        named = element.find(".//*[@itemprop='name']")
        if named is not None:
            text = named.get("content") or some_text(named, _LONGEST_BYLINE)
    if not 0 < len(text) <= _LONGEST_BYLINE:
        return []
    names = people(_shortened(text))
    return [name for name in names if "(" in name or (len(name) <= 60 and len(name.split()) <= 6)]


def _bylines(tree: HtmlElement) -> Iterator[str]:
    """Yield the names in the first line "By ..." near the heading, or behind its time."""
    around = around_headings(tree)
    after_heading = False
    for count, element in enumerate(tree.iter("h1", *_LINE_TAGS)):
        if element.tag == "h1":
            after_heading = True
            continue
        if count > 20 * _NEAR:
            return
        line = _line_of_authors(element)
        if not line or is_elsewhere(element, around):
            continue
        if not after_heading and not _REPORTER.match(line):
            continue
        is_reporter = _REPORTER.match(line) is not None
        names = [each for each in people(_shortened(line)) if is_reporter or _is_name(each)]
        if names:
            yield from names
            return


def _line_of_authors(element: HtmlElement) -> str:
    """Return the line of an element that begins as bylines do, or names a reporter, or ""."""
    bare = (element.text or "").strip()
    if 1 < len(bare) <= _LONGEST_BYLINE:
        whole = some_text(element, _LONGEST_BYLINE + 1) if len(bare) > 3 or len(element) else ""
        if len(whole) <= _LONGEST_BYLINE and (_BY.match(whole) or _REPORTER.match(whole)):
            return whole
    for time in islice(element.iterchildren("time"), 1):
        bare = (time.tail or "").strip(" \t\r\n|·•,–—-")
        if 3 < len(bare) <= _LONGEST_BYLINE and _BY.match(bare):
            return bare
    return ""


def _signed(tree: HtmlElement) -> Iterator[str]:
    """Yield the name at the right below an article, as newspapers of East Asia print it."""
    around = around_headings(tree)
    for element in tree.iter("p", "div"):
        style = f"{element.get('style') or ''};text-align:{element.get('align') or ''}"
        if "text-align:right" not in style.replace(" ", "").lower() or len(element) > 3:
            continue
        text = some_text(element, _LONGEST_BYLINE)
        if len(text) <= 40 and _is_name(text) and not is_elsewhere(element, around):
            yield from people(text)


def _is_name(text: str) -> bool:
    words = text.split()
    return bool(_NAME.match(text)) and (
        not text.isascii() or sum(word[:1].isupper() for word in words) >= 2
    )
