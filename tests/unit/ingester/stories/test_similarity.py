"""Articles of one event are alike, in one language and across languages."""

import pytest

from ingester.stories.signature import Signer
from ingester.stories.similarity import (
    Frequency,
    Weighed,
    likeness,
    packed,
    unpacked,
    weighed,
    with_article,
)
from rules.lexicons.concepts import Concepts, pack_concepts
from rules.lexicons.news_source import Concept
from rules.text.folding import fold
from tests.builders import an_article

CONCEPTS = (
    Concept("dam", "noun", "-", {"en": ("dam",), "sv": ("damm",)}),
    Concept("flood", "noun", "-", {"en": ("flood",), "sv": ("översvämning",)}),
    Concept("village", "noun", "-", {"en": ("village",), "sv": ("by",)}),
    Concept("bank", "noun", "-", {"en": ("bank",), "sv": ("bank",)}),
)
SIGNER = Signer(fold, Concepts(pack_concepts(CONCEPTS)))
BROKE = ("Dam breaks above Karlsvik, 340 leave the village", "en")
AGAIN = ("340 people leave Karlsvik village after a dam breaks", "en")
IN_SWEDISH = ("Damm brister ovanför Karlsvik, 340 lämnar sin by", "sv")
OTHER = ("Bank raises its rate for the second time in a year", "en")


def known(*told: tuple[str, str]) -> list[Weighed]:
    signatures = [SIGNER.signature(an_article(title, language=where)) for title, where in told]
    seen: dict[int, Frequency] = {}
    for signature, (_, where) in zip(signatures, told, strict=True):
        for sign in signature.signs.tolist():
            articles, several = seen.get(sign, Frequency(0, several=False))
            seen[sign] = Frequency(articles + 1, several or where != told[0][1])
    return [weighed(signature, seen, len(told)) for signature in signatures]


@pytest.mark.parametrize(("other", "joins"), [(AGAIN, True), (IN_SWEDISH, True), (OTHER, False)])
def test_an_article_is_like_the_story_of_its_event(other: tuple[str, str], joins: bool) -> None:
    first, second = known(BROKE, other)
    alike = likeness(second, with_article((), first), days=0)
    assert (alike.score >= 1) is joins


def test_likeness_fades_with_the_days_between() -> None:
    first, second = known(BROKE, AGAIN)
    groups = with_article((), first)
    same_day, much_later = (likeness(second, groups, days=days).score for days in (1.0, 21.0))
    assert much_later < same_day / 5
    assert likeness(second, groups, days=None).score == same_day


def test_a_story_is_kept_as_bytes_and_read_back() -> None:
    first, second = known(BROKE, IN_SWEDISH)
    groups = with_article(with_article((), first), second)
    back = unpacked(packed(groups))
    assert [(group.language, group.articles) for group in back] == [("en", 1), ("sv", 1)]
    assert likeness(first, back, days=0).score == likeness(first, groups, days=0).score
