"""URLs as text: absolute, canonical, what two of one article share, and how to show one.

All of it is text to text. One splitter serves all functions, and what it cannot read is refused,
so that no two parts of the program can disagree about which host a URL names.
"""

import re
from dataclasses import replace
from functools import lru_cache
from urllib.parse import unquote

from common.clip import clip
from common.patterns import pattern
from ingester.urls.parts import (
    DEFAULT_PORTS,
    EDGES,
    KEPT,
    MAX_URL,
    PATH,
    QUERY,
    UNRESERVED,
    Parts,
    escaped,
    split_url,
)
from ingester.urls.redirects import target_in
from ingester.urls.tracking import is_tracking

_UNRESERVED = pattern(f"[{UNRESERVED}]")
_SESSION = pattern(r";(jsessionid|phpsessid)=[^/;]*", re.IGNORECASE)
_NUMBER = pattern(
    r"(?:[^/]*?[^\d/])?(\d{6,20})(?:\.[a-z]{3,5})?|(\d{6,20})[^\d/][^/]*", re.I | re.A
)
_DATE = pattern(r"(?:19|20)?\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])", re.A)
_OTHER_HOSTS = ("www.", "m.", "mobile.", "amp.", "wap.", "3g.", "touch.", "mobi.", "pda.")
_OTHER_FORMS = frozenset(
    (
        *("amp", "amp=1", "amp=true", "outputType=amp", "output=amp", "view=amp", "mode=amp"),
        *("print=1", "print=true", "print=print", "view=print", "output=print", "mode=print"),
    )
)
_OF_AMP = pattern(r"\.amp(?=(?:\.html?)?$)", re.I)
_INDEX = pattern(r"/index\.(?:html?|php|aspx?|jsp)$", re.I)
_SLASHES = pattern("/{2,}")


def canonical_url(url: str, base: str | None = None) -> str | None:
    """Return the one spelling under which we keep an article's link; None if it is not http(s).

    Relative links are joined with `base`. Scheme and host are lower case, the host in punycode;
    default ports, user names, dot segments, tracking parameters, session ids and the fragment are
    dropped (`#!` fragments name pages and stay); percent-encoding is the shortest that is legal.
    Order and case of everything else stay as they are: servers may care. Of a link through a
    counter of clicks that names its target (`redirects`) it is the target's.

    Never raises, and applying it twice is applying it once.
    """
    parts = _canonical(url, base)
    text = "" if parts is None else parts.text()
    return text if 0 < len(text) <= MAX_URL else None


@lru_cache(KEPT)
def identity_key(url: str) -> str:
    """Return what all URLs of one article share; not a URL, never to be fetched or shown.

    Beyond `canonical_url`, two URLs are the same article when they differ in http or https, in
    `www.`, `m.`, `mobile.`, `amp.` and the like before the host, in a slash at the end or two for
    one, in `/index.html`, in what asks for the form for phones or printers (a final `/amp`,
    `.amp.html`, `?print=1`), or in the order or repetition of parameters. What is no http(s) URL
    is its own key.
    """
    parts = _canonical(url, None)
    if parts is None:
        return url.strip()
    pairs = sorted(set((parts.query or "").split("&")) - {""} - _OTHER_FORMS)
    query = f"?{'&'.join(pairs)}" if pairs else ""
    fragment = "" if parts.fragment is None else f"#{parts.fragment}"
    port = "" if parts.port in (None, 80, 443) else f":{parts.port}"
    return f"{_plain_host(parts.host)}{port}{_plain_path(parts.path)}{query}{fragment}"


def fragment_of(url: str) -> str:
    """Return the part of a page that a URL names, if it names one; else "".

    `canonical_url` leaves it out, since most only say where to scroll to or how a reader came;
    but some pages hold several articles, one a fragment.
    """
    try:
        fragment = split_url(url).fragment or ""
    except ValueError:
        return ""
    is_place = fragment and not fragment.startswith((":~:", "!"))
    return _normal(fragment, QUERY) if is_place and not is_tracking(unquote(fragment)) else ""


