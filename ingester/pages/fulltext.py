"""The whole article for a source that gives only a summary: its page is fetched and read."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from http import HTTPStatus
from statistics import median
from urllib.parse import urlsplit

from common.patterns import pattern
from common.records import dataclass
from common.scripts import WITHOUT_SPACES, letters
from ingester.entry import Entry, FetchError, ParseError
from ingester.fetch.conditional import type_of
from ingester.fetch.ports import PAGES, Fetched, Fetcher, Limits, Reader, Robots
from ingester.kinds import spec_of
from ingester.pages.refresh import RefreshFollower
from ingester.pages.refusals import REFUSALS, SCRIPT
from ingester.text.text import clean_text, plain_text
from ingester.text.titles import title_in
from ingester.urls.urls import canonical_url, site_of
from storage.model import Source

SHORT = 500
"""Characters: a feed whose texts are usually shorter gives summaries."""

CUT_OFF = 1_500
"""Characters: a longer text is the article, even if it ends with dots."""

LIMITS = Limits(
    head=timedelta(seconds=10), total=timedelta(seconds=20), size_bytes=5 << 20, ratio=200
)
"""Of one page, stricter than for what a source itself publishes: there may be many."""

LONGEST_DELAY = timedelta(seconds=30)
"""A site whose robots.txt asks for more between two requests is not asked for pages at all."""

_A_DAY = timedelta(days=1, hours=12)
"""A day, wherever it is: its midnight in UTC is no further from any time of it."""
_LOOKED_AT = 20_000
_WORD = pattern(r"\w+")
_WIDE = pattern(f"[{letters(WITHOUT_SPACES)}]")
_DOTS = pattern(r"(?:…|\.\.\.)\s*(?:[^\n.!?…]{0,40})?$")
_CUT_HERE = pattern(r"[\[(]\s*(?:…|\.\.\.)\s*[\])]")
_LOGIN = pattern(
    r"(?:^|[./])(?:log-?in|sign-?in|sign-?up|register|auth|sso|oauth2?|consent|subscribe|paywall|"
    r"anmelden|connexion|abonnement|dang-?nhap|accounts?)(?:[./]|$)",
    re.I,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Why an article is without its page's text.

    Attributes:
        text: The same words for the same kind of trouble, whatever the article.
        of_site: It is the site that cannot be had, not this one page.
        of_page: It is this one page that is not there.
        asked: A request was made.
        is_known: What can be had was had, and will not change: no reason to ask the site less.
        wait: How long the server asked us to wait, or None.
        passes: It may be over the next time.
    """

    text: str
    of_site: bool = False
    of_page: bool = False
    asked: bool = True
    is_known: bool = False
    wait: timedelta | None = None
    passes: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Enriched:
    """An entry with the text of its page, or as it was, with the trouble that kept it so."""

    entry: Entry
    trouble: Trouble | None = None


class FullText:
    """Enriches entries with what their pages say. Safe to use from many threads.

    Args:
        fetcher: Gets the pages.
        robots: Says which; None: all.
        now: What time it is, UTC: later dates are not believed.
        reader: Reads pages, within bounds; None: as they are read here.
    """

    def __init__(
        self,
        fetcher: Fetcher,
        robots: Robots | None,
        now: Callable[[], datetime],
        *,
        reader: Reader | None = None,
    ) -> None:
        self._robots = robots
        self._now = now
        if reader is not None:
            self._read_page, self._read_listing = reader.read_page, reader.read_listing
        else:
            from ingester.pages.kind import read_listing, read_page  # and a parser of HTML

            self._read_page, self._read_listing = read_page, read_listing
        self._fetcher = RefreshFollower(fetcher, robots, self._read_page)

    def delay(self, url: str) -> timedelta | None:
        """Return the time that the page's site asks for between two requests, or None."""
        return self._robots.delay(url) if self._robots else None

    def enrich(self, entry: Entry, source: Source) -> Enriched:
        """Return the entry with the text of its page. Never raises for what the page is."""
        try:
            return self._enriched(entry, source)
        except FetchError as error:
            trouble = _of_fetching(error)
        except ParseError as error:
            trouble = _of_reading(error)
        return Enriched(entry=entry, trouble=trouble)

    def _enriched(self, entry: Entry, source: Source) -> Enriched:
        if "#!/" in entry.url:
            # Its fragment is for a program in a browser: no site is asked for it.
            drawn = REFUSALS[SCRIPT].shown
            trouble = Trouble(text=f"the pages show {drawn}", asked=False, is_known=True)
            return Enriched(entry=entry, trouble=trouble)
        if refused := self._refused(entry.url, source, asked=False):
            return Enriched(entry=entry, trouble=refused)
        answer = self._fetcher.get(entry.url, accept=PAGES, limits=LIMITS)
        if not isinstance(answer, Fetched):
            return Enriched(entry=entry, trouble=Trouble(text="the pages are without a body"))
        if _origin(answer.url) != _origin(entry.url) and (
            refused := self._refused(answer.url, source, asked=True)
        ):
            return Enriched(entry=entry, trouble=refused)
        kind = type_of(answer)
        page = self._read_page(answer.body, url=answer.url, content_type=kind, now=self._now())
        if why := why_not(entry, page, fetched_from=answer.url):
            return Enriched(entry=entry, trouble=Trouble(text=why, passes=answer.truncated))
        # What lists no pages of other sorts says of each that it is an article.
        if spec_of(source.kind).lists_any_page and self._read_listing(
            answer.body, url=answer.url, content_type=kind
        ):
            text = "the pages list articles and are none themselves"
            return Enriched(entry=entry, trouble=Trouble(text=text, is_known=True))
        cut = Trouble(text="the pages are cut off", passes=True) if answer.truncated else None
        return Enriched(entry=merged(entry, page), trouble=cut)

    def _refused(self, url: str, source: Source, *, asked: bool) -> Trouble | None:
        refusal = self._robots.refusal(url) if self._robots else None
        if refusal is None:
            return None
        if refusal.kind != "robots":
            return _of_fetching(refusal)
        text = str(refusal)
        if site_of(url) != site_of(source.url):
            text = (
                "robots.txt of other sites, to which it links, cannot be had, or does not let us "
                "fetch the pages"
            )
        return Trouble(text=text, asked=asked)


