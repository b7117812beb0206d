"""Paragraphs that a page writes as something else, made `p` before its article is sought.

What finds articles looks for `p`; programs that build pages write each paragraph as a `div` or a
`section`, and old pages leave the first one bare in front of the others.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Set
from copy import deepcopy
from itertools import islice

from lxml.html import HtmlElement

from ingester.pages.facts.dom import folded, some_text

_PROSE = 60
"""Letters of a text that is more than a label."""
_MOST = 2_000
_FEWEST = 2
"""Side by side."""
_INLINE = frozenset(
    (
        *("a", "abbr", "b", "bdi", "bdo", "cite", "code", "em", "font", "i", "kbd", "mark", "q"),
        *("s", "small", "span", "strong", "sub", "sup", "time", "u", "wbr"),
    )
)
_OF_TABLES = ("tbody", "thead", "tfoot", "tr", "td", "th", "caption")
_OF_ARTICLE = 400
"""Bytes of a cell that holds more than a figure and what it is of."""
_HOLDING = frozenset(("article", "div", "main", "section", "td"))
_MOST_LINKED = 0.5
_HEADINGS = ("h2", "h3")
_NEAR = 60
"""Elements after the heading among which a lead may stand."""
_FEW = 4
_TELL_ARTICLES = 2
"""Of trafilatura's paths to an article those first ones that no page without one has."""
_LONGEST = 800
_PICTURES = re.compile(
    r"(?:^|[\s_-])(?:images?|photos?|pictures?|figure|gallery|media|[a-z]{0,12}caption|legende?)"
    r"(?:$|[\s_-])",
    re.I,
)
ENDS = re.compile(r"[.!?。！？।۔؟][\"'”’»)\]」]*$|[\u0e00-\u0eff]$")
"""How a sentence ends; those of Thai and Lao end as they go on."""


def is_long(text: str) -> bool:
    """Whether a text is more than a label; a sign of Asian scripts says what two letters do."""
    size = len(text.encode())
    return len(text) >= _PROSE or (size > 2 * len(text) and size >= 1.5 * _PROSE)


def set_first_apart(tree: HtmlElement) -> None:
    """Put the first paragraph, where it stands bare in front of others, into one of its own."""
    for first in list(islice(tree.iter("p"), _MOST)):
        box = first.getparent()
        bare = "" if box is None or box[0] is not first else (box.text or "").strip()
        if box is not None and len(bare) >= _PROSE:
            paragraph = box.makeelement("p")
            paragraph.text, box.text = bare, None
            box.insert(0, paragraph)


def part_at_breaks(tree: HtmlElement) -> None:
    """Make a `p` of each line of a box in which line breaks alone part an article's paragraphs."""
    for box in dict.fromkeys(line.getparent() for line in islice(tree.iter("br"), _MOST)):
        if box is None or box.tag not in _HOLDING:
            continue
        parts = [*_lines_of(box)]
        if (
            sum(part.tag == "p" and is_long(some_text(part, 2 * _PROSE)) for part in parts)
            >= _FEWEST
        ):
            box.text = None
            box[:] = parts


def _lines_of(box: HtmlElement) -> Iterator[HtmlElement]:
    """Yield what stands in a box: what is parted by breaks and other boxes in a `p` each."""
    line = box.makeelement("p")
    line.text = box.text
    for part in box:
        if part.tag in _INLINE:
            line.append(deepcopy(part))
            continue
        if len(line) or (line.text or "").strip():
            yield line
        if part.tag != "br":
            whole = deepcopy(part)
            whole.tail = None
            yield whole
        line = box.makeelement("p")
        line.text = part.tail
    if len(line) or (line.text or "").strip():
        yield line


def free_from_tables(tree: HtmlElement) -> None:
    """Make plain boxes of tables that lay a page out: a cell of theirs holds an article's words."""
    for table in list(islice(tree.iter("table"), _MOST)):
        cells = islice(table.iter("td", "th"), _MOST)
        if any(map(_holds_article, cells)):
            table.tag = "div"
            for part in list(table.iter(*_OF_TABLES)):
                if next(part.iterancestors("table"), None) is None:  # not of one within it
                    part.tag = "div"


