"""The text of the article on a page: found by trafilatura, mended where it errs on every site."""

import logging
import re
from collections.abc import Sequence
from configparser import ConfigParser
from copy import deepcopy
from functools import cache
from itertools import takewhile

from lxml import etree
from lxml.html import HtmlElement, tostring

from ingester.pages.facts.dom import folded, some_text
from ingester.pages.facts.metadata import PageFacts
from ingester.pages.facts.names import is_byline
from ingester.pages.facts.title import alike
from ingester.pages.galleries import free_captions
from ingester.pages.instead import is_call
from ingester.pages.invitations import is_invitation
from ingester.pages.paragraphs import (
    below_heading,
    free_from_tables,
    is_long,
    name_holder,
    part_at_breaks,
    rename_boxes,
    set_first_apart,
)
from ingester.pages.prune import prune
from ingester.text.text import clean_text, markup_to_text, plain_text

_FIRST = 8
"""Lines at the start among which the title may stand."""
_SHORT = 120
_PROSE = 60
_MOST_TEXT = 400_000
"""Characters of a text that are looked at; an entry holds a quarter of it."""

_NOTHING = 100
"""Characters: of a text that is shorter, a longer one is the article."""
_SHORTEST = "120"
"""Characters of an article for which its plain mode does not take whatever else the page says."""

_FEWEST_BODY = 200
_WHOLE_BODY = 1_500
"""Characters of the site's own text that are the whole article if they end as a sentence does."""
_COVERED = 0.8
_SAME_ARTICLE = 0.3
"""Share of the shorter of the text found and the site's own that both have, or they are two
articles'."""

_MOSTLY = 0.75
"""Share of a text of which the rest, at its end, is of the page."""
_LONGEST_LEAD = 800
_SHINGLE = 3
_WITH_JOINERS = etree.XPath("//*[text()[contains(., '\u200c') or contains(., '\u200d')]]")
_AS_LETTERS = {0x200C: "\ua66e", 0x200D: "\ua7f7"}
"""Trafilatura takes signs without a form of their own out of words; those of Persian and Sinhala
are spelt with them. Letters that no language of news has stand for them meanwhile."""
_AS_JOINERS = {ord(letter): chr(joiner) for joiner, letter in _AS_LETTERS.items()}
_WORDS = re.compile(r"\w+")
_CSS = re.compile(
    r"@import\s[^;{}\n]{1,200};|"
    r"(?:/\*[^{}*]{0,200}\*/\s{0,20})?(?<![^\s{}/])(?:[.#@:][\w-][^{}\n]{0,150}|[\w*-]{1,30}\s?|"
    r"(?:(?<=\})|(?m:^))[ \t]{0,20}[a-z][\w *:,>+~()\"'=.#-]{0,100})"
    r"\{(?:\s*[a-z-]{2,40}\s*:[^{};]{1,300}(?:;|(?=\})))*\s*\}"
)
_ENDS = re.compile(r"[.!?。！？][\"'”’»)\]」]*$")
_BULLET = re.compile(r"^[-*•·–—]\s+")


def article_text(html: str, tree: HtmlElement | None, facts: PageFacts, url: str) -> str:
    """Return the text of a page's article, its paragraphs as lines; "" if the page has none.

    Args:
        html: The page, for when nothing else finds text in it.
        tree: The page parsed; it is changed. None if it is too big to be searched.
    """
    said = _said(facts.body)
    if tree is None:
        return said or clean_text(markup_to_text(html))
    for element in list(tree.iter("style", "template")):
        element.drop_tree()
    free_captions(tree)
    free_from_tables(tree)
    set_first_apart(tree)
    part_at_breaks(tree)
    headings = _headings(tree)
    titles = _titles(tree, facts)
    rename_boxes(tree)
    prune(tree, titles, url, authors=facts.authors)
    lead = _lead(tree, facts.summary, titles)
    first = below_heading(tree, titles)
    name_holder(tree)
    lines = _mended(clean_text(extracted(tree, url)[:_MOST_TEXT]).split("\n"), titles, headings)
    is_own = folded(next(filter(None, facts.titles), facts.title)) in headings
    judged = _judged(lines, said, headings, is_own=is_own)
    body = "\n".join(_from_first(_with_lead(judged, lead, facts.title), first))
    if len(body) < _FEWEST_BODY and len(said) > len(body):
        body = said
    return body or clean_text(markup_to_text(html))