# --- whether a source gives articles or summaries ------------------------------------------------


def length(text: str) -> int:
    """Return how much a text says, in letters; a sign of Han or Thai counts as three."""
    return len(text) + 2 * len(_WIDE.findall(text))


def is_summary(text: str) -> bool:
    """Whether a text is too short to be an article, or ends with dots where it was cut off."""
    size = length(text)
    return size < SHORT or (size < CUT_OFF and _uncut(text) != text)


def gives_summaries(texts: Iterable[str]) -> bool:
    """Whether a feed with these texts gives summaries: at least half of them are."""
    are_summaries = [is_summary(text) for text in texts]
    return bool(are_summaries) and median(are_summaries) >= 0.5


# --- whether a page is the entry's article -------------------------------------------------------


def why_not(entry: Entry, page: Entry, *, fetched_from: str) -> str:
    """Return why a page is not taken for the text of an entry, or "" if it is."""
    own = own_text(entry)
    if not page.text.strip():
        return "the pages show no text"
    asked, came = urlsplit(entry.url), urlsplit(fetched_from)
    moved = (asked.netloc, asked.path) != (came.netloc, came.path)
    if moved and _LOGIN.search(came.netloc + came.path) and not _LOGIN.search(asked.path):
        return "the pages lead to a login, or to a page that asks for consent"
    if moved and came.path in ("", "/") and asked.path not in ("", "/"):
        return "the pages lead to the front page"
    if not is_about(entry, page):
        return "the pages are about something else than the source says"
    if length(page.text) <= length(own):
        return "the pages show no more text than the source gives (a paywall, perhaps)"
    return ""


def is_about(entry: Entry, page: Entry) -> bool:
    """Whether a page has half of the words of an entry's title, or of its summary.

    Where the entry says too little to tell, it is believed; so are the words of an address, which
    are spelt in another way than those of a title.
    """
    title, own = _telling(entry.title), _telling(own_text(entry))
    if len(title) < 3 or _is_bare(entry):
        return True
    there = _words(f"{page.title}\n{page.summary}\n{page.text[:_LOOKED_AT]}")
    if len(title & there) * 2 >= len(title):
        return True
    return len(own) >= 5 and len(own & there) * 2 >= len(own)


def own_text(entry: Entry) -> str:
    """Return what a source itself gives of an article, as plain text."""
    return clean_text(entry.text) or plain_text(entry.content) or plain_text(entry.summary)


def _words(text: str) -> set[str]:
    """Return the words of the beginning of a text; signs of Han or Thai one by one."""
    folded = unicodedata.normalize("NFKC", text[: 2 * _LOOKED_AT]).casefold()
    return set(_WORD.findall(_WIDE.sub(r" \g<0> ", folded)))


def _telling(text: str) -> set[str]:
    """Return the words of a text without short ones, which any page has, if others remain."""
    words = _words(text)
    long = {word for word in words if len(word) > 3 or _WIDE.match(word)}
    return long if len(long) >= 3 else words


# --- the two made one ----------------------------------------------------------------------------


