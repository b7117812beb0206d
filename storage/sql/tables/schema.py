"""The tables, their indexes and their rules, once, for both databases.

Every index row is small: what may be long (a URL, a key that a source gave) is found by its
hash. No secret is stored: `channel.target` is for showing.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    false,
    literal_column,
    true,
)

from storage.model import ChannelState, DeliveryState, SourceState
from storage.sql.tables.access_tables import access_token as access_token  # and all of theirs
from storage.sql.tables.columns import Duration, Instant, Json, Packed, Words
from storage.sql.tables.metadata import metadata as metadata
from storage.sql.tables.metadata import one_of
from storage.sql.tables.rule_tables import rule as rule
from storage.sql.tables.rule_tables import rule_wording as rule_wording
from storage.sql.tables.rule_tables import variant as variant
from storage.sql.tables.rule_tables import variant_hit as variant_hit
from storage.sql.tables.story_tables import story as story  # which brings all tables of stories

_Number = BigInteger().with_variant(Integer, "sqlite")
"""Of rows: SQLite finds a row by one that it calls so."""

meta = Table(
    "meta",
    metadata,
    Column("key", Words, primary_key=True),
    Column("value", Words, nullable=False),
    sqlite_with_rowid=False,
)
"""Small facts; the counters below are made by migrations."""

RULES_REVISION = "rules_revision"
ALERT_SEQ = "alert_seq"
ARTICLE_NUMBER = "article_number"

source = Table(
    "source",
    metadata,
    Column("id", Words, primary_key=True),
    Column("kind", Words, nullable=False),
    Column("url", Words, nullable=False),
    Column("name", Words, nullable=False),
    Column("every", Duration, nullable=False),
    Column("added_at", Instant, nullable=False),
    Column("state", Words, nullable=False),
    Column("tags", Json, nullable=False),
    Column("options", Json, nullable=False, server_default="{}"),
    Column("backfill", BigInteger),
    Column("baseline_done", Boolean, nullable=False),
    Column("quiet_before", Instant),
    Column("validators", Json, nullable=False),
    Column("next_poll_at", Instant),
    Column("last_ok_at", Instant),
    Column("last_entry_at", Instant),
    Column("last_error", Words),
    Column("failures", BigInteger, nullable=False),
    Column("lease_owner", Words),
    Column("lease_token", BigInteger, nullable=False),
    Column("lease_until", Instant),
    one_of("state", SourceState),
    CheckConstraint("(lease_owner IS NULL) = (lease_until IS NULL)", name="lease"),
)
_ACTIVE = literal_column("state = 'active'", Boolean)
_source_due = Index("source_due", source.c.next_poll_at, sqlite_where=_ACTIVE)

source_memory = Table(
    "source_memory",
    metadata,
    Column("source_id", Words, ForeignKey("source.id"), nullable=False),
    Column("key_hash", Words, nullable=False),
    Column("key", Words, nullable=False),
    Column("value", Words, nullable=False),
    PrimaryKeyConstraint("source_id", "key_hash"),
    sqlite_with_rowid=False,
)

notice = Table(
    "notice",
    metadata,
    Column("id", Words, primary_key=True),
    Column("source_id", Words, ForeignKey("source.id"), nullable=False),
    Column("text", Words, nullable=False),
    Column("raised_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("lasts", Boolean, nullable=False, server_default=true()),
    Column("routine", Boolean, nullable=False, server_default=false()),
)
Index("notice_raised", notice.c.raised_at, notice.c.id)
Index("notice_source", notice.c.source_id, notice.c.raised_at)

article = Table(
    "article",
    metadata,
    Column("id", Words, primary_key=True),
    Column("source_id", Words, ForeignKey("source.id"), nullable=False),
    Column("story_id", Words, nullable=False),
    Column("url", Words, nullable=False),
    Column("url_hash", Words, nullable=False),
    Column("title", Words, nullable=False),
    Column("summary", Packed, nullable=False),
    Column("language", Words, nullable=False),
    Column("authors", Json, nullable=False),
    Column("categories", Json, nullable=False),
    Column("published_at", Instant),
    Column("updated_at", Instant),
    Column("first_seen_at", Instant, nullable=False),
    Column("quiet", Boolean, nullable=False),
    Column("text", Packed, nullable=False),  # long, and on SQLite read past by those before it
    Column("indexed", BigInteger),  # its number in the search index
    Column("publisher", Words, nullable=False, server_default=""),
)
# The newest of a language, or of some sources, are chosen in it without a look at the articles.
# An address is looked for in all of it, seldom: its own index was a page to write an article.
_its = article.c
Index("article_seen", _its.first_seen_at, _its.id, _its.source_id, _its.language, _its.url_hash)
Index("article_source", _its.source_id, _its.first_seen_at, _its.id, _its.language)

article_index = Table(
    "article_index",
    metadata,
    Column("number", _Number, primary_key=True, autoincrement=False),
    Column("article_id", Words, nullable=False),
    Column("analysis", Words, nullable=False),
)
"""Which articles are in the search index, under which number: `storage.sql.archive.search`."""
# No index by article: its keys would be pages to write. So no foreign key either, to be looked for.

article_segment = Table(
    "article_segment",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("level", BigInteger, nullable=False),
    Column("pages", BigInteger, nullable=False),
    Column("articles", BigInteger, nullable=False),
    Column("becomes", BigInteger),
    Column("made_to", LargeBinary, nullable=False),
    Column("oldest", BigInteger, nullable=False),
    Column("newest", BigInteger, nullable=False),
    Column("firsts", LargeBinary, nullable=False),
    Column("places", LargeBinary, nullable=False),  # last: long, and on SQLite read past by others
    sqlite_autoincrement=True,
)
"""The segments of the search index: `storage.postings`. Instants are in microseconds.

