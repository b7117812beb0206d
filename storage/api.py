"""The promise: what a storage keeps, and how it behaves when asked twice or at the same time.

One narrow protocol per noun. Each is used inside one open transaction. The contract tests
(`tests/contract/`) run the same text against every implementation.

What holds for all of them:

* every write that creates something may be repeated; the second time it changes nothing;
* lists are sorted as their docstring says, never by chance;
* `prefix` arguments accept a unique beginning of an id, or a name where the noun has one; what
  is named exactly so comes before what only begins so, and "" finds nothing;
* `since` includes that very moment; `limit=None` means all;
* text is stored as given; callers clean it first (NUL and lone surrogates are refused by
  PostgreSQL, so no storage accepts them);
* a value that cannot be stored (such a text, an instant without a time zone) or that points at
  something that is not there (an alert of an unknown rule) raises ValueError, and the whole
  transaction is to be given up;
* changing something that does not exist changes nothing.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from common.records import dataclass
from storage.access import Call, Holder, Token, User
from storage.model import (
    Alert,
    Article,
    Channel,
    ChannelState,
    Delivery,
    DeliveryState,
    Fingerprint,
    Rule,
    RuleState,
    Source,
)
from storage.notice import Notice
from storage.quiet import HoldReason
from storage.silence import Silence
from storage.story import Lesson, LiveStory, Membership, Story, Turn, Waiting
from storage.variant_groups import RuleGroups
from storage.variant_use import VariantHit, VariantUse


class StorageError(Exception):
    """The store cannot do what was asked.

    Attributes:
        retry: Whether the same call may succeed later (busy, connection lost, server
            starting). When False the store is not usable: full, corrupt, too new.
    """

    def __init__(self, text: str, *, retry: bool) -> None:
        super().__init__(text)
        self.retry = retry


class StoreLost(StorageError):
    """What was opened is no longer what is there: a process that stays must end.

    The file or database was moved away, emptied or replaced, or a newer program has migrated it.
    """

    def __init__(self, text: str) -> None:
        super().__init__(text, retry=False)


class NotUpToDate(StorageError):
    """The tables are those of an older program, and this call does not change them."""

    def __init__(self, text: str) -> None:
        super().__init__(text, retry=False)


class Ambiguous(StorageError):
    """A shortened id fits several things."""

    def __init__(self, text: str) -> None:
        super().__init__(text, retry=False)


class FencedOut(StorageError):
    """A lease was lost in the meantime; nothing was written."""

    def __init__(self, text: str) -> None:
        super().__init__(text, retry=False)


class Has(NamedTuple):
    """Articles that have this token; with `begins`, one that begins so."""

    token: str
    begins: bool = False


@dataclass(frozen=True, slots=True)
class HasAll:
    """Articles for which every part holds; there is at least one."""

    parts: "tuple[Lookup, ...]"


@dataclass(frozen=True, slots=True)
class HasAny:
    """Articles for which some part holds; none without parts."""

    parts: "tuple[Lookup, ...]"


@dataclass(frozen=True, slots=True)
class HasNear:
    """Articles for which every part holds, each at most so many lines from the first.

    Parts stand where their tokens do. Others may be found besides: lines are counted round.

    Attributes:
        ordered: Each part stands in the line of the one before, or at most so many behind it.
    """

    parts: "tuple[Lookup, ...]"
    lines: int
    ordered: bool = False


Lookup = Has | HasAll | HasAny | HasNear
"""What the search index is asked for; at most 12 levels of parts in parts."""


@dataclass(frozen=True, slots=True)
class HasIn:
    """Articles in these languages for which the part holds, and all in others or in none."""

    languages: frozenset[str]
    part: Lookup


Holding = Lookup | HasIn


class Analysis(NamedTuple):
    """What the search index keeps of an article.

    Attributes:
        version: Changes whenever `tokens` would return something else for any article.
        tokens: Returns the article's tokens, in lines, with spaces between two of them; none has
            white space or a control character, and none is over 200 bytes.
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


