"""Who is behind an address: the owner of its host, as far as the host's name tells."""

import re
from functools import lru_cache

from ingester.urls.parts import split_url
from ingester.urls.urls import site_of

_SECOND = frozenset(
    {"ac", "co", "com", "edu", "gob", "gouv", "gov", "go", "in", "info", "ltd", "me", "mil"}
    | {"ne", "net", "nom", "or", "org", "plc", "res", "sch", "web"}
)
"""Under a country's own domain these stand before the owner's name: `paper.co.uk`."""
_HOSTING = frozenset(
    {"blogspot.com", "wordpress.com", "substack.com", "medium.com", "github.io", "tumblr.com"}
    | {
        "livejournal.com",
        "wixsite.com",
        "weebly.com",
        "ghost.io",
        "over-blog.com",
        "hatenablog.com",
    }
)
"""Under these everybody may have a name of their own."""
_IP = re.compile(r"[\d.]+|.*:.*|localhost")


def owner_of(url: str) -> str:
    """Return whose page it is: `paper.example` for its section `sport.paper.example`; or "".

    Addresses without a name are told apart by their ports, too.
    """
    return _owner("/".join(url.split("/", 3)[:3]))


@lru_cache(4_096)
def _owner(root: str) -> str:
    site = site_of(root)
    if _IP.fullmatch(site):
        port = split_url(root).port
        return f"{site}:{port}" if port else site
    labels = site.split(".")
    kept = 2
    if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND:
        kept = 3
    if ".".join(labels[-2:]) in _HOSTING:
        kept = 3
    return ".".join(labels[-kept:])
