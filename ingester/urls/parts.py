"""The one splitter of URLs: all functions that read a URL read it through this.

It splits as browsers do (WHATWG), and refuses what programs are known to disagree about.
"""

import re
from dataclasses import replace
from functools import lru_cache

from common.patterns import pattern
from common.records import dataclass
from ingester.urls.hosts import ascii_host

MAX_URL = 8192
"""Characters; longer URLs are refused before anything looks into them."""

KEPT = 1_000
"""So many answers are remembered: an article's address is asked about several times, as its feed
gives it and as it is kept, while the three hundred of some polls are taken in together."""

DEFAULT_PORTS = {"http": 80, "https": 443}
SCHEME = pattern(r"([a-zA-Z][a-zA-Z0-9+.-]*):(.*)", re.DOTALL)
EDGES = "".join(map(chr, range(0x21)))
"""What browsers trim from both ends: C0 controls and the space."""

UNRESERVED = r"A-Za-z0-9._~\-"
PATH = pattern(rf"%[0-9A-Fa-f]{{2}}|[^{UNRESERVED}!$&'()*+,;=:@/]")
"""In a path: an escape, or a character that needs one."""
QUERY = pattern(rf"%[0-9A-Fa-f]{{2}}|[^{UNRESERVED}!$&'()*+,;=:@/?]")
"""The same in a query or fragment."""

_LEGAL = rf"{UNRESERVED}!$&'()*+,;=:@"
_ORDINARY = pattern(
    rf"(https?)://([a-z0-9.-]+)(?::([0-9]{{1,5}}))?((?:/(?!\.)[{_LEGAL}]*)+)"
    rf"(?:\?((?:[{_LEGAL}/?]|%[0-9A-Fa-f]{{2}})*))?(?:#((?:[{_LEGAL}/?]|%[0-9A-Fa-f]{{2}})*))?"
)
"""What is split by a look: of it nothing is written otherwise but its host and its port."""

