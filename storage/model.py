"""The nouns: what the product is about, as plain values.

Everything here is a frozen dataclass without behaviour beyond its own identity. Ids are
computed from content (`stable_id`), so every write may be repeated without harm.
"""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime, timedelta
from enum import StrEnum

from common.records import dataclass
from storage.ids import beginning_of_digest as beginning_of_digest
from storage.ids import stable_id as stable_id
from storage.quiet import Hold, Priority


def _check_aware(owner: str, *instants: datetime | None) -> None:
    for instant in instants:
        if instant is not None and instant.tzinfo is None:
            raise ValueError(f"{owner}: {instant} has no time zone")


class SourceState(StrEnum):
    """Whether a source is polled."""

    ACTIVE = "active"
    PAUSED = "paused"
    """By its owner."""
    GONE = "gone"
    """It answered 410: it asked not to be polled again."""
    REMOVED = "removed"
    """Kept because articles point at it; never listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Something we poll: a feed, a page, a folder.

    Attributes:
        id: `stable_id("source", kind, location)`.
        kind: A key of `ingester.kinds`.
        url: What is polled: a URL, or the absolute path of a folder.
        every: The wished interval between polls; the real one also depends on failures and
            on what the server asks for.
        options: What its owner chose about how it is read, by name ("full_text": "yes");
            opaque to everyone but its kind.
        backfill: How many of the entries listed at the first poll may raise alerts; None
            means all. 0, the default, makes the first poll a silent baseline.
        baseline_done: Whether all that it lists has been seen once.
        quiet_before: What it published before is never news: not all of it could be read when
            it was added. None when all of it could.
        validators: What the kind wants handed back at the next poll (ETag, Last-Modified,
            the hash of the last body); opaque to everyone else.
        failures: Failed polls in a row.
        lease_token: Grows with each claim; who holds an older one may not write.
    """

    id: str
    kind: str
    url: str
    name: str
    every: timedelta
    added_at: datetime
    state: SourceState = SourceState.ACTIVE
    tags: tuple[str, ...] = ()
    options: Mapping[str, str] = field(default_factory=dict)
    backfill: int | None = 0
    baseline_done: bool = False
    quiet_before: datetime | None = None
    validators: Mapping[str, str] = field(default_factory=dict)
    next_poll_at: datetime | None = None
    last_ok_at: datetime | None = None
    last_entry_at: datetime | None = None
    last_error: str | None = None
    failures: int = 0
    lease_token: int = 0

    def __post_init__(self) -> None:
        _check_aware(
            self.url,
            self.added_at,
            self.quiet_before,
            self.next_poll_at,
            self.last_ok_at,
            self.last_entry_at,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One piece of news, as one source published it; stored once.

    Attributes:
        id: `stable_id` of its strongest fingerprint (canonical URL, else feed id, else title+day).
        story_id: Of the story that it tells: `storage.story`.
        url: The canonical http(s) URL, or "" when the source gives none.
        publisher: The owner's host of who published it (`paper.example`), where its source says so
            and the URL does not: that of an aggregator. Else "".
        title: One line of plain text, at most 500 characters, never empty.
        text: Plain text without markup, NFC, at most 100 000 characters.
        summary: What the source itself offers as a summary, plain text, at most 2 000 characters.
        language: BCP 47 primary subtag ("sv"), or "" when unknown.
        published_at: What the source claims; None if it claims nothing. Shown to people,
            never used to order work: sources lie.
        baseline: Listed already when its source was added, so no rule has spoken about it yet.
            Another source that lists it as news afterwards ends that.
        first_seen_at: When we first saw it. Always set, never changed.

    Raises:
        ValueError: An instant has no time zone.
    """

    id: str
    source_id: str
    story_id: str
    url: str
    title: str
    text: str
    first_seen_at: datetime
    summary: str = ""
    language: str = ""
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    published_at: datetime | None = None
    updated_at: datetime | None = None
    baseline: bool = False
    publisher: str = ""

    def __post_init__(self) -> None:
        _check_aware(self.url, self.published_at, self.updated_at, self.first_seen_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """One way to recognise an article again: what its source calls it, its URL, its title.

    Attributes:
        key: `stable_id` of the kind, its scope and the value; equal keys mean the same article.
        kind: "id", "url", "number", "title", "named" or "whole".
        said: A digest of what a source says under this key; `SHARED` when several articles have
            the key; "" when that is nobody's matter.
    """

    key: str
    kind: str
    said: str = ""


SHARED = "*"
"""What is said under a key that several articles have: alone it tells nothing."""


class RuleState(StrEnum):
    """Whether a rule is evaluated."""

    ACTIVE = "active"
    PAUSED = "paused"
    REMOVED = "removed"
    """Kept because alerts point at it; never listed."""


class VariantState(StrEnum):
    """Whether a variant counts."""

    ACTIVE = "active"
    PROPOSED = "proposed"
    """Nobody has looked at it, and alone it might find too much."""
    REJECTED = "rejected"
    """By its owner, for good: making the rule's variants anew does not bring it back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """A form in which a rule's term appears in some language or script.

    Attributes:
        language: BCP 47 primary subtag, or "" for any.
        text: The form as it is written.
        of: The words of the query that it stands for, as the query has them; "" for its first
            keyword or phrase as a whole.
        kind: "user", "word", "name", "acronym", "translation" or "composed" (of two words).
        source: Who says so, for people: "you", or the name of a list.
        score: In (0, 1]: how sure that is.
    """

    language: str
    text: str
    of: str = ""
    kind: str = "user"
    source: str = "you"
    score: float = 1.0
    state: VariantState = VariantState.ACTIVE

    @property
    def key(self) -> str:
        """The same for variants of a rule that say the same."""
        return stable_id("variant", self.of, self.language, self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What somebody wants to be told about, and on which channels.

    Attributes:
        id: `stable_id("rule", name)`; names are unique among rules that are not removed.
        query: The text of the query, in the language of docs/rules.md.
        strictness: "exact", "forms", "all" or "broad": how far from its words a match may lie.
        languages, sources: Only articles in these, or of those with these names; empty for any.
        priority: A word of `storage.quiet.Priority`.
        digest: When its alerts are sent as one message, as docs/quiet.md has it; "" for at once.
        max_per_day: Further alerts of a day are held for a digest; None for no limit.
        follow_ups: What is told of a story's later articles: a word of `storage.story.FollowUps`.
        min_outlets: An alert waits until so many outlets carry its story; None for one.
        escalate: When so many carry it, the alert matters more than the rule says; None for never.
        spike: "yes": only a burst of mentions against the rule's habit is an alert; else "no".
        expires_at: From then on the rule raises nothing.
        backfill_since: From when on stored articles were matched, too; None for folders' only.
        backfill_most: Of how many stories of those, the newest ones; None for all.
        caught_up: Whether that has been done; if we die in between, the next run finishes it.
        variants: The owner's, and those that were made when the rule was saved.
        language: What its words are written in, if its owner has said so; "" to find out.
        written_in: The language, or the few, that its words were found to be of.
        expansion: With which lists its variants were made; "" for none.
        revision: Grows with each change.
    """

    id: str
    name: str
    query: str
    created_at: datetime
    channel_ids: tuple[str, ...] = ()
    strictness: str = "all"
    languages: tuple[str, ...] = ()
    variants: tuple[Variant, ...] = ()
    language: str = ""
    written_in: tuple[str, ...] = ()
    expansion: str = ""
    sources: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    priority: str = Priority.NORMAL.value
    digest: str = ""
    max_per_day: int | None = None
    follow_ups: str = "auto"
    min_outlets: int | None = None
    escalate: int | None = None
    spike: str = "no"
    expires_at: datetime | None = None
    backfill_since: datetime | None = None
    backfill_most: int | None = None
    caught_up: bool = False
    state: RuleState = RuleState.ACTIVE
    revision: int = 1

    def __post_init__(self) -> None:
        _check_aware(self.name, self.created_at, self.expires_at, self.backfill_since)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Words of an article that prove a match.

    Attributes:
        field: "title" or "text".
        start, end: Code points in that field, as stored; `text == field[start:end]`.
        term: The part of the rule that it answers.
        layer: How the term was found: "exact", "folded", "inflected", "compound", "acronym",
            "variant", "lexicon", "cognate".
        language: The article's language, or "".
        variants: The texts of the rule's variants through which it was found.
        cut: Whether what was found goes on behind `end`: a regular expression may find a
            megabyte, and evidence is kept, sent and shown.
    """

    field: str
    start: int
    end: int
    text: str
    term: str
    layer: str
    language: str = ""
    variants: tuple[str, ...] = ()
    cut: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A rule holds for an article.

    Attributes:
        score: In (0, 1]; 1.0 for the rule's own words.
        evidence: In the order of the text, title first; empty for a rule without a positive word.
    """

    rule_id: str
    article_id: str
    score: float
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One rule has something to say about one story; at most one per pair.

    Attributes:
        id: `stable_id("alert", rule_id, story_id)`.
        article_id: The article that raised it.
        seq: Grows with each alert stored; 0 before it is stored. Order is not promised to
            receivers, this number lets them make one.
    """

    id: str
    rule_id: str
    story_id: str
    article_id: str
    raised_at: datetime
    score: float
    evidence: tuple[Evidence, ...]
    seq: int = 0

    def __post_init__(self) -> None:
        _check_aware(self.id, self.raised_at)


CHANNEL_REMOVED = "the channel was removed"
"""Why its deliveries are held."""


class ChannelState(StrEnum):
    """Whether a channel is sent to."""

    ACTIVE = "active"
    PAUSED = "paused"
    """By its owner; its deliveries wait."""
    DISABLED = "disabled"
    """By a permanent refusal; its deliveries are held until `enable-channel`."""
    REMOVED = "removed"
    """Kept because deliveries point at it; never listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A configured place to send to: this mailbox, that URL.

    Attributes:
        id: `stable_id("channel", name)` of the name that it was added by.
        kind: A key of `notifiers.channels.kinds`.
        target: What may be shown: the address, or the URL with its secret parts masked.
        recipients: Who receives a delivery of their own; ("",) for kinds without recipients.
        added_at: Since when it sends to this target; what was made before is for another.
        state_reason: Why it is disabled, in words; of an active one, why nobody can send to it.
        not_before: No send before this instant: the receiver asked for it.
        target_print: Tells whether another target is the same, without holding it; "" when that
            is not known.
        settings_id: Which file of secrets is its: a new one whenever they change. "" for the
            file that has no name but the channel's id.
        takes: Of which rules it is sent alerts, whoever they name: "tag=asia", "priority>=high";
            empty for those that name it.
        digest: As `Rule.digest`, for all alerts but critical ones.
        quiet: "22:00-07:00", during which only critical alerts are sent; "" for never.
        max_per_hour: Further alerts of an hour are held for a digest; None for no limit.
        max_per_day: As well, of a day.
        zone: In which its reader's times are told and its hours are meant; "" for the setting's.
        language: Which its reader reads; "" for the setting's.
        template: How its reader wants alerts worded, with named fields; "" for as usual.
    """

    id: str
    name: str
    kind: str
    target: str
    added_at: datetime
    recipients: tuple[str, ...] = ("",)
    state: ChannelState = ChannelState.ACTIVE
    state_reason: str | None = None
    not_before: datetime | None = None
    target_print: str = ""
    settings_id: str = ""
    takes: tuple[str, ...] = ()
    digest: str = ""
    quiet: str = ""
    max_per_hour: int | None = None
    max_per_day: int | None = None
    zone: str = ""
    language: str = ""
    template: str = ""

    def __post_init__(self) -> None:
        _check_aware(self.name, self.added_at, self.not_before)


class DeliveryKind(StrEnum):
    """What a delivery carries; also `type` in the webhook body."""

    ALERT = "alert"
    UPDATE = "update"
    COUNT = "count"
    DIGEST = "digest"
    """Alerts that were held back, in one message."""
    NOTICE = "notice"
    TEST = "test"


class DeliveryState(StrEnum):
    """Where a delivery stands; every delivery is in exactly one state."""

    PENDING = "pending"
    LEASED = "leased"
    HELD = "held"
    DELIVERED = "delivered"
    DEAD = "dead"
    SUPPRESSED = "suppressed"
    BUNDLED = "bundled"
    """A digest carries it."""

    @property
    def is_open(self) -> bool:
        """Whether something may still happen to it."""
        return self in (self.PENDING, self.LEASED, self.HELD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One alert (or notice, or test) on its way to one recipient of one channel.

    Attributes:
        id: "msg_" and a `stable_id` of the installation, the channel, the recipient and the
            alert's id, or what a notice or test is about. Every attempt carries it.
        payload: The bytes that every attempt sends, frozen when the delivery was made. Empty
            when they could not be made; then the delivery is held for good. Empty, too, while
            it is held for a digest.
        hold: Why it was held back for a digest; None when it was not.
        digest_id: The delivery that carries it, once there is one.
        attempts: Tries that count against the retry schedule.
        maybe: Attempts whose outcome is unknown: the receiver may have it already.
        next_at: Not before this instant.
        give_up_at: After it, and five attempts, the delivery is dead.
        lease_token: Grows with each claim; a finish with an older one is refused.
        receipt: What the receiver answered that identifies the message there, if anything.
    """

    id: str
    kind: DeliveryKind
    alert_id: str | None
    channel_id: str
    recipient: str
    payload: bytes
    created_at: datetime
    next_at: datetime
    give_up_at: datetime
    state: DeliveryState = DeliveryState.PENDING
    state_reason: str | None = None
    attempts: int = 0
    maybe: int = 0
    lease_owner: str | None = None
    lease_token: int = 0
    lease_until: datetime | None = None
    delivered_at: datetime | None = None
    receipt: str | None = None
    last_error: str | None = None
    hold: Hold | None = None
    digest_id: str | None = None

    def __post_init__(self) -> None:
        _check_aware(self.id, self.created_at, self.next_at, self.give_up_at)
        _check_aware(self.id, self.lease_until, self.delivered_at)


SHORTEST_ID = 4
"""Of the characters of an id so many name its thing, if it is the only one that begins so."""

INSTALLATION = "installation"
"""In the store's meta: what tells this store from all others; its copies and backups share it."""