def _said(body: str) -> str:
    return _without_css(plain_text(body)).strip()


def _without_css(text: str) -> str:
    """Return a text without the rules of style sheets that stand in it, nor the groups of them."""
    return _CSS.sub("", _CSS.sub("", text)) if "{" in text or "@import" in text else text


def extracted(tree: HtmlElement, url: str) -> str:
    """Return what trafilatura takes for the article, or "".

    Its plain mode takes other stories along on some pages, its precision mode leaves most of the
    article out on others. The one counts that is more like what Readability's way of searching,
    by how much text stands close together, finds.
    """
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # we say it in our own words
    for element in _WITH_JOINERS(tree):
        element.text = (element.text or "").translate(_AS_LETTERS)
        for part in element:
            part.tail = (part.tail or "").translate(_AS_LETTERS)
    close = _dense(tree)
    dense = _shingles(close)
    plain = _found(deepcopy(tree), url, is_precise=False)
    if len(plain) > _MOST_TEXT:
        return plain
    texts = (plain, _found(tree, url, is_precise=True))
    best = max(texts, key=lambda text: _likeness(_shingles(text), dense))
    return _ended(best, close) if len(best) >= _NOTHING else max(texts, key=len)


def _ended(text: str, close: str) -> str:
    """Return an article without the lines behind its last one that stands close to others.

    What stands apart there is of the page: an offer, figures of the town. A table right behind
    that line is the article's.
    """
    bare = folded(close)
    lines = text.split("\n")
    near = [folded(line) in bare for line in lines]
    size = sum(len(line) for line, is_near in zip(lines, near, strict=True) if is_near)
    if size < _MOSTLY * len(text):
        return text
    end = len(near) - near[::-1].index(True)
    while end < len(lines) and lines[end].startswith("|"):
        end += 1
    return "\n".join(lines[:end])


def _dense(tree: HtmlElement) -> str:
    """Return the text that Readability finds."""
    from trafilatura.external import try_readability

    return " ".join(try_readability(deepcopy(tree)).itertext())


def _found(tree: HtmlElement, url: str, *, is_precise: bool) -> str:
    from trafilatura import bare_extraction  # half a second to import, and only pages need it
    from trafilatura.settings import DEFAULT_CONFIG

    document = bare_extraction(
        tree,
        url=url or None,
        fast=True,
        favor_precision=is_precise,
        include_comments=False,
        with_metadata=False,
        config=DEFAULT_CONFIG if is_precise else _of_short_articles(),
    )
    text = getattr(document, "text", None)  # it may be None, or a dict for other options
    return text.translate(_AS_JOINERS) if isinstance(text, str) else ""


@cache
def _of_short_articles() -> ConfigParser:
    from trafilatura.settings import use_config

    config = use_config()
    config.set("DEFAULT", "MIN_EXTRACTED_SIZE", _SHORTEST)
    return config


def _likeness(one: set[tuple[str, ...]], other: set[tuple[str, ...]]) -> float:
    return 2 * len(one & other) / max(1, len(one) + len(other))


def _headings(tree: HtmlElement) -> frozenset[str]:
    headings = set()
    for count, element in enumerate(tree.iter("h1", "h2", "h3", "h4", "h5", "h6")):
        if count == 300:
            break
        headings.add(folded(some_text(element, 400)))
    return frozenset(headings - {""})


def _titles(tree: HtmlElement, facts: PageFacts) -> frozenset[str]:
    """Return what may stand above the article as its title, folded."""
    said = {title for title in (facts.title, *facts.titles) if title}
    heads = (some_text(heading, 400) for _, heading in zip(range(5), tree.iter("h1"), strict=False))
    shown = {head for head in heads if max((alike(head, title) for title in said), default=0) > 0.3}
    return frozenset(map(folded, said | shown)) - {""}


def _mended(
    shown: Sequence[str], titles: frozenset[str], headings: frozenset[str]
) -> Sequence[str]:
    """Return the lines of an article without its title above, headings and credits at the end."""
    lines = [line for line in shown if _without_css(line).strip() and not _is_of_advert(line)]
    for index, line in enumerate(lines[:_FIRST]):
        if folded(line) in titles:
            lines = lines[index + 1 :]
            break
        if len(line) > _SHORT and folded(line)[:200] not in headings:
            break
    lines = [line for line in lines if not is_invitation(line)] or lines
    while len(lines) > 1 and (_is_closing(lines[-1]) or folded(lines[-1]) in headings):
        lines.pop()
    calls = sum(1 for _ in takewhile(is_call, reversed(lines)))
    # Under what is free of an article; a page that says nothing else is none.
    return lines[:-calls] if calls and len("".join(lines[:-calls][-1:])) > _PROSE else lines