class Sources(Protocol):
    """What we poll."""

    def add(self, source: Source) -> bool:
        """Add a source; False if its id is known and not removed. A removed one is revived.

        A poll of the removed one that still runs is fenced out.
        """
        ...

    def update(self, source: Source) -> None:
        """Write what its owner may change: name, every, tags, options, state, backfill,
        next_poll_at."""
        ...

    def get(self, id: str) -> Source | None:
        """Return the source with exactly this id, removed ones too."""
        ...

    def some(self, ids: Iterable[str]) -> dict[str, Source]:
        """Return those of these sources that are there, removed ones too, by id."""
        ...

    def find(self, prefix: str) -> Source | None:
        """Return the source with this name, URL or id prefix; removed ones are not found.

        Raises:
            Ambiguous: The prefix fits several ids.
        """
        ...

    def all(self) -> list[Source]:
        """Return all that are not removed, by name."""
        ...

    def failed(self) -> list[Source]:
        """Return those of `all` whose last poll has failed."""
        ...

    def claim_due(
        self,
        *,
        now: datetime,
        limit: int,
        lease: timedelta,
        owner: str,
        ids: Sequence[str] = (),
        first: Collection[str] = (),
        besides: Collection[str] = (),
        among: Collection[str] | None = None,
        without: Collection[str] = (),
    ) -> list[Source]:
        """Take up to `limit` active sources that are due and that nobody else holds.

        Oldest `next_poll_at` first (None is oldest); kinds in `first` before all others. With
        `ids`, only those, due or not (paused ones too, not removed ones); never those with an
        id in `besides` or of a kind in `without`, and only those with an id in `among`, unless
        that is None. The returned sources carry the new lease token.
        """
        ...

    def next_due(self, *, now: datetime, without: Collection[str] = ()) -> datetime | None:
        """Return when the first active source is due that nobody holds; `now` at the earliest.

        Sources of a kind in `without` do not count.
        """
        ...

    def record_polls(self, polls: Iterable[tuple[Source, Mapping[str, str]]]) -> None:
        """Write the outcomes of polls of different sources, and give their leases back.

        Writes state, baseline_done, quiet_before, validators, next_poll_at, last_ok_at,
        last_entry_at, last_error and failures; merges what stands beside a source into its
        memory. A source that its owner paused or removed in the meantime stays so.

        Raises:
            FencedOut: One's `lease_token` is not the current one, or its lease was given back
                already. The caller's whole transaction must be rolled back.
        """
        ...

    def record_unchanged(self, polls: Iterable[tuple[Source, datetime]], *, now: datetime) -> None:
        """Write the outcomes of polls that went well, as those before, and found nothing new.

        Of each source, as it was claimed, only `last_ok_at` becomes `now` and `next_poll_at` what
        stands beside it. Else as `record_polls`, at a fraction of the cost.

        Raises:
            FencedOut: As `record_polls`.
        """
        ...

    def excuse(self, ids: Iterable[str], *, until: datetime) -> int:
        """Take back one failure of each of these sources, which was not theirs.

        They are due at `until` at the latest. Returns how many there were.
        """
        ...

    def release(self, owners: Sequence[str], *, now: datetime) -> int:
        """Give back the leases of owners that are known to be dead, and leases that ended."""
        ...

    def memory(self, source_id: str) -> dict[str, str]:
        """Return what the source's kind asked to remember, key by key."""
        ...

    def article_counts(self) -> dict[str, int]:
        """Return how many articles each source id has given."""
        ...

    def add_notice(self, notice: Notice) -> bool:
        """Add a notice; False if it is known: it is seen again then, and lasts as it says now."""
        ...

    def end_notices(
        self, source_ids: Iterable[str], *, besides: Collection[str], before: datetime
    ) -> None:
        """Forget what is over of these sources.

        That is what lasts, but those with the ids `besides`, and of what has happened that which
        was told last before a time.
        """
        ...

    def notices(self, source_id: str | None = None, *, limit: int = 100) -> list[Notice]:
        """Return the newest notices, newest first by `raised_at`, ties by id descending."""
        ...


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

    def end_baseline(self, ids: Iterable[str], *, since: datetime) -> list[Article]:
        """End `baseline` of those of these articles that have it and were first seen after `since`.

        Returns them as they are now, by id.
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

        Begin with "" and go on with what is returned; each call looks at `limit` articles, the
        newest first. Returns None when the index has every article, or when the storage has no
        analysis.
        """
        ...

    def index_is_full(self) -> bool:
        """Whether the search index is known to have every article by this analysis."""
        ...

    def count(self, *, since: datetime | None = None) -> int:
        """Return how many there are, or how many of them were first seen since."""
        ...


class Prunable(NamedTuple):
    """What would be taken out.

    Attributes:
        kept: How many articles are as old and stay, because somebody was told of their story, or
            it has gone on since.
        remaining: How many there would be.
    """

    articles: int
    stories: int
    kept: int
    remaining: int


class Pruned(NamedTuple):
    """What was taken out.

    Attributes:
        after: Behind which story to go on; None when that was all.
    """

    articles: int = 0
    stories: int = 0
    after: tuple[datetime, str] | None = None


class Pruning(Protocol):
    """Takes out old articles, whole stories at a time.

    A story stays while anything hangs on it: an alert, a match that waits for outlets, an
    article that is not old, or that new articles are still compared with it. By what an article
    was known stays in any case, so that it is not new when a source lists it again.
    """

    def newest(self, count: int) -> datetime | None:
        """Return when the last of the newest `count` articles was first seen; None if all are."""
        ...

    def oldest(self, count: int, *, before: datetime) -> datetime:
        """Return before when what was told last is to go, for `count` articles to be gone.

        The stories that were told last the longest ago hold at least so many; never later than
        `before`, though all that may be taken out hold fewer.
        """
        ...

    def prunable(self, *, before: datetime) -> Prunable:
        """Return what would be taken out that was last told before."""
        ...

    def prune(self, *, before: datetime, after: tuple[datetime, str] | None, limit: int) -> Pruned:
        """Take out up to `limit` stories that were last told before, the oldest first."""
        ...

    def forget(self, *, before: datetime) -> int:
        """Forget by what articles were known that are gone and that nobody has listed since.

        And whatever else still names what is gone; called when some were taken out. Returns how
        many keys that were.
        """
        ...

    def shed(self, *, after: int) -> int | None:
        """Do a little of what rids the search index of articles that are gone.

        Args:
            after: What the last call returned; 0 at first. None: there is nothing left to do.
        """
        ...


