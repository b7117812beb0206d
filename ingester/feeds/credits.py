"""Whose an entry is that an aggregator lists, such as Google News: its `source` names the paper.

Papers credit agencies by that element, too, and are still who prints it. An aggregator closes the
title with the paper's name; Google News does so nearly always, and its links lead to no page of
its own.
"""

from common.patterns import pattern
from ingester.urls.links import absolute_link
from ingester.urls.urls import site_of

_GOOGLE_NEWS = "news.google.com"
_AT_END = pattern(r"\s+[-\u2010-\u2015|·]\s+")


def as_its_papers(title: str, *, name: str, site: str, url: str) -> tuple[str, str]:
    """Return the title of an entry without the paper's name at its end, and the paper's address.

    Args:
        title, name: Plain text, on one line: of the entry, and of the source that it names.
        site: The address of that source, as it is written.
        url: The entry's own, absolute.

    Returns:
        The title, and the address or "": where its own address says whose the entry is.
    """
    cut = _without_name(title, name)
    if cut == title and site_of(url) != _GOOGLE_NEWS:
        return title, ""
    return cut, absolute_link(site, "")


def _without_name(title: str, name: str) -> str:
    if not name or not title.casefold().endswith(name.casefold()):
        return title
    ends = [match for match in _AT_END.finditer(title) if _same(title[match.end() :], name)]
    return title[: ends[-1].start()].rstrip() or title if ends else title


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()
