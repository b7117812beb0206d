"""Texts that a rule must match, or must not: run as the rule would run, with all its variants."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from common.records import dataclass
from ingester.kinds import FOLDER
from ingester.text.language import language_of
from monitor.backtest.documents import of_file
from monitor.base.errors import Refusal, clipped
from monitor.base.files import open_plain
from monitor.explain.explain import explain
from monitor.rules_file.check import Checked, WantedRule
from monitor.rules_file.model import Example, Problem
from monitor.services.rules.rules import languages_of, tried_rule
from rules.expand.variants import Made
from rules.explain.reasons import how
from rules.matcher import make_matcher
from storage.model import Article, Evidence, Match, Rule, Source

_MOST_FOUND = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A rule that is only tried, and the tags of the sources that examples may name."""

    rule: Rule
    folder: Path
    tags: Mapping[str, tuple[str, ...]]
    now: datetime


Asked = tuple[str, str]
"""A query, and the language that its rule says it is written in; "" if it does not say."""

Make = Callable[[str, str], Made]
"""Returns what the lists say of a query in a language, as `Lexicons.made`."""


def asked(wanted: WantedRule) -> Asked:
    """Return what decides which variants a rule has."""
    return wanted.query, wanted.changes.language or ""


def making(queries: Iterable[Asked], make: Make) -> dict[Asked, Made]:
    """Return what the lists say of each query. May take seconds."""
    return {query: make(*query) for query in dict.fromkeys(queries)}


def examined(
    checked: Checked,
    make: Make,
    *,
    tags: Mapping[str, tuple[str, ...]],
    now: datetime,
    made: Mapping[Asked, Made],
) -> tuple[list[Problem], int]:
    """Run all examples of a file; return what is wrong, and how many were run.

    Args:
        tags: The tags of sources that are stored, by name; those of the file come before them.
        made: The variants of queries, as far as they are made already.
    """
    with_examples = [rule for rule in checked.rules if rule.entry.examples]
    missing = (query for query in map(asked, with_examples) if query not in made)
    made = {**made, **making(missing, make)}
    tags = {**tags, **{e.name: e.tags for e in checked.file.sources if e.name is not None}}
    folder = checked.file.path.parent
    problems = [
        problem
        for wanted in with_examples
        for problem in failing(wanted, made[asked(wanted)], folder=folder, tags=tags, now=now)
    ]
    return problems, sum(len(example.entry.examples) for example in with_examples)


def failing(
    wanted: WantedRule,
    made: Made,
    *,
    folder: Path,
    tags: Mapping[str, tuple[str, ...]],
    now: datetime,
) -> Iterator[Problem]:
    """Yield a problem for each example of the rule that is not as it must be.

    Args:
        made: The variants that are made for its query.
        folder: Where the rules file lies; the files of examples are named from there.
        tags: The tags of sources, by name.
    """
    rule = tried_rule(wanted.query, made, now=now, changes=wanted.changes)
    rule = replace(rule, name=wanted.entry.name)
    tried = Tried(rule=rule, folder=folder, tags=tags, now=now)
    matcher = make_matcher([rule])
    anywhere = make_matcher([replace(rule, sources=())])
    for example in wanted.entry.examples:
        subject = wanted.entry.subject
        try:
            article, source = _article(example, tried)
        except (Refusal, ValueError) as error:
            text = f"{example.label}: {error}"
            yield Problem(example.line, "mistake", subject, text)
            continue
        # An example that names no source is not held against the rule's sources.
        matches = (matcher if source.name else anywhere).matches(article, source)
        if bool(matches) != example.is_wanted:
            text = f"{example.label} {_outcome(example, tried, article, source, matches)}"
            yield Problem(example.line, "example", subject, text)


def _outcome(
    example: Example, tried: Tried, article: Article, source: Source, matches: list[Match]
) -> str:
    shown = f'("{example.shown}")'
    if matches:
        proofs = dict.fromkeys(_proved(proof, tried.rule) for proof in matches[0].evidence)
        what = " and ".join(list(proofs)[:_MOST_FOUND])
        return f"{shown} is matched: found {what}" if what else f"{shown} is matched"
    rule = tried.rule if source.name else replace(tried.rule, sources=())
    verdict = explain(rule, article, source, now=tried.now, tx=None, is_trial=True).verdict
    why = verdict.removeprefix("It does not match: ").rstrip(".")
    return f"{shown} is not matched: {why}"


def _proved(proof: Evidence, rule: Rule) -> str:
    found = how(proof, rule.variants, written_in=rule.written_in)
    return f'"{clipped(proof.text)}" ({found}, for {clipped(proof.term)})'


def _article(example: Example, tried: Tried) -> tuple[Article, Source]:
    """Return the example as an article, and where it is from.

    Raises:
        Refusal: Its file cannot be read.
        ValueError: Its language is none, or its text is the name of a file.
    """
    fields = example.fields
    title, text, url = (fields.get(key, "") for key in ("title", "text", "url"))
    declared = "".join(languages_of(fields["language"])) if "language" in fields else ""
    if "file" in fields:
        document = of_file(tried.folder / Path(fields["file"]).expanduser(), now=tried.now).article
        title, text = title or document.title, text or document.text
        url, declared = url or document.url, declared or document.language
    elif not title and _names_a_file(text, tried.folder):
        raise ValueError(f'"{clipped(text)}" is the name of a file; write file: {clipped(text)}')
    name = fields.get("source", "")
    article = Article(
        id="example",
        source_id="example",
        story_id="example",
        url=url,
        title=title,
        text=text,
        first_seen_at=tried.now,
        language=language_of(declared, f"{title}\n{text}"),
        authors=_given(fields, "author"),
        categories=_given(fields, "category"),
    )
    source = Source(
        id="example",
        kind=FOLDER,
        url="",
        name=name,
        every=timedelta(days=1),
        added_at=tried.now,
        tags=(*tried.tags.get(name, ()), *example.tags),
    )
    return article, source


def _given(fields: Mapping[str, str], key: str) -> tuple[str, ...]:
    return (fields[key],) if key in fields else ()


def _names_a_file(text: str, folder: Path) -> bool:
    if len(text) > 200 or "\n" in text or not ("/" in text or "." in text):
        return False
    try:
        open_plain(folder / text).close()
    except Refusal:
        return False
    return True
