"""What polls bring, stored in one transaction: what all of them bring of a kind at once."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from common.records import dataclass
from ingester.asked import Asked
from ingester.baseline import after_seeing
from ingester.entry import LISTED, Entry, Polled
from ingester.fingerprints import Sighting
from ingester.languages import Languages
from ingester.recognition import Found, Recognised, recognise
from ingester.renaming import Renaming, renaming_of
from ingester.text.language import Text
from monitor.base.errors import Remedy, RemedyKind
from monitor.base.remedies import remedy_words
from monitor.pipeline.intake import LEASE, Brought, TakenIn
from monitor.pipeline.ruleset import Ruleset
from monitor.stories.follower import Follower
from monitor.stories.placed import Placed, keep
from storage.api.storage import Transaction
from storage.model import Alert, Article, Match, Source, stable_id
from storage.notice import Notice

if TYPE_CHECKING:
    from ingester.stories.signature import Signature
    from monitor.pipeline.outbox import OutboxWriter
    from monitor.stories.placing import StoryPlacer

HAPPENED = timedelta(days=30)
"""For so long the owner of a source is told of what has happened once."""


@dataclass(slots=True, kw_only=True)
class Matched:
    """What the rules find in a poll.

    Attributes:
        may_alert: Marks of the entries about which they may speak.
        spoken: What they say of these, by mark.
        held: How many of the others they would have spoken about.
    """

    may_alert: frozenset[str]
    spoken: dict[str, Sequence[Match]] = field(default_factory=dict)
    held: int = 0
    notices: list[str] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Work:
    """A poll on its way in.

    Attributes:
        made: What was made of which entry.
        before: What had been made of the entries that were seen before, by their hashes.
        is_whole: Whether `document` has all entries, or only those that were not listed just so
            at the poll before.
        unread: Notices about entries that we trip over.
        fresh: What its entries were recognised as when the store was last asked.
        listing: The sources that list an article, by its id, where it is known.
        added, revised, raised, updates: What came of it.
    """

    poll: Brought
    document: Sequence[Sighting]
    made: Sequence[tuple[Entry, Sighting]]
    before: Mapping[int, Sighting]
    unread: list[str]
    languages: Languages
    matched: Matched
    is_whole: bool = True
    fresh: Recognised = field(default_factory=Recognised)
    listing: Mapping[str, Sequence[Source]] = field(default_factory=dict)
    added: int = 0
    revised: int = 0
    raised: int = 0
    updates: int = 0

    @property
    def needs_reading(self) -> bool:
        """Whether more becomes of an entry that was seen before than that it is listed again.

        What was made of it then is of that time. And whether entries that were left out may
        matter to those that are there.
        """
        if not self.is_whole and not self.fresh.stands_alone(self.document):
            return True
        fresh, before = self.fresh, {id(sighting) for sighting in self.before.values()}
        found = (*fresh.new, *fresh.edited, *fresh.relisted)
        return bool(before) and any(id(each.sighting) in before for each in found)

    @property
    def changes_nothing(self) -> bool:
        """Whether its source stands after it as it stood before, and has been read once more."""
        source, polled = self.poll.source, self.poll.polled
        return (
            polled.unchanged
            and not (self.document or polled.more or polled.remember)
            and not (source.failures or source.last_error)
            and polled.validators == source.validators
        )

    def recognise(self, known: Asked) -> None:
        """Recognise its entries again if another poll has stored some of it meanwhile."""
        if not self.fresh.still_holds(known):
            self.fresh = recognise(self.document, known)
            self.complete()

    def complete(self) -> None:
        """Look for all that is only looked for of what is to be stored."""
        self.fresh = self.languages.given_to(
            self.fresh,
            may_alert=self.matched.may_alert,
            beside=(Text(each.language, each.title) for each in self.poll.polled.entries),
        )

    def brought(self) -> Iterator[Article]:
        """Yield what is to be written of articles."""
        yield from (found.article for found in (*self.fresh.new, *self.fresh.edited))

    @property
    def renaming(self) -> Renaming:
        """What its source calls otherwise than before."""
        return renaming_of(self.poll.source, self.document, self.fresh, self.listing)

    @property
    def lasting(self) -> frozenset[str] | None:
        """What tells of how its source is now; None where the poll tells nothing of that."""
        told = self.poll.lasting
        return told.union(self.renaming.notices) if told is not None else None

    def spoken(self, told: Sequence[Found]) -> Iterator[tuple[Article, Match]]:
        """Yield what rules say of these."""
        for found in told:
            for match in self.matched.spoken.get(found.sighting.mark, ()):
                yield found.article, match

    def notices(self) -> Sequence[str]:
        """Return what the source's owner should know."""
        told = (*_held(self), *_told(self.fresh), *self.renaming.notices)
        return (*self.poll.polled.notices, *self.unread, *self.matched.notices, *told)


