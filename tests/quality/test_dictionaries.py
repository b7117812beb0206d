"""Recall and precision with the dictionaries of this machine must not fall below `floors.json`.

They are data of others that is read where it is installed, so this is measured only where it
is: docs/lexicons.md says how. What is read of them, and how, is proved everywhere, on small
dictionaries that the tests write (tests/unit/monitor/lexicons/test_dictionaries.py).
"""

import json
from pathlib import Path
from typing import Any

import pytest

from ingester.text.language import detect
from monitor.config.settings import SYSTEM
from monitor.lexicons.dictionaries import find
from monitor.lexicons.registry import Lexicons
from rules.matcher import RuleMatcher
from tests.builders import a_rule, a_source, an_article
from tests.quality.test_matching import FLOORS, HERE, SETS, read

_ENOUGH = 200
"""So many dictionaries are there when all are installed that docs/lexicons.md names."""

if SYSTEM.is_dir() and len(find([SYSTEM])) >= _ENOUGH:

    @pytest.fixture(scope="module")
    def lexicons(tmp_path_factory: pytest.TempPathFactory) -> Lexicons:
        return Lexicons([SYSTEM], tmp_path_factory.mktemp("cache"))

    def test_rules_of_many_kinds_are_found_through_dictionaries(lexicons: Lexicons) -> None:
        recall, precision, errors = rates(read(HERE / "dictionaries.jsonl"), lexicons)
        assert recall >= FLOORS["dictionaries"]["recall"], errors
        assert precision >= FLOORS["dictionaries"]["precision"], errors

    if SETS.is_dir():

        def test_the_labelled_sets_are_found_through_dictionaries(lexicons: Lexicons) -> None:
            recall, precision, errors = rates(read(SETS / "dev.jsonl"), lexicons)
            assert recall >= FLOORS["dictionaries_dev"]["recall"]
            assert precision >= FLOORS["dictionaries_dev"]["precision"], errors

        def test_unrelated_articles_raise_no_alarms_through_dictionaries(
            lexicons: Lexicons,
        ) -> None:
            cases = read(SETS / "background-dev.jsonl")
            alarms = [
                f"{case['rule']} | {case['title']}" for case in cases if matched(case, lexicons)
            ]
            rate = len(alarms) / len(cases) * 10_000
            assert rate <= FLOORS["dictionaries_dev"]["false_alarms_per_10000"], alarms


_matchers: dict[str, RuleMatcher] = {}


def matched(case: dict[str, Any], lexicons: Lexicons) -> bool:
    query = case["rule"]
    if query not in _matchers:
        rule = a_rule(query, variants=lexicons.made(query).variants)
        _matchers[query] = RuleMatcher([rule])
    language = detect(f"{case['title']}\n{case['text']}")
    article = an_article(case["title"], text=case["text"], language=language)
    return bool(_matchers[query].matches(article, a_source()))


def rates(cases: list[dict[str, Any]], lexicons: Lexicons) -> tuple[float, float, list[str]]:
    """Return recall, precision and the cases that went wrong; languages are detected."""
    answers = [(case, matched(case, lexicons)) for case in cases]
    right = sum(answer and bool(case["label"]) for case, answer in answers)
    errors = [
        f"{'missed' if case['label'] else 'wrong'}: {case['rule']} | {case['title']}"
        for case, answer in answers
        if answer != bool(case["label"])
    ]
    wanted = sum(bool(case["label"]) for case in cases)
    return right / wanted, right / sum(answer for _, answer in answers), errors


def test_the_cases_are_of_many_rules_and_languages_with_counterexamples() -> None:
    text = Path(HERE / "dictionaries.jsonl").read_text(encoding="utf-8")
    cases = [json.loads(line) for line in text.splitlines()]
    for rule in {case["rule"] for case in cases}:
        of_rule = [case for case in cases if case["rule"] == rule]
        assert len({case["language"] for case in of_rule if case["label"]}) >= 10, rule
        assert sum(not case["label"] for case in of_rule) >= 4, rule
