"""docs/examples.md shows what the program says about the queries of examples.toml."""

import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.cli.commands.explain import lines_of
from monitor.explain.explain import Explanation, explain
from monitor.lexicons.places import PlaceNames, packed_places
from monitor.services.rules.rules import variant_of
from monitor.stories.batch import membership
from rules.expand.variants import made_of, merged
from storage.model import Article, DeliveryState, Rule
from storage.story import Story
from tests.builders import a_channel, a_delivery, a_rule, a_source, an_alert, an_article, given
from tests.memory.storage import MemoryStorage
from tests.places import ROOT

DATA = Path(__file__).with_name("examples.toml")
PAGE = ROOT / "docs" / "examples.md"
NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
SOURCE = a_source("Example Wire")
DESK = a_channel(added_at=NOON)
INTRODUCTION = """\
# Ten rules, explained

What a press officer, a security analyst and a scholar might ask, each tried on one article that it
finds and on one that it does not, as `monitor explain` says it. The articles are made up. This page
is made from `tests/golden/examples.toml`, and a test compares the two:

    python -m pytest tests/golden/test_examples.py --update-golden

The first example shows every stage of articles that are stored; of the others, which are files,
only the query is shown. How to read it: [rules.md](rules.md#why-something-did-not-explain).
"""


def test_the_page_of_examples_is_what_the_program_says(request: pytest.FixtureRequest) -> None:
    page = "\n".join(_page())
    if request.config.getoption("--update-golden"):
        PAGE.write_text(page, encoding="utf-8")
    assert PAGE.read_text("utf-8") == page


def test_each_example_finds_its_first_article_and_not_its_second() -> None:
    for example in _examples():
        matched = [_explained(example, article).match is not None for article in example["article"]]
        assert matched == [True, False], example["query"]


def test_each_miss_is_explained() -> None:
    for example in _examples():
        miss = _explained(example, example["article"][1])
        assert miss.verdict.startswith("It does not match: ")
        assert len(miss.verdict) > len("It does not match: .") + 10


def _examples() -> list[Any]:
    examples: list[Any] = tomllib.loads(DATA.read_text("utf-8"))["example"]
    assert len(examples) == 10
    return examples


def _page() -> Iterator[str]:
    yield INTRODUCTION
    for number, example in enumerate(_examples(), 1):
        yield f"## {number}. {example['who']}: `{example['query']}`\n"
        yield f"{example['wants']}\n"
        for given_article in example["article"]:
            explained = _explained(example, given_article)
            lines = lines_of(explained, is_trial=not example.get("stored"), is_stored=False)
            shown = lines if example.get("stored") else list(_without_stages(lines))
            yield "\n".join(("```", *shown, "```", ""))


def _without_stages(lines: list[str]) -> Iterator[str]:
    """Yield the lines about the rule, the article, its query and the verdict."""
    kept = True
    for line in lines:
        if line[:1].isalpha():
            kept = line.startswith(("Query", "Article", "query", "It "))
        if kept:
            yield line


def _explained(example: Any, article: Any) -> Explanation:
    rule = _rule(example)
    article_ = _article(article)
    if not example.get("stored"):
        return explain(rule, article_, SOURCE, now=NOON, tx=None, is_trial=True)
    storage = MemoryStorage()
    given(storage, SOURCE, rule, DESK, article_)
    with storage.transaction() as tx:
        tx.stories.put([Story(id=article_.story_id, seen_at=NOON)])
        tx.stories.join([membership(article_, article_.story_id, now=NOON, reason="")])
    if article is example["article"][0]:
        alert = an_alert(rule, article_, raised_at=NOON)
        sent = a_delivery(alert, DESK, state=DeliveryState.DELIVERED, attempts=1, delivered_at=NOON)
        given(storage, alert, sent)
    with storage.reading() as tx:
        return explain(rule, article_, SOURCE, now=NOON, tx=tx)


def _rule(example: Any) -> Rule:
    own = tuple(map(variant_of, example.get("variants", ())))
    # Of the lists only this one: others are read from whatever is installed.
    made = made_of(example["query"], [PlaceNames(packed_places)]).variants
    return a_rule(
        example["query"],
        strictness=example.get("match", "all"),
        variants=merged(own, made),
        channel_ids=(DESK.id,),
        created_at=NOON - timedelta(days=9),
    )


def _article(fields: Any) -> Article:
    ago = timedelta(days=fields.get("published_days_before", 0), hours=1)
    return an_article(
        fields["title"],
        text=fields["text"],
        language=fields["language"],
        source_id=SOURCE.id,
        first_seen_at=NOON,
        published_at=NOON - ago,
    )