class Storer:
    """Stores what is new, owes it to whoever asked, and records polls, in the caller's transaction.

    Args:
        outbox: Turns matches into alerts and deliveries.
        now: What time it is, UTC.
        read_well: Called for each good poll, with the source as it stood before and the time.
        stories: Returns what finds the stories of new articles, which is dear to load; without it
            each is left to itself.
        follower: Tells of stories that go on.
    """

    def __init__(
        self,
        outbox: "OutboxWriter",
        *,
        now: Callable[[], datetime],
        read_well: Callable[[Transaction, Source, datetime], None],
        stories: "Callable[[], StoryPlacer] | None",
        follower: Follower,
    ) -> None:
        self._outbox = outbox
        self._now = now
        self._read_well = read_well
        self._stories = stories
        self._follower = follower

    def signatures(self, works: Sequence[Work]) -> "Mapping[str, Signature]":
        """Return what new articles are known by among others, by id."""
        new = _to_place([work.fresh.new for work in works])
        return self._stories().signatures(new) if self._stories is not None and new else {}

    def store(
        self,
        tx: Transaction,
        works: Sequence[Work],
        ruleset: Ruleset | None,
        signatures: "Mapping[str, Signature]",
    ) -> list[TakenIn]:
        """Store what polls bring; return what came of each.

        Args:
            ruleset: The rules that it was matched with; None where no poll lists anything.
        """
        if any(_may_tell(work) for work in works):
            # Before any row is locked that whoever has it may want.
            tx.placing.hold()
        # Asked here: a clock that is set moves what is stored, and must not meet what is not.
        now = self._now()
        texts = [work.notices() for work in works]
        if ruleset is not None:
            known = Asked(tx.articles)
            left = [work for work in works if work.document]
            known.ask({key for work in left for key in work.fresh.asked})
            while left:
                some, left = _that_share_nothing(left, known)
                self._store(tx, some, ruleset, signatures, now)
                known.forget({key for work in some for key in work.fresh.asked})
        _record(tx, works, now)
        taken = [self._end(tx, *each, now=now) for each in zip(works, texts, strict=True)]
        _forget_what_is_over(tx, works, now)
        return taken

    def _store(
        self,
        tx: Transaction,
        works: Sequence[Work],
        ruleset: Ruleset,
        signatures: "Mapping[str, Signature]",
        now: datetime,
    ) -> None:
        """Store what these polls bring, who have nothing in common."""
        new: list[Sequence[Found]] = [work.fresh.new for work in works]
        placed = self._placed(tx, new, signatures)
        homes = {article.id: article for article in placed.articles}
        new = [[_at_home(found, homes) for found in of_work] for of_work in new]
        every = [(found.article, found.fingerprints) for of_work in new for found in of_work]
        others = len(every) - tx.articles.add(every, now=now) if every else 0
        keep(tx, placed)
        listed = [pair for work in works for pair in work.renaming.kept(work.fresh)]
        tx.articles.listed(listed, now=now)
        pairs: list[tuple[Article, Match]] = []
        for work, own in zip(works, new, strict=True):
            # What another process has stored just now may be anybody's.
            work.added = max(0, len(own) - others)
            pairs += work.spoken([*own, *self._changed(tx, work, now)])
        # As old as what has joined: what waits to be told is known by when it began to wait.
        at = placed.at or now
        late = self._out_of_baseline(tx, works)
        settled = self._joined_late(tx, late, now=at)
        pairs += _found_in(late, settled, ruleset)
        anew = [article for article, _ in late if self._stories is not None]
        grown = _grown(placed.grown, anew, settled)
        before = {article.id for article in anew} - settled.keys()
        pairs += self._follower.released(tx, [*grown], ruleset.rules)
        alerts = self._outbox.enqueue(tx, pairs, rules=ruleset.rules, now=at, placed=homes)
        updates = self._follower.tell(
            tx, grown, ruleset.rules, raised=alerts, now=at, joined_before=before
        )
        _attribute(works, alerts, updates)

    def _placed(
        self,
        tx: Transaction,
        new: Sequence[Sequence[Found]],
        signatures: "Mapping[str, Signature]",
    ) -> Placed:
        """Return to which stories what is new belongs, and what to store of these."""
        articles = _to_place(new)
        if self._stories is None or not articles:
            return Placed()
        return self._stories().place(tx, articles, signatures, now=self._now)

    @staticmethod
    def _out_of_baseline(tx: Transaction, works: Sequence[Work]) -> list[tuple[Article, Source]]:
        """Return what another's silent first poll has stored and these bring as news, by whom.

        Rare: a feed added minutes ago beside one that lists the same articles. It is what they
        did not list when they were read before.
        """
        late: list[tuple[Article, Source]] = []
        for work in works:
            source = work.poll.source
            ids = _listed_anew(source, work.fresh)
            if source.last_ok_at is not None and ids:
                # Of the poll before only its end is known: it asked at most a lease before that.
                since = source.last_ok_at - LEASE
                articles = tx.articles.end_baseline(ids, since=since, lister=source.id)
                late += [(article, source) for article in articles]
        return late

    def _joined_late(
        self, tx: Transaction, late: Sequence[tuple[Article, Source]], *, now: datetime
    ) -> Mapping[str, str]:
        """Give these articles stories if they have none yet; return these, by article."""
        if self._stories is None or not late:
            return {}
        return self._stories().settle(tx, [article for article, _ in late], now=now)

    @staticmethod
    def _changed(tx: Transaction, work: Work, now: datetime) -> list[Found]:
        """Store what is edited, and what a source lists that is another's; return both."""
        fresh = work.fresh
        revised = [found for found in fresh.edited if tx.articles.revise(found.article, now=now)]
        work.revised = len(revised)
        if not fresh.relisted:
            return revised
        ids = {found.article.id for found in fresh.relisted}
        ids = tx.articles.listed_by(work.poll.source.id, ids, now=now)
        return [*revised, *(found for found in fresh.relisted if found.article.id in ids)]

    def _end(self, tx: Transaction, work: Work, texts: Sequence[str], *, now: datetime) -> TakenIn:
        """Tell what came of a good poll, whose end is recorded."""
        source = work.poll.source
        told = tuple(text for text in texts if _is_news(tx, work, text, now))
        self._read_well(tx, source, now)
        return TakenIn(
            articles=work.added,
            revised=work.revised,
            alerts=work.raised,
            updates=work.updates,
            notices=told,
        )


