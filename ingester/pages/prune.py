"""What stands on a page beside its article, taken out of the tree before the article is sought.

Only what is not the article on any site: captions, boxes with a telling class or id, paragraphs,
headings and lists that are nothing but links. Every rule has a bound, so that a site that calls
its whole page "related" keeps its text.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice

from lxml.html import HtmlElement

from ingester.pages.beside import boxes_beside
from ingester.pages.facts.dom import folded, names_of, some_text
from ingester.pages.teasers import teasers

MAX_REMOVED = 1_000
_MOST_OF_PAGE = 0.3
_LONGEST_CAPTION = 600
_LONGEST_LINK_LINE = 300
_LONGEST_TEASER = 500
_LONGEST_ALSO = 40
_MOST_PARTS = 8

_BOXES = re.compile(
    r"(?:^|[\s_-])(?:"
    r"newsletters?|newsletter-?\w*|sign-?up(?:-?(?:box|form|card|banner|block|prompt))?|"
    r"subscri(?:be|ption)-?(?:box|form|card|banner|block|prompt|widget\S*|cta)|"
    r"breadcrumbs?|navbreadcrumbs?|"
    r"related(?:-?\w+)?|read-?(?:also|next)|more-?(?:stories|news|articles|from)|"
    r"recommend(?:ed|ations?)|recirc\w*|most-?(?:read|viewed|popular)|"
    r"author-?(?:bio|box|info|card|desc|description|profile)|about-?(?:the-?)?author|"
    r"saboxplugin-wrap|"
    r"copyright|respond|(?:post|article|user|facebook|wp|entry|reader)-?comments?|disqus\w*|"
    r"kommentare?|"
    r"share-?(?:bar|buttons?|links?|tools?)?|sharing|social-?(?:share|links?|icons?|media)?|"
    r"(?:letters-)?cta|call-to-action|nyhetsbrev\w*|nieuwsbrief\w*|hirlevel\w*|toc|ez-toc\S*|table-of-contents|inhaltsverzeichnis|"
    r"modal|cookie-?\w*|consent-?\w*|paywall-?(?:box|overlay)|"
    r"polls?-?(?:box|widget)?|audio-?player|listen|adblock\S*|tags?-?list|estimated-read-time|reading-?time|advert\w*|ad-?(?:slot|container|wrapper)"
    r")(?:$|[\s_-])",
    re.I,
)
_WALLS = re.compile(
    r"(?:^|[\s_-])(?:[a-z]{0,12}wall\w*|subscri\w*|abo|abonne\w*|unlock\w*|offers?|premium-\w+|"
    r"piano\w*|tinypass)(?:$|[\s_-])",
    re.I,
)
_TO_SUBSCRIBE = re.compile(
    r"log-?in|sign-?(?:in|up)|subscri|regist|abo(?:s|nn|nner|/|\b)|account|checkout|offer|suscri|assin",
    re.I,
)
_LONGEST_OFFER = 1_000
_LONGEST_OF_OFFER = 250
_PICTURES = re.compile(
    r"(?:^|[\s_-])(?:images?|photos?|pictures?|figure|gallery|media|caption|credit|"
    r"bildunterschrift|"
    r"[a-z]{0,12}caption|legende|pie-de-foto|photo-?caption|image-?caption)(?:$|[\s_-])",
    re.I,
)
_UNDER_PICTURES = re.compile(
    r"(?:^|[\s_-])(?:[a-z]{0,12}caption|photo-?credit)(?:$|[\s_-])|(?:^|\s)image(?:$|\s)", re.I
)
"""Of paragraphs, of which those "with-image" are the article's."""
_FRAMES = frozenset(("div", "span", "section", "table"))
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_NOT_BOXES = frozenset(("html", "body", "main", "article", "head", "h1", "a", "p", "option"))
_HEADINGS = frozenset(("h2", "h3", "h4", "h5", "h6"))
_CARDS = frozenset(("article", "div", "li", "section"))
_LINES = _HEADINGS | {"p"}
_INSIDE_LINES = frozenset(("a", "b", "strong", "em", "i", "u", "span", "font", "small", "mark"))
_MARKS = re.compile(r"[\W_]+")
_ALSO = re.compile(
    r"[\W_]*(?:(?:also |must )?read(?: also| more| next| this)?|more(?: on this| on|"
    r" like this)?|see also|"
    r"related(?: (?:stories|articles|news|coverage))?|don['’]t miss|recommended|"
    r"you may also like|"
    r"(?:à )?lire(?: aussi| également)?|(?:à )?voir aussi|(?:lesen|sehen) sie (?:auch|dazu)|"
    r"lies auch|"
    r"mehr (?:zum thema|dazu)|siehe auch|auch interessant|(?:lea|lee|leer|ver|vea|mira) también|"
    r"(?:te puede|le puede|también te puede) interesar|lea más|leia (?:também|mais)|"
    r"veja (?:também|mais)|"
    r"leggi anche|lees ook|läs (?:också|mer|även)|les (?:også|mer)|læs (?:også|mere)|"
    r"lue (?:myös|lisää)|"
    r"(?:czytaj|zobacz) (?:także|też|również|więcej)|čtěte (?:také|i|též)|přečtěte si(?: také)?|"
    r"čítajte (?:aj|tiež)|olvass(?:a|on)?(?: el)? (?:is|még)|citește și|citiți și|"
    r"читайте (?:также|ещё|еще)|"
    r"читайте також|прочетете (?:още|и)|pročitajte (?:i|još|više)|прочитајте (?:и|још)|"
    r"διαβάστε (?:επίσης|ακόμα|περισσότερα)|bunu da oku(?:yun)?|ayrıca bakın(?:ız)?|xem thêm|"
    r"đọc thêm|"
    r"(?:tin|bài) liên quan|baca juga|อ่านเพิ่มเติม|อ่านข่าว(?:ที่เกี่ยวข้อง|เพิ่มเติม)?|"
    r"ข่าวที่เกี่ยวข้อง|"
    r"(?:यह|ये|इसे) भी (?:पढ़ें|पढ़े|देखें)|(?:আরও|আরো) পড়ুন|இதையும் படி\S{0,8}|"
    r"(?:اقرأ|إقرأ|اقرا|شاهد|طالع)(?: أيضا| أيضاً| ايضا)|(?:بیشتر|همچنین) بخوانید|یہ بھی پڑھیں|"
    r"קראו גם|"
    r"(?:相关|延伸)阅读|(?:相關|延伸)(?:閱讀|新聞)|関連(?:記事|ニュース)?|あわせて読みたい|"
    r"관련 ?기사)[\W_]*",
    re.I,
)
"""What stands before links to other stories within an article."""
_FEWEST_ALSO = 8
"""Bytes of what says so without a link behind it; shorter words may begin any line."""
_ADVISES = "recommended"
"""What may begin a line of an article's own: Recommended: update to 5.2."""


