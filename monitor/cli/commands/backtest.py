"""The card of a rule, as `add-rule --dry-run` shows it."""

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from common.language_names import language_name
from monitor.base.errors import clipped, escaped
from monitor.base.times import show_instant
from monitor.cli import output
from monitor.cli.session import Session
from storage.api import Storage
from storage.model import Rule, Variant, VariantState

if TYPE_CHECKING:
    from monitor.backtest.documents import Document
    from monitor.backtest.report import Card, Sample

_WIDTH = 13
_BARS, _PLAIN_BARS = "▁▂▃▄▅▆▇█", ".:-=+*%#"
_SHOWN_VARIANTS = 8
_COLOURS = {"silent": "yellow", "fine": "green", "noisy": "red"}


def look(
    session: Session, storage: Storage, rule: Rule, *, now: datetime, before: Rule | None = None
) -> "Card":
    """Return the card of a rule; on a terminal a bar shows how far the work is."""
    from monitor.backtest.run import stored_card

    def watched(documents: "Iterator[Document]", count: int) -> "Iterator[Document]":
        if session.json or sys.stderr is None or not sys.stderr.isatty():
            yield from documents
            return
        with click.progressbar(length=count, label="Reading articles", file=sys.stderr) as bar:
            for document in documents:
                bar.update(1)
                yield document

    return stored_card(storage, rule, now=now, before=before, watched=watched)


# --- for programs --------------------------------------------------------------------------------


def card_shape(card: "Card", rule: Rule) -> dict[str, Any]:
    """Return a card as an object for JSON."""
    busiest, most = card.busiest
    return {
        "since": show_instant(card.since),
        "until": show_instant(card.until),
        "archive_begins_at": show_instant(card.begins_at),
        "articles": card.articles,
        "whole": card.is_whole,
        "hits": card.hits,
        "stories": card.stories,
        "alerts": sum(count for _, count in card.alerts),
        "alerts_by_day": {day.isoformat(): count for day, count in card.alerts},
        "alerts_a_day": round(card.alerts_a_day, 2),
        "busiest_day": {"day": busiest.isoformat(), "alerts": most} if most else None,
        "by_source": dict(card.by_source),
        "by_language": dict(card.by_language),
        "newest": [_sample_shape(each) for each in card.newest],
        "borderline": [_sample_shape(each) for each in card.borderline],
        "borderline_match": card.beyond or None,
        "gained": card.gained,
        "lost": card.lost,
        "variants": _variants_shape(rule.variants),
        "verdict": card.verdict,
        "reasons": list(card.reasons),
        "hints": list(card.hints),
    }


def _sample_shape(sample: "Sample") -> dict[str, Any]:
    return {
        "id": sample.id,
        "title": sample.title,
        "source": sample.source,
        "language": sample.language,
        "first_seen_at": show_instant(sample.seen_at),
        "score": sample.score,
        "reason": sample.reason,
    }


def _variants_shape(variants: Sequence[Variant]) -> dict[str, Any]:
    def counted(key: str) -> dict[str, int]:
        return dict(Counter(getattr(variant, key) for variant in variants).most_common())

    return {
        "total": len(variants),
        "by_state": counted("state"),
        "by_language": counted("language"),
        "by_source": counted("source"),
    }


# --- for people ----------------------------------------------------------------------------------


def show_card(card: "Card", rule: Rule) -> None:
    """Print a card."""
    for line in lines_of(card, rule):
        output.say(line)


