"""Who is behind an address: the owner of its host, as far as the host's name tells."""

from functools import cache, lru_cache

from publicsuffixlist import PublicSuffixList

from common.patterns import pattern
from ingester.urls.parts import split_url
from ingester.urls.urls import site_of

_HOSTING = (
    *("wordpress.com", "substack.com", "medium.com", "tumblr.com", "livejournal.com"),
    *("weebly.com", "ghost.io", "over-blog.com", "hatenablog.com", "blogspot.com"),
)
"""Under these everybody may have a name of their own; the public list of suffixes lacks some."""
_IP = pattern(r"[\d.]+|.*:.*|localhost")


def owner_of(url: str) -> str:
    """Return whose page it is: `paper.example` for its section `sport.paper.example`; or "".

    Addresses without a name are told apart by their ports, too.
    """
    return _owner("/".join(url.split("/", 3)[:3]))


@cache
def _suffixes() -> PublicSuffixList:
    """Return under which names people register theirs (publicsuffix.org), read at first use."""
    return PublicSuffixList()


@lru_cache(4_096)
def _owner(root: str) -> str:
    site = site_of(root)
    if _IP.fullmatch(site):
        port = split_url(root).port
        return f"{site}:{port}" if port else site
    registered = _suffixes().privatesuffix(site)
    if registered is None:  # the suffix itself, or no name at all
        return site
    if registered in _HOSTING and site != registered:
        return ".".join(site.split(".")[-registered.count(".") - 2 :])
    return str(registered)
