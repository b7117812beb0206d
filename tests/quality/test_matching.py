"""The matcher's recall and precision on labelled cases must not fall below `floors.json`.

Our own sets lie here. The larger sets are read where they are laid beside the checkout
(MONITOR_SHARED); their languages are detected, not given, as in real life.
"""

import json
from functools import lru_cache
from operator import itemgetter
from pathlib import Path
from typing import Any

import pytest

from ingester.text.language import detect
from monitor.lexicons.registry import Lexicons
from rules.expand.variants import with_variants
from rules.explain.reasons import describe
from rules.matcher import RuleMatcher
from tests.builders import a_rule, a_source, an_article
from tests.places import SHARED

HERE = Path(__file__).parent
FLOORS = json.loads((HERE / "floors.json").read_text(encoding="utf-8"))

LEXICONS = Lexicons()


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


@lru_cache(maxsize=1)
def matcher(query: str) -> RuleMatcher:
    """Return the matcher of a rule: one at a time, of hundreds that take megabytes each."""
    return RuleMatcher([with_variants(a_rule(query), LEXICONS.all, "")])


def matched(case: dict[str, Any]) -> bool:
    text = f"{case['title']}\n{case['text']}"
    language = case["language"] if "language" in case else detect(text)
    article = an_article(case["title"], text=case["text"], language=language)
    return bool(matcher(case["rule"]).matches(article, a_source()))


def rates(cases: list[dict[str, Any]]) -> tuple[float, float, list[str]]:
    """Return recall, precision and the cases that went wrong."""
    right = wrong = missed = 0
    errors = []
    for case in sorted(cases, key=itemgetter("rule")):
        answer, wanted = matched(case), bool(case["label"])
        right += answer and wanted
        wrong += answer and not wanted
        missed += wanted and not answer
        if answer != wanted:
            errors.append(f"{'missed' if wanted else 'wrong'}: {case['rule']} | {case['title']}")
    return right / (right + missed), right / (right + wrong), errors


@pytest.mark.parametrize("name", ["matching", "fresh", "later", "news"])
def test_our_own_cases_hold(name: str) -> None:
    recall, precision, errors = rates(read(HERE / f"{name}.jsonl"))
    assert recall >= FLOORS[name]["recall"], errors
    assert precision >= FLOORS[name]["precision"], errors


SETS = SHARED / "eval" / "xling"

if SETS.is_dir():

    def test_recall_and_precision_on_the_labelled_sets_do_not_fall() -> None:
        recall, precision, errors = rates(read(SETS / "dev.jsonl"))
        assert recall >= FLOORS["dev"]["recall"]
        assert precision >= FLOORS["dev"]["precision"], [e for e in errors if e.startswith("wr")]

    def test_unrelated_articles_raise_no_alarms() -> None:
        cases = read(SETS / "background-dev.jsonl")
        alarms = [
            f"{case['rule']} | {case['title']}"
            for case in sorted(cases, key=itemgetter("rule"))
            if matched(case)
        ]
        rate = len(alarms) / len(cases) * 10_000
        assert rate <= FLOORS["dev"]["false_alarms_per_10000"], alarms


DOCUMENTS = sorted((SHARED / "seeds").glob("*.txt"))

if DOCUMENTS:

    @pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
    def test_the_document_is_found_as_a_compound(document: Path) -> None:
        article = an_article("Untitled", text=document.read_text("utf-8"), language="sv")
        (match,) = RuleMatcher([a_rule("Hanoi Convention")]).matches(article, a_source())
        said = {describe(proof) for proof in match.evidence}
        assert "Hanoi-konventionen — compound, Swedish — for Hanoi Convention" in said
