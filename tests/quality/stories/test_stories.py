"""What tells the same event is one story, and what only looks like it is not: see README.md.

Floors may rise, never fall.
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

from ingester.stories.frequencies import Frequencies
from ingester.stories.nearby import Nearby
from ingester.stories.placing import day_of, place_of
from ingester.stories.prints import days
from ingester.stories.signature import Signer
from ingester.stories.sums import Traits, with_article
from ingester.stories.weights import weighed
from monitor.lexicons.packed import packed_news
from rules.languages.everyday import everyday_words
from rules.languages.phonemes import han_sounds
from rules.lexicons.story_words import commonplaces
from rules.lexicons.whole_words import is_misread
from rules.text.folding import fold
from storage.model import Article
from tests.builders import NOON, a_source, an_article
from tests.quality.test_matching import FLOORS

EVENTS, BEATS = (Path(__file__).with_name(name) for name in ("events.jsonl", "beats.jsonl"))
FEWEST_PAIRS = 300
HOURS_LATER = 3
ONE, OTHER = a_source("One"), a_source("Other")


class Pair(NamedTuple):
    """Two articles, and whether they tell the same event."""

    kind: str
    one: Article
    other: Article
    is_same: bool


def article(told: list[str], language: str = "en", *, at: datetime = NOON) -> Article:
    title, text = told
    made = an_article(title, text=text, language=language, published_at=at, first_seen_at=at)
    return replace(made, source_id=ONE.id)


def of_other(article: Article, hours: int = 1) -> Article:
    at = article.first_seen_at + timedelta(hours=hours)
    return replace(article, source_id=OTHER.id, published_at=at, first_seen_at=at)


def swapped(told: list[str], one: str, other: str) -> list[str]:
    return [part.replace(one, other) for part in told]


def pairs_of(event: dict[str, list[str]], translations: dict[str, list[str]]) -> Iterator[Pair]:
    title, text = event["base"]
    base = article(event["base"])
    half = text[: text.index(". ", len(text) // 2) + 1]
    headline = event["rewrite"][0]
    for kind, told in (
        ("headline", [headline, text]),
        ("agency", [title, f"STOCKHOLM (Wire) - {text} (Editing by the desk)"]),
        ("half", [title, half]),
        ("rewrite", event["rewrite"]),
    ):
        yield Pair(kind, base, of_other(article(told)), is_same=True)
    yield Pair("next day", base, of_other(article(event["follow"]), 24), is_same=True)
    for kind, (was, now) in zip(("name", "number"), event["swap"], strict=True):
        varied = article(swapped(event["base"], was, now))
        yield Pair(kind, base, of_other(varied), is_same=False)
    other = article(event["other"])
    yield Pair("other event", base, of_other(other), is_same=False)
    for language, told in translations.items():
        translated = of_other(article(told, language))
        yield Pair("translation", base, translated, is_same=True)
        yield Pair("other in translation", other, translated, is_same=False)


def pairs_of_beat(beat: dict[str, Any]) -> Iterator[Pair]:
    """Yield what one outlet tells of one place, company or team: and one event told by another."""
    told = [article(each, beat["language"]) for each in beat["events"]]
    for one, other in combinations(told, 2):
        later = replace(of_other(other, HOURS_LATER), source_id=one.source_id)
        yield Pair("same beat", one, later, is_same=False)
    again = article(beat["again"], beat["language"])
    yield Pair("told again", told[0], of_other(again), is_same=True)


@cache
def pairs() -> list[Pair]:
    made: list[Pair] = []
    for line in BEATS.read_text(encoding="utf-8").splitlines():
        made += pairs_of_beat(json.loads(line))
    for line in EVENTS.read_text(encoding="utf-8").splitlines():
        event = json.loads(line)
        made += pairs_of(event, event["translations"])
    return made


def joined() -> list[tuple[Pair, bool]]:
    """Return each pair, and whether the second article joins the first one's story."""
    signer = Signer(
        fold, packed_news().by_words, everyday_words, *commonplaces(), is_misread, han_sounds()
    )
    known = Frequencies()
    signed = [(pair, signer.signature(pair.one), signer.signature(pair.other)) for pair in pairs()]
    for _, *signatures in signed:
        known.learn(known.lesson(signatures))
    found = []
    for pair, *signatures in signed:
        one, other = (weighed(signature, known) for signature in signatures)
        nearby, seen = Nearby(), [days(each.first_seen_at) for each in (pair.one, pair.other)]
        nearby.begin([one, other], [day_of(pair.one), day_of(pair.other)], seen)
        nearby.begin_story("one", 0)
        near, _ = nearby.found(nearby.look(1))
        story = with_article(Traits(), one, day_of(pair.one))
        is_joined = bool(near.ids) and place_of(other, day_of(pair.other), [story]) is not None
        found.append((pair, is_joined))
    return found


def test_hard_pairs_are_told() -> None:
    results = joined()
    assert len(results) >= FEWEST_PAIRS
    right = Counter(pair.kind for pair, is_joined in results if is_joined is pair.is_same)
    every = Counter(pair.kind for pair, _ in results)
    shares = {kind: right[kind] / every[kind] for kind in every}
    floors = FLOORS["stories"]
    assert shares.keys() == floors.keys()
    below = {kind: share for kind, share in shares.items() if share < floors[kind]}
    assert below == {}, shares
