"""Articles: what is known of them, and how the archive is searched."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from storage.api.lookup import Holding
from storage.model import (
    Article,
    Fingerprint,
)


class Analysis(NamedTuple):
    """What the search index keeps of an article.

    Attributes:
        version: Changes whenever `tokens` would return something else for any article.
        tokens: Returns the article's tokens, in lines, with spaces between two of them; none has
            white space or a control character, and none is over 200 bytes. They depend on its
            language, title and text.
    """

    version: str
    tokens: Callable[[Article], str]


class Known(NamedTuple):
    """Whose a fingerprint is, and what was said under it (`Fingerprint.said`)."""

    article_id: str
    said: str


class Version(NamedTuple):
    """What an article said until its source was first seen to say something else."""

    title: str
    text: str
    until: datetime


class AlertOutline(NamedTuple):
    """An alert as charts and filters need it: about what, of whom, when.

    Attributes:
        source_id, language, published_at: Of the article that raised it.
        channel_ids: Which channels its rule told when it was raised.
    """

    seq: int
    alert_id: str
    rule_id: str
    source_id: str
    language: str
    published_at: datetime | None
    raised_at: datetime
    channel_ids: tuple[str, ...]


class Passage(NamedTuple):
    """When a delivered alert passed each stage, from its article's publishing to the receiver.

    Attributes:
        seen_at: When its article was there to be read by us.
        matched_at: When the transaction began that stored it, the rules having been asked.
        sent_at: When its first attempt was claimed, which is after that was committed.
    """

    alert_id: str
    source_id: str
    channel_id: str
    recipient: str
    published_at: datetime | None
    seen_at: datetime
    matched_at: datetime
    sent_at: datetime
    delivered_at: datetime


MOST_VERSIONS = 20
"""So many earlier versions of an article are kept, the newest."""


class Articles(Protocol):
    """What the sources published. Stored once, recognised by any of their fingerprints."""

    def known(self, keys: Iterable[str]) -> dict[str, Known]:
        """Return, for those of the fingerprint keys that are known, whose they are."""
        ...

    def some(self, ids: Iterable[str]) -> dict[str, Article]:
        """Return those of these articles that are there, by id."""
        ...

    def texts(self, ids: Iterable[str]) -> dict[str, tuple[str, str]]:
        """Return title and text of those that are there, by id; quicker than the whole."""
        ...

    def add(
        self, articles: Iterable[tuple[Article, Sequence[Fingerprint]]], *, now: datetime
    ) -> int:
        """Add articles with their fingerprints; skip known ids, add new fingerprints.

        Returns:
            How many articles were new.
        """
        ...

    def listed(self, fingerprints: Iterable[tuple[Fingerprint, str]], *, now: datetime) -> None:
        """Note that known articles were listed again; add fingerprints that are new to them.

        A key that is known stays with its article, and has from now on what is said under it,
        unless that is "". The time is kept to within a day. Each with its article's id.
        """
        ...

    def listed_by(self, source_id: str, ids: Iterable[str], *, now: datetime) -> set[str]:
        """Note that a source lists articles that came first from others; return the new ones."""
        ...

    def sources_of(self, ids: Iterable[str]) -> dict[str, list[str]]:
        """Return the sources that list an article besides its own, sorted, where there are any."""
        ...

    def end_baseline(self, ids: Iterable[str], *, since: datetime, lister: str) -> list[Article]:
        """End `baseline` of those of these articles that have it and were first seen after `since`.

        Args:
            lister: The source that lists them now; of its own they keep it.

        Returns:
            These as they are now, by id.
        """
        ...

    def revise(self, article: Article, *, now: datetime) -> bool:
        """Write a new version of a known article; False if nothing that is read has changed.

        Read are its title and its text; what they were is kept as a `Version`. Written are
        these, summary, language, updated_at, authors and categories. An article of another
        source is left as it is.
        """
        ...

    def languages(self, limit: int) -> list[tuple[str, int]]:
        """Return in which languages the newest articles are, at most `limit` of them.

        With how many there are in each, the most first, ties by code; none whose language is
        not known.
        """
        ...

    def words(self, since: str, until: str, *, seen_since: datetime | None = None) -> Iterator[str]:
        """Yield the tokens of the search index from one on and before another one, some at a time.

        A line each, in no order; hardly any comes twice.

        Args:
            until: "" for all.
            seen_since: Tokens of articles that were all seen before may be left out.

        Raises:
            IndexDamaged: Not all of them can be told.
        """
        ...

    def versions(self, article_id: str) -> list[Version]:
        """Return what an article said before, newest first; at most `MOST_VERSIONS`."""
        ...

    def get(self, id: str) -> Article | None:
        """Return the article with exactly this id."""
        ...

    def find(self, prefix: str) -> Article | None:
        """Return the article with this id prefix or this URL.

        Raises:
            Ambiguous: The prefix fits several ids.
        """
        ...

    def recent(
        self,
        *,
        since: datetime | None = None,
        source_ids: Sequence[str] = (),
        language: str | None = None,
        limit: int | None = 100,
        before: tuple[datetime, str] | None = None,
        holding: Holding | None = None,
    ) -> list[Article]:
        """Return articles by `first_seen_at`, newest first, ties by id descending.

        `since` compares with `first_seen_at`; an article is of every source that lists it. To
        page, hand in the (first_seen_at, id) of the last one as `before`. With `holding`, only
        those whose tokens fit it, and all that this storage's analysis has not seen yet: none
        that fits is ever left out.
        """
        ...

    def places(
        self,
        *,
        since: datetime | None = None,
        source_ids: Sequence[str] = (),
        language: str | None = None,
        limit: int | None = 100,
        before: tuple[datetime, str] | None = None,
        holding: Holding | None = None,
    ) -> list[tuple[datetime, str]]:
        """Return (first_seen_at, id) of each article that `recent` would return, in its order."""
        ...

    def stored_after(
        self,
        number: int,
        *,
        source_ids: Sequence[str] = (),
        language: str | None = None,
        limit: int = 100,
    ) -> list[tuple[int, Article]]:
        """Return articles in the order in which they were stored, each with its number.

        Numbers grow in the order of commits: who reads on after the largest one seen misses none,
        whoever writes at the same time. An article that is revised gets a new number, and comes
        again; its old one is given to nobody else. Only those that a source of `source_ids`
        lists, when there are any.
        """
        ...

    def last_number(self, *, seen_since: datetime | None = None) -> int:
        """Return the largest number given, 0 for none.

        With `seen_since`, the largest after which all articles are that were first seen since.
        """
        ...

    def fill_index(self, *, after: str, limit: int) -> str | None:
        """Bring the next articles into the search index that are not in it.

        With "" one that is damaged, or mostly another analysis's, is made anew.

        Begin with "" and go on with what is returned; each call looks at `limit` articles, the
        newest first. Returns None when the index has every article, when it turned out to be
        damaged meanwhile, or when the storage has no analysis.
        """
        ...

    def index_is_full(self) -> bool:
        """Whether the search index is known to have every article by this analysis."""
        ...

    def index_is_damaged(self) -> bool:
        """Whether the search index is known to be damaged; filling it makes it anew."""
        ...

    def count(self, *, since: datetime | None = None) -> int:
        """Return how many there are, or how many of them were first seen since."""
        ...
