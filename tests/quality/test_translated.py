"""Recall and precision with a translator must not fall below `floors.json`, languages hidden.

The translator is the double of `tests.translator_server`, asked through the product's own client
by both protocols, so that what is measured is what a user of a good translator gets.
`expansions.json` is our own, written without looking at the cases; a larger one is read where it
is laid beside the checkout.
"""

import json
from collections.abc import Mapping
from functools import lru_cache
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from ingester.text.language import detect
from monitor.lexicons.registry import Lexicons
from monitor.net.client import make_client
from monitor.net.guard import AddressGuard
from monitor.translation.translate import Translation
from rules.expand.translations import Proposal, TermToTranslate, variants_from
from rules.expand.variants import made_of, merged
from rules.matcher import RuleMatcher
from tests.builders import a_rule, a_source, an_article
from tests.quality.test_matching import FLOORS, HERE, SETS, read
from tests.translator_server import Expansions, TranslatorServer

Matchers = Mapping[str, RuleMatcher]

LEXICONS = Lexicons()


@lru_cache(maxsize=1)
def matchers(path: Path, kind: str, missing: int = 0) -> Matchers:
    """Return a matcher for each rule of a file, saved as the command line does.

    Args:
        missing: Every so manieth language is unknown to the translator; 0 for none.
    """
    known: dict[str, dict[str, list[str]]] = json.loads(path.read_text(encoding="utf-8"))
    expansions: Expansions = {
        rule: {
            language: texts
            for number, (language, texts) in enumerate(sorted(forms.items()))
            if not missing or number % missing
        }
        for rule, forms in known.items()
        if not rule.startswith("_")
    }
    guard = AddressGuard((ip_network("127.0.0.0/8"),))
    scores = {}
    with TranslatorServer(expansions) as server, make_client(guard, user_agent="t") as client:
        translation = Translation(server.settings(kind), client)
        for query in expansions:
            proposed = translation.of_rule(a_rule(query))
            assert proposed.problem is None
            made = (*made_of(query, LEXICONS.all).variants, *proposed.variants)
            scores[query] = RuleMatcher([a_rule(query, variants=merged((), made))])
    return scores


def matched(by_rule: Matchers, case: dict[str, Any]) -> bool:
    article = an_article(
        case["title"], text=case["text"], language=detect(f"{case['title']}\n{case['text']}")
    )
    return bool(by_rule[case["rule"]].matches(article, a_source()))


def rates(by_rule: Matchers, cases: list[dict[str, Any]]) -> tuple[float, float, list[str]]:
    """Return recall, precision and the cases that went wrong."""
    answers = [(case, matched(by_rule, case), bool(case["label"])) for case in cases]
    right = sum(answer and wanted for _, answer, wanted in answers)
    errors = [
        f"{'missed' if wanted else 'wrong'}: {case['rule']} | {case['title']}"
        for case, answer, wanted in answers
        if answer != wanted
    ]
    return (
        right / sum(wanted for _, _, wanted in answers),
        right / sum(answer for _, answer, _ in answers),
        errors,
    )


def hold(floor: str, by_rule: Matchers, cases: list[dict[str, Any]]) -> None:
    recall, precision, errors = rates(by_rule, cases)
    assert recall >= FLOORS[floor]["recall"], errors
    assert precision >= FLOORS[floor]["precision"], errors


@pytest.fixture(scope="module")
def own_cases() -> list[dict[str, Any]]:
    rules = json.loads((HERE / "expansions.json").read_text(encoding="utf-8")).keys()
    cases = read(HERE / "fresh.jsonl") + read(HERE / "matching.jsonl")
    return [case for case in cases if case["rule"] in rules]


@pytest.mark.parametrize("kind", ["libretranslate", "openai"])
def test_our_own_rules_are_found_in_other_languages(
    kind: str, own_cases: list[dict[str, Any]]
) -> None:
    hold("translated_own", matchers(HERE / "expansions.json", kind), own_cases)


def test_the_lists_stand_in_where_the_translator_knows_no_word(
    own_cases: list[dict[str, Any]],
) -> None:
    hold("translated_partly", matchers(HERE / "expansions.json", "openai", 3), own_cases)


def test_a_translators_form_is_found_as_running_text_declines_it() -> None:
    term = TermToTranslate("Zzqx Foundation", "")
    missed, count = [], 0
    for line in (HERE / "inflected.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        language, given, *forms = line.split("\t")
        variants = variants_from([Proposal(language, given)], term, source="libretranslate")
        matcher = RuleMatcher([a_rule(term.text, variants=variants)])
        for form in forms:
            article = an_article("Untitled", text=f"Xx {form} xx", language=language)
            count += 1
            if not matcher.matches(article, a_source()):
                missed.append(f"{language}: {given} | {form}")
    assert (count - len(missed)) / count >= FLOORS["translated_inflected"]["recall"], missed


LARGER = SETS / "expansions-dev.json"

if LARGER.is_file():

    @pytest.mark.parametrize("kind", ["libretranslate", "openai"])
    def test_the_labelled_sets_are_found_in_other_languages(kind: str) -> None:
        hold("translated_dev", matchers(LARGER, kind), read(SETS / "dev.jsonl"))

    def test_translations_raise_no_alarms_on_unrelated_articles() -> None:
        by_rule = matchers(LARGER, "openai")
        cases = read(SETS / "background-dev.jsonl")
        alarms = [f"{case['rule']} | {case['title']}" for case in cases if matched(by_rule, case)]
        rate = len(alarms) / len(cases) * 10_000
        assert rate <= FLOORS["translated_dev"]["false_alarms_per_10000"], alarms
