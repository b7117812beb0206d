"""What every reader of feeds does alike: notices, the wait that is asked for."""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta

from ingester.schedule import LONGEST_WAIT

E_MAIL = r"[\w.+-]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,24}"
_E_MAIL_AND_NAME = re.compile(rf"{E_MAIL} \((?P<name>[^()@&<>]+)\)", re.A)
_NAME_AND_E_MAIL = re.compile(rf"(?P<name>[^()@&<>]+) (?:<{E_MAIL}>|\({E_MAIL}\))", re.A)


def beside_e_mail(author: str) -> str:
    """Return the name that stands beside an address of mail: "a@b.example (Ann Bee)", or ""."""
    match = _E_MAIL_AND_NAME.fullmatch(author) or _NAME_AND_E_MAIL.fullmatch(author)
    return match["name"].strip() if match else ""


def best_alternate(links: Sequence[tuple[str, str]]) -> str:
    """Return the address of the first link (address, type) that is a page, else of the first.

    Args:
        links: At least one.
    """
    pages = (place for place, type_ in links if media_type(type_) in HTML_TYPES)
    return next(pages, links[0][0])


def media_type(written: str) -> str:
    """Return a media type without its parameters, in lower case."""
    return written.partition(";")[0].strip().lower()


HTML_TYPES = frozenset(("", "text/html", "html", "application/xhtml+xml", "xhtml"))


def unsafe_links(count: int) -> str:
    """Return the notice that so many entries link to what nobody may follow."""
    return f"unsafe link, neither http nor https, in {counted(count)}: kept without it"


def counted(count: int) -> str:
    """Return `1 entry`, `2,000 entries`, ..."""
    return "1 entry" if count == 1 else f"{count:,} entries"


def wait_asked(feed: Mapping[str, object]) -> timedelta | None:
    """Return the wait that ttl (minutes) or sy:updatePeriod and -Frequency ask for, clamped."""
    period = _PERIODS.get(str(feed.get("sy_updateperiod", "")).strip().lower())
    ttl = _number(feed.get("ttl"))
    waits = []
    if ttl:
        waits.append(timedelta(minutes=min(ttl, 100_000)))
    if period:
        waits.append(period / (_number(feed.get("sy_updatefrequency")) or 1))
    return min(max(waits), LONGEST_WAIT) if waits else None


_PERIODS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(days=7),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}


def _number(value: object) -> int | None:
    text = str(value).strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
