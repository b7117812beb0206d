"""The words of a text lead to the concepts that they name in its language."""

import mmap
from itertools import islice
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import pytest

from common.stems import SPACELESS, beginnings, shortened
from rules.lexicons import concepts as concepts_module
from rules.lexicons.concepts import Concepts, Keys, pack_concepts
from rules.lexicons.news_source import SIGNS, Concept, lines
from rules.lexicons.story_words import WORD
from rules.text.folding import fold

FLOOD = Concept(
    "flood", "noun", "-", {"en": ("flood", "flood of people"), "zh": ("洪水", "大洪水")}
)
WHO = Concept("who", "institution", "-", {"en": ("@WHO",)})
PLACE = Concept("place", "noun", "-", {"en": ("~place",), "nl": ("plek",)})
KILL = Concept("kill", WORD, "-", {"en": ("kill",), "de": ("attackieren",)})
CONCEPTS = Concepts(pack_concepts([FLOOD, WHO, PLACE, KILL]))
NUMBERS = {
    each.id: crc32(each.id.encode()) & ~1 | (each in (PLACE, KILL))
    for each in (FLOOD, WHO, PLACE, KILL)
}


def key(language: str, *words: str) -> Keys:
    keys = CONCEPTS.hashes_of([language])
    for word in words:
        keys = CONCEPTS.with_words(keys, CONCEPTS.hashes_of([word]))
    return keys


def key_of_signs(language: str, signs: str) -> Keys:
    keys = key(language)
    for sign in signs:
        keys = CONCEPTS.with_signs(keys, np.array([ord(sign)], dtype=np.uint32))
    return keys


def named(keys: Keys) -> list[tuple[int, bool, int]]:
    found = CONCEPTS.named(CONCEPTS.places(keys))
    columns = (found.numbers.tolist(), found.is_acronym.tolist(), found.lengths.tolist())
    return [*zip(*columns, strict=True)]


def test_a_word_names_its_concept_in_its_own_language() -> None:
    assert named(key("en", "floo")) == [(NUMBERS["flood"], False, 5)]
    assert CONCEPTS.places(key("sv", "floo")).tolist() == [-1]
    assert CONCEPTS.places(key("en", "nothing")).tolist() == [-1]


def test_words_in_a_row_name_what_their_form_does() -> None:
    assert named(key("en", "floo", "of", "peop")) == [(NUMBERS["flood"], False, 6)]
    assert named(key("en", "floo", "of")) == []
    assert (
        named(key_of_signs("zh", "洪水"))
        == named(key_of_signs("zh", "大洪水"))
        == [(NUMBERS["flood"], False, 0)]
    )


def test_a_form_is_known_by_the_beginning_that_a_longer_word_has() -> None:
    """Of flood four letters are left, of flooding five."""
    assert named(key("en", "floo")) == named(key("en", "flood")) == [(NUMBERS["flood"], False, 5)]
    assert CONCEPTS.places(key("en", "wh")).tolist() == [-1]


def test_what_says_little_alone_is_odd() -> None:
    assert [number for number, _, _ in named(key("nl", "plek"))] == [NUMBERS["place"]]
    event = Concept("event", "noun", "-", {"en": ("+event", "~happening")})
    general = event._replace(forms={"en": ("event", "+happening")})
    special = event._replace(forms={"en": ("*event",)})
    for concept, is_general in ((event, 1), (general, 0), (special, 0)):
        concepts = Concepts(pack_concepts([concept]))
        keys = concepts.with_words(concepts.hashes_of(["en"]), concepts.hashes_of(["even"]))
        assert concepts.named(concepts.places(keys)).numbers % 2 == [is_general]
    assert {id_: number & 1 for id_, number in NUMBERS.items()} == {
        "flood": 0,
        "who": 0,
        "place": 1,
        "kill": 1,
    }


@pytest.mark.parametrize(
    ("keys", "longest"),
    [
        pytest.param(key("en", "floo"), 3, id="of one word"),
        pytest.param(key("en", "floo", "of"), 3, id="of two words"),
        pytest.param(key("en", "floo", "of", "peop"), 0, id="nothing begins with the longest"),
        pytest.param(key("en", "floo", "and"), 0, id="unknown"),
        pytest.param(key_of_signs("zh", "大洪"), 3, id="of two signs"),
        pytest.param(key_of_signs("zh", "洪水"), 0, id="signs that begin nothing longer"),
    ],
)
def test_a_beginning_says_how_long_the_longest_form_is(keys: Keys, longest: int) -> None:
    assert CONCEPTS.longest(CONCEPTS.places(keys)).tolist() == [longest]


def test_acronyms_are_marked() -> None:
    assert named(key("en", "who")) == [(NUMBERS["who"], True, 3)]


def test_many_are_looked_up_at_once() -> None:
    keys = np.concatenate((key("en", "who"), key("en", "nothing"), key("en", "floo")))
    known = CONCEPTS.places(keys)
    assert (known >= 0).tolist() == [True, False, True]
    found = CONCEPTS.named(known[known >= 0])
    assert (found.counts.tolist(), found.numbers.tolist()) == (
        [1, 1],
        [NUMBERS["who"], NUMBERS["flood"]],
    )