def lines_of(card: "Card", rule: Rule) -> list[str]:
    """Return a card as lines for people."""
    from monitor.backtest.report import SHOWN_GROUPS

    names = ((language_name(code) or "unknown", count) for code, count in card.by_language)
    lines = [
        _line("looked at", _window(card)),
        _line("matches", f"{output.counted(card.hits, 'article')}, {_stories(card.stories)}"),
    ]
    if card.gained is not None and card.lost is not None:
        lines.append(_line("", f"{card.gained} new, {card.lost} no longer"))
    if card.hits:
        lines += [
            _line("alerts", _alerts(card)),
            _line("", _days(card)),
            _line("by source", _groups(card.by_source, SHOWN_GROUPS)),
            _line("by language", _groups(list(names), SHOWN_GROUPS)),
        ]
    lines += _samples("newest", "", card.newest)
    title = f"would match with --match {card.beyond}:" if card.beyond else "the least sure:"
    lines += _samples("borderline", title, card.borderline)
    lines += _variants(rule.variants)
    for number, hint in enumerate(card.hints):
        lines.append(_line("" if number else "near misses", hint))
    why = f": {'; '.join(card.reasons)}" if card.reasons else ""
    verdict = click.style(card.verdict, fg=_COLOURS[card.verdict], bold=True)
    return [*lines, f"{'verdict':<{_WIDTH}}{verdict}{escaped(why)}"]


def _line(name: str, text: str) -> str:
    return f"{name:<{_WIDTH}}{escaped(text)}"


def _window(card: "Card") -> str:
    text = f"{output.counted(card.articles, 'article')} of the last 30 days"
    if not card.is_whole:
        text += ", the newest only"
    if card.begins_at is not None and card.begins_at > card.since:
        text += f"; the archive begins on {card.begins_at.date()}"
    return text


def _stories(count: int) -> str:
    return output.counted(count, "story", "stories")


def _alerts(card: "Card") -> str:
    busiest, most = card.busiest
    if not most:
        return "none in these days: what matches is older, and came with a first poll"
    return f"{card.alerts_a_day:.1f} a day; most on {busiest}: {most}"


def _days(card: "Card") -> str:
    """Return a bar a day, and which days these are; nothing is a dot in the middle."""
    counts = [count for _, count in card.alerts]
    bars, none = (_BARS, "·") if output.speaks_utf8() else (_PLAIN_BARS, " ")
    most = max(counts, default=0)
    row = "".join(bars[(count * len(bars) - 1) // most] if count else none for count in counts)
    return f"{row} {card.alerts[0][0]} to {card.alerts[-1][0]}"


def _groups(groups: Sequence[tuple[str, int]], most: int) -> str:
    shown = ", ".join(f"{clipped(name, 40)} {count}" for name, count in groups[:most])
    rest = len(groups) - most
    return f"{shown} and {rest} more" if rest > 0 else shown


def _samples(name: str, title: str, samples: "Sequence[Sample]") -> list[str]:
    texts = [title] if title and samples else []
    for sample in samples:
        where = ", ".join(filter(None, (sample.language, sample.source)))
        texts.append(
            f'{sample.seen_at.date()} "{clipped(sample.title, 70)}" ({where}) {sample.score:.2f}'
        )
        if sample.reason:
            texts.append(f"  {sample.reason}")
    return [_line("" if number else name, text) for number, text in enumerate(texts)]


def _variants(variants: Sequence[Variant]) -> list[str]:
    """Return how many forms in other languages would be looked for, and the first of them."""
    active = [variant for variant in variants if variant.state is VariantState.ACTIVE]
    proposed = [variant for variant in variants if variant.state is VariantState.PROPOSED]
    if not active and not proposed:
        return [_line("variants", "none")]
    languages = Counter(language_name(each.language) or "any language" for each in active)
    sources = Counter(each.source for each in active)
    lines = []
    if active:
        count = output.counted(len(active), "form")
        lines += [
            _line("variants", f"{count} from {_groups(sources.most_common(), 4)}"),
            _line("", f"in {_groups(languages.most_common(), _SHOWN_VARIANTS)}"),
            _line("", _first(active)),
        ]
    if proposed:
        text = f"{len(proposed)} only with --match broad: {_first(proposed)}"
        lines.append(_line("" if active else "variants", text))
    return lines


def _first(variants: Sequence[Variant]) -> str:
    shown = ", ".join(
        f"{variant.language or 'any'}:{clipped(variant.text, 40)}"
        for variant in variants[:_SHOWN_VARIANTS]
    )
    return f"{shown} ..." if len(variants) > _SHOWN_VARIANTS else shown