def merged(entry: Entry, page: Entry) -> Entry:
    """Return an entry with a page's text, and with what else it does not say itself.

    What the source gives comes first in the text, where the page does not say the same: a rule
    that holds for a summary must not lose it.
    """
    own = own_text(entry)
    text = page.text if _is_part(own, page.text) else f"{own}\n\n{page.text}"
    cut = _DOTS.search(entry.title)
    is_bare = _is_bare(entry)
    is_clipped = cut is not None and page.title.startswith(entry.title[: cut.start()].rstrip())
    return replace(
        entry,
        url=_link(entry, page),
        title=(page.title if is_bare or is_clipped else "") or entry.title or page.title,
        text=text,
        language=entry.language or page.language,
        authors=entry.authors or page.authors,
        published_at=(page.published_at if is_bare or _is_a_day(entry, page) else None)
        or entry.published_at
        or page.published_at,
        updated_at=entry.updated_at or page.updated_at,
    )


def _is_bare(entry: Entry) -> bool:
    """Whether an entry is but an address: its title is made of it, its time that of a change."""
    return not entry.id and not own_text(entry) and entry.title == title_in(entry.url)


def _is_a_day(entry: Entry, page: Entry) -> bool:
    """Whether an entry says only the day, as lists do, of which its page may say the time."""
    day, at = entry.published_at, page.published_at
    if day is None or at is None:
        return False
    return not (day.hour or day.minute) and abs(at - day) < _A_DAY


def _link(entry: Entry, page: Entry) -> str:
    """Return the canonical link that a page gives itself, if it may be the entry's.

    Only for an entry that is recognised by an id of its own, for a page that moves the link
    would come as a new one at every poll; and only if both links have a word or a number in
    common, since some sites give all of their pages the same canonical link.
    """
    there = canonical_url(page.url) if entry.id else None
    if not there or site_of(there) != site_of(entry.url):
        return entry.url
    parts = set(_WORD.findall(urlsplit(there).path.rstrip("/").rpartition("/")[2].casefold()))
    known = set(_WORD.findall(entry.url.partition("//")[2].partition("/")[2].casefold()))
    telling = {part for part in parts & known if len(part) > 2 and part not in ("html", "php")}
    return there if telling else entry.url


def _is_part(own: str, text: str) -> bool:
    """Whether a page's text says all that the source itself gives."""
    if _same(_uncut(own)) in _same(text):
        return True
    words = _words(own)
    return not is_summary(own) and len(words & _words(text)) >= 0.9 * len(words)


def _uncut(text: str) -> str:
    """Return a text without the dots where it was cut off, and what stands behind them."""
    head = _CUT_HERE.split(text, maxsplit=1)[0].rstrip()
    cut = _DOTS.search(head, max(0, len(head) - 80))
    return head[: cut.start()].rstrip() if cut else head


def _same(text: str) -> str:
    """Return what two spellings of one text share."""
    return " ".join(_WORD.findall(unicodedata.normalize("NFKC", text).casefold()))


# --- trouble -------------------------------------------------------------------------------------


def _of_fetching(error: FetchError) -> Trouble:
    status = error.status or 0
    if error.kind in ("http", "gone") and status:
        return Trouble(
            text=f"the pages answer HTTP {status}{_phrase(status)}",
            of_site=status in (401, 402, 403, 407, 429, 451) or status >= 500,
            of_page=status in (404, 410),
            wait=error.retry_after,
            passes=status in _PASSING,
        )
    text = _TROUBLES.get(error.kind, "the pages cannot be fetched")
    return Trouble(text=text, of_site=error.kind in _OF_SITE, passes=error.kind in _OF_NETWORK)


def _phrase(status: int) -> str:
    try:
        return f" {HTTPStatus(status).phrase}"
    except ValueError:
        return ""


def _of_reading(error: ParseError) -> Trouble:
    if refusal := REFUSALS.get(error.kind):
        return Trouble(
            text=f"the pages show {refusal.shown}",
            of_site=refusal.of_site,
            of_page=refusal.of_page,
            passes=refusal.passes,
        )
    # Without what differs from page to page.
    what = re.sub(r"\s*\(\d+ bytes\)", "", str(error).partition("\n")[0])[:120]
    return Trouble(text=f"the pages cannot be read: {what}")


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc


_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 522, 524})
_OF_NETWORK = ("timeout", "connect", "dns", "offline")
_OF_SITE = ("timeout", "connect", "dns", "offline", "tls", "address")
_TROUBLES = {
    "address": "the pages lie at an address that may not be connected to",
    "connect": "no connection to where the pages are",
    "dns": "the host name of the pages cannot be looked up",
    "encoding": "the pages cannot be unpacked",
    "offline": "the network cannot be reached from here",
    "robots": "the pages lead to pages that robots.txt does not let us fetch",
    "redirect": "the pages redirect to where we cannot go",
    "timeout": "the pages do not come in time",
    "tls": "no secure connection to where the pages are",
    "too-large": f"the pages are over {LIMITS.size_bytes >> 20} MiB",
}
