"""What a source's owner may choose and change: how it is read, its name, pace and tags."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ingester.kinds import FULL_TEXT, KINDS, SELECTOR, spec_of
from monitor.base.errors import Refusal, clipped
from monitor.base.names import checked_name
from monitor.services.sources import checked_every
from storage.api import Transaction
from storage.model import Source

LONGEST_SELECTOR = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What shall be different about a source; what is None stays.

    Attributes:
        full_text: "yes", "no" or "auto".
        selector: CSS; "" for none.
    """

    name: str | None = None
    every: timedelta | None = None
    tag: tuple[str, ...] = ()
    untag: tuple[str, ...] = ()
    full_text: str | None = None
    selector: str | None = None
    backfill: int | None = None


def checked_options(
    kind: str, *, full_text: str | None = None, selector: str | None = None
) -> dict[str, str]:
    """Return a source's options as they are stored; what is not chosen is not in them.

    Args:
        full_text: "yes", "no", or None (or "auto") for as the source needs it.
        selector: CSS for the links of a list page; None or "" for none.

    Raises:
        Refusal: Its kind has no such option, or the selector cannot be read.
    """
    spec, options = spec_of(kind), {}
    if full_text in ("yes", "no"):
        if FULL_TEXT not in spec.options:
            readers = [spec.label for spec in KINDS.values() if FULL_TEXT in spec.options]
            raise Refusal(f"a {spec.label} is read as it is: full text is for {_listed(readers)}")
        options[FULL_TEXT] = full_text
    if selector and selector.strip():
        if SELECTOR not in spec.options:
            raise Refusal(
                f"a {spec.label} has no links to select: a selector is for pages (kind page)"
            )
        options[SELECTOR] = _checked_selector(selector.strip())
    return options


def _checked_selector(selector: str) -> str:
    from ingester.pages.listing import SelectorProblemError, check_selector

    if len(selector) > LONGEST_SELECTOR:
        raise Refusal(f"the selector is over {LONGEST_SELECTOR} characters")
    try:
        check_selector(selector)
    except SelectorProblemError as error:
        raise Refusal(clipped(str(error), 300)) from None
    return selector


def edit(tx: Transaction, source: Source, change: Change, *, now: datetime) -> Source:
    """Change a source; a new name is its name in rules too.

    One that is polled more often from now on does not first wait out its old interval.

    Raises:
        Refusal: It cannot be so.
    """
    name = source.name if change.name is None else checked_name(change.name)
    if name != source.name and any(source.name == name for source in tx.sources.all()):
        raise Refusal(f'source "{clipped(name)}" is there already; choose another', misuse=False)
    if absent := [each for each in change.untag if each not in source.tags]:
        raise Refusal(f'the source has no tag "{clipped(absent[0])}"', misuse=False)
    if change.backfill is not None and source.baseline_done:
        raise Refusal("backfill is for the first poll, and it has been polled already")
    kept = (tag for tag in source.tags if tag not in change.untag)
    edited = replace(
        source,
        name=name,
        every=source.every if change.every is None else checked_every(source.kind, change.every),
        tags=tuple(dict.fromkeys((*kept, *change.tag))),
        options=_options(source, change),
        backfill=source.backfill if change.backfill is None else change.backfill,
    )
    if edited.every < source.every and source.next_poll_at and not source.failures:
        soon = min(source.next_poll_at, now + edited.every)
        edited = replace(edited, next_poll_at=soon)
    tx.sources.update(edited)
    if name != source.name:
        rename_in_rules(tx, source.name, name)
    return edited


def _options(source: Source, change: Change) -> Mapping[str, str]:
    stored = source.options
    return checked_options(
        source.kind,
        full_text=stored.get(FULL_TEXT) if change.full_text is None else change.full_text,
        selector=stored.get(SELECTOR) if change.selector is None else change.selector,
    )


def rename_in_rules(tx: Transaction, old: str, new: str) -> None:
    """Let rules that name a source name it as it is called now."""
    for rule in tx.rules.all():
        if old in rule.sources:
            names = tuple(new if source == old else source for source in rule.sources)
            tx.rules.update(replace(rule, sources=names, revision=rule.revision + 1))


def _listed(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} and {words[-1]}"