def prune(
    tree: HtmlElement, titles: frozenset[str], url: str, *, authors: Sequence[str] = ()
) -> None:
    """Take out of a parsed page, in place, what is certainly not its article.

    Args:
        titles: What the article is called, folded: a box under such a headline is its own.
        authors: Who wrote it.
    """
    around = [*boxes_beside(tree, authors)]
    for element in [*islice(chain(teasers(tree, url), around), MAX_REMOVED)]:
        if element.getparent() is not None:
            element.drop_tree()
    whole = sum(len(text) for text in _texts(tree))
    for element in list(islice(_unwanted(tree, whole, titles), MAX_REMOVED)):
        if element.getparent() is not None:
            element.drop_tree()


def _texts(tree: HtmlElement) -> Iterator[str]:
    for element in tree.iter("p"):
        if element.text:
            yield element.text
        for child in element:
            if child.tail:
                yield child.tail


def _is_small(element: HtmlElement, whole: int) -> bool:
    """Tell whether the page keeps most of its text without an element."""
    if element.find(".//h1") is not None:
        return False
    return len(element.text_content()) <= max(_MOST_OF_PAGE * whole, _LONGEST_LINK_LINE)


def _unwanted(tree: HtmlElement, whole: int, titles: frozenset[str]) -> Iterator[HtmlElement]:
    """Yield elements to drop, outermost first; what stands inside one is not looked at again."""
    inside: HtmlElement | None = None
    last: HtmlElement | None = None
    for element in tree.iter():
        if inside is not None:
            if element is last:
                inside = None
            continue
        is_unwanted = isinstance(element.tag, str) and _is_unwanted(element, titles)
        if is_unwanted and _is_small(element, whole):
            yield element
            *_, last = element.iter()
            inside = element if last is not element else None


