"""The backtest of a rule, as `add-rule --dry-run` shows it."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from common.language_names import language_name
from monitor.base.errors import clipped, escaped
from monitor.cli import output
from storage.model import Rule, Variant, VariantState

if TYPE_CHECKING:
    from monitor.backtest.report import Backtest, Sample

_WIDTH = 13
_BARS, _PLAIN_BARS = "▁▂▃▄▅▆▇█", ".:-=+*%#"
_SHOWN_VARIANTS = 8
_COLOURS = {"silent": "yellow", "fine": "green", "noisy": "red"}


def show_backtest(backtest: "Backtest", rule: Rule) -> None:
    """Print a backtest."""
    for line in lines_of(backtest, rule):
        begins = len(line) - len(line[_WIDTH:].lstrip())  # what is indented goes on so
        output.say(output.fitting(line, begins))


def lines_of(backtest: "Backtest", rule: Rule) -> list[str]:
    """Return a backtest as lines for people."""
    from monitor.backtest.report import SHOWN_GROUPS

    names = ((language_name(code) or "unknown", count) for code, count in backtest.by_language)
    lines = [
        _line("looked at", _window(backtest)),
        _line(
            "matches", f"{output.counted(backtest.hits, 'article')}, {_stories(backtest.stories)}"
        ),
    ]
    if backtest.gained is not None and backtest.lost is not None:
        lines.append(_line("", f"{backtest.gained} new, {backtest.lost} no longer"))
    if backtest.hits:
        lines += [
            _line("alerts", _alerts(backtest)),
            _line("", _days(backtest)),
            _line("by source", _groups(backtest.by_source, SHOWN_GROUPS)),
            _line("by language", _groups(list(names), SHOWN_GROUPS)),
        ]
    lines += _samples("newest", "", backtest.newest)
    title = f"would match with --match {backtest.beyond}:" if backtest.beyond else "the least sure:"
    lines += _samples("borderline", title, backtest.borderline)
    lines += _variants(rule.variants)
    for number, hint in enumerate(backtest.hints):
        lines.append(_line("" if number else "near misses", hint))
    why = f": {'; '.join(backtest.reasons)}" if backtest.reasons else ""
    verdict = click.style(backtest.verdict, fg=_COLOURS[backtest.verdict], bold=True)
    return [*lines, f"{'verdict':<{_WIDTH}}{verdict}{escaped(why)}"]


def _line(name: str, text: str) -> str:
    return f"{name:<{_WIDTH}}{escaped(text)}"


def _window(backtest: "Backtest") -> str:
    text = f"{output.counted(backtest.articles, 'article')} of the last 30 days"
    if not backtest.is_whole:
        text += ", the newest only"
    if backtest.begins_at is not None and backtest.begins_at > backtest.since:
        text += f"; the archive begins on {backtest.begins_at.date()}"
    return text


def _stories(count: int) -> str:
    return output.counted(count, "story", "stories")


def _alerts(backtest: "Backtest") -> str:
    busiest, most = backtest.busiest
    if not most:
        return "none in these days: what matches is older, and came with a first poll"
    return f"{backtest.alerts_a_day:.1f} a day; most on {busiest}: {most}"


def _days(backtest: "Backtest") -> str:
    """Return a bar a day, and which days these are; nothing is a dot in the middle."""
    counts = [count for _, count in backtest.alerts]
    bars, none = (_BARS, "·") if output.speaks_utf8() else (_PLAIN_BARS, " ")
    most = max(counts, default=0)
    row = "".join(bars[(count * len(bars) - 1) // most] if count else none for count in counts)
    return f"{row} {backtest.alerts[0][0]} to {backtest.alerts[-1][0]}"


def _groups(groups: Sequence[tuple[str, int]], most: int) -> str:
    shown = ", ".join(_count_of(clipped(name, 40), count) for name, count in groups[:most])
    rest = len(groups) - most
    return f"{shown} and {rest} more" if rest > 0 else shown


def _count_of(name: str, count: int) -> str:
    """Return a name with its number, which are not taken for one: France 24 is a name."""
    return f"{name}: {count}" if name[-1:].isdigit() else f"{name} {count}"


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
    languages = Counter(language_name(variant.language) or "any language" for variant in active)
    sources = Counter(variant.source for variant in active)
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
