"""Counts what a page's text has that its article has not: teasers, notices, other stories.

    python -m bench.reading.score_others [--show]

Twice, on the page suites that give an article's whole text (see `score_pages.py`): on the pages
as they are, and with each article cut to its first paragraph, at most 250 characters, since a page
that says little is where others' text is taken for its own.
"""

import argparse
import gzip
import re
import sys
from collections.abc import Iterator
from typing import Any

from lxml.html import HtmlElement, document_fromstring, tostring

from bench.reading.score_feeds import SHARED
from bench.reading.score_pages import cases_of, shingles
from ingester.entry import ParseError
from ingester.pages.facts.dom import folded
from ingester.pages.kind import read_page

MOST = 250
MANY = 200
"""Characters of others' text from which a page counts."""

_BLOCKS = ("p", "div", "li", "h2", "h3", "h4", "blockquote", "section", "span", "td")


def others(text: str, article: str) -> list[str]:
    """Return the lines of a text most of whose words in fours the article does not have."""
    own = shingles(article)
    parts = ((line, shingles(line)) for line in text.split("\n") if line.strip())
    return [line for line, has in parts if 2 * (has & own).total() <= has.total()]


def cut(html: str, article: str) -> tuple[str, str] | None:
    """Return a page whose article is its first paragraph, and that; None if it has not several."""
    tree = document_fromstring(html.encode())
    whole = folded(article)
    blocks: list[HtmlElement] = []
    for element in tree.iter(*_BLOCKS):
        is_inside = any(box in blocks for box in element.iterancestors())
        if not is_inside and len(own := folded(element.text_content())) > 15 and own in whole:
            blocks.append(element)
    paragraphs = [block for block in blocks if len(block.text_content().strip()) > 60]
    if len(paragraphs) < 3:
        return None
    first = paragraphs[0]
    said = " ".join(first.text_content().split())
    if len(said) > MOST:
        for part in list(first):
            part.drop_tree()
        first.text = said = said[: MOST - 50].rpartition(" ")[0] + "."
    for block in blocks:
        if block is not first and block.getparent() is not None:
            block.drop_tree()
    for script in list(tree.iter("script")):
        script.drop_tree()  # data that say the whole article
    return tostring(tree, encoding="unicode"), said


def _texts(html: str, url: str) -> str:
    try:
        return read_page(html.encode(), url=url, content_type="text/html; charset=utf-8").text
    except ParseError:
        return ""


def _pages() -> Iterator[tuple[dict[str, Any], str]]:
    for case in cases_of(None, None):
        if "text" in case["expect"] and case["suite"] != "readability":  # most of it is no news
            body = gzip.decompress((SHARED / "data" / case["file"]).read_bytes())
            yield case, re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f]", "", body.decode("utf-8", "replace"))


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--show", action="store_true", help="print the lines")
    options = arguments.parse_args()
    counts: dict[str, list[int]] = {"as they are": [], "cut short": []}
    for case, html in _pages():
        article, url = case["expect"]["text"], case["url"] or ""
        shorter = cut(html, article)
        pages = [("as they are", html, article)]
        pages += [("cut short", *shorter)] if shorter else []
        for how, page, own in pages:
            lines = others(_texts(page, url), own)
            counts[how].append(sum(map(len, lines)))
            if options.show and counts[how][-1] > MANY:
                print(f"{how}: {case['id']}", *(f"  {line[:150]}" for line in lines), sep="\n")
    for how, found in counts.items():
        many = sum(count > MANY for count in found)
        print(f"{how}: {many} of {len(found)} pages over {MANY} characters, {sum(found)} in all")
    return 0


if __name__ == "__main__":
    sys.exit(main())