class Stories(Protocol):
    """Which articles tell the same event."""

    def get(self, id: str) -> Story | None:
        """Return the story with exactly this id."""
        ...

    def some(self, ids: Iterable[str]) -> dict[str, Story]:
        """Return the stories with exactly these ids, by id."""
        ...

    def find(self, prefix: str) -> Story | None:
        """Return the story with this id prefix.

        Raises:
            Ambiguous: The prefix fits several ids.
        """
        ...

    def recent(
        self,
        *,
        since: datetime | None = None,
        before: tuple[datetime, str] | None = None,
        rule_id: str | None = None,
        limit: int | None = 100,
    ) -> list[Story]:
        """Return stories seen since then, by `seen_at`, newest first, ties by id descending.

        Args:
            before: Only those that come behind this (seen_at, id).
            rule_id: Only those of which this rule has raised an alert.
        """
        ...

    def members(self, ids: Iterable[str]) -> list[Membership]:
        """Return the articles of stories by `appeared_at`, ties by id."""
        ...

    def put(self, stories: Iterable[Story]) -> None:
        """Write stories as they are now."""
        ...

    def join(self, members: Iterable[Membership]) -> None:
        """Write to which story articles belong."""
        ...

    def move(self, homes: Mapping[str, str]) -> None:
        """Have articles, and the alerts that they raised, tell of these stories, by article."""
        ...

    def remove(self, id: str) -> None:
        """Forget a story that has no articles any more."""
        ...

    def unplaced(self, limit: int, *, after: tuple[datetime, str] | None = None) -> list[Article]:
        """Return some articles that belong to no story yet, oldest `first_seen_at` first.

        Args:
            after: Only those behind this (first_seen_at, id).
        """
        ...

    def are_unplaced(self, ids: Iterable[str]) -> set[str]:
        """Return which of these are articles that belong to no story yet."""
        ...


class Placing(Protocol):
    """What whoever places new articles must know of the stories that are told these days.

    They keep much of it in memory: turns tell them whether somebody else has changed it since.
    """

    def take_turn(self, who: str) -> Turn:
        """Begin the next turn; nobody else begins one until this transaction ends.

        Args:
            who: A name that nobody, this process included, has given before.
        """
        ...

    def changed(self, *, after: int, limit: int) -> list[LiveStory]:
        """Return stories that were changed after that turn, without their traits, last first."""
        ...

    def live(self, ids: Iterable[str]) -> dict[str, LiveStory]:
        """Return those of these stories that are told these days, by id."""
        ...

    def keep(self, stories: Iterable[LiveStory], *, turn: int) -> None:
        """Write stories that are told these days as they are now; they are stored before."""
        ...

    def retire(self, *, before: datetime, limit: int) -> int:
        """Forget what is compared of some stories not told since; return of how many.

        Of all stories the `limit` that were not changed for longest are looked at.
        """
        ...

    def forget(self, ids: Iterable[str]) -> None:
        """Forget what is compared of these stories, if anything is kept."""
        ...

    def lessons(self, *, since: int) -> list[Lesson]:
        """Return what was taught in this turn and later, by turn."""
        ...

    def teach(self, lesson: Lesson) -> None:
        """Keep a turn's lesson; one that is whole takes the place of all before."""
        ...


class Following(Protocol):
    """What rules wait for before they alert, and how often they find something."""

    def wait(self, waiting: Iterable[Waiting], *, forget_before: datetime) -> None:
        """Keep matches whose alert waits for more outlets; forget those found before."""
        ...

    def waiting(self, story_ids: Iterable[str]) -> list[Waiting]:
        """Return what waits for these stories, oldest first, ties by article."""
        ...

    def end_wait(self, rule_id: str, story_id: str) -> None:
        """Forget what a rule waits for of a story."""
        ...

    def mention(self, rule_id: str, hour: int, articles: int) -> None:
        """Count so many articles that a rule has found in an hour, by hours since 1970."""
        ...

    def mentions(self, rule_id: str, *, since: int) -> dict[int, int]:
        """Return how many articles a rule has found in each hour since; empty hours are missing."""
        ...