`level` is how large it is, or negative: not yet finished, up to the token `made_to`, or no longer
needed. `becomes` names the segment that is made of it and others, `firsts` has the first token of
each page, `places` where each article belongs: `storage.sql.archive.segments`.
"""
Index("article_segment_level", article_segment.c.level, article_segment.c.becomes)

article_page = Table(
    "article_page",
    metadata,
    Column("id", _Number, primary_key=True, autoincrement=False),
    Column("bytes", LargeBinary, nullable=False),
)
"""The pages of the segments; the id has the segment's in front."""
article_print = Table(  # by what articles are known, also when they are kept no more
    "article_print",
    metadata,
    Column("key", Words, primary_key=True),
    Column("article_id", Words, nullable=False),
    Column("listed_at", Instant, nullable=False),
    Column("said", Words, nullable=False, server_default=""),
)
# Its keys lie all over an index, each another page to write, so they have one that holds nothing
# else: rows of 96 bytes among them were three times as many pages.

article_listing = Table(
    "article_listing",
    metadata,
    Column("article_id", Words, ForeignKey("article.id"), nullable=False),
    Column("source_id", Words, ForeignKey("source.id"), nullable=False),
    Column("listed_at", Instant, nullable=False),
    PrimaryKeyConstraint("article_id", "source_id"),
    sqlite_with_rowid=False,
)
"""Sources that list an article that came first from another."""
Index("article_listing_source", article_listing.c.source_id, article_listing.c.article_id)

article_order = Table(
    "article_order",
    metadata,
    Column("number", BigInteger, autoincrement=False),
    Column("article_id", Words, nullable=False),
    Column("again", Boolean, nullable=False, server_default=false()),
    PrimaryKeyConstraint("number"),
    sqlite_with_rowid=False,
)
"""In which order articles were stored, or last revised; `again` beside the first number of one."""
_AGAIN = literal_column("again", Boolean)
_again = Index("article_order_again", article_order.c.article_id, unique=True, sqlite_where=_AGAIN)

