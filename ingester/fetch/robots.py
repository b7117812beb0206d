"""Whether a site lets us fetch a page: its robots.txt, fetched once a day."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta

from common.records import dataclass
from ingester.entry import FetchError
from ingester.fetch.ports import Fetched, Fetcher, Limits
from ingester.fetch.robots_rules import RobotsRules, read_robots
from ingester.text.encoding import decode
from ingester.urls.parts import split_url

ROBOT = "newsroom-monitor"
FRESH = timedelta(hours=24)
UNREACHED = timedelta(minutes=30)
"""So long we wait before we ask again where robots.txt could not be had."""

UNASKED = timedelta(minutes=1)
"""So long where the site could not be asked at all: with our network it comes back at once."""

BELIEVED = timedelta(days=30)
"""So long what was read counts while a site's robots.txt cannot be had."""

LIMITS = Limits(
    head=timedelta(seconds=10),
    total=timedelta(seconds=20),
    # So much counts, as for other robots; RFC 9309 asks for 500 KiB at least.
    size_bytes=512 << 10,
    keeps_start=True,
)

_MOST_SITES = 5_000
_UNASKED_KINDS = frozenset({"address", "connect", "dns", "offline", "timeout", "tls"})
_ENDS_OF_LINES = (b"\n", b"\r")
_ALL_ALLOWED = RobotsRules()


@dataclass(frozen=True, slots=True)
class _SiteRules:
    """What is known of a site; `rules` is None, and `trouble` is why, where it could not be had."""

    rules: RobotsRules | None
    read_at: datetime
    until: datetime
    trouble: FetchError | None = None


def _is_unasked(trouble: FetchError) -> bool:
    """Whether nobody there could be asked; a site that sends us where we cannot go did answer."""
    return trouble.kind in _UNASKED_KINDS and not trouble.is_led_on


class CachedRobots:
    """Implements `ingester.fetch.ports.Robots`: asks each site, by scheme, host and port.

    Safe to use from many threads.

    As RFC 9309 has it: a site without one (4xx) allows everything, one whose robots.txt cannot
    be had (5xx, no connection) allows nothing until it can.
    """

    def __init__(self, fetcher: Fetcher, now: Callable[[], datetime]) -> None:
        self._fetcher = fetcher
        self._now = now
        self._lock = threading.Lock()
        self._sites: OrderedDict[str, _SiteRules] = OrderedDict()

    def refusal(self, url: str) -> FetchError | None:
        site = _site(url)
        if site is None:
            return None  # which the fetcher refuses in its own words
        known = self._known(site)
        if known.rules is not None:
            if known.rules.allows(url):
                return None
            return FetchError(f"{site}/robots.txt does not let {ROBOT} fetch it", kind="robots")
        if known.trouble and _is_unasked(known.trouble):
            # Nobody refused anything. Whose fault it is is judged by the kind, as of any request.
            return FetchError(str(known.trouble), kind=known.trouble.kind)
        return FetchError(
            f"{site}/robots.txt cannot be had ({known.trouble}): nothing is fetched from there "
            "until it says what is allowed",
            kind="robots",
        )

    def delay(self, url: str) -> timedelta | None:
        site = _site(url)
        rules = self._known(site).rules if site else None
        return rules.delay if rules else None

    def sitemaps(self, url: str) -> tuple[str, ...]:
        site = _site(url)
        rules = self._known(site).rules if site else None
        return rules.sitemaps if rules else ()

    def _known(self, site: str) -> _SiteRules:
        now = self._now()
        with self._lock:
            before = self._sites.get(site)
            # A clock that was put back must not make an answer eternal.
            if before and before.read_at <= now < before.until:
                self._sites.move_to_end(site)
                return before
        known = self._fetched(site, now, before)
        with self._lock:
            self._sites[site] = known
            self._sites.move_to_end(site)
            while len(self._sites) > _MOST_SITES:
                self._sites.popitem(last=False)
        return known

    def _fetched(self, site: str, now: datetime, before: _SiteRules | None) -> _SiteRules:
        try:
            answer = self._fetcher.get(f"{site}/robots.txt", accept="text/plain", limits=LIMITS)
        except FetchError as error:
            status = error.status or 0
            if 400 <= status < 500 and status != 429:
                return _SiteRules(_ALL_ALLOWED, now, now + FRESH)
            pause = UNASKED if _is_unasked(error) else UNREACHED
            until = now + max(pause, min(error.retry_after or pause, FRESH))
            if before and before.rules is not None and now - before.read_at < BELIEVED:
                return _SiteRules(before.rules, before.read_at, until)
            return _SiteRules(None, now, until, error)
        if not isinstance(answer, Fetched):
            return _SiteRules(_ALL_ALLOWED, now, now + FRESH)
        body = answer.body
        if answer.truncated:
            body = body[: max(map(body.rfind, _ENDS_OF_LINES)) + 1]  # half a rule is none
        text = decode(body, content_type="text/plain; charset=utf-8").text
        return _SiteRules(read_robots(text, robot=ROBOT), now, now + FRESH)


def _site(url: str) -> str | None:
    try:
        parts = split_url(url)
    except ValueError:
        return None
    port = f":{parts.port}" if parts.port else ""
    host = f"[{parts.host}]" if ":" in parts.host and parts.host[0] != "[" else parts.host
    return f"{parts.scheme}://{host}{port}"