class Rules(Protocol):
    """What people asked for."""

    def add(self, rule: Rule) -> bool:
        """Add a rule and move the rules' revision; False if its id is known and not removed.

        A removed one is revived with the new fields; its own revision goes on growing.
        """
        ...

    def update(self, rule: Rule) -> None:
        """Replace a rule's fields and move the rules' revision."""
        ...

    def set_state(self, rule_id: str, state: RuleState) -> None:
        """Pause, resume or remove; moves the rules' revision."""
        ...

    def get(self, id: str) -> Rule | None:
        """Return the rule with exactly this id, removed ones too."""
        ...

    def find(self, prefix: str) -> Rule | None:
        """Return the rule with this name, this exact query, or this id prefix; not removed ones.

        Raises:
            Ambiguous: The prefix fits several ids.
        """
        ...

    def all(self) -> list[Rule]:
        """Return all that are not removed, by creation, ties by id."""
        ...

    def outlines(self, ids: Iterable[str] | None = None) -> list[Rule]:
        """Return all that are not removed, or those of these that are there; in the order of `all`.

        They are without their variants, of which there may be very many.
        """
        ...

    def watching(self) -> dict[str, int]:
        """Return the ids of all rules that are evaluated, paused ones too, with their revisions.

        By creation, ties by id.
        """
        ...

    def stamps(self) -> dict[str, str]:
        """Return for each rule that is not removed what stands for its words and its variants.

        Never the same when these changed: `storage.stamp.stamp_of`.
        """
        ...

    def ending(self, *, after: datetime, until: datetime) -> list[Rule]:
        """Return rules, not removed ones, whose `expires_at` lies between; soonest first.

        `until` belongs to it, `after` does not; ties by id. They are without their variants.
        """
        ...

    def some(self, ids: Iterable[str]) -> Iterator[Rule]:
        """Yield those of these rules that are there, in the order of `ids`, a few at a time.

        So many rules with so many variants need not be in memory at once.
        """
        ...

    def in_groups(self, ids: Iterable[str]) -> Iterator[RuleGroups]:
        """Yield the variants of rules in groups, in the order of `some`.

        What they say is read as one text: a tenth of the time that their rows take.
        """
        ...

    def expanded_otherwise(self, expansion: str, *, limit: int) -> list[str]:
        """Return ids of rules, not removed ones, that have another `expansion`; oldest first."""
        ...

    def expanded(self, rule_id: str, expansion: str, *, revision: int) -> bool:
        """Note with which lists a rule's variants would be the same; moves no revision.

        False, and nothing written, when the rule's own revision is another one by now.
        """
        ...

    def revision(self) -> int:
        """Return a number that grows with every change to any rule."""
        ...

    def lock_revision(self) -> int:
        """Return `revision`, and keep others from moving it until this transaction ends.

        Several transactions may hold it at once; only changes to rules wait (FOR SHARE).
        """
        ...

    def to_catch_up(self) -> list[str]:
        """Return the ids of active rules that the archive was not searched for yet, as `all`."""
        ...

    def caught_up(self, rule_id: str, *, revision: int) -> bool:
        """Note that the archive has been searched for a new rule; moves no revision.

        False, and nothing written, when the rule's own revision is another one by now.
        """
        ...

    def count_hits(self, hits: Iterable[VariantHit], *, now: datetime) -> None:
        """Count an alert for each variant that was hit, as often as it is given.

        Of a rule's variants with the same text, those of the article's language and of any, if
        there are such. What is unknown is passed over. Moves no revision.
        """
        ...

    def variant_uses(self, rule_id: str) -> list[VariantUse]:
        """Return the rule's variants in the rule's order, with what was counted of them.

        The counts outlive changes of the rule, as long as the variant is one of its variants.
        """
        ...


class Alerts(Protocol):
    """What was raised."""

    def add_new(
        self,
        alerts: Iterable[Alert],
        *,
        owed: Mapping[str, Sequence[tuple[str, str]]] | None = None,
    ) -> list[Alert]:
        """Store those whose id is not known and return them, with `seq` set, in order.

        Args:
            owed: The (channel id, recipient) pairs that are owed each rule's alerts, by its id;
                None for the channels that the rules name.

        Numbers are given without gaps in the order of commits: who reads on after the largest
        one seen misses none. Transactions that raise alerts therefore wait for one another,
        from this call to their end.
        """
        ...

    def get(self, id: str) -> Alert | None:
        """Return the alert with exactly this id."""
        ...

    def some(self, ids: Iterable[str]) -> list[Alert]:
        """Return those of these alerts that are there, by seq."""
        ...

    def find(self, prefix: str) -> Alert | None:
        """Return the alert with this id prefix.

        Raises:
            Ambiguous: The prefix fits several ids.
        """
        ...

    def of_stories(self, ids: Iterable[str]) -> list[Alert]:
        """Return the alerts about these stories, by seq."""
        ...

    def told(self, story_ids: Iterable[str]) -> set[tuple[str, str]]:
        """Return (rule id, story id) of the alerts about these stories, which is asked sooner."""
        ...

    def recent(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        rule_id: str | None = None,
        after_seq: int | None = None,
        limit: int | None = 100,
    ) -> list[Alert]:
        """Return alerts newest first (by seq); with `after_seq`, only later ones, oldest first.

        `until` leaves out those raised at that moment or later.
        """
        ...

    def count(self, *, rule_id: str | None = None, since: datetime | None = None) -> int:
        """Return how many were raised."""
        ...