_DOT = pattern(r"\.|%2e", re.IGNORECASE)
_AUTHORITY_ENDS = pattern(r"[/\\]")
_INSIDE = {ord(character): None for character in "\t\n\r"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """An absolute http(s) URL in pieces, each of them legal ASCII.

    Attributes:
        host: As `ascii_host` writes it.
        port: None when it is the scheme's own.
        path: Begins with a slash and has no dot segments.
        query, fragment: Without their mark; None differs from "".
    """

    scheme: str
    userinfo: str
    host: str
    port: int | None
    path: str
    query: str | None
    fragment: str | None

    def text(self) -> str:
        """Return the URL."""
        user = f"{self.userinfo}@" if self.userinfo else ""
        port = "" if self.port is None else f":{self.port}"
        query = "" if self.query is None else f"?{self.query}"
        fragment = "" if self.fragment is None else f"#{self.fragment}"
        return f"{self.scheme}://{user}{self.host}{port}{self.path}{query}{fragment}"


@lru_cache(KEPT)
def split_url(url: str, base: str | None = None) -> Parts:
    """Split a URL, joining it with `base` when it is relative.

    Raises:
        ValueError: It names no http(s) page, or not clearly; the text is one sentence.
    """
    if len(url) > MAX_URL:
        raise ValueError("URL over 8 KiB")
    if base is None and (match := _ORDINARY.fullmatch(url)):
        scheme, host, port_text, path, query, fragment = match.groups()
        return _parts(scheme, "", host, port_text, path, query, fragment)
    rest = url.strip(EDGES).translate(_INSIDE)
    scheme = ""
    if match := SCHEME.fullmatch(rest):
        scheme, rest = match[1].lower(), match[2]
        if scheme not in DEFAULT_PORTS:
            raise ValueError("only http and https are allowed")
    rest, mark, text = rest.partition("#")
    fragment = text if mark else None
    rest, mark, text = rest.partition("?")
    query = text if mark else None

    above = None if base is None else split_url(base)
    has_authority = len(rest) > 1 and rest[0] in "/\\" and rest[1] in "/\\"
    if has_authority or (scheme and (above is None or above.scheme != scheme)):
        scheme = scheme or (above.scheme if above else "")
        if not scheme:
            raise ValueError("no scheme")
        return _absolute(scheme, rest.lstrip("/\\"), query=query, fragment=fragment)
    if above is None:
        raise ValueError("no scheme")
    path = _joined(above.path, rest.replace("\\", "/"))
    if query is None and not rest:
        query = above.query
    return replace(
        above,
        path=_legal_path(path),
        query=query if query is None else legal_text(query, QUERY),
        fragment=fragment if fragment is None else legal_text(fragment, QUERY),
    )


def legal_text(text: str, needs_escape: re.Pattern[str]) -> str:
    """Percent-encode what must be and leave all else, so that a server sees what it gave."""

    if needs_escape.search(text) is None:
        return text

    def fix(match: re.Match[str]) -> str:
        piece = match.group()
        return piece if len(piece) == 3 or piece == "%" else escaped(piece)

    return needs_escape.sub(fix, text)


def escaped(character: str) -> str:
    """Return a character percent-encoded; a lone surrogate becomes U+FFFD as in browsers."""
    data = character.encode("utf-8", "surrogatepass")
    if data.startswith(b"\xed") and data[1:2] >= b"\xa0":
        data = b"\xef\xbf\xbd"
    return "".join(f"%{byte:02X}" for byte in data)


def _absolute(scheme: str, rest: str, *, query: str | None, fragment: str | None) -> Parts:
    end = _AUTHORITY_ENDS.search(rest)
    authority, path = (rest, "") if end is None else (rest[: end.start()], rest[end.start() :])
    if path.startswith("\\"):
        # Some programs end the host here and some read on to an "@" behind it.
        raise ValueError("a URL cannot hold a backslash")
    userinfo, _, address = authority.rpartition("@")
    if "@" in userinfo:
        raise ValueError("a URL cannot hold two @ before its host")
    host, port_text = _host_and_port(address)
    return _parts(
        scheme,
        legal_text(userinfo, QUERY) if userinfo.strip(":") else "",
        host,
        port_text,
        _legal_path(path.replace("\\", "/") or "/"),
        query if query is None else legal_text(query, QUERY),
        fragment if fragment is None else legal_text(fragment, QUERY),
    )


def _parts(
    scheme: str,
    userinfo: str,
    host: str,
    port_text: str | None,
    path: str,
    query: str | None,
    fragment: str | None,
) -> Parts:
    port = _port(port_text) if port_text else None
    return Parts(
        scheme=scheme,
        userinfo=userinfo,
        host=ascii_host(host),
        port=None if port == DEFAULT_PORTS[scheme] else port,
        path=path,
        query=query,
        fragment=fragment,
    )


def _host_and_port(address: str) -> tuple[str, str]:
    if address.startswith("["):
        inside, bracket, after = address.partition("]")
        # Only a port may follow; of "[::1]x" the whole is given on, to be refused as a host.
        return (inside + bracket, after[1:]) if after[:1] in ("", ":") else (address, "")
    host, _, port = address.partition(":")
    return host, port


def _port(text: str) -> int | None:
    if not text:
        return None
    digits = text.lstrip("0") or "0"
    if not (text.isascii() and text.isdecimal()) or int(digits[:6]) > 65535:
        raise ValueError("bad port")
    return int(digits)


def _joined(above: str, path: str) -> str:
    if path.startswith("/"):
        return path
    return above.rpartition("/")[0] + "/" + path if path else above


def _legal_path(path: str) -> str:
    return legal_text(_without_dots(path), PATH)


def _without_dots(path: str) -> str:
    if "." not in path and "%2" not in path:
        return path
    kept: list[str] = []
    segments = path.split("/")[1:]
    for place, segment in enumerate(segments, start=1):
        dots = _DOT.sub(".", segment) if len(segment) <= len("%2e%2e") else segment
        if dots == ".." and kept:
            kept.pop()
        if dots not in (".", ".."):
            kept.append(segment)
        elif place == len(segments):
            kept.append("")
    return "/" + "/".join(kept)