def number_of(url: str) -> str:
    """Return the number by which a site knows an article, if the last part of its address has one.

    Many sites look at it alone and take any words beside it, so they may change:
    `/news/ministers-meet-4821734.html`. Digits that are a date are none.
    """
    try:
        path = split_url(url).path
    except ValueError:
        return ""
    last = path.rstrip("/").rpartition("/")[2]
    match = _NUMBER.fullmatch(last)
    number = (match[1] or match[2]) if match else ""
    return "" if _DATE.fullmatch(number) else number


@lru_cache(KEPT)
def site_of(url: str) -> str:
    """Return whose page it is: the host without `www.`, `m.`, `mobile.` or `amp.`, or ""."""
    try:
        return _plain_host(split_url(url).host)
    except ValueError:
        return ""


def absolute_url(url: str, base: str | None = None) -> str | None:
    """Return a link as it can be fetched: joined, legal, without user name and fragment.

    Unlike `canonical_url` it keeps every parameter and every legal spelling. None if it is not
    http(s), or if programs could disagree about the host that it names.
    """
    try:
        parts = split_url(url, base)
    except ValueError:
        return None
    return replace(parts, userinfo="", fragment=None).text()


@lru_cache(KEPT)
def check_feed_url(text: str) -> str:
    """Return the URL that somebody typed, tidied: trimmed, host in punycode, fragment dropped.

    A user name and password stay in it, so do all parameters.

    Raises:
        ValueError: It cannot be fetched; the text says why and what to do, without secrets.
    """
    trimmed = text.strip(EDGES)
    if not trimmed:
        raise ValueError("the URL is empty")
    if len(trimmed) > MAX_URL:
        raise ValueError("URL over 8 KiB")
    for character, name in (("\\", "a backslash"), (" ", "a space")):
        if character in trimmed:
            raise ValueError(f"a URL cannot hold {name}: {shown_url(trimmed)}")
    if not trimmed.isprintable():
        raise ValueError(f"a URL cannot hold a control character: {shown_url(trimmed)}")
    _check_scheme(trimmed)
    try:
        parts = split_url(trimmed)
        if parts.port == 0:  # which a URL may say, and nobody can connect to
            raise ValueError("bad port")
    except ValueError as error:
        raise ValueError(f"{error}: {shown_url(trimmed)}") from None
    return (parts if parts.fragment is None else replace(parts, fragment=None)).text()


def shown_url(url: str) -> str:
    """Return a URL for people: secrets masked, control characters escaped, at most 80 characters.

    The password and the values of all parameters are secrets: they may be keys.
    """
    head, mark, query = url.partition("?")
    start, slashes, rest = head.partition("//")
    authority, slash, path = rest.partition("/")
    user, at, host = authority.rpartition("@")
    if at:
        authority = f"{user.split(':')[0]}:***@{host}" if ":" in user else f"***@{host}"
    query = query.partition("#")[0]
    query = "&".join(re.sub("=.*", "=***", pair, flags=re.DOTALL) for pair in query.split("&"))
    masked = f"{start}{slashes}{authority}{slash}{path}{mark}{query}"
    escaped = "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in masked[:81]
    )
    return clip(escaped, 80)


# --- canonical and identity ----------------------------------------------------------------------


def _canonical(url: str, base: str | None) -> Parts | None:
    try:
        # Asked in the same words as everywhere, so that it is split once.
        parts = _kept(split_url(url) if base is None else split_url(url, base))
        while target := target_in(parts):
            parts = _kept(split_url(target))
    except ValueError:
        return None
    return parts


def _kept(parts: Parts) -> Parts:
    if _is_plain(parts):
        return parts
    fragment = parts.fragment
    keeps = fragment is not None and len(fragment) > 1 and fragment.startswith("!")
    return Parts(
        scheme=parts.scheme,
        userinfo="",
        host=parts.host,
        port=parts.port,
        path=_SESSION.sub("", _normal(parts.path, PATH)),
        query=_without_tracking(parts.query),
        fragment=_normal(fragment, QUERY) if keeps and fragment is not None else None,
    )