article_version = Table(
    "article_version",
    metadata,
    Column("article_id", Words, ForeignKey("article.id"), nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("until", Instant, nullable=False),
    Column("title", Words, nullable=False),
    Column("text", Packed, nullable=False),
    PrimaryKeyConstraint("article_id", "number"),
    sqlite_with_rowid=False,
)

alert = Table(
    "alert",
    metadata,
    Column("id", Words, primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("rule_id", Words, ForeignKey("rule.id"), nullable=False),
    Column("story_id", Words, nullable=False),
    Column("article_id", Words, ForeignKey("article.id"), nullable=False),
    Column("raised_at", Instant, nullable=False),
    Column("score", Double, nullable=False),
    Column("evidence", Json, nullable=False),
    Column("owed", Json, nullable=False),
)
"""`owed` lists the [channel id, recipient] pairs that the rule named when the alert was raised,
so that a delivery that was never made can be told from one that was not wanted."""

Index("alert_seq", alert.c.seq, unique=True)
Index("alert_rule", alert.c.rule_id, alert.c.seq)
Index("alert_story", alert.c.story_id)
Index("alert_article", alert.c.article_id)

channel = Table(
    "channel",
    metadata,
    Column("id", Words, primary_key=True),
    Column("name", Words, nullable=False),
    Column("kind", Words, nullable=False),
    Column("target", Words, nullable=False),
    Column("added_at", Instant, nullable=False),
    Column("recipients", Json, nullable=False),
    Column("state", Words, nullable=False),
    Column("state_reason", Words),
    Column("not_before", Instant),
    Column("target_print", Words, nullable=False, server_default=""),
    Column("settings_id", Words, nullable=False, server_default=""),
    Column("takes", Json, nullable=False, server_default="[]"),
    Column("digest", Words, nullable=False, server_default=""),
    Column("quiet", Words, nullable=False, server_default=""),
    Column("max_per_hour", BigInteger),
    Column("max_per_day", BigInteger),
    Column("zone", Words, nullable=False, server_default=""),
    Column("language", Words, nullable=False, server_default=""),
    Column("template", Words, nullable=False, server_default=""),
    one_of("state", ChannelState),
)

delivery = Table(
    "delivery",
    metadata,
    Column("id", Words, primary_key=True),
    Column("kind", Words, nullable=False),
    Column("alert_id", Words, ForeignKey("alert.id")),
    Column("channel_id", Words, ForeignKey("channel.id"), nullable=False),
    Column("recipient", Words, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("next_at", Instant, nullable=False),
    Column("give_up_at", Instant, nullable=False),
    Column("state", Words, nullable=False),
    Column("state_reason", Words),
    Column("attempts", BigInteger, nullable=False),
    Column("maybe", BigInteger, nullable=False),
    Column("lease_owner", Words),
    Column("lease_token", BigInteger, nullable=False),
    Column("lease_until", Instant),
    Column("delivered_at", Instant),
    Column("receipt", Words),
    Column("last_error", Words),
    Column("hold_reason", Words),
    Column("hold_of", Words),
    Column("due_at", Instant),
    Column("digest_id", Words),
    one_of("state", DeliveryState),
    CheckConstraint("(state = 'leased') = (lease_until IS NOT NULL)", name="lease"),
    CheckConstraint("(lease_owner IS NULL) = (lease_until IS NULL)", name="owner"),
)
_PENDING = literal_column("state = 'pending'", Boolean)
_owed = delivery.c  # in the order in which they are sent: to sort all that is due costs most
_in_turn = (_owed.channel_id, _owed.next_at, _owed.created_at, _owed.id)
_delivery_due = Index("delivery_due", *_in_turn, sqlite_where=_PENDING)
Index("delivery_state", delivery.c.state, delivery.c.created_at)  # leased ones are few: reaping too
Index("delivery_created", delivery.c.created_at, delivery.c.id)
Index("delivery_alert", delivery.c.alert_id)
Index("delivery_channel", delivery.c.channel_id, delivery.c.created_at)
_WAITING = literal_column("due_at IS NOT NULL", Boolean)
_delivery_held = Index(
    "delivery_held", delivery.c.channel_id, delivery.c.due_at, sqlite_where=_WAITING
)
_HELD = literal_column("hold_of IS NOT NULL", Boolean)
_delivery_hold = Index(
    "delivery_hold",
    delivery.c.hold_of,
    delivery.c.state,
    delivery.c.hold_reason,
    sqlite_where=_HELD,
)
_BUNDLED = literal_column("digest_id IS NOT NULL", Boolean)
_delivery_digest = Index("delivery_digest", delivery.c.digest_id, sqlite_where=_BUNDLED)

payload = Table(
    "payload",
    metadata,
    # Beside the delivery, whose row is written anew at each claim and at each end.
    Column("delivery_id", Words, ForeignKey("delivery.id", ondelete="CASCADE"), primary_key=True),
    Column("bytes", LargeBinary, nullable=False),
)

attempt = Table(
    "attempt",
    metadata,
    Column("delivery_id", Words, ForeignKey("delivery.id"), nullable=False),
    Column("token", BigInteger, nullable=False),
    Column("owner", Words, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("outcome", Words),
    Column("error", Words),
    PrimaryKeyConstraint("delivery_id", "token"),
    sqlite_with_rowid=False,
)


silence = Table(
    "silence",
    metadata,
    Column("id", Words, primary_key=True),
    Column("reason", Words, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("rule_id", Words, ForeignKey("rule.id")),
    Column("source_id", Words, ForeignKey("source.id")),
    Column("story_id", Words),
    Column("query", Words, nullable=False),
    Column("variants", Json, nullable=False),
)
Index("silence_until", silence.c.until)

feedback = Table(
    "feedback",
    metadata,
    Column("alert_id", Words, ForeignKey("alert.id"), primary_key=True),
    Column("verdict", Words, nullable=False),
    Column("given_at", Instant, nullable=False),
    sqlite_with_rowid=False,
)


def complete() -> MetaData:
    """Return the tables as both databases have them, to compare or make them.

    What only PostgreSQL is told is added here: its dialect takes a command on SQLite, which needs
    nothing of it, a tenth of its time to import.
    """
    due = ((_source_due, _ACTIVE), (_again, _AGAIN), (_delivery_due, _PENDING))
    held = ((_delivery_held, _WAITING), (_delivery_hold, _HELD), (_delivery_digest, _BUNDLED))
    for index, where in (*due, *held):
        index.dialect_options["postgresql"]["where"] = where
    return metadata