_ADVERT = re.compile(
    r"\W*(?:(?:the )?(?:article|story|post|text)? ?continues? (?:below|after|beneath)"
    r" ?(?:the|this)? ?(?:advertisement|ad|advert)?|scroll to continue|"
    r"advertisements?|advertising|advertorial|sponsored(?: content)?|anzeige|werbung|publicité|"
    r"publicidade?|"
    r"pubblicità|advertentie|annonse?|annons|mainos|reklama?|реклама|διαφήμιση|iklan|quảng cáo|"
    r"โฆษณา|"
    r"विज्ञापन|বিজ্ঞাপন|إعلان|اعلان|פרסומת|广告|廣告|広告|광고|"
    r"(?:la suite|l'article) (?:se poursuit )?après (?:cette|la) publicité|"
    r"der (?:artikel|text) (?:geht|wird) nach der (?:anzeige|werbung) (?:weiter|fortgesetzt)|"
    r"artikel (?:gaat|loopt) (?:verder|door) onder (?:de )?(?:foto|advertentie|video)|"
    r"artikkelen fortsetter under annonsen|artikeln fortsätter (?:under|efter) annonsen|"
    r"artiklen fortsætter (?:under|efter) annoncen|scroll to continue with content|"
    r"continua (?:a leggere )?dopo la pubblicità|"
    r"continúa (?:leyendo )?después de la publicidad)\W*",
    re.I,
)


def _is_of_advert(line: str) -> bool:
    return len(line) <= _SHORT and _ADVERT.fullmatch(line) is not None


_CLOSING = re.compile(
    r"(?:[©ⓒ]|.{0,30}(?:무단 ?전재.{0,15}금지|無断転載.{0,15}(?:禁|お断り)|禁止转载|"
    r"未经.{0,10}(?:授权|许可).{0,10}(?:转载|使用))|\(c\)\s|copyright\b|"
    r"all rights reserved|alle rechte vorbehalten|tous droits réservés|"
    r"(?:sign up|subscribe|register) (?:for|to) (?:our|the)\b.{0,60}\b(?:newsletters?|briefings?|"
    r"channels?|podcasts?|e-?mails?|alerts|updates)\b|follow us (?:on|at)\b|"
    r"comments are closed|"
    r"folgen sie uns|suivez[ -]nous|síguenos|siga-nos|seguici su|volg ons|följ oss|følg oss|"
    r"seuraa meitä|"
    r"obserwuj nas|sledujte nás|urmăriți-ne|подписывайтесь на|підписуйтесь на|bizi takip edin|"
    r"theo dõi (?:chúng tôi|báo (?!cáo|chí|động))|ikuti kami|تابعونا|関連リンク|"
    r"comments?\W*$|kommentare?\W*$|advertisement\W*$|anzeige\W*$|"
    r"(?:\S+@\S+\.\w+|(?:https?://|www\.|twitter\.com/|@)\S+)\W*$)",
    re.I,
)
_LONGEST_CLOSING = 250


def _is_closing(line: str) -> bool:
    return (
        len(line) < _LONGEST_CLOSING and _CLOSING.match(_BULLET.sub("", line.strip())) is not None
    )


_LEADS = re.compile(
    r"(?:^|[\s_-])(?:lead|intro|introduction|standfirst|preamble|sapo|dek|subtitles?|subhead|"
    r"sub-?headline|sub-?title|summary|abstract|excerpt|vorspann|teaser-?(?:text|intro)|chapo|"
    r"chapeau|"
    r"entradilla|bajada|sommario|occhiello|ingress|underrubrik|manchet)(?:$|[\s_-])",
    re.I,
)
_NEAR = 60
"""Elements after the heading among which a lead may stand."""