def _is_unwanted(element: HtmlElement, titles: frozenset[str]) -> bool:
    tag = element.tag
    if tag == "figcaption" or element.get("hidden") is not None:
        return True
    if "style" in element.attrib and _HIDDEN.search(element.get("style") or ""):
        return True
    if tag in _LINES and (_is_only_links(element) or _is_other_story(element)):
        return True
    if tag == "p":
        return _has_name(element, _UNDER_PICTURES) and _is_caption(element)
    if tag in _LINES:
        return False
    if tag in ("ul", "ol"):
        return _has_name(element, _BOXES)
    if tag in _CARDS and _is_teaser(element, titles):
        return True
    if tag in _NOT_BOXES:
        return False
    if _has_name(element, _BOXES) or _is_offer(element):
        return True
    return tag in _FRAMES and _has_name(element, _PICTURES) and _is_caption(element)


def _is_offer(element: HtmlElement) -> bool:
    """Tell what is for sale in front of an article from the article behind it."""
    is_wall = _has_name(element, _WALLS)
    if not is_wall or len(some_text(element, _LONGEST_OFFER + 1)) > _LONGEST_OFFER:
        return False
    lines = (some_text(line, _LONGEST_OF_OFFER + 1) for line in element.iter("p"))
    if any(len(line) > _LONGEST_OF_OFFER for line in lines):
        return False
    links = (f"{link.get('href') or ''} {link.get('class') or ''}" for link in element.iter("a"))
    has_way_in = any(map(_TO_SUBSCRIBE.search, links))
    return has_way_in or next(element.iter("button", "form"), None) is not None


def _has_name(element: HtmlElement, pattern: re.Pattern[str]) -> bool:
    names = names_of(element)
    return len(names) > 1 and pattern.search(names[:500]) is not None


def _is_caption(element: HtmlElement) -> bool:
    """Tell a picture with the words beneath it from a box that also holds the article."""
    if len(element) > 20:
        return False
    return len(element.text_content().strip()) <= _LONGEST_CAPTION and (
        element.find(".//p[2]") is None or element.find(".//img") is not None
    )


def _is_only_links(element: HtmlElement) -> bool:
    """Tell a line that is a link to another page and nothing else."""
    if element.find(".//a") is None:
        return False
    links = [link for link in element.iter("a") if "#" not in (link.get("href") or "#")]
    if not links or any(element.tag not in _INSIDE_LINES for element in element.iterdescendants()):
        return False
    whole = element.text_content()
    first = next((said for link in links if (said := link.text_content().strip())), None)
    label = whole[: 2 * _LONGEST_LINK_LINE].partition(first)[0] if first else ""
    if label and _ALSO.fullmatch(label):
        whole = whole[len(label) :]
    text = _MARKS.sub("", whole)
    linked = sum(len(_MARKS.sub("", link.text_content())) for link in links)
    return 0 < len(text) <= _LONGEST_LINK_LINE and linked >= 0.95 * len(text)


def _is_other_story(element: HtmlElement) -> bool:
    """Tell a line that names another story and, perhaps by a program only, leads to it."""
    start = some_text(element, _LONGEST_ALSO)
    if ":" not in start and "：" not in start:
        return False
    text = some_text(element, _LONGEST_LINK_LINE + 1)
    label, colon, other = text.replace("：", ":").partition(":")
    if len(label.encode()) < _FEWEST_ALSO or folded(label) == _ADVISES:
        return False
    is_said = _ALSO.fullmatch(label) is not None
    return is_said and bool(colon and other) and len(text) <= _LONGEST_LINK_LINE


def _is_teaser(element: HtmlElement, titles: frozenset[str]) -> bool:
    """Tell the box of another story: a headline that is a link, and a few words."""
    if len(element) > _MOST_PARTS:
        return False
    near = (inner for part in element for inner in (part, *part) if inner.tag in _HEADINGS)
    headings = list(islice(near, 2))
    return (
        len(headings) == 1
        and _is_only_links(headings[0])
        and folded(some_text(headings[0], _LONGEST_TEASER)) not in titles
        and len(element.text_content()) <= _LONGEST_TEASER
    )
