"""Values as a database keeps them: texts that every one can keep, UTC instants, durations, JSON.

What one database would refuse or bend, all refuse, before anything is sent: a text with NUL or
a lone surrogate, an instant without a time zone. They raise ValueError.
"""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from isal import isal_zlib

from common.clip import clip

SHOWN = 80
"""So many characters of a bad value are shown."""

_SHORTEST_PACKED = 200
_WORTH_IT = 0.9
_LEVEL = 2
"""A quarter of the time that zlib takes at its quickest, and a little shorter."""


def check_text(text: str) -> str:
    """Return the text.

    Raises:
        ValueError: It holds NUL or a lone surrogate, which PostgreSQL cannot keep.
    """
    try:
        if "\0" not in text and (text.isascii() or text.encode()):
            return text
        why = "the character NUL"
    except UnicodeEncodeError:
        why = "half of a surrogate pair"
    raise ValueError(f"text {shown(text)} holds {why}, which cannot be stored: clean it first")


def shown(text: str) -> str:
    """Return a value for a message: in quotes, clipped, control characters escaped."""
    return f'"{escaped(text, SHOWN)}"'


def escaped(text: str, longest: int) -> str:
    """Return the text clipped, with everything escaped that a terminal would not just print."""
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode()
        for letter in clip(text, longest)
    )


def is_storable(text: str) -> bool:
    """Return whether `check_text` would accept the text."""
    try:
        check_text(text)
    except ValueError:
        return False
    return True


def checked(value: str | None) -> str | None:
    """Return a text that both databases keep.

    Raises:
        ValueError: One of them does not.
    """
    return None if value is None else check_text(value)


def packed(value: str | None) -> str | bytes | None:
    """Return a text as SQLite keeps it."""
    if value is None or len(check_text(value)) < _SHORTEST_PACKED:
        return value
    written = value.encode()
    smaller = isal_zlib.compress(written, _LEVEL, -isal_zlib.MAX_WBITS)
    return smaller if len(smaller) < len(written) * _WORTH_IT else value


def unpacked(value: str | bytes | None) -> str | None:
    """Return the text of what SQLite, or any other database, has kept."""
    if not isinstance(value, bytes):
        return value
    return isal_zlib.decompress(value, -isal_zlib.MAX_WBITS).decode()


def in_utc(moment: datetime | None) -> datetime | None:
    """Return a moment in UTC.

    Raises:
        ValueError: It has no time zone.
    """
    if moment is None or moment.tzinfo is UTC:
        return moment
    if moment.tzinfo is None:
        raise ValueError(f"the instant {moment} has no time zone: say which one it is in")
    return moment.astimezone(UTC)


def for_sqlite(moment: datetime | None) -> str | None:
    """Return a moment, in any zone, as SQLite keeps it."""
    utc = in_utc(moment)
    return None if utc is None else written(utc)


def read_instant(value: Any) -> datetime | None:
    """Return the moment of what a database keeps, if any."""
    return None if value is None else instant(value)


def instant(kept: str | datetime) -> datetime:
    """Return the moment of what a database keeps."""
    read = datetime.fromisoformat(kept) if isinstance(kept, str) else kept
    return read if read.tzinfo is UTC else read.astimezone(UTC)


def written(moment: datetime) -> str:
    """Return a moment as SQLite keeps it."""
    utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return utc.isoformat(timespec="microseconds")[:26] + "Z"


def as_duration(value: timedelta | None) -> int | None:
    """Return a length of time as it is kept: in whole microseconds."""
    return None if value is None else value // timedelta(microseconds=1)


def read_duration(value: int | None) -> timedelta | None:
    """Return the length of time of what a database keeps, if any."""
    return None if value is None else timedelta(microseconds=value)


def as_json(value: Any) -> str | None:
    """Return a value as JSON, as it is kept.

    Raises:
        ValueError: A text in it is none that both databases keep.
    """
    if value is None:
        return None
    if value == () or value == []:  # most lists of an article
        return "[]"
    text = _plain_list(value) if type(value) is tuple else None
    if text is None:
        text = _in_json(value)
    try:  # all of its texts at one look, and one by one only to say which
        if "\\u0000" not in text and (text.isascii() or text.encode()):
            return text
    except UnicodeEncodeError:
        pass
    _check_all(value)
    return text


def _plain_list(value: tuple[Any, ...]) -> str | None:
    """Return texts as JSON if none has anything to escape, in a third of the time."""
    try:
        plain = not _TO_ESCAPE.search("".join(value))
    except TypeError:  # not only texts
        return None
    return '["' + '","'.join(value) + '"]' if plain else None


_TO_ESCAPE = re.compile(r"[\x00-\x1f\"\\]")
_in_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def read_json(value: Any) -> Any:
    """Return the value of JSON that was kept."""
    if value == "[]":  # most lists of an article
        return []
    return None if value is None else json.loads(value)


def _check_all(value: Any) -> None:
    """Check every text in the value: JSON would escape a NUL and hide it from the database."""
    if isinstance(value, str):
        check_text(value)
    elif isinstance(value, dict):
        for key, item in value.items():
            check_text(key)
            _check_all(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            _check_all(item)
