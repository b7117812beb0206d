"""A site that somebody names: what of it is followed, and why, in a sentence."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from common.records import dataclass
from ingester.kinds import FEED, PAGE, SourceTools
from ingester.urls.urls import shown_url
from monitor.base.counts import counted
from monitor.base.errors import Refusal, Remedy, RemedyKind, clipped
from monitor.services.sources.sources import Place, refuse_private

if TYPE_CHECKING:
    from ingester.discovery.discover import Candidate, Discovered
    from monitor.net.guard import AddressGuard

FORGOTTEN = timedelta(days=180)
HOW = ("given", "declared", "linked", "usual place", "sitemap", "page")
"""How a candidate was found, for people and JSON; in the order of
`ingester.discovery.candidates.Origin`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What looking at a URL has shown: what to follow.

    Attributes:
        url: The address to follow; another than the one that was typed where a site was named.
        title: What it calls itself, or "".
        doubt: A sentence for its owner when we could not be sure, or None.
        taken: A sentence that says what of a site was taken, or None.
        more: How to see what else the site offers; None where nothing was chosen.
    """

    url: str
    kind: str
    title: str = ""
    doubt: str | None = None
    taken: str | None = None
    more: Remedy | None = None


_NOTHING_TO_READ = (401, 404, 410)

Telling = Callable[[], AbstractContextManager[Callable[[str], None]]]
"""Opens what is told each address before it is asked for."""


@contextmanager
def silently() -> Iterator[Callable[[str], None]]:
    """Open what tells nobody."""
    yield lambda address: None


class Sites:
    """Looks at sites that somebody names.

    Args:
        guard: Says which addresses may be connected to, and which of them are one's own.
    """

    def __init__(self, tools: SourceTools, guard: "AddressGuard") -> None:
        self._tools = tools
        self._guard = guard

    def see(self, place: Place, telling: Telling, *, anyway: bool = False) -> Seen:
        """Return what to follow of a place; it is looked at only where its kind is not known.

        Args:
            anyway: Whether a place where nothing is now is followed, too.

        Raises:
            Refusal: It cannot be followed.
        """
        doubt = None if place.is_folder else refuse_private(place, self._guard.check_host)
        if place.kind is not None:
            return Seen(url=place.url, kind=place.kind, doubt=doubt)
        with telling() as tell:
            return self.look_at(place.url, tell=tell, anyway=anyway)

    def explore(self, url: str, *, thorough: bool, tell: Callable[[str], None]) -> "Discovered":
        """Look at what an address offers; raises as `ingester.discovery.discover.discover`."""
        from ingester.discovery.discover import discover

        tools = self._tools
        # A server of one's own needs no rest between two requests.
        is_own = self._guard.is_allowed_private(urlsplit(url).hostname or "")
        if is_own:
            tools = replace(tools, pause=_no_pause)
        return discover(url, tools, thorough=thorough, tell=tell)

    def look_at(self, url: str, *, tell: Callable[[str], None], anyway: bool = False) -> Seen:
        """Return what to follow of what is behind a URL, told by its content.

        A feed or a sitemap is followed itself; of a page the best that its site offers.

        Args:
            tell: Called with each address before it is asked for.
            anyway: Whether an address where nothing is now is taken for a feed, and a page that
                says that it is none, only for those who log in say, for one.

        Raises:
            Refusal: It is nothing that can be followed, or its robots.txt forbids to look.
        """
        from ingester.entry import FetchError, ParseError

        try:
            site = self.explore(url, thorough=False, tell=tell)
        except ParseError as error:
            raise Refusal(
                f"{shown_url(url)}: is {error}", misuse=False, remedy=Remedy(RemedyKind.SAY_KIND)
            ) from None
        except FetchError as error:
            if error.kind == "robots":
                as_feed = Remedy(RemedyKind.FOLLOW_AS_FEED)
                raise Refusal(str(error), misuse=False, remedy=as_feed) from None
            if (error.status in _NOTHING_TO_READ or error.kind == "too-large") and not anyway:
                raise Refusal(
                    f"{shown_url(url)}: {error}",
                    misuse=False,
                    remedy=Remedy(RemedyKind.FOLLOW_ANYWAY),
                ) from None
            unseen = f"{shown_url(url)}: {error}; taken for a feed, and tried again at each poll"
            return Seen(url=url, kind=FEED, doubt=unseen)
        if site.best is None and site.instead and not (site.passes or anyway):
            raise Refusal(
                f"{shown_url(url)}: {site.instead}",
                misuse=False,
                remedy=Remedy(RemedyKind.FOLLOW_ANYWAY),
            )
        return _best_of(site, url, self._tools.now())


def _best_of(site: "Discovered", url: str, now: datetime) -> Seen:
    best = site.best
    if best is None:
        alone = "no feed found, nor a list of articles: the page is followed as one article"
        alone = f"{site.instead}; tried again at each poll" if site.instead else alone
        return Seen(url=url, kind=PAGE, doubt=alone)
    doubt = f"{best.problem}; tried again at each poll" if best.problem else None
    doubt = doubt or _forgotten(best, now)
    if not site.is_page:
        return Seen(url=url, kind=best.kind, title=best.title, doubt=doubt)
    if best.kind == PAGE:
        taken = f"It is a list page with {counted(best.entries, 'article')}; no feed found."
        return Seen(url=url, kind=PAGE, title=best.title, taken=taken)
    return Seen(
        url=best.url,
        kind=best.kind,
        title=best.title,
        doubt=doubt,
        taken=_taken(best, site),
        more=Remedy(RemedyKind.DISCOVER_MORE, clipped(url, 200)),
    )


def _no_pause(_: float) -> None:
    return


def _forgotten(best: "Candidate", now: datetime) -> str | None:
    if best.newest_at is None or now - best.newest_at < FORGOTTEN:
        return None
    days = (now - best.newest_at).days
    return f"the newest of its entries is {days} days old: it may have been forgotten"


def _taken(best: "Candidate", site: "Discovered") -> str:
    what = "sitemap of news" if best.is_news else best.kind
    ways = {
        "declared": "which the page declares",
        "linked": "which the page links",
        "usual place": "found in a usual place",
        "sitemap": "found by robots.txt or in a usual place",
    }
    count = counted(best.entries, "entry", "entries")
    others = sum(candidate.is_usable for candidate in site.candidates if candidate is not best)
    more = f"; {counted(others, 'other')} found" if others else ""
    return f"Took the {what} {shown_url(best.url)} ({count}), {ways[HOW[best.origin]]}{more}."