def _is_plain(parts: Parts) -> bool:
    """Whether nothing of a URL is left out or written otherwise when it is made canonical."""
    path = parts.path
    is_bare = parts.query is None and parts.fragment is None and not parts.userinfo
    return is_bare and "%" not in path and ";" not in path


def _without_tracking(query: str | None) -> str | None:
    if query is None:
        return None
    kept = []
    # Feeds that escape twice say "&amp;" where they mean "&"; no parameter is called "amp;...".
    for given in query.replace("&amp;", "&").split("&"):
        pair = given.removeprefix("amp;")
        if pair and not is_tracking(unquote(pair)):
            kept.append(_normal(pair, QUERY))
    return "&".join(kept) or None


def _normal(text: str, legal: re.Pattern[str]) -> str:
    """Percent-encode what must be, decode what need not be, and write the rest in capitals."""

    if legal.search(text) is None:
        return text

    def fix(match: re.Match[str]) -> str:
        piece = match.group()
        if len(piece) == 1:
            return escaped(piece)
        character = chr(int(piece[1:], 16))
        return character if _UNRESERVED.fullmatch(character) else piece.upper()

    return legal.sub(fix, text)


def _plain_host(host: str) -> str:
    for prefix in _OTHER_HOSTS:
        rest = host.removeprefix(prefix)
        if rest != host and "." in rest:
            return rest
    return host


def _plain_path(path: str) -> str:
    if "//" in path:
        path = _SLASHES.sub("/", path)
    if "index." in path:
        path = _INDEX.sub("", path)
    path = path.rstrip("/")
    if "amp" not in path:
        return path
    path = _OF_AMP.sub("", path)
    before, slash, last = path.rpartition("/")
    # "/news/123-title/amp" is a form of the article before it; "/music/amp" is about amplifiers.
    if slash and last == "amp" and _names_article(before.rpartition("/")[2]):
        return before
    return path.removeprefix("/amp") if path.startswith("/amp/") and _names_article(last) else path


def _names_article(slug: str) -> bool:
    return any(map(str.isdigit, slug)) or slug.count("-") > 1


# --- what somebody typed -------------------------------------------------------------------------


def _check_scheme(text: str) -> None:
    match = _TYPED_SCHEME.fullmatch(text)
    if match and match[1].lower() in DEFAULT_PORTS:
        if not match[2].startswith("//"):
            raise ValueError(
                f"no host name: did you mean {match[1].lower()}://{match[2].lstrip('/')} ?"
            )
        return
    # "example.com:8080/feed" reads like a scheme, but schemes have no dots, and ports are digits.
    looks_like_port = match and ("." in match[1] or re.match(r"\d+(/|$)", match[2]))
    if match and not looks_like_port:
        scheme = match[1].lower()
        if scheme in _OTHER_SCHEMES:
            raise ValueError("only http and https are allowed (local files go in the seed folder)")
        hint = ": did you mean http or https?" if scheme.startswith("h") else ""
        if scheme in _OF_READERS:  # feed://x and feed:https://x, as browsers hand them to readers
            rest = match[2].lstrip("/")
            own = rest if rest.startswith(("http://", "https://")) else f"https://{rest}"
            hint = f": did you mean {shown_url(own)} ?"
        raise ValueError(f'unknown scheme "{scheme[:20]}"{hint or ": use http or https"}')
    if text.startswith("/") and not text.startswith("//"):
        raise ValueError("no scheme and no host: a URL begins with https://")
    raise ValueError(f"no scheme: did you mean {shown_url('https://' + text.lstrip('/'))} ?")


_TYPED_SCHEME = pattern(r"([a-zA-Z][\w+.-]*):(.*)", re.DOTALL | re.ASCII)
_OF_READERS = frozenset({"feed", "rss", "podcast", "itpc", "pcast"})
_OTHER_SCHEMES = frozenset(
    {
        *("file", "ftp", "ftps", "sftp", "tftp", "gopher", "smb", "ldap", "dict", "ssh", "telnet"),
        *("data", "javascript", "vbscript", "blob", "about", "jar", "local_file", "view-source"),
        *("mailto", "ws", "wss", "news", "nntp"),
    }
)