class Channels(Protocol):
    """Where alerts go."""

    def add(self, channel: Channel) -> bool:
        """Add a channel; False if its id is known and not removed. A removed one is revived.

        What a revived one still owed is held. With the same kind and `target_print` it keeps its
        old `added_at`, so `Outbox.unhold` sends that; else it was made for another target.
        """
        ...

    def update(self, channel: Channel) -> None:
        """Replace a channel's fields; of its deliveries nothing is changed."""
        ...

    def lock(self, ids: Iterable[str]) -> list[Channel]:
        """Return those of these that are there, by id, removed ones too.

        Nobody changes them until this transaction ends; several may hold them at once. Taken
        after the rules' revision and before any alert is added.
        """
        ...

    def get(self, id: str) -> Channel | None:
        """Return the channel with exactly this id, removed ones too."""
        ...

    def some(self, ids: Iterable[str]) -> dict[str, Channel]:
        """Return those of these that are there, removed ones too."""
        ...

    def find(self, prefix: str) -> Channel | None:
        """Return the channel with this name or id prefix; not removed ones.

        Raises:
            Ambiguous: The prefix fits several ids.
        """
        ...

    def all(self) -> list[Channel]:
        """Return all that are not removed, by name."""
        ...

    def set_state(self, channel_id: str, state: ChannelState, *, reason: str | None) -> bool:
        """Pause, enable, disable or remove; tell whether its state was another until now.

        Of several that set the same at once, one is told so. What its deliveries become is the
        outbox's matter.
        """
        ...

    def note(self, channel_id: str, reason: str | None, *, instead_of: str | None) -> bool:
        """Note why nobody can send to an active channel; None when somebody can.

        False, and nothing noted, when it is not active, or its note is another than `instead_of`.
        """
        ...

    def set_not_before(self, channel_id: str, instant: datetime | None) -> None:
        """Note that the receiver wants nothing before this instant. Only ever moves forward.

        None takes the wish back.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try to send a delivery, recorded before it starts.

    Attributes:
        outcome: "ok", "retry", "wait", "permanent", "disabled" or "unknown"; None while it
            runs, and for ever if we died in it.
    """

    delivery_id: str
    token: int
    owner: str
    started_at: datetime
    ended_at: datetime | None = None
    outcome: str | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finish:
    """How an attempt ended, ready to be written.

    Attributes:
        state: What the delivery becomes.
        outcome: As in `Attempt.outcome`.
        next_at: When to try again, for state "pending".
        counts: Whether the attempt uses up one of the schedule's tries.
        maybe: Whether the receiver may have it although we do not know.
    """

    state: DeliveryState
    outcome: str
    ended_at: datetime
    next_at: datetime | None = None
    counts: bool = True
    maybe: bool = False
    reason: str | None = None
    error: str | None = None
    receipt: str | None = None


class Outbox(Protocol):
    """Deliveries that are owed, and what became of them.

    A delivery is put here in the transaction that stores its alert, so an alert cannot be
    remembered and its delivery forgotten.
    """

    def put(self, deliveries: Iterable[Delivery]) -> int:
        """Add deliveries; skip those whose id is known. Returns how many were new."""
        ...

    def due_channels(self, *, now: datetime) -> list[str]:
        """Return ids of active channels that owe something now and may be sent to now."""
        ...

    def waiting_since(self, channel_id: str, *, now: datetime) -> datetime | None:
        """Return since when a channel's longest due delivery may be sent; None for none."""
        ...

    def claim_due(
        self, limits: Mapping[str, int], *, now: datetime, lease: timedelta, owner: str
    ) -> list[Delivery]:
        """Take due deliveries that nobody else holds, of each of these channels up to its limit.

        Of a channel oldest `next_at` first, of several the one made first. Nothing is taken for a
        channel that is not active or whose `not_before` lies ahead. The attempt is recorded in the
        same transaction; the returned deliveries carry the new token, state "leased" and the end
        of the lease, `now + lease`. `attempts` is not raised here but by `finish`.

        Args:
            limits: How many, at least 1, by the channel's id.
        """
        ...

    def claim(
        self, delivery_id: str, *, now: datetime, lease: timedelta, owner: str
    ) -> Delivery | None:
        """Take this one if it is pending, due or not; None if it is anything else."""
        ...

    def extend(self, delivery: Delivery, *, until: datetime) -> bool:
        """Move the end of a lease; False if it was lost."""
        ...

    def finish(self, delivery: Delivery, end: Finish) -> bool:
        """Write the end of an attempt; False, and nothing written, if the lease was lost.

        What would be pending is held, with the reason, when its channel was removed or
        disabled in the meantime.
        """
        ...

    def finish_all(self, ends: Sequence[tuple[Delivery, Finish]]) -> set[str]:
        """Write the ends of several attempts as `finish` does; return ids of those written."""
        ...

    def give_back(self, deliveries: Sequence[Delivery]) -> set[str]:
        """Make claimed ones pending as they were, as attempts that were never made.

        As for `finish`: not those whose lease was lost, and held where their channel is shut.
        Returns ids of those given back.
        """
        ...

    def reap(self, *, now: datetime, dead_owners: Sequence[str] = ()) -> int:
        """Make claims pending again that ended, or whose owner is dead; `maybe` grows by one.

        They are due at once. Those of removed and disabled channels become held instead.
        """
        ...

    def lease_owners(self) -> list[str]:
        """Return who holds claims now, sorted: deliveries and sources both."""
        ...

    def hold(self, channel_id: str, *, reason: str) -> int:
        """Turn a channel's pending deliveries into held ones."""
        ...

    def suppress(self, channel_id: str, *, but_for: Sequence[str], reason: str) -> int:
        """Suppress a channel's pending and held deliveries to all recipients but these.

        What is held for a digest is left alone: it has no bytes yet, and is told to whoever is
        the channel's then.
        """
        ...

    def unhold(self, channel_id: str, *, now: datetime) -> int:
        """Make a channel's held and pending deliveries pending, due now, with no attempts used up.

        `give_up_at` moves too: they have as long to be tried in as when they were made. Left
        alone are those that `requeue` refuses.
        """
        ...

    def requeue(self, delivery_id: str, *, now: datetime) -> bool:
        """Make a delivery pending again under the same id; False while it is leased or pending.

        False too if it was made before its channel was last added (its bytes are for another
        target), or has no payload. Due now, with no attempts used up, and `give_up_at` as far
        ahead as when it was made.
        """
        ...

    def get(self, id: str) -> Delivery | None:
        """Return the delivery with exactly this id."""
        ...

    def find(self, prefix: str) -> Delivery | None:
        """Return the delivery with this id prefix ("msg_" may be left out).

        Raises:
            Ambiguous: The prefix fits several ids.
        """
        ...

    def recent(
        self,
        *,
        open_only: bool = False,
        channel_id: str | None = None,
        alert_id: str | None = None,
        since: datetime | None = None,
        states: Sequence[DeliveryState] = (),
        limit: int | None = 100,
    ) -> list[Delivery]:
        """Return deliveries newest first by `created_at`, ties by id."""
        ...

    def oldest_open(self) -> datetime | None:
        """Return when the oldest open delivery was made; None if none is open."""
        ...

    def counts(self) -> dict[DeliveryState, int]:
        """Return how many are in each state; all states are keys."""
        ...

    def attempts(self, delivery_id: str) -> list[Attempt]:
        """Return its attempts in the order in which they began."""
        ...


