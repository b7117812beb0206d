"""Prints how well rules find labelled cases: by language family, kind of case and layer.

    python -m bench.quality [FILE...] [--given] [--errors N] [--write docs/quality.md]

Without FILE it reads our own sets (`tests/quality/*.jsonl`) and, where they are laid beside the
checkout (MONITOR_SHARED), the larger ones. A case is a JSON object with rule, title, text and
label (1: must alert), and may have language, family, kind and half. Languages are detected, as in
real life; `--given` believes those of the file. `--write` puts the tables into a page, between its
markers.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bench.base.families import family_of
from ingester.text.language import detect
from monitor.lexicons.registry import Lexicons
from rules.expand.variants import with_variants
from rules.matcher import RuleMatcher
from storage.model import Match
from tests.builders import a_rule, a_source, an_article

ROOT = Path(__file__).parents[1]
OWN = tuple(
    ROOT / "tests" / "quality" / f"{name}.jsonl" for name in ("matching", "fresh", "later", "news")
)
SHARED = Path(os.environ.get("MONITOR_SHARED", ROOT.parent / "shared")) / "eval" / "xling"
BEGIN, END = "<!-- quality: made by python -m bench.quality -->", "<!-- /quality -->"

Case = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """What a case is, and what the matcher said."""

    case: Case
    match: Match | None

    @property
    def wanted(self) -> bool:
        """Whether the rule should have matched."""
        return bool(self.case["label"])

    @property
    def layer(self) -> str:
        """How it was found: the layer of the surest words, "" if it was not."""
        return self.match.evidence[0].layer if self.match and self.match.evidence else ""


@dataclass
class Rates:
    """Counts of right, wrong and missed alerts, and of cases that need none."""

    right: int = 0
    wrong: int = 0
    missed: int = 0
    quiet: int = 0

    def add(self, answer: Answer) -> None:
        """Count one answer."""
        if answer.wanted:
            self.right += answer.match is not None
            self.missed += answer.match is None
        else:
            self.wrong += answer.match is not None
            self.quiet += answer.match is None

    @property
    def recall(self) -> float:
        """Share of what must alert that does; 1.0 if nothing must."""
        return self.right / ((self.right + self.missed) or 1) if self.right + self.missed else 1.0

    @property
    def precision(self) -> float:
        """Share of the alerts that are right; 1.0 if there are none."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of both."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def read(path: Path) -> list[Case]:
    """Return the cases of a file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


LEXICONS = Lexicons()


@cache
def matcher(query: str) -> RuleMatcher:
    """Return a matcher of this one rule, with the variants that saving it would make."""
    return RuleMatcher([with_variants(a_rule(query), LEXICONS.all, "")])


def answer(case: Case, *, given: bool = False) -> Answer:
    """Return what the matcher says of a case."""
    language = case.get("language", case.get("lang", "")) if given else ""
    language = language or detect(f"{case['title']}\n{case['text']}")
    article = an_article(case["title"], text=case["text"], language=language)
    found = matcher(case["rule"]).matches(article, a_source())
    return Answer(case, found[0] if found else None)


def by(answers: Iterable[Answer], key: Callable[[Answer], str]) -> dict[str, Rates]:
    """Return the rates of each group; answers whose key is "" are left out."""
    groups: dict[str, Rates] = {}
    for each in answers:
        name = key(each)
        if name:
            groups.setdefault(name, Rates()).add(each)
    return dict(sorted(groups.items()))


def family(one: Answer) -> str:
    """Return the family of the language of a case, as its author wrote it."""
    return family_of(one.case.get("language", one.case.get("lang", "")))


def kind(one: Answer) -> str:
    """Return what makes a case hard, as its author says."""
    return str(one.case.get("kind", one.case.get("note", "")))


def tables(name: str, answers: Sequence[Answer]) -> Iterator[str]:
    """Yield the lines of the tables of one set."""
    total = by(answers, lambda _: "all")["all"]
    yield f"### {name}"
    yield ""
    count = len(answers)
    if not total.right + total.missed:
        rate = total.wrong / count * 10_000
        yield f"{count:,} pairs of a rule and an unrelated article: {total.wrong} false alarms"
        yield f"({rate:.1f} in 10,000)."
        yield ""
        return
    halves = by(answers, lambda one: str(one.case.get("half", "")))
    yield "| | cases | recall | precision | F1 |"
    yield "|---|---|---|---|---|"
    yield _row("**all**", total)
    for half, rates in halves.items():
        yield _row(f"half: {half}", rates)
    for group, rates in by(answers, family).items():
        yield _row(group, rates)
    yield ""
    kinds = by(answers, kind)
    if kinds:
        yield "| kind of case | should alert | found | should not | false alarms |"
        yield "|---|---|---|---|---|"
    for group, rates in kinds.items():
        should, should_not = rates.right + rates.missed, rates.wrong + rates.quiet
        yield f"| {group} | {should} | {rates.right} | {should_not} | {rates.wrong} |"
    if kinds:
        yield ""
    yield "| layer of the first find | right | wrong |"
    yield "|---|---|---|"
    for group, rates in by(answers, lambda one: one.layer).items():
        yield f"| {group} | {rates.right} | {rates.wrong} |"
    yield ""


def _row(name: str, rates: Rates) -> str:
    count = rates.right + rates.wrong + rates.missed + rates.quiet
    figures = " | ".join(f"{each:.3f}" for each in (rates.recall, rates.precision, rates.f1))
    return f"| {name} | {count} | {figures} |"


def errors(answers: Iterable[Answer]) -> Iterator[str]:
    """Yield a line for each wrong answer."""
    for one in answers:
        if one.wanted == (one.match is None):
            what = "missed" if one.wanted else f"WRONG ({one.layer})"
            case = one.case
            yield f"{what}: {case['rule']} | {kind(one)} | {case['title']} | {case['text']}"


def write(page: Path, lines: Iterable[str]) -> None:
    """Put the lines between the markers of a page."""
    text = page.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        sys.exit(f"{page} has no lines {BEGIN} and {END} to write between.")
    body = "\n".join(lines).rstrip()
    page.write_text(f"{before}{BEGIN}\n\n{body}\n\n{END}{after}", encoding="utf-8")


def main() -> None:
    """Score the sets and print or write the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
    parser.add_argument("--given", action="store_true", help="believe the languages of the file")
    parser.add_argument("--half", help="only cases of this half of a set")
    parser.add_argument("--errors", type=int, default=0, metavar="N", help="print so many errors")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="put the tables into a page")
    options = parser.parse_args()
    shared = [SHARED / "dev.jsonl", SHARED / "background-dev.jsonl"]
    paths = options.files or [*OWN, *(each for each in shared if each.is_file())]
    lines: list[str] = []
    for path in paths:
        cases = [c for c in read(path) if options.half in (None, c.get("half"))]
        answers = [answer(case, given=options.given) for case in cases]
        lines.extend(tables(path.stem, answers))
        for line in list(errors(answers))[: options.errors]:
            print(line)
    if options.write:
        write(options.write, lines)
    else:
        print("\n".join(lines))


if __name__ == "__main__":
    main()
