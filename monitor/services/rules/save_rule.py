"""Saving a rule: what takes time is asked outside of any transaction; or only what it would do."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import field, replace
from typing import TYPE_CHECKING

from common.records import dataclass
from monitor.base.errors import Refusal, quoted
from monitor.base.names import CONSOLE, channel_names
from monitor.quiet.backfill import USUAL, Backfill
from monitor.quiet.routing import is_told, told
from monitor.services.fields.rule_fields import BY_NAME, RuleChanges
from monitor.services.rules.queries import advice_on
from monitor.services.rules.rules import (
    Added,
    add_rule,
    edit_rule,
    rule_named,
    unmoved,
)
from monitor.services.rules.saving import Saving
from monitor.services.rules.told_languages import told_languages
from rules.data.tables import primary
from rules.expand.reach import Reach, reach_of, waiting_of
from rules.expand.variants import owners
from rules.expand.word_or_name import read_as_word
from rules.lexicons.api import Lexicon
from storage.api.storage import Storage, Transaction
from storage.model import ChannelState, Rule, Variant

if TYPE_CHECKING:
    from monitor.backtest.report import Backtest
    from monitor.translation.translate import Proposals, Translation


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What saving a rule has come to, or would.

    Attributes:
        rule: As it is now.
        old: As it was, when it was there already; None when it is new.
        channels: The names of its channels by id, those of removed ones too.
        told: The names of the channels that are sent its alerts, those that it names first.
        unfit: Those it names that take something else: what they take, by name.
        off: Those it names to which nothing is sent now: why, by name.
        passed_over: The names of channels that nobody named and that could be told, of a new rule
            that tells the console for want of a name.
        alerts: How many it has raised.
        raised: How many of them just now.
        gathered: How many alerts the next digest tells, that what was changed had held back.
        advice: What could be better about its query.
        is_first: Whether there was no rule before.
        has_sources: Whether anything is followed.
        has_articles: Whether anything is stored.
        languages: Those of which it is told in which words the rule is looked for.
        backtest: What it would have done; only of a dry run.
        refusal: Why saving it would be refused, which the backtest has shown.
    """

    rule: Rule
    old: Rule | None
    channels: Mapping[str, str]
    told: tuple[str, ...] = ()
    unfit: Mapping[str, str] = field(default_factory=dict)
    off: Mapping[str, str] = field(default_factory=dict)
    passed_over: tuple[str, ...] = ()
    alerts: int = 0
    raised: int = 0
    gathered: int = 0
    advice: tuple[str, ...] = ()
    is_first: bool = False
    has_sources: bool = False
    has_articles: bool = False
    languages: tuple[str, ...] = ()
    backtest: "Backtest | None" = None
    refusal: Refusal | None = None

    def reach(self, lexicons: Sequence[Lexicon]) -> tuple[Reach, ...]:
        """Return in which words it is looked for in each of these languages."""
        return reach_of(self.rule, self.languages, lexicons)

    def waiting(self, lexicons: Sequence[Lexicon]) -> tuple[Reach, ...]:
        """Return the same for those others in which only what is proposed would be found."""
        return waiting_of(self.rule, self.languages, lexicons)

    @property
    def new_channels(self) -> tuple[str, ...]:
        """The names of the channels that the rule did not tell before."""
        added = Added(rule=self.rule, old=self.old)
        return tuple(self.channels[id_] for id_ in added.new_channel_ids)


class _TakenBack(Exception):
    """Ends a transaction of which nothing is to be kept."""


def save_new(
    saving: Saving,
    changes: RuleChanges,
    *,
    backfill: Backfill = USUAL,
    forced: bool = False,
    dry_run: bool = False,
) -> Saved:
    """Add a rule, and search what is stored for it; with `dry_run` only say what it would do.

    Args:
        changes: With a query. Its variants are made here.
        backfill: Of how much that is stored it is to tell.
        forced: Whether it may match nearly everything.

    Raises:
        Refusal: As `rules.add_rule`, or it matches nearly everything.
    """
    changes = _with_variants(saving, changes)
    now = saving.now()

    def save(tx: Transaction) -> Added:
        return add_rule(tx, changes, now=now, backfill=backfill, anything=forced)

    def new(tx: Transaction) -> Rule | None:
        return save(tx).new

    if not dry_run:
        changes = _with_translations(saving, changes, new)
        _refuse_everything(saving, new, forced=forced)
    with suppress(_TakenBack), saving.storage.changing() as tx:
        is_first = not tx.rules.watching()
        added = save(tx)
        watched = saving.watched_languages
        saved = _saved_new(tx, added, is_first=is_first, watched=watched)
        if meant := read_as_word(added.rule, saving.lexicons().language):
            saved = replace(saved, advice=(meant, *saved.advice))
        if changes.notify is None and added.old is None:
            saved = replace(saved, passed_over=_passed_over(tx, added.rule))
        if dry_run:
            raise _TakenBack
    if dry_run:
        return _tested(saving, saved, before=None, forced=forced)
    raised = saving.catch_up()
    if added.new is not None:
        with saving.storage.reading() as tx:  # a daemon that saw the rule may have raised some
            raised = tx.alerts.count(rule_id=added.rule.id)
    return replace(saved, raised=raised)


