"""The text of the article on a page: found by trafilatura, mended where it errs on every site."""

import logging
import re
from collections.abc import Sequence

from lxml.html import HtmlElement

from ingester.page_facts import PageFacts
from ingester.page_prune import prune
from ingester.text import clean_text, markup_to_text

_FIRST = 8
"""Lines at the start among which the title may stand."""
_SHORT = 120
_FEWEST_BODY = 200
_COVERED = 0.8
_LONGEST_LEAD = 800
_SHINGLE = 3
_LETTERS = re.compile(r"[\W_]+")
_WORDS = re.compile(r"\w+")
_BULLET = re.compile(r"^[-*•·–—]\s+")


def article_text(html: str, tree: HtmlElement | None, facts: PageFacts, url: str) -> str:
    """Return the text of a page's article, its paragraphs as lines; "" if the page has none.

    Args:
        html: The page, for when nothing else finds text in it.
        tree: The page parsed; it is changed. None if it is too big to be searched.
    """
    said = clean_text(markup_to_text(facts.body)) if facts.body else ""
    if tree is None:
        return said or clean_text(markup_to_text(html))
    headings = _headings(tree)
    prune(tree)
    lead = _lead(tree, facts.summary)
    lines = _mended(clean_text(extracted(tree, url)), facts.title, headings)
    found = "\n".join(_with_lead(_judged(lines, said), lead, facts.title))
    if len(found) < _FEWEST_BODY and len(said) > len(found):
        found = said
    return found or clean_text(markup_to_text(html))


def extracted(tree: HtmlElement, url: str) -> str:
    """Return what trafilatura takes for the article, or ""."""
    from trafilatura import bare_extraction  # half a second to import, and only pages need it

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # we say it in our own words
    document = bare_extraction(
        tree, url=url or None, fast=True, include_comments=False, with_metadata=False
    )
    text = getattr(document, "text", None)  # it may be None, or a dict for other options
    return text if isinstance(text, str) else ""


def folded(text: str) -> str:
    """Return only the letters and digits of a text, lower case, to compare."""
    return _LETTERS.sub("", text).casefold()


def _headings(tree: HtmlElement) -> frozenset[str]:
    found = set()
    for count, element in enumerate(tree.iter("h1", "h2", "h3", "h4", "h5", "h6")):
        if count == 300:
            break
        found.add(folded(element.text_content()[:400]))
    return frozenset(found - {""})


def _mended(text: str, title: str, headings: frozenset[str]) -> list[str]:
    """Return the lines of an extracted text without the title above and headings at the end."""
    lines = [line for line in text.split("\n") if line.strip()]
    wanted = folded(title)
    for index, line in enumerate(lines[:_FIRST]):
        bare = folded(line)
        if bare and (bare == wanted or (len(bare) > 20 and bare in headings and bare in wanted)):
            lines = lines[index + 1 :]
            break
        if len(line) > _SHORT:
            break
    while len(lines) > 1 and (_is_closing(lines[-1]) or folded(lines[-1]) in headings):
        lines.pop()
    return lines


_CLOSING = re.compile(
    r"(?:©|\(c\)|copyright\b|all rights reserved|alle rechte vorbehalten|tous droits réservés|"
    r"comments?\W*$|kommentare?\W*$|advertisement\W*$|anzeige\W*$|"
    r"sign up (?:for|here|to)\b|subscribe (?:to|now|here)\b|follow (?:us|me|the|\w+) .{0,60}\bon\b|"
    r"read (?:more|also|next)\b.{0,200}$|share this\b|click here\b|"
    r"(?:\S+@\S+\.\w+|(?:https?://|www\.|twitter\.com/|@)\S+)\W*$)",
    re.I,
)


def _is_closing(line: str) -> bool:
    return len(line) < 250 and _CLOSING.match(_BULLET.sub("", line.strip())) is not None


_LEADS = re.compile(
    r"(?:^|[\s_-])(?:lead|intro|introduction|standfirst|preamble|sapo|dek|subtitles?|subhead|"
    r"sub-?headline|sub-?title|summary|abstract|excerpt|vorspann|teaser-?(?:text|intro)|chapo|chapeau|"
    r"entradilla|bajada|sommario|occhiello|ingress|underrubrik|manchet)(?:$|[\s_-])",
    re.I,
)
_NEAR = 60
"""Elements after the heading among which a lead may stand."""


def _lead(tree: HtmlElement, summary: str) -> str:
    """Return the lead of an article as the page shows it, or "".

    Either it says what the page's description says, or its class calls it one and it stands right
    after the heading.
    """
    start = folded(summary.rstrip("….").rstrip())[:60]
    near = -1
    for element in tree.iter("h1", "p", "h2", "h3", "div", "span", "strong", "li", "header"):
        tag = element.tag
        if tag == "h1":
            near = 0
            continue
        near += near >= 0
        is_named = 0 < near <= _NEAR and tag != "header" and _is_lead(element)
        if not is_named and (len(start) < 25 or len(element.text or "") < 10):
            continue
        whole = " ".join(" ".join(element.itertext())[: 2 * _LONGEST_LEAD].split())
        if len(whole) > _LONGEST_LEAD:
            continue
        if is_named and len(whole) >= 60 and _is_prose(element, whole):
            return clean_text(whole)
        if start and len(start) >= 25 and folded(whole).startswith(start):
            parent = element.getparent()
            box = parent if parent is not None and _is_lead(parent) else element
            whole = " ".join(" ".join(box.itertext()).split())
            return clean_text(whole) if len(whole) <= _LONGEST_LEAD else ""
    return ""


def _is_lead(element: HtmlElement) -> bool:
    names = element.get("class")
    return bool(names) and _LEADS.search(names[:300]) is not None


def _is_prose(element: HtmlElement, text: str) -> bool:
    """Tell a lead from a box that also holds the heading, a picture or a program."""
    others = element.iterdescendants("h1", "script", "style", "img", "time", "form", "button")
    if next(others, None) is not None or "©" in text or text.startswith("("):
        return False
    linked = sum(len(each.text_content()) for each in element.iter("a"))
    return len(element) <= 6 and linked < 0.4 * len(text)


def _with_lead(lines: Sequence[str], lead: str, title: str) -> Sequence[str]:
    if not lead or not lines:
        return lines
    bare = folded(lead)
    if bare == folded(title) or bare[:60] in folded(" ".join(lines)):
        return lines
    return [lead, *lines]


def _judged(lines: Sequence[str], said: str) -> Sequence[str]:
    """Return the lines that the site's own text of the article has, or that text itself.

    JSON-LD carries the whole text on some sites and its beginning on others; only the whole one
    can judge. It seldom has paragraphs, so the lines found are better if they say the same.
    """
    if len(said) < _FEWEST_BODY:
        return lines
    wanted = _shingles(said)
    parts = [_shingles(line) for line in lines]
    found = set().union(*parts) if parts else set()
    if len(wanted) < 0.5 * len(found):
        return lines
    kept = [
        line
        for line, part in zip(lines, parts, strict=True)
        if len(part & wanted) > 0.5 * len(part)
    ]
    if len(found & wanted) >= _COVERED * len(wanted):
        return kept
    return [line for line in said.split("\n") if line.strip()]


def _shingles(text: str) -> set[tuple[str, ...]]:
    words = _WORDS.findall(text.casefold())
    return {
        tuple(words[start : start + _SHINGLE]) for start in range(max(1, len(words) - _SHINGLE + 1))
    }