class Held(Protocol):
    """Deliveries that are held back for a digest: `Delivery.hold` says why and until when.

    They are put into the outbox as all others, with state "held" and no payload.
    """

    def sent(self, channel_id: str, *, since: datetime, rule_id: str | None = None) -> int:
        """Return how many alerts had a delivery of their own made to the channel since then."""
        ...

    def waiting(
        self,
        *,
        channel_id: str | None = None,
        of: str | None = None,
        reason: HoldReason | None = None,
        alert_ids: Iterable[str] | None = None,
        limit: int | None = None,
    ) -> list[Delivery]:
        """Return those that no digest carries yet, the oldest `created_at` first, ties by id.

        Args:
            of: Only those that this rule, channel or silence holds.
        """
        ...

    def count(self) -> dict[HoldReason, int]:
        """Return how many wait, by reason; reasons for which none waits are left out."""
        ...

    def due_channels(self, *, now: datetime) -> list[str]:
        """Return ids of active channels for which some are due now, sorted."""
        ...

    def take_due(self, channel_id: str, *, now: datetime) -> list[Delivery]:
        """Return those that are due to a channel, in the order of `waiting`.

        Nobody else gets them until this transaction ends.
        """
        ...

    def bundle(self, ids: Iterable[str], *, digest_id: str, reason: str) -> int:
        """Note that a digest carries these of those that wait; return how many did."""
        ...

    def send_alone(self, delivery: Delivery, payload: bytes, *, now: datetime) -> bool:
        """Make one that waits a delivery of its own, due now; False when it waits no more."""
        ...

    def reschedule(
        self,
        of: str,
        *,
        due_at: datetime | None,
        reason: HoldReason,
        channel_id: str | None = None,
    ) -> int:
        """Change when those are due that this rule, channel or silence holds; return how many.

        Args:
            channel_id: Only those to this channel.
        """
        ...

    def gather(self, channel_id: str, *, more_than: int, now: datetime) -> int:
        """Let the next digest tell the alerts that are held for a channel because it was shut.

        Only those that nobody has ever claimed: of the others the receiver may know their ids.
        Nothing is changed unless they are more than `more_than`. Returns of how many alerts.
        """
        ...

    def members(self, digest_id: str) -> list[Delivery]:
        """Return the deliveries that a digest carries, in the order of `waiting`."""
        ...


class Silences(Protocol):
    """What somebody does not want to hear of for a while."""

    def add(self, silence: Silence) -> bool:
        """Add a silence; False if its id is known."""
        ...

    def get(self, id: str) -> Silence | None:
        """Return the silence with exactly this id."""
        ...

    def find(self, prefix: str) -> Silence | None:
        """Return the silence with this id prefix.

        Raises:
            Ambiguous: The prefix fits several ids.
        """
        ...

    def all(self, *, now: datetime | None = None) -> list[Silence]:
        """Return all by `created_at`, ties by id; with `now` those that hold something back."""
        ...

    def end(self, id: str, *, at: datetime) -> bool:
        """Note that somebody has ended it; False when it had ended already."""
        ...


