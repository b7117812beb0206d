"""What a page shows instead of its article: that it is gone, a check for robots, a wall of consent.

Sites answer so with status 200. Such words are as good as the name of the page, or most of what it
says; a page that goes on with sentences about something else is an article, whatever it is called,
and one that states when its article was published is judged by its technical marks alone.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import islice

from lxml.html import HtmlElement

from common.records import dataclass
from common.scripts import DENSE, WITHOUT_SPACES, letters
from ingester.pages.facts.dom import folded, some_text
from ingester.pages.facts.metadata import PageFacts
from ingester.pages.refusals import (
    CONSENT,
    DOWN,
    LOGIN,
    MISSING,
    PAY,
    REDIRECT,
    REGION,
    ROBOT,
    SCRIPT,
    InsteadOfPageError,
)
from ingester.urls.links import absolute_link

_SHORT = 1_500
"""Letters (a sign of Han counts as three) of a page whose sentences may show what it is."""
_VERY_SHORT = 600
"""The same where its name is a word that is a headline as well."""
_LIST = 5_000
"""The same of one that goes on with a list of other articles."""
_LITTLE = 400
_LITTLE_PROSE = 120
"""Letters of sentences that say something else: more of them is an article."""
_NO_REPORT = 30
"""The same, of fewer than any report has."""
_LONGEST_EXCUSE = 360
"""Letters of sentences that speak of the page, or to its reader, and belong to what is shown."""
_LONG_LINE = 100
"""Letters of a line that is prose without an end of a sentence, which Thai has none of."""
_REST = 20
_SMALL_REST = 12
_LEAST_REST = 6
"""Letters of a name beside the words that tell: `Sorry, this page could not be found`."""
_BEFORE = 30
"""Letters of a sentence in front of what says so."""
_LABEL = 12
"""Letters of a line that is a link of the site, a button."""
_LONGEST_NAME = 200
_LONGEST_SITE = 30
_SOON_S = 15

_WIDE = re.compile(f"[{letters(WITHOUT_SPACES)}]")
_HANGUL = re.compile(f"[{letters(frozenset({'hangul'}))}]")
_WITHIN = re.compile(f"[{letters(DENSE)}]")
_WORD = re.compile(r"[^\W_]+")
_SENTENCE = re.compile(r"([^.!?…。！？؟।\n]+)([.!?…。！？؟।]?)")
_PARTS = re.compile(r"\s+[-|–—·»:]\s+|\s*[|»]\s*|:\s+")
# fmt: off
_FILLERS = frozenset((
    "error", "errors", "http", "status", "code", "erreur", "fehler", "errore", "erro", "hata",
    "ошибка", "помилка", "błąd", "chyba", "lỗi", "virhe", "fel", "feil", "fejl", "hiba", "eroare",
    "greška", "エラー", "错误", "錯誤", "오류", "خطأ", "sorry", "oops", "ups", "whoops", "hoppla",
))
# fmt: on
_CODE = re.compile(r"(?:HTTP\W{0,3})?\b([45]\d\d)\b", re.I)
_OF_CODES = {401: LOGIN, 402: PAY, 403: ROBOT, 404: MISSING, 410: MISSING, 429: ROBOT, 451: REGION}
_NAMED_MISSING = frozenset({"error404", "error-404", "page-404", "page404", "page-not-found"})
_MARKS = ("_cf_chl_opt", "Incapsula incident ID", "challenge-error-text", "captcha-delivery.com")
_REFRESH = re.compile(
    r"\s*(?=[\d.])(\d{0,4})(?:\.\d*)?\s*[;,\s]\s*(?:url\s*=)?\s*['\"]?([^'\"\s]+)", re.I
)
"""As browsers read it: "url=" and the seconds before a point may be left out."""
_SHOWN = ("p", "h1", "h2", "li", "td", "img", "picture", "video", "audio", "canvas", "iframe")
_READER = "reader"
"""Lines of words with which a page speaks to its reader or of itself."""
_UNDER_WHAT_IS_FREE = (PAY, LOGIN)
"""Articles of which only the beginning is free, which may be little, say so, too."""


@dataclass(frozen=True, slots=True)
class _Phrases:
    """What a page shows instead, folded.

    Attributes:
        telling: What says it anywhere, with what it is.
        calls: Those of them that ask to subscribe or to log in.
        names: What says it only where it is all of a name.
        addresses: A word with which a page speaks to its reader or of itself.
    """

    telling: tuple[tuple[str, str], ...]
    calls: tuple[str, ...]
    names: Mapping[str, str]
    addresses: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Looks:
    """What there is to see of a page beside its text.

    Attributes:
        names: What it calls itself: its title without the name of the site, its headings.
        to: Where it sends its reader within seconds, or None.
        is_missing: Its outermost elements bear the class that sites give to what is not there.
        is_bare: It has neither headings and paragraphs nor pictures, films and sounds.
        html: The page as it came.
    """

    names: tuple[str, ...]
    to: str | None
    is_missing: bool
    is_bare: bool
    html: str


@dataclass(frozen=True, slots=True)
class _Said:
    """What the sentences of a page say.

    Attributes:
        found: Letters of those that say what the page is, by that.
        others: Those that say something else.
        prose: Letters of these.
    """

    found: Mapping[str, int]
    others: Sequence[str]
    prose: int

    def allows(self, kind: str) -> bool:
        """Whether a page that says so, and is called so, may be what it is called.

        A report of two sentences under a headline such as "Blocked" tells of the world, and begins
        with it: a site or a password comes later. What is shown in place of a page speaks of it, or
        to its reader, from its first sentence.
        """
        if self.prose <= _NO_REPORT or kind in self.found:
            return True
        addresses = _phrases().addresses
        return (
            self.prose <= _LONGEST_EXCUSE
            and addresses.search(self.others[0]) is not None
            and self.prose
            <= 3 * sum(_size(folded(each)) for each in self.others if addresses.search(each))
        )

    @property
    def most(self) -> str:
        """What most of it says that the page is, or ""."""
        best = max(self.found, key=lambda kind: self.found[kind], default="")
        size = self.found.get(best, 0)
        little = 0 if best in _UNDER_WHAT_IS_FREE else min(_LITTLE_PROSE, 2 * size)
        return best if self.prose <= max(little, size) else ""


_SILENT = _Said({}, (), 0)


def looks_of(html: str, tree: HtmlElement, facts: PageFacts, url: str) -> Looks:
    """Return how a parsed page looks, from which nothing was taken out yet.

    Args:
        url: Where it came from, which is not what it calls canonical: that may be where it leads.
    """
    outer = islice(tree.iter("html", "body", "main"), 5)
    is_stated = facts.published_at is not None  # then nobody asks what it calls itself
    return Looks(
        names=() if is_stated else tuple(_names(tree, facts)),
        to=_sent_on(tree, url),
        is_missing=any(_NAMED_MISSING & set((box.get("class") or "").split()) for box in outer),
        is_bare=next(tree.iter(*_SHOWN), None) is None,
        html=html,
    )


def check_list(tree: HtmlElement, facts: PageFacts) -> None:
    """Refuse a list page whose name says that it is none.

    Raises:
        InsteadOfPageError: It is something else.
    """
    if facts.published_at is None and (kind := _named(_names(tree, facts), _SMALL_REST, _SILENT)):
        raise InsteadOfPageError(kind)


def check_article(looks: Looks, facts: PageFacts, text: str, *, is_dated: bool) -> None:
    """Refuse a page that shows something else than an article.

    Args:
        text: What was found of an article in it.
        is_dated: It shows a day as articles do.

    Raises:
        InsteadOfPageError: It is something else.
    """
    size = _size(text) if len(text) <= _LIST else len(text)
    if size > _LIST:
        return
    if size <= _LITTLE and any(mark in looks.html for mark in _MARKS):
        raise InsteadOfPageError(ROBOT)
    if size <= _LITTLE and looks.to is not None:
        raise InsteadOfPageError(REDIRECT, to=looks.to)
    if facts.published_at is None and (kind := _shown(looks, facts, text, size, is_dated)):
        raise InsteadOfPageError(kind)


def is_call(line: str) -> bool:
    """Whether a line asks its reader to subscribe or to log in, as under what is free."""
    if len(line) > _LONGEST_NAME:
        return False
    bare = folded(_normal(line))
    return any(_begins_with(bare, phrase) for phrase in _phrases().calls)


def _shown(looks: Looks, facts: PageFacts, text: str, size: int, is_dated: bool) -> str:
    """Return what a page that states no date shows, or "" if it may be an article."""
    first = text.partition("\n")[0]
    is_name = size <= _LITTLE and (first.endswith("..") or not first.endswith("."))
    names = [*looks.names, *([first] if is_name else [])]
    said = _said(text, looks.names)
    if kind := _named(names, _REST if size <= _SHORT else _SMALL_REST, said):
        return kind
    if facts.is_article or is_dated or size > _SHORT:
        return ""
    if size <= _VERY_SHORT and (kind := _named_so(names, said)):
        return kind
    if kind := said.most:
        return kind
    if looks.is_missing:
        return MISSING
    return SCRIPT if looks.is_bare and (not text or folded(text) == folded(facts.title)) else ""


def _names(tree: HtmlElement, facts: PageFacts) -> list[str]:
    """Return what a page calls itself: its title without the name of the site, its headings."""
    names = [facts.title]
    head = tree.find(".//title")
    title = some_text(head, _LONGEST_NAME) if head is not None else ""
    parts = _PARTS.split(title)
    for number, part in enumerate(parts):
        # In front of a colon stands a site, or the topic of a headline.
        is_topic = number == 0 and re.match(r":\s", title[len(part) :]) is not None
        if not is_topic and sum(map(len, parts)) - len(part) <= _LONGEST_SITE:
            names.append(part)
    # A heading that is a link is called as what it leads to.
    own = ((head for head in tree.iter(tag) if not _is_linked(head)) for tag in ("h1", "h2"))
    headings = next((some for heads in own if (some := [*islice(heads, 3)])), [])
    names += [some_text(heading, _LONGEST_NAME) for heading in headings]
    return [name for name in dict.fromkeys(names) if name and len(name) < _LONGEST_NAME]


def _is_linked(heading: HtmlElement) -> bool:
    return (
        heading.find(".//a[@href]") is not None
        or next(heading.iterancestors("a"), None) is not None
    )


def _named(names: Sequence[str], rest: int, said: _Said) -> str:
    """Return what the names of a page say that it is.

    Args:
        names: Without their codes of errors they say it, and no more than `rest` letters beside.
        said: What its text says of it. Where that is an article, the text has to say so, too, or
            the name says nothing else.
    """
    for name in names:
        words = _telling(name)
        bare = folded(words)
        if not bare:
            code = _CODE.search(name)
            kind = _of_code(code[1]) if code and rest == _REST else ""
            if kind == MISSING or (kind and said.allows(kind)):
                return kind
            continue
        size = _size(bare)
        for phrase, kind in _phrases().telling:
            if kind == CONSENT or phrase not in bare or (more := size - _size(phrase)) > rest:
                continue
            if said.allows(kind) or (kind == MISSING and more <= _LEAST_REST):
                return kind
    return ""


def _of_code(code: str) -> str:
    return _OF_CODES.get(int(code), DOWN if code >= "500" else "")


def _named_so(names: Sequence[str], said: _Said) -> str:
    """Return what a name says that is nothing but such a word, which headlines may be, too."""
    known = _phrases().names
    bare = (folded(_telling(name)) or folded(name) for name in names)
    kinds = (known[name] for name in bare if name in known)
    return next((kind for kind in kinds if said.allows(kind)), "")


def _said(text: str, names: Sequence[str]) -> _Said:
    """Return what the text of a page, not too long, says that the page is."""
    plain = _normal(text)
    whole = folded(_normal(" ".join(names)) + plain)
    hits = [(phrase, kind) for phrase, kind in _phrases().telling if phrase in whole]
    if sum(kind == CONSENT for _, kind in hits) < 2:  # one of cookies is in reports about them
        hits = [(phrase, kind) for phrase, kind in hits if kind != CONSENT]
    found: dict[str, int] = {}
    others = []
    prose = 0
    for sentence, end in _SENTENCE.findall(plain):
        bare = folded(sentence)
        size = _size(bare)
        kinds = {kind for phrase, kind in hits if _begins_with(bare, phrase)}
        for kind in kinds:
            found[kind] = found.get(kind, 0) + size
        if not kinds and size > _LABEL and (end or size >= _LONG_LINE):
            others.append(sentence)
            prose += size
    return _Said(found, others, prose)


def _begins_with(bare: str, phrase: str) -> bool:
    """Whether a sentence says so at its beginning: reports quote it on their way."""
    at = bare.find(phrase)
    return at >= 0 and _size(bare[:at]) <= _BEFORE


def _sent_on(tree: HtmlElement, url: str) -> str | None:
    """Return where a page sends its reader within seconds, or None."""
    for element in tree.iter("meta"):
        if next(element.iterancestors("noscript"), None) is not None:
            continue  # for those who run no programs; the article is here all the same
        if (element.get("http-equiv") or "").strip().lower() == "refresh":
            match = _REFRESH.match(element.get("content") or "")
            if match and int(match[1] or 0) <= _SOON_S:
                to = absolute_link(match[2], url)
                is_itself = to.partition("?")[0] == url.partition("?")[0]
                return None if not to or is_itself else to
    return None


def _telling(name: str) -> str:
    """Return a name without the codes of errors and what is said with them."""
    words = name.split()
    kept = (word for word in words if not _is_filler(word))
    return _normal(" ".join(kept))


def _is_filler(word: str) -> bool:
    bare = "".join(_WORD.findall(word)).casefold()
    return bare in _FILLERS or (len(bare) == 3 and bare.isdecimal() and bare[0] in "45")


def _normal(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _size(text: str) -> int:
    """Return how many letters a text comes to: a sign of Han or Thai is three, a Korean one two."""
    return len(text) + 2 * len(_WIDE.findall(text)) + len(_HANGUL.findall(text))


@cache
def _phrases() -> _Phrases:
    table = files("ingester.pages").joinpath("instead.tsv").read_text(encoding="utf-8")
    telling: list[tuple[str, str]] = []
    names: dict[str, str] = {}
    addresses: list[str] = []
    for line in table.splitlines():
        kind, _, listed = line.partition("\t")
        if kind == _READER:
            addresses += listed.split(" | ")
            continue
        phrases = [folded(_normal(phrase)) for phrase in listed.split(" | ")]
        if kind.endswith("="):
            names |= dict.fromkeys(phrases, kind[:-1])
        else:
            telling += [(phrase, kind) for phrase in phrases]
    calls = tuple(phrase for phrase, kind in telling if kind in _UNDER_WHAT_IS_FREE)
    return _Phrases(tuple(telling), calls, names, _any_of(addresses))


def _any_of(words: Sequence[str]) -> re.Pattern[str]:
    """Return what finds one of these words; Thai, Chinese and Korean ones within longer ones."""
    within = [re.escape(word) for word in words if _WITHIN.match(word)]
    whole = [re.escape(word) for word in words if not _WITHIN.match(word)]
    return re.compile(rf"{'|'.join(within)}|\b(?:{'|'.join(whole)})(?!\w)", re.I)