def _holds_article(cell: HtmlElement) -> bool:
    size = len(some_text(cell, _OF_ARTICLE).encode())
    return size >= _OF_ARTICLE or (size >= _OF_ARTICLE / 2 and cell.find(".//p[2]") is not None)


def rename_boxes(tree: HtmlElement) -> None:
    """Make a `p` of boxes side by side that hold a paragraph's words each, and no other box.

    Where most paragraphs are marked as such, a box is something else: a caption, an invitation.
    """
    found: dict[HtmlElement, list[HtmlElement]] = defaultdict(list)
    for box in islice((box for box in tree.iter("div", "section") if _is_paragraph(box)), _MOST):
        found[box.getparent()].append(box)
    rows = {box: row for box, row in found.items() if len(row) >= _FEWEST}
    written = sum(len(text) for text in _texts(tree)) if rows else 0
    for parent, row in rows.items():
        most = sum(len(some_text(box, _LONGEST)) for box in row) > written
        if most and next(parent.iterchildren("p"), None) is None:
            kinds = {(box.tag, box.get("class")) for box in row}
            for box in islice(parent.iterchildren("div", "section"), _MOST):
                # The short ones between them, too.
                if (box.tag, box.get("class")) in kinds and _is_flat(box):
                    box.tag = "p"


def _texts(tree: HtmlElement) -> Iterator[str]:
    """Yield the texts of the paragraphs that are marked as such."""
    texts = (some_text(each, _LONGEST) for each in islice(tree.iter("p"), _MOST))
    return (text for text in texts if is_long(text))


def below_heading(tree: HtmlElement, titles: Set[str]) -> list[str]:
    """Return the first sentences that stand below the heading of an article, a box each, one line.

    Args:
        titles: What the article is called, folded.
    """
    found: list[str] = []
    near = -1
    for element in tree.iter("h1", "h2", "h3", "p", "div", "section"):
        if element.tag == "h1" or (
            element.tag in _HEADINGS and folded(some_text(element, 400)) in titles
        ):
            near, found = 0, []
            continue
        near += near >= 0
        if near > _NEAR or len(found) == _FEW:
            break
        if near > 0 and _is_paragraph(element) and not _is_under_picture(element):
            found.append(some_text(element, _LONGEST + 1))
    return [text for text in found if len(text) <= _LONGEST and ENDS.search(text)]


def _is_under_picture(box: HtmlElement) -> bool:
    parent = box.getparent()
    if parent is not None and parent.find("img") is not None:
        return True
    near = (box,) if parent is None else (box, parent)
    names = (f"{part.get('class') or ''} {part.get('id') or ''}" for part in near)
    return any(_PICTURES.search(name[:300]) for name in names)


def _is_paragraph(box: HtmlElement) -> bool:
    if not _is_flat(box):
        return False
    whole = some_text(box, 2 * _PROSE)
    linked = sum(len(link.text_content()) for link in box.iter("a"))
    return is_long(whole) and linked <= _MOST_LINKED * len(whole)


def _is_flat(box: HtmlElement) -> bool:
    """Tell a box that holds nothing but words."""
    return all(part.tag in _INLINE for part in box.iterdescendants())


def name_holder(tree: HtmlElement) -> None:
    """Name the box that holds most of a page's paragraphs as sites name that of an article."""
    from trafilatura.xpaths import BODY_XPATH

    if any(path(tree) for path in BODY_XPATH[:_TELL_ARTICLES]):
        return
    held: Counter[HtmlElement] = Counter()
    for paragraph in islice(tree.iter("p"), _MOST):
        text = some_text(paragraph, _LONGEST)
        if is_long(text):
            held[paragraph.getparent()] += len(text)
    for box, size in held.most_common(1):
        if box.tag in _HOLDING and 2 * size > held.total():
            box.tag = "div" if box.tag == "td" else box.tag
            box.set("class", "article-body")