class Feedback(Protocol):
    """What readers said of alerts."""

    def give(self, alert_id: str, verdict: str, *, at: datetime) -> None:
        """Note what somebody thinks of an alert: "useful" or "noise"; the last word counts."""
        ...

    def some(self, alert_ids: Iterable[str]) -> dict[str, str]:
        """Return the verdicts about those of these alerts of which there is one, by their ids."""
        ...

    def of_rule(self, rule_id: str) -> dict[str, str]:
        """Return the verdicts about a rule's alerts, by the alert's id."""
        ...


class Figures(Protocol):
    """What is counted for people to look at; nothing is decided by it.

    Each answer costs little of a large archive: texts, variants and payloads are not read.
    """

    def alerts(self, *, after_seq: int | None = None, limit: int) -> list[AlertOutline]:
        """Return alerts newest first; with `after_seq`, later ones only, oldest first."""
        ...

    def raised(self) -> dict[str, tuple[int, datetime]]:
        """Return how many alerts each rule has raised, and when the last; none of who has none."""
        ...

    def verdicts(self) -> dict[str, tuple[int, int]]:
        """Return how many alerts of a rule readers called useful, and noise; of who has any."""
        ...

    def articles(
        self, source_ids: Iterable[str], *, since: datetime, until: datetime
    ) -> dict[str, int]:
        """Return how many articles each of these sources gave from `since` until before `until`."""
        ...

    def notices(self) -> dict[str, int]:
        """Return how many notices there are of each source that has any."""
        ...

    def passages(self, *, limit: int, alert_id: str | None = None) -> list[Passage]:
        """Return when the newest delivered alerts passed each stage, newest first.

        What was held back first is no delivery of its own, and is left out.

        Args:
            alert_id: Only those of this alert.
        """
        ...

    def waits(self, *, limit: int) -> list[timedelta]:
        """Return how long the newest delivered ones took from being owed to being taken."""
        ...


class Access(Protocol):
    """The tokens that let somebody ask over HTTP. Secrets come as their digests."""

    def add(self, token: Token) -> bool:
        """Add a token; False if its id is known."""
        ...

    def all(self) -> list[Token]:
        """Return all, by name."""
        ...

    def of_digest(self, digest: str) -> Token | None:
        """Return the token whose secret has this digest."""
        ...

    def remove(self, id: str) -> None:
        """Remove a token, and end all sessions that it began."""
        ...


class Users(Protocol):
    """The people who log in."""

    def add(self, user: User) -> bool:
        """Add a user; False if the id is known."""
        ...

    def all(self) -> list[User]:
        """Return all, by name."""
        ...

    def update(self, user: User) -> None:
        """Write role and password."""
        ...

    def remove(self, id: str) -> None:
        """Remove a user, and end all sessions of theirs."""
        ...


class Sessions(Protocol):
    """The browsers that are logged in. Secrets come as their digests."""

    def open(self, digest: str, holder: Holder, *, until: datetime, now: datetime) -> None:
        """Begin a session of a stored token or user; forget those that ended before now."""
        ...

    def holder(self, digest: str, *, now: datetime) -> Holder | None:
        """Return who began a session that has not ended."""
        ...

    def end(self, digest: str) -> None:
        """End a session."""
        ...

    def end_all(self, holder_id: str) -> int:
        """End all sessions of a token or a user; return how many there were."""
        ...


class Calls(Protocol):
    """Calls that may be repeated, because they carry a key."""

    def begin(self, call: Call, *, stale: datetime, old: datetime) -> Call | None:
        """Note that a call is being done; None when that is so from now on.

        Else what is known of it is returned: it was done, or is being done. One that was begun
        before `stale` and not done is begun again. Those begun before `old` are forgotten.
        """
        ...

    def done(self, digest: str, answer: str) -> None:
        """Note what was answered."""
        ...

    def drop(self, digest: str) -> None:
        """Forget a call, which changed nothing."""
        ...


class Meta(Protocol):
    """Small facts about the store itself."""

    def get(self, key: str) -> str | None:
        """Return the value, or None."""
        ...

    def set(self, key: str, value: str) -> None:
        """Write the value."""
        ...


