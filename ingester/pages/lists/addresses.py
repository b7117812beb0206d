"""What the address of a link tells: whether it is like an article's, and of what make it is."""

import re
from collections import Counter
from collections.abc import Collection
from functools import lru_cache
from urllib.parse import urlsplit

_OF_AN_ARTICLE = 3
_ONE_MAKE = 0.9
"""Share of the links of a list whose addresses are made alike."""
_SLUG = re.compile(r"[^\W_]+(?:[-_][^\W_]+){3,}")
_LONG_SLUG = re.compile(r"[^\W_]+(?:[-_]+[^\W_]+){5,}")
_NUMBERED = re.compile(r"\d{5,}|/20\d\d/\d{1,2}/|/20\d\d-\d\d")
_NUMBER_ASKED = re.compile(r"(?:^|&)(?!page|cat|m=|lang)[\w-]+=\d{2,}(?:&|$)")
_DOCUMENT = re.compile(r"\.(?:s?html?|php|aspx?|jsp|amp)$", re.I)
_WORDS = re.compile(r"[^\W\d_]+(?:[-_+]+[^\W\d_]+)*|%[0-9a-f%]+", re.I)
_DIGITS = re.compile(r"\d+")
_ITS_NUMBER = re.compile(r"\d\d")
_OF_A_TOPIC = re.compile(
    r"/(?:tags?|topics?|themen|themas?|temas?|categor(?:y|ies)|authors?)/[^/]*[^/\d][^/]*/?$", re.I
)

_FOR_SALE = re.compile(
    r"/(?:advert\w*|publicidade?|werbung|mediadaten|reklama?|iklan|pubblicita)/", re.I
)


def is_address_of_article(url: str) -> bool:
    """Whether an address alone says that it is an article's: words and a number or a date."""
    return address_weight(url, url) >= _OF_AN_ARTICLE


def address_weight(there: str, here: str) -> int:
    """Return how much an address on the page `here` looks like an article's: up to 6."""
    parts = urlsplit(there)
    last = parts.path.rstrip("/").rpartition("/")[2]
    score = 2 if _SLUG.search(last) else 0
    score += 1 if _LONG_SLUG.search(last) else 0
    score += 2 if _NUMBERED.search(parts.path + "?" + parts.query) else 0
    score += 1 if _DOCUMENT.search(parts.path) else 0
    score -= 4 if _OF_A_TOPIC.search(parts.path) and not _NUMBERED.search(parts.path) else 0
    score -= 2 if parts.path.lower().endswith(".pdf") else 0
    score -= 20 if _FOR_SALE.match(parts.path) else 0
    if not _is_of(_host(parts.hostname), _host_of(here)):
        score -= 3  # advertisements and partners lead elsewhere
    return score if parts.path.strip("/") or _NUMBER_ASKED.search(parts.query) else -5


def is_near(there: str, here: str) -> bool:
    """Whether an address is of the same host as another, or one is below the other's."""
    return _is_of(_host_of(there), _host_of(here))


def _is_of(own: str, other: str) -> bool:
    return own == other or own.endswith("." + other) or other.endswith("." + own)


@lru_cache(16)
def _host_of(url: str) -> str:
    return _host(urlsplit(url).hostname)


def _host(name: str | None) -> str:
    return (name or "").removeprefix("www.")


def make_of(url: str) -> str:
    """Return of what make an address with a number is: "/news/0/w-0.html", or "" without one.

    Addresses that a program makes of its articles differ in their numbers, and in the words of
    the last part; what comes before it is the shelf.
    """
    parts = urlsplit(url)
    shelf, _, last = parts.path.rstrip("/").rpartition("/")
    name, dot, ending = last.rpartition(".")
    last = f"{_WORDS.sub('w', name)}.{ending}" if dot else _WORDS.sub("w", last)
    asked = "&".join(each for each in parts.query.split("&") if _NUMBER_ASKED.search(each))
    if not asked and not _ITS_NUMBER.search(parts.path):
        return ""
    return _DIGITS.sub("0", f"{parts.netloc}{shelf}/{last}?{asked}")


def common_make(urls: Collection[str]) -> str:
    """Return the make that nearly all of some addresses have, or ""."""
    makes = Counter(map(make_of, set(urls)))
    make, count = makes.most_common(1)[0] if makes else ("", 0)
    return make if count >= _ONE_MAKE * makes.total() else ""