def _lead(tree: HtmlElement, summary: str, titles: frozenset[str]) -> str:
    """Return the lead of an article as the page shows it, or "".

    Either it says what the page's description says, or its class calls it one and it stands right
    after the heading, which need not be the page's first.
    """
    start = folded(summary.rstrip("….").rstrip())[:60]
    near = -1
    for element in tree.iter("h1", "p", "h2", "h3", "div", "span", "strong", "li", "header"):
        tag = element.tag
        if tag == "h1" or (tag in ("h2", "h3") and folded(some_text(element, 400)) in titles):
            near = 0
            continue
        near += near >= 0
        is_named = 0 < near <= _NEAR and tag != "header" and _is_lead(element)
        if not is_named and (len(start) < 25 or len(element.text or "") < 10):
            continue
        whole = some_text(element, _LONGEST_LEAD + 1)
        if len(whole) > _LONGEST_LEAD:
            continue
        if is_named and is_long(whole) and _is_prose(element, whole):
            return _lines_of(element)
        if start and len(start) >= 25 and folded(whole).startswith(start):
            parent = element.getparent()
            box = parent if parent is not None and _is_lead(parent) else element
            return _lines_of(box) if len(some_text(box, _LONGEST_LEAD + 1)) <= _LONGEST_LEAD else ""
    return ""


def _lines_of(element: HtmlElement) -> str:
    return markup_to_text(tostring(element, encoding="unicode", with_tail=False))


def _is_lead(element: HtmlElement) -> bool:
    names = element.get("class") or ""
    is_described = element.tag in ("p", "h2") and names.strip() == "description"
    is_described = is_described or "documentDescription" in names.split()  # of Plone
    return is_described or _LEADS.search(names[:300]) is not None


def _is_prose(element: HtmlElement, text: str) -> bool:
    """Tell a lead from a box that also holds the heading, a picture or a program."""
    others = element.iterdescendants("h1", "script", "style", "img", "time", "form", "button")
    if next(others, None) is not None or "©" in text or text.startswith("(") or is_byline(text):
        return False
    linked = sum(len(link.text_content()) for link in element.iter("a"))
    return len(element) <= 6 and linked < 0.4 * len(text)


def _with_lead(lines: Sequence[str], lead: str, title: str) -> Sequence[str]:
    if not lead or not lines:
        return lines
    bare = folded(lead)
    if bare == folded(title) or bare[:60] in folded(" ".join(lines)):
        return lines
    return [lead, *lines]


_MOST_LEFT = 2


def _from_first(lines: Sequence[str], first: Sequence[str]) -> Sequence[str]:
    """Return an article that begins below its heading; its body may be in a box of its own.

    Args:
        first: The sentences below the heading.
    """
    starts = [folded(text)[:60] for text in first]
    start = folded(lines[0])[:60] if lines else ""
    if start not in starts[1 : _MOST_LEFT + 1]:
        return lines
    whole = folded(" ".join(lines))
    left = zip(first, starts[: starts.index(start)], strict=False)
    return [*(text for text, bare in left if bare not in whole and not is_byline(text)), *lines]


def _judged(
    lines: Sequence[str], said: str, headings: frozenset[str], *, is_own: bool
) -> Sequence[str]:
    """Return the lines that the site's own text of the article has, or that text itself.

    JSON-LD carries the whole text on some sites and its beginning on others; only the whole one
    can judge. It seldom has paragraphs, so the lines found are better if they say the same.

    Args:
        is_own: The page shows its headline as a heading; if not, it may be another article's.
    """
    if len(said) < _FEWEST_BODY:
        return lines
    wanted = _shingles(said)
    parts = [_shingles(line) for line in lines]
    found = _shingles("\n".join(lines))
    both = len(found & wanted)
    is_whole = len(wanted) >= 0.5 * len(found) or (
        len(said) >= _WHOLE_BODY and _ENDS.search(said) and not said.endswith("...")
    )
    if not is_whole or not (is_own or both >= _SAME_ARTICLE * min(len(wanted), len(found))):
        return lines
    if both < _COVERED * len(wanted):
        return [line for line in said.split("\n") if line.strip()]
    bare = folded(said)
    keeps = [
        len(part & wanted) > 0.5 * len(part) or (len(line) < _SHORT and folded(line) in bare)
        for line, part in zip(lines, parts, strict=True)
    ]
    # That text has no headings; those between two lines that it has are the article's.
    around = zip([False, *keeps], [*keeps[1:], False], strict=False)
    return [
        line
        for line, keep, (before, after) in zip(lines, keeps, around, strict=True)
        if keep or (before and after and folded(line) in headings)
    ]


def _shingles(text: str) -> set[tuple[str, ...]]:
    words = _WORDS.findall(text.casefold())
    return {
        tuple(words[start : start + _SHINGLE]) for start in range(max(1, len(words) - _SHINGLE + 1))
    }