def _saved_new(tx: Transaction, added: Added, *, is_first: bool, watched: Sequence[str]) -> Saved:
    return Saved(
        rule=added.rule,
        old=added.old,
        channels=channel_names(tx, added.rule),
        told=tuple(channel.name for channel in told(tx.channels.all(), added.rule)),
        unfit=_unfit(tx, added.rule),
        off=_off(tx, added.rule),
        advice=(*advice_on(added.rule.query), *_alike(tx, added.rule)),
        is_first=is_first,
        has_sources=bool(tx.sources.all()),
        has_articles=tx.articles.last_number() > 0,
        languages=_languages_told_of(tx, added.rule, watched),
    )


def _alike(tx: Transaction, rule: Rule) -> Iterator[str]:
    """Yield a sentence about a rule that asks for the same, but for capitals, and alerts, too."""
    asked = rule.query.casefold().split()
    for other in tx.rules.outlines():
        if other.id != rule.id and other.query.casefold().split() == asked:
            yield f"rule {quoted(other.name)} asks for the same, so that both may alert"
            return


def _languages_told_of(tx: Transaction, rule: Rule, watched: Sequence[str]) -> tuple[str, ...]:
    """Return those that its owner has just named a variant in, then those that articles are in."""
    named = (primary(each.language) for each in owners(rule.variants) if each.language)
    return tuple(dict.fromkeys((*named, *told_languages(tx, watched))))


def _unfit(tx: Transaction, rule: Rule) -> dict[str, str]:
    """Return what those channels take that a rule names and that are not sent its alerts."""
    named = [channel for channel in tx.channels.all() if channel.id in rule.channel_ids]
    return {each.name: ", ".join(each.takes) for each in named if not is_told(each, rule)}


def _passed_over(tx: Transaction, rule: Rule) -> tuple[str, ...]:
    """Return the channels that take whatever a rule says, where this one tells only the console."""
    channels = [each for each in tx.channels.all() if each.name != CONSOLE]
    if any(is_told(each, rule) for each in channels):
        return ()
    able = (each for each in channels if each.state is ChannelState.ACTIVE and not each.takes)
    return tuple(each.name for each in able)


def _off(tx: Transaction, rule: Rule) -> dict[str, str]:
    """Return why nothing is sent to those channels of a rule that are paused or switched off."""
    named = [channel for channel in tx.channels.all() if channel.id in rule.channel_ids]
    return {
        each.name: each.state_reason or each.state.value
        for each in named
        if each.state is not ChannelState.ACTIVE
    }


def save_edited(
    saving: Saving,
    word: str,
    changes: RuleChanges,
    *,
    backfill: Backfill | None = None,
    forced: bool = False,
    dry_run: bool = False,
) -> Saved:
    """Change the rule that is named so; with `dry_run` only say what that would do.

    Args:
        changes: The variants of a new query are made here.
        backfill: Of how much that is stored it is to tell now.
        forced: Whether it may match nearly everything.

    Raises:
        Refusal: As `rules.edit_rule`, or it matches nearly everything.
    """
    if changes.query is not None or "language" in changes.given():
        with saving.storage.reading() as tx:
            changes = _with_variants(saving, changes, rule_named(tx, word))

    def edit(tx: Transaction) -> tuple[Rule, int]:
        old = rule_named(tx, word)
        return edit_rule(tx, old, changes, now=saving.now(), backfill=backfill, anything=forced)

    def save(tx: Transaction) -> Rule:
        return edit(tx)[0]

    if changes.query is not None and not dry_run:
        changes = _with_translations(saving, changes, save)
    if not dry_run and any(BY_NAME[name].is_matching for name in changes.given()):
        _refuse_everything(saving, save, forced=forced)
    with suppress(_TakenBack), saving.storage.changing() as tx:
        old = rule_named(tx, word)
        rule, gathered = edit(tx)
        saved = Saved(
            rule=rule,
            old=old,
            gathered=gathered,
            channels=channel_names(tx, rule),
            unfit=_unfit(tx, rule),
            off=_off(tx, rule),
            alerts=tx.alerts.count(rule_id=rule.id),
        )
        if dry_run:
            raise _TakenBack
    if dry_run:
        return _tested(saving, saved, before=old, forced=forced)
    if backfill is None:
        return saved
    raised = saving.catch_up()
    if not raised:
        with saving.storage.reading() as tx:  # a daemon that saw it may have raised some
            raised = tx.alerts.count(rule_id=saved.rule.id) - saved.alerts
    return replace(saved, raised=raised)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expanded:
    """What making a rule's variants anew has come to.

    Attributes:
        came, went: What it has now and had not, and the other way round.
        confusable: What looks alike and means something else, as the translator says.
    """

    rule: Rule
    came: tuple[Variant, ...]
    went: tuple[Variant, ...]
    confusable: tuple[str, ...] = ()


