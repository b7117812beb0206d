"""Whose an entry is that an aggregator lists, such as Google News: its `source` names the paper.

Papers credit agencies by that element, too, and are still who prints it. An aggregator closes the
title with the paper's name; Google News does so nearly always, and its links lead to no page of
its own.
"""

import html

from common.patterns import pattern
from common.records import dataclass
from ingester.urls.links import absolute_link
from ingester.urls.urls import site_of

_GOOGLE_NEWS = "news.google.com"
_AT_END = pattern(r"\s+[-\u2010-\u2015|·]\s+")
_LAST_ELEMENT = pattern(r"(?:&nbsp;|\s)*+<(\w+)(?:\s[^<>]*)?>([^<>]*)</\1>\s*+\Z")
_READ = 1_000
"""So many characters at the end of a summary are looked at for the paper's name."""


@dataclass(frozen=True, slots=True)
class Credited:
    """An entry without what names its paper.

    Attributes:
        title: Without the paper's name at its end.
        summary: HTML, without a last element that is nothing but that name: what is matched and
            compared is to be what the paper says.
        publisher: The paper's address, or "": where the entry's own says whose it is.
    """

    title: str
    summary: str
    publisher: str = ""


def as_its_papers(title: str, summary: str, *, name: str, site: str, url: str) -> Credited:
    """Return what an entry says as what its paper says.

    Args:
        title, name: Plain text, on one line: of the entry, and of the source that it names.
        summary: As the entry has it.
        site: The address of that source, as it is written.
        url: The entry's own, absolute.
    """
    cut = _without_name(title, name)
    if cut == title and site_of(url) != _GOOGLE_NEWS:
        return Credited(title, summary)
    return Credited(cut, _without_last(summary, name), absolute_link(site, ""))


def _without_name(title: str, name: str) -> str:
    if not name or not title.casefold().endswith(name.casefold()):
        return title
    ends = [match for match in _AT_END.finditer(title) if _same(title[match.end() :], name)]
    return title[: ends[-1].start()].rstrip() or title if ends else title


def _without_last(summary: str, name: str) -> str:
    start = max(0, summary.rfind("<", 0, max(0, summary.rfind("</"))) - len("&nbsp;&nbsp; "))
    if not name or len(summary) - start > _READ:
        return summary
    last = _LAST_ELEMENT.search(summary, start)
    is_name = last is not None and _same(" ".join(html.unescape(last[2]).split()), name)
    return summary[: last.start()] if last is not None and is_name else summary


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()
