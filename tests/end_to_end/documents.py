"""Documents and feeds that end-to-end tests let a monitor find; the wording is ours."""

import os
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

ADDRESS = "https://www.example.com/varlden/avtal-om-natbrott-20251026174836264.htm"

SWEDISH = f"""\
Vid ceremonin i går kväll sade ministern att Hanoi-konventionen, som FN:s medlemsländer har \
förhandlat om i fem år, nu har undertecknats av delegationer från hela världen.
Hanoikonventionen gör det möjligt att dela bevis över gränserna, och anslutningen till \
Hanoi -konventionen står öppen till årets slut.

Ministern håller sitt tal (Foto: Exempelbyrån).
Källa: {ADDRESS}




Kommentar (0)"""

UNRELATED = """\
Färjan är försenad

Kvällens färja går en timme senare än vanligt, meddelar rederiet.
Konventionen om sjösäkerhet berörs inte.
"""


def drop(folder: Path, name: str, text: str) -> Path:
    """Put a document into a seed folder, finished long ago."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    past = time.time() - 60
    os.utime(path, (past, past))
    return path


def item(
    number: int | str,
    *,
    title: str = "",
    link: str | None = None,
    guid: str | None = None,
    at: datetime | None = None,
) -> str:
    """Return an RSS item about our subject."""
    title = title or f"Ministers speak about the Hanoi Convention, part {number}"
    return (
        f"<item><title>{title}</title>"
        f"<link>{link or f'https://news.example.com/story/{number}'}</link>"
        f"<guid isPermaLink='false'>{guid or f'guid-{number}'}</guid>"
        f"<pubDate>{format_datetime(at or datetime(2025, 10, 26, 9, tzinfo=UTC))}</pubDate>"
        f"<description>Delegates have met again, this is report {number}.</description></item>"
    )


def rss(items: Sequence[str], *, title: str = "Example News") -> bytes:
    """Return an RSS 2.0 document."""
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>{title}</title>'
        f"<link>https://news.example.com/</link><description>News</description>{''.join(items)}"
        "</channel></rss>"
    ).encode()
