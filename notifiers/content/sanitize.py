"""Text from outside, made safe to show: one line, no control characters, links that are links."""

import re
import unicodedata
from urllib.parse import quote, urlsplit

from common.clip import clip, clip_words
from common.patterns import pattern

MOST_MARKS = 8
"""Combining marks in a row that are shown; more only pile up over the lines above."""

_INVISIBLE = frozenset("\u061c\u200b\u200e\u200f\u2060\ufeff")
_FILLERS = frozenset("\u115f\u1160\u3164\uffa0\u2800")
"""Letters and signs by name that are shown as nothing."""
_KEPT_IN_LINKS = "/:@!$&*+,;=~-._?%"


def shown(letter: str) -> str:
    """Return what stands for one character: itself, a space, `\\x1b` and the like, or nothing.

    Direction overrides and invisible filling go; joiners stay, since words need them.
    """
    if letter.isspace():
        return " "
    code = ord(letter)
    if code < 0x20 or 0x7F <= code < 0xA0:
        return "" if code == 0 else f"\\x{code:02x}"
    if 0xD800 <= code <= 0xDFFF:
        return "\ufffd"
    if letter in _INVISIBLE or 0x202A <= code <= 0x202E or 0x2066 <= code <= 0x2069:
        return ""
    return letter


def is_seen(text: str) -> bool:
    """Whether anything of a text shows: a letter, a number, a sign; joiners and filling do not."""
    return any(
        unicodedata.category(letter)[0] in "LNPS" and letter not in _FILLERS for letter in text
    )


def quoted(text: str) -> str:
    """Return what somebody wrote, in quotes, safe and short enough for an error."""
    safe = "".join(shown(letter) if letter == " " else _visible(letter) for letter in text[:200])
    return f'"{clip(safe, 80, dots="...")}"'


def _visible(letter: str) -> str:
    if shown(letter) == letter:
        return letter
    code = ord(letter)
    return {10: "\\n", 13: "\\r", 9: "\\t"}.get(code) or (
        f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
    )


def one_line(text: str, limit: int | None = None) -> str:
    """Return the text as one safe line, cut at a word when it is longer than `limit`."""
    line = " ".join("".join(map(shown, _without_piles(text))).split())
    return line if limit is None else clip_words(line, limit)


def _without_piles(text: str) -> str:
    if text.isascii():
        return text
    kept: list[str] = []
    marks = 0
    for letter in text:
        marks = marks + 1 if unicodedata.category(letter) in ("Mn", "Me") else 0
        if marks <= MOST_MARKS:
            kept.append(letter)
    return "".join(kept)


_RTL = "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
_FROM_THE_RIGHT = pattern(_RTL)
_RTL_WORDS = pattern(f"{_RTL}(?:[^A-Za-z—·]*{_RTL})?")


def isolated(line: str) -> str:
    """Return a line of a language written from the left, in which words from the right stay apart.

    Without that, what stands beside them (a dash, a number, a time) changes its place.
    """
    if line.isascii():
        return line
    return _RTL_WORDS.sub("\u2068\\g<0>\u2069", line)


def isolated_name(name: str) -> str:
    """Return a name as it can stand in a line: what is from the right in it keeps it together.

    A number at its end belongs to it, and stands where the name's own direction puts it.
    """
    return f"\u2068{name}\u2069" if not name.isascii() and _FROM_THE_RIGHT.search(name) else name


def safe_link(url: str) -> str:
    """Return the URL as it can stand in any message, or "" when it is no http(s) link.

    Spaces, quotes, brackets and letters outside ASCII are percent-encoded, the host is written
    as it is looked up, and a name or password before it, which would hide it, is left out.
    """
    if any(ord(letter) < 0x20 for letter in url) or "\\" in url.partition("?")[0]:
        return ""
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not host or len(host) > 253:
        return ""
    if ":" in host:
        host = f"[{host}]"
    elif not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            return ""
    if not re.fullmatch(r"[A-Za-z0-9._-]+|\[[0-9a-f:.]+\]", host):
        return ""
    place = host if port is None else f"{host}:{port}"
    query = f"?{_encoded(parts.query)}" if parts.query else ""
    fragment = f"#{_encoded(parts.fragment)}" if parts.fragment else ""
    return f"{parts.scheme}://{place}{_encoded(parts.path)}{query}{fragment}"


def _encoded(text: str) -> str:
    # Half a pair of surrogates would become a "?", which begins a query.
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return quote(whole, safe=_KEPT_IN_LINKS)