def _that_share_nothing(works: Sequence[Work], known: Asked) -> tuple[list[Work], list[Work]]:
    """Return works that ask for nothing that one before them may store, and the others.

    Feeds of one site all ask how it numbers articles: it decides nothing while numbers are new.
    """
    some, others, asked = list[Work](), list[Work](), set[str]()
    for work in works:
        work.recognise(known)
        fresh = work.fresh
        if asked.isdisjoint(fresh.asked - fresh.idle if fresh.idle else fresh.asked):
            asked |= fresh.asked
            some.append(work)
        else:
            others.append(work)
    return some, others


def _to_place(new: Sequence[Sequence[Found]]) -> list[Article]:
    """Return which of these new articles need a story at once.

    Of what was there when its source was added nobody is told: it gets its story afterwards
    (`StoryPlacer.fill`), and news does not wait for thousands of them.
    """
    every = (found.article for of_work in new for found in of_work)
    return [article for article in every if not article.baseline]


def _attribute(works: Sequence[Work], alerts: Sequence[Alert], updates: int) -> None:
    """Note which poll has raised alerts; what is of none of them counts as the first one's."""
    own = {found.article.id: work for work in works for found in work.fresh.new}
    for alert in alerts:
        own.get(alert.article_id, works[0]).raised += 1
    works[0].updates += updates


def _at_home(found: Found, homes: Mapping[str, Article]) -> Found:
    home = homes.get(found.article.id, found.article)
    return found if home is found.article else replace(found, article=home)


def _found_in(
    late: Iterable[tuple[Article, Source]], homes: Mapping[str, str], ruleset: Ruleset
) -> Iterator[tuple[Article, Match]]:
    """Yield what rules find in articles, at home; so few that it may be in the transaction."""
    for article, source in late:
        at_home = replace(article, story_id=homes.get(article.id, article.story_id))
        for match in ruleset.matcher.matches(article, source):
            yield at_home, match


