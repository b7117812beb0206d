"""Rules that lie somewhere: how often they are asked for, and that those in between are right."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rules.index import stored
from rules.index.rule_index import RuleIndex
from rules.index.search import ArticleSearch
from rules.index.stored import Stored, stored_here
from rules.matcher import by_brute_force
from rules.patterns.pattern import Plan
from storage.model import Article, Match, Rule, Variant
from tests.builders import a_rule, a_source, an_article

WORDS = [f"{first}{last}{end}" for first in "bdfgk" for last in ("ora", "eli") for end in "mnrst"]


class _Read:
    """Rules that are counted when they are read."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._here = stored_here(rules)
        self.times: list[int] = []

    def stored(self) -> Stored:
        return self._here._replace(whole=self._whole)

    def _whole(self, ids: Sequence[str]) -> Iterable[Rule]:
        self.times.append(len(ids))
        return self._here.whole(ids)


def _rule(word: str) -> Rule:
    """Return a rule that has to be read when it is met."""
    return a_rule(word, name=word, variants=(Variant(language="sv", text=f"{word}na"),))


def _matches(index: RuleIndex, word: str) -> tuple[Article, list[Match]]:
    article = an_article(word, text=f"A {word} was seen.", language="en")
    return article, ArticleSearch(index, article, a_source()).matches()


def test_the_more_rules_were_met_the_more_are_read_at_once() -> None:
    rules = [_rule(word) for word in WORDS]
    rules.insert(9, a_rule("(nobody can read", name="broken"))
    read = _Read(rules)
    index = RuleIndex.of(read.stored())
    for word in reversed(WORDS):
        article, found = _matches(index, word)
        assert len(found) == 1
        assert found == by_brute_force(rules, article, a_source())
    assert set(read.times[:4]) == {1}
    assert len(read.times) < len(WORDS) / 2
    assert sum(read.times) == len(WORDS), "none is read twice, nor one that is broken"


def test_a_rule_that_is_gone_is_not_read() -> None:
    rules = [_rule(word) for word in WORDS]
    read = _Read(rules)
    index = RuleIndex.of(read.stored())
    for rule in rules[:5]:
        index.remove(rule.id)
    for word in reversed(WORDS):
        _matches(index, word)
    assert sum(read.times) == len(WORDS) - 5


def test_few_rules_wait_to_be_met(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored, "_MOST_WAITING", 3)
    rules = [_rule(word) for word in WORDS]
    read = _Read(rules)
    index = RuleIndex.of(read.stored())
    for met, word in enumerate(reversed(WORDS[20:]), 1):
        _matches(index, word)
        assert sum(read.times) <= met + 3


def test_a_rule_that_is_read_ahead_is_planned_when_it_is_met(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    planned: list[str] = []
    own = RuleIndex._planned

    def spied(index: RuleIndex, rule: Rule, *rest: Any, **named: Any) -> Plan:
        planned.append(rule.name)
        return own(index, rule, *rest, **named)

    monkeypatch.setattr(RuleIndex, "_planned", spied)
    read = _Read([_rule(word) for word in WORDS])
    index = RuleIndex.of(read.stored())
    planned.clear()
    met = WORDS[:-11:-1]
    for word in met:
        _matches(index, word)
    assert sum(read.times) > len(met)
    assert planned == met


def test_a_rule_without_variants_is_not_read(tmp_path: Path) -> None:
    """All of it is here: nor after a start from what was kept, nor once another one changed."""
    path, bare = tmp_path / "index", [a_rule(word, name=word) for word in WORDS[1:]]
    rules = [_rule(WORDS[0]), *bare]
    for kept in (None, path):
        read = _Read(rules)
        index = RuleIndex.of(read.stored(), kept)
        index.prepare(["en"])
        index.keep(path)
        for word in WORDS:
            article, found = _matches(index, word)
            assert found == by_brute_force(rules, article, a_source())
            assert len(found) == 1
        assert read.times == [1]
    now = replace(bare[0], variants=_rule(WORDS[0]).variants, revision=2)
    read = _Read([now, *rules[2:]])
    index = RuleIndex.of(read.stored(), path)
    article, found = _matches(index, f"{WORDS[0]}na")
    assert not found
    article = replace(article, language="sv")
    found = ArticleSearch(index, article, a_source()).matches()
    assert [match.rule_id for match in found] == [now.id]
    assert read.times == [1]