class Transaction(Protocol):
    """All nouns, in one transaction: everything written through it is kept, or nothing."""

    @property
    def sources(self) -> Sources: ...
    @property
    def articles(self) -> Articles: ...
    @property
    def stories(self) -> Stories: ...
    @property
    def placing(self) -> Placing: ...
    @property
    def following(self) -> Following: ...
    @property
    def rules(self) -> Rules: ...
    @property
    def alerts(self) -> Alerts: ...
    @property
    def channels(self) -> Channels: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def held(self) -> Held: ...
    @property
    def silences(self) -> Silences: ...
    @property
    def feedback(self) -> Feedback: ...
    @property
    def pruning(self) -> Pruning: ...
    @property
    def figures(self) -> Figures: ...
    @property
    def access(self) -> Access: ...
    @property
    def users(self) -> Users: ...
    @property
    def sessions(self) -> Sessions: ...
    @property
    def calls(self) -> Calls: ...
    @property
    def meta(self) -> Meta: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class LongestWaits:
    """How far ahead stored instants may lie.

    Attributes:
        poll: Of a source's next poll.
        delivery: Of a delivery's next attempt, after so many counted ones.
        channel: Of the end of what a receiver asked for.
        poll_lease, send_lease: Of the end of a claim.
        every_poll: No source's next poll need be looked at that lies nearer than that.
    """

    poll: Callable[[Source], timedelta]
    delivery: Callable[[int], timedelta]
    channel: timedelta
    poll_lease: timedelta
    send_lease: timedelta
    every_poll: timedelta = timedelta(0)


class Storage(Protocol):
    """Where everything is kept. Safe to use from many threads and processes."""

    def transaction(self) -> AbstractContextManager[Transaction]:
        """Open a read-write transaction; commit when the block ends well, else roll back.

        Keep it short and never open over network or mail: on SQLite it holds the only
        writer's lock.

        Raises:
            StorageError: The store is busy, unreachable, full or broken. What the block
                wrote is not kept, except that after a lost connection at commit it may
                be: run the whole block again, every write in it is idempotent.
        """
        ...

    def reading(self) -> AbstractContextManager[Transaction]:
        """Open a transaction that only reads, and that holds nobody up.

        It sees the store as it stood at one moment, and its first read fixes which. A write
        through it raises StorageError.
        """
        ...

    def problems(self) -> list[str]:
        """Return what is wrong with the store, one sentence each; empty when all is well.

        Checks integrity by the database's own means and the invariants of docs/operations.md.
        """
        ...

    def hold_owner(self, owner: str) -> AbstractContextManager[None]:
        """Prove, for as long as the block runs, that the process called `owner` is alive."""
        ...

    def dead_owners(self, owners: Sequence[str]) -> list[str]:
        """Return those of the owners that are proved dead; never one that may be alive."""
        ...

    def living_owners(self) -> int:
        """Return how many processes prove at this moment that they are alive (`hold_owner`)."""
        ...

    def take_turn(self, name: str) -> bool:
        """Take a turn that one process at a time may have; False while another has it.

        A process that dies has none any more. Only PostgreSQL is worked with by several that
        take turns; elsewhere everybody gets them.
        """
        ...

    def give_turns(self, names: Collection[str]) -> None:
        """Give back turns that this process has taken."""
        ...

    def size_bytes(self) -> int:
        """Return how much room the store takes on its disk."""
        ...

    def give_back_room(self) -> bool:
        """Give room that is used no more back to the disk, where the database does not by itself.

        Takes long, and nobody writes meanwhile. Tells whether no room is free then: what
        `size_bytes` says is what is in use.

        Raises:
            StorageError: There is too little room to do so.
        """
        ...

    def tidy(self) -> None:
        """Do what a store that stays open needs; a daemon calls it once a minute.

        SQLite: writes the log back into the file, never waiting for readers.

        Raises:
            StoreLost: Among others, the open file was renamed or replaced.
        """
        ...

    def mark(self) -> object:
        """Return a value that is another one after a write, whoever writes.

        Once it is another one, what was written can be read. Cheap enough to be asked all the
        time; where it cannot tell (PostgreSQL) it never changes.
        """
        ...

    def check(self) -> None:
        """Tell whether this is still the store that was opened; cheap enough for every few seconds.

        Raises:
            StoreLost: It was moved away, emptied or replaced, or a newer program has migrated it.
            StorageError: It cannot be asked now.
        """
        ...

    def now(self) -> datetime:
        """Return what time it is, UTC, by the one clock that all users of this store share.

        PostgreSQL's own, measured once a minute; this host's on SQLite, which has one host.
        Hand it in as `now` wherever leases are taken, extended, finished or reaped.
        """
        ...

    def clock_jumped(self, by: timedelta) -> None:
        """Move every stored instant that lies ahead along with a clock that was set by this much.

        `now` goes by the new time from the same moment on; until then it goes on evenly, for a
        few seconds. Without effect where the clock of the store is not this host's.
        """
        ...

    def shared_clock_step(self) -> timedelta | None:
        """Return by how much a clock that several hosts share was set, if nobody follows it yet.

        None where the clock is this host's, who sees such steps without asking.
        """
        ...

    def shared_clock_jumped(self, by: timedelta) -> bool:
        """As `clock_jumped`, for a clock that several hosts share.

        Of those that tell of one step within a few minutes, the first moves what is stored; False
        for the others.
        """
        ...

    def too_far_ahead(self, longest: LongestWaits, *, now: datetime, mend: bool) -> list[str]:
        """Return a sentence for everything that waits longer than it may.

        Args:
            mend: Let each of it wait only as long as it may from now on.
        """
        ...

    def close(self) -> None:
        """Give back all connections. Closing twice is fine."""
        ...