def _grown(
    grown: Mapping[str, Sequence[Article]], late: Sequence[Article], homes: Mapping[str, str]
) -> Mapping[str, Sequence[Article]]:
    """Return what has joined stories, with these: they did so now, or silently before."""
    every = {story_id: [*articles] for story_id, articles in grown.items()}
    for article in late:
        home = homes.get(article.id, article.story_id)
        every.setdefault(home, []).append(replace(article, story_id=home))
    return every


def _listed_anew(source: Source, fresh: Recognised) -> set[str]:
    """Return the articles that a source lists for the first time since it was read last.

    What it listed before was stored before; all that it lists at a silent first poll was.
    """
    if not source.baseline_done or source.last_ok_at is None:
        return set()
    return {id_ for print_, id_ in fresh.listed if print_.key not in fresh.known}


def _may_tell(work: Work) -> bool:
    """Whether alerts may be raised of what a poll brings, or a story go on."""
    fresh = work.fresh
    return bool(
        any(not found.article.baseline for found in fresh.new)
        or work.matched.spoken
        or _listed_anew(work.poll.source, fresh)
    )


def _is_news(tx: Transaction, work: Work, text: str, now: datetime) -> bool:
    poll = work.poll
    notice = Notice(
        id=_notice_id(poll.source, text),
        source_id=poll.source.id,
        text=text,
        raised_at=now,
        seen_at=now,
        lasts=text in (work.lasting or ()),
        routine=text in _held(work) or text in poll.polled.routine,
    )
    return tx.sources.add_notice(notice)


def _notice_id(source: Source, text: str) -> str:
    return stable_id("notice", source.id, text)


def _record(tx: Transaction, works: Sequence[Work], now: datetime) -> None:
    """Write that polls have gone well; of most of them there is no more to be said."""
    same = [work.poll for work in works if work.changes_nothing]
    ends = [
        (_after(work, now), work.poll.polled.remember) for work in works if not work.changes_nothing
    ]
    if same:
        tx.sources.record_unchanged(
            [(poll.source, poll.next_poll_at(now)) for poll in same], now=now
        )
    if ends:
        tx.sources.record_polls(ends)


def _forget_what_is_over(tx: Transaction, works: Sequence[Work], now: datetime) -> None:
    """Forget what was wrong with sources that have been read anew and say it no more."""
    works = [work for work in works if work.poll.lasting is not None]
    if works:
        still = {
            _notice_id(each.poll.source, text) for each in works for text in each.lasting or ()
        }
        ids = [work.poll.source.id for work in works]
        tx.sources.end_notices(ids, besides=still, before=now - HAPPENED)


def _held(work: Work) -> list[str]:
    """Return what the source's owner may like to know of what rules say nothing about."""
    if not (count := work.matched.held):
        return []
    was = "it was" if count == 1 else "they were"
    when = "the page was first read as a list" if work.poll.polled.anew else "the source was added"
    articles = "1 article" if count == 1 else f"{count:,} articles"
    why = f"no alert, as {was} listed when {when}"
    to_hear_them = remedy_words(Remedy(RemedyKind.HEAR_QUIET))
    return [f"a rule matches {articles}: {why}{to_hear_them}"]


def _told(fresh: Recognised) -> list[str]:
    """Return what the source's owner should know of what was recognised."""
    shared = "several entries have one id or link: each is an article of its own, "
    return [f"{shared}known by what else it says"] if fresh.shares_names else []


def _after(work: Work, now: datetime) -> Source:
    """Return a source as it stands after a good poll."""
    source, polled = work.poll.source, work.poll.polled
    validators = _without_listed(polled) if work.unread else polled.validators
    return replace(
        after_seeing(source, polled),
        validators=work.renaming.marked(validators),
        next_poll_at=now if polled.more else work.poll.next_poll_at(now),
        last_ok_at=now,
        last_entry_at=now if work.added else source.last_entry_at,
        last_error=None,
        failures=0,
    )


def _without_listed(polled: Polled) -> dict[str, str]:
    """Return the validators of a poll of which an entry could not be read: it is tried again."""
    return {key: value for key, value in polled.validators.items() if key != LISTED}