@pytest.mark.skipif(not hasattr(mmap, "MADV_DONTNEED"), reason="the system cannot be told")
def test_of_a_mapped_file_nothing_stays_in_memory_once_many_were_looked_up(tmp_path: Path) -> None:
    path = tmp_path / "packed"
    path.write_bytes(pack_concepts([FLOOD, WHO, PLACE, KILL]))

    class Mapping(mmap.mmap):
        advised = 0

        def madvise(self, *what: int) -> None:
            self.advised += what == (mmap.MADV_DONTNEED,)
            super().madvise(*what)

    with path.open("rb") as file:
        mapping = Mapping(file.fileno(), 0, access=mmap.ACCESS_READ)
    mapped = Concepts(memoryview(mapping)[:])
    flood = key("en", "floo")
    assert mapped.places(flood).tolist() == CONCEPTS.places(flood).tolist()
    assert mapping.advised == 0
    many = np.repeat(flood, concepts_module._MANY)
    for _ in range(2):
        places = mapped.places(many)
        assert set(mapped.named(places).numbers.tolist()) == {NUMBERS["flood"]}
        assert set(mapped.longest(places).tolist()) == {3}
    assert mapping.advised == 6


def test_a_form_may_name_several_concepts() -> None:
    flood = Concept("flood of water", "noun", "-", {"en": ("flood",), "de": ("Flut",)})
    concepts = Concepts(pack_concepts([FLOOD, flood, PLACE]))
    found = concepts.named(concepts.places(np.concatenate((key("en", "floo"), key("nl", "plek")))))
    assert found.counts.tolist() == [2, 1]
    assert found.lengths.tolist() == [5, 5, 4]
    both = {crc32(each.id.encode()) & ~1 for each in (FLOOD, flood)}
    assert {*found.numbers[:2].tolist()} == both
    assert found.numbers[2:].tolist() == [NUMBERS["place"]]


def test_keys_that_begin_alike_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """As few are of a million: here their first 32 bits are the same in all of a language."""
    same = np.uint64(0x00FF_FFFF_0000_0000)
    with_words, keys_of = Concepts.with_words, concepts_module._keys_of_some
    monkeypatch.setattr(Concepts, "with_words", lambda *given: with_words(*given) | same)

    def alike(*given: Any) -> tuple[Any, ...]:
        named, what, begun, longest = keys_of(*given)
        return named | same, what, begun | same, longest

    monkeypatch.setattr(concepts_module, "_keys_of_some", alike)
    words = ("a1", "b2", "c3", "d4")
    concepts = Concepts(
        pack_concepts(Concept(each, "noun", "-", {"en": (each,)}) for each in words)
    )
    keys = concepts.with_words(concepts.hashes_of(["en"] * 5), concepts.hashes_of([*words, "e5"]))
    places = concepts.places(keys).tolist()
    assert sorted(places[:4]) == [0, 1, 2, 3]
    assert places[4] == -1


def test_a_lexicon_without_concepts_knows_nothing() -> None:
    empty = Concepts(pack_concepts([]))
    places = empty.places(key("en", "floo"))
    assert (places.tolist(), empty.longest(places).tolist()) == ([-1], [0])


EVERY_40TH = [*islice(lines(), 0, None, 40)]


def keys_of(language: str, written: str) -> list[Keys]:
    """Return the keys of a form one by one, as they are made of words and signs."""
    folded = fold(written.lstrip(SIGNS))
    words = concepts_module._WORDS.findall(folded)
    if language in SPACELESS:
        return [key_of_signs(language, folded)] if 2 <= len(folded) <= 12 else []
    if len(folded) < 2 or not 1 <= len(words) <= 4:
        return []
    last = [shortened(words[-1])] if written[0] == "@" else beginnings(words[-1])
    return [key(language, *map(shortened, words[:-1]), end) for end in last]


def test_each_form_of_the_lexicon_leads_to_its_concept_and_no_other_key_does() -> None:
    concepts = Concepts(pack_concepts(EVERY_40TH))
    said = {
        (int(each[0]) >> 16, crc32(concept.id.encode()) | 1)
        for concept in EVERY_40TH
        for language, forms in concept.forms.items()
        for written in forms
        for each in keys_of(language, written)
    }
    keys = np.array([key for key, _ in said], dtype=np.uint64) << np.uint64(16)
    found = concepts.named(concepts.places(keys))
    known = {*zip((keys >> 16).repeat(found.counts).tolist(), found.numbers | 1, strict=True)}
    assert known == said
    in_all = concepts.named(np.arange(len(concepts._told))).counts.sum()
    assert in_all >= len(said)


def test_forms_that_are_read_in_several_goes_make_the_same_keys(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    at_once = pack_concepts(EVERY_40TH)
    monkeypatch.setattr(concepts_module, "_AT_ONCE", 1)
    assert pack_concepts(EVERY_40TH) == at_once


@pytest.mark.parametrize(
    ("language", "form"), [("en", "a b c d e"), ("en", "a"), ("en", "!?"), ("zh", "大" * 13)]
)
def test_what_has_too_many_words_or_none_has_no_key(language: str, form: str) -> None:
    x = Concept("x", "noun", "-", {"en": ("ab",)})
    said = {**x.forms, language: (*x.forms.get(language, ()), form)}
    concepts = [Concepts(pack_concepts([x._replace(forms=forms)])) for forms in (x.forms, said)]
    without, with_it = (each.named(np.arange(len(each._told))).numbers for each in concepts)
    assert with_it.tolist() == without.tolist()
