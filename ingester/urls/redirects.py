"""Links that lead through somebody else's counter, and say in themselves where to.

Feeds of Google Alerts and Bing News list none of their articles by its own address: taken as they
are, all of them would be one outlet's, unlike the same article from its own feed, and without a
page to read.
"""

from urllib.parse import unquote

from common.patterns import pattern
from ingester.urls.parts import Parts, split_url

_GOOGLE = r"(?:www\.|news\.)?google\.(?:com?\.)?[a-z]{2,3}"
_PARAMETERS = {
    "/url": ((_GOOGLE, ("url", "q")),),  # Google Alerts, Google's searches
    "/news/url": ((_GOOGLE, ("url",)),),
    "/news/apiclick.aspx": ((r"(?:www\.)?bing\.com", ("url",)),),  # Bing News as a feed
    "/l/": ((r"(?:www\.|html\.)?duckduckgo\.com", ("uddg",)),),
    "/l.php": ((r"lm?\.facebook\.com", ("u",)),),
    "/": (
        (r"l\.(?:instagram|threads)\.(?:com|net)", ("u",)),
        (r"(?:[a-z0-9]+\.)?safelinks\.protection\.outlook\.com", ("url",)),
    ),
    "/redirect": (
        (r"(?:www\.)?youtube\.com", ("q",)),
        (r"t\.umblr\.com", ("z",)),
        (r"getpocket\.com", ("url",)),
    ),
    "/redir/redirect": ((r"(?:www\.)?linkedin\.com", ("url",)),),
    "/away.php": ((r"(?:m\.)?vk\.(?:com|ru)", ("to",)),),
    "/link": ((r"slack-redir\.net", ("url",)),),
}
"""By path: which hosts count clicks there, and which parameter names the target."""
_WITH_PATH = (
    (_GOOGLE, r"/amp/s/(.+)"),
    (r"[a-z0-9-]+\.cdn\.ampproject\.org", r"/[cv]/s/(.+)"),
    (r"go\.theregister\.com", r"/feed/(www\.theregister\.com/.+)"),
)
"""Hosts in whose path the target's host and path stand."""

_BY_PATH = {
    path: tuple((pattern(host), names) for host, names in hosts)
    for path, hosts in _PARAMETERS.items()
}
_BY_HOST = tuple((pattern(host), pattern(path)) for host, path in _WITH_PATH)
_HOLDS_A_HOST = ("/amp/s/", "/c/s/", "/v/s/", "/feed/www.")


def target_of(url: str) -> str:
    """Return where a link leads that goes through a counter we know; any other link as it is.

    Nothing is asked: a link that does not say itself where it leads stays, such as Google News's.
    """
    while True:
        try:
            target = target_in(split_url(url))
        except ValueError:
            return url
        if target is None:
            return url
        url = target  # which is shorter than what it stood in


def target_in(parts: Parts) -> str | None:
    """Return the address to which a counter of clicks leads, or None if this is no such link."""
    target = _named(parts) or _in_path(parts)
    if target is None or not target.lower().startswith(("http://", "https://")):
        return None
    if not target.isprintable():
        return None  # a link of two lines, or with what a database cannot hold
    try:
        split_url(target)
    except ValueError:
        return None
    return target


def _named(parts: Parts) -> str | None:
    for host, names in _BY_PATH.get(parts.path, ()) if parts.query else ():
        if host.fullmatch(parts.host):
            pairs = [pair.partition("=")[::2] for pair in (parts.query or "").split("&")]
            values = {name: _unescaped(value) for name, value in pairs if value}
            return next((values[name] for name in names if name in values), None)
    return None


def _unescaped(value: str) -> str:
    try:
        return unquote(value, errors="strict")
    except UnicodeDecodeError:  # an address of another encoding, which stands there as it is
        return value


def _in_path(parts: Parts) -> str | None:
    for host, path in _BY_HOST if parts.path.startswith(_HOLDS_A_HOST) else ():
        found = host.fullmatch(parts.host) and path.fullmatch(parts.path)
        if found:
            query = "" if parts.query is None else f"?{parts.query}"
            return f"https://{found[1]}{query}"
    return None