def save_expanded(saving: Saving, word: str, *, translate: bool = False) -> Expanded:
    """Make the variants of the rule that is named so anew with today's lists.

    Args:
        translate: Whether the translator is asked, too.

    Raises:
        Refusal: There is no such rule or no translator, or somebody else has changed the rule
            meanwhile.
    """
    with saving.storage.reading() as tx:
        old = rule_named(tx, word)
    changes = _with_variants(saving, RuleChanges(), old)
    confusable: tuple[str, ...] = ()
    if translate:
        translation = saving.translation()
        if translation is None:
            raise Refusal("no translator is configured; see docs/translators.md for how to set one")
        with saving.storage.reading() as tx:
            others = [rule for rule in tx.rules.outlines() if rule.id != old.id]
        proposals = _asked(saving, translation, old, others)
        changes = replace(changes, made=(*(changes.made or ()), *proposals.variants))
        confusable = proposals.confusable
    with saving.storage.changing() as tx:
        new, _ = edit_rule(tx, unmoved(tx, old), changes, now=saving.now())
    before = {variant.key for variant in old.variants}
    after = {variant.key for variant in new.variants}
    return Expanded(
        rule=new,
        came=tuple(variant for variant in new.variants if variant.key not in before),
        went=tuple(variant for variant in old.variants if variant.key not in after),
        confusable=confusable,
    )


def _with_variants(saving: Saving, changes: RuleChanges, old: Rule | None = None) -> RuleChanges:
    """Return the changes with the variants that the lists give for the query as it will be.

    Args:
        old: The rule that is changed; None for a new one.
    """
    lexicons = saving.lexicons()
    will_be = {"query": old.query, "language": old.language} if old else {}
    will_be |= {name: str(value or "") for name, value in changes.given().items()}
    made = lexicons.made(will_be.get("query", ""), will_be.get("language", ""))
    return replace(
        changes,
        made=made.variants,
        written_in=made.written_in,
        expansion=lexicons.fingerprint,
    )


def _with_translations(
    saving: Saving, changes: RuleChanges, save: Callable[[Transaction], Rule | None]
) -> RuleChanges:
    """Return the changes with what the translator proposes for the rule that `save` would leave."""
    translation = saving.translation()
    if translation is None:
        return changes
    rule, others = _would_leave(saving.storage, save)
    if rule is None:
        return changes
    proposals = _asked(saving, translation, rule, others)
    return replace(changes, made=(*(changes.made or ()), *proposals.variants))


def _asked(
    saving: Saving, translation: "Translation", rule: Rule, others: list[Rule]
) -> "Proposals":
    saving.progress.asking()
    proposals = translation.of_rule(rule, others)
    if proposals.problem:
        saving.progress.untranslated(proposals.problem, rule.name)
    return proposals


def _refuse_everything(
    saving: Saving, save: Callable[[Transaction], Rule | None], *, forced: bool
) -> None:
    """Refuse what `save` would leave when it matches most of the newest articles."""
    from monitor.backtest.run import check_on_newest

    if forced:
        return
    rule, _ = _would_leave(saving.storage, save)
    if rule is not None:
        check_on_newest(saving.storage, rule, now=saving.now())


def _would_leave(
    storage: Storage, save: Callable[[Transaction], Rule | None]
) -> tuple[Rule | None, list[Rule]]:
    """Return the rule that `save` would leave, and the other rules; nothing is kept of it.

    So that what cannot be saved is refused before anybody is asked, and nobody is asked while
    a transaction is open.
    """
    rule: Rule | None = None
    others: list[Rule] = []
    with suppress(_TakenBack), storage.changing() as tx:
        rule = save(tx)
        others = [other for other in tx.rules.outlines() if rule is None or other.id != rule.id]
        raise _TakenBack
    return rule, others


def _tested(saving: Saving, saved: Saved, *, before: Rule | None, forced: bool) -> Saved:
    """Return what would be saved, with what it would have done."""
    from monitor.backtest.report import refuse_everything
    from monitor.backtest.run import stored_backtest

    backtest = stored_backtest(
        saving.storage,
        saved.rule,
        now=saving.now(),
        before=before,
        watched=saving.progress.reading,
    )
    refusal = None
    if not forced:
        try:
            refuse_everything(backtest)
        except Refusal as refused:
            refusal = refused
    return replace(saved, backtest=backtest, refusal=refusal)
