"""What is looked up for words that count in any spelling, of which the index knows only some."""

import pytest

from rules.search.candidates import either_of
from rules.search.lookup import MOST_TOKENS, presearch
from storage.api.lookup import Has, HasAny, Lookup
from storage.model import Variant
from storage.postings.lookups import Sought
from tests.builders import a_rule
from tests.memory.news import lines_with

GREVE = Variant(language="fr", text="grève", kind="word")
FORSTOLT = Variant(language="sv", text="strejken", kind="word")
RULE = a_rule("Strike Paris", strictness="all", variants=(GREVE, FORSTOLT))
PARIS = Variant(language="", text="Lutetia", kind="name")


def has(lookup: Lookup | None, *words: str) -> bool:
    assert lookup is not None
    return bool(lines_with([frozenset(words)], lookup))


def test_variants_are_looked_up_that_the_languages_of_the_archive_have() -> None:
    anywhere, french = presearch(RULE), presearch(RULE, spoken=frozenset(["fr"]))
    assert anywhere.certain is french.certain is None
    assert has(anywhere.likely, "strejken")
    assert not has(french.likely, "strejken")
    assert has(french.likely, "greves")


def test_names_are_looked_up_in_every_language() -> None:
    rule = a_rule("Paris", strictness="all", variants=(PARIS,))
    assert has(presearch(rule, spoken=frozenset(["sv"])).likely, "lutetia")


@pytest.mark.parametrize("strictness", ["exact", "forms"])
def test_what_is_certain_is_certain_in_any_language(strictness: str) -> None:
    rule = a_rule("Strike", strictness=strictness, variants=(GREVE, FORSTOLT))
    assert presearch(rule, spoken=frozenset(["fr"])).certain == presearch(rule).certain


def test_what_is_torn_must_stand_in_two_words_one_behind_the_other() -> None:
    certain = presearch(a_rule("cybersecurity", strictness="forms")).certain
    assert certain is not None
    assert has(certain, "cyber", "security")
    assert lines_with([frozenset(["cyber"]), frozenset(), frozenset(["security"])], certain)
    far = [frozenset(["cyber"]), *[frozenset[str]()] * 5, frozenset(["security"])]
    assert not lines_with(far, certain)
    assert Has("cyber") not in getattr(certain, "parts", ())


def test_words_that_only_begin_alike_are_not_looked_up() -> None:
    certain = presearch(a_rule("station", strictness="forms")).certain
    assert not any(has(certain, word) for word in ("state", "statement", "status", "statist"))
    assert all(has(certain, word) for word in ("station", "stations", "stationen", "stationed"))


def test_of_many_words_only_the_beginnings_are_looked_up() -> None:
    many = " OR ".join(f"word{letter * 3}" for letter in "abcdefghi")
    certain = presearch(a_rule(f"station OR {many}", strictness="forms")).certain
    assert has(certain, "statement")


def test_of_short_beginnings_the_forms_are_looked_up_where_only_spellings_are() -> None:
    words = [f"word{letter * 3}" for letter in "abcdefghi"]
    called = tuple(Variant(language="sv", text=word, kind="word") for word in words)
    looked = presearch(a_rule("Putin trade", strictness="all", variants=called))
    assert looked.certain is None
    assert all(has(looked.likely, "putin", word) for word in ("trade", "trades", "trading"))
    assert not any(has(looked.likely, "putin", word) for word in ("tradition", "tradwife"))


def test_of_two_words_that_may_be_one_both_are_looked_up() -> None:
    certain = presearch(a_rule("climate summit", strictness="forms")).certain
    assert has(certain, "climate", "summits")
    assert has(certain, "climatesummit")
    assert not has(certain, "climate")
    assert not has(certain, "summit")


def test_two_lookups_are_not_made_one_that_is_longer_than_the_index_takes() -> None:
    one, other = (
        HasAny(tuple(Has(f"{letter}{number}") for number in range(MOST_TOKENS))) for letter in "ab"
    )
    assert either_of([one]) == one
    assert either_of([one, one]) is not None
    assert either_of([one, other]) is None
    assert Sought(one).pages(b"") == []
