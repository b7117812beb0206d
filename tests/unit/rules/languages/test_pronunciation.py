"""How names are said: by the list, and by the way languages read."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bench.making import english_names
from rules.data.tables import rows
from rules.languages.phonemes import hear_ahead, phoneme_text, phonemes_of, phonemes_of_all
from rules.languages.pronunciation import is_heard_as, pronunciations, read_ahead
from rules.languages.transcribed import pieces_of


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Gates", "geits"),
        ("Rousselot", "rousselo"),
        ("Cotillard", "kotillar"),
        ("Wojciechowski", "voichiekhovski"),
        ("Prpic", "prpich"),
        ("Teague", "tigu"),
        ("Trump", "tramp"),
        ("Tiger", "taiger"),
        ("Chase", "cheis"),
        ("McKinney", "makini"),
        ("Thurmond", "sermond"),
    ],
)
def test_a_name_is_said_as_it_is_listed_or_as_languages_read_it(name: str, said: str) -> None:
    assert said in pronunciations(name)


def test_each_listed_name_is_said_so_and_no_other_that_begins_or_ends_like_it() -> None:
    listed = {name: said.split() for name, said in rows("pronunciations.tsv") if len(name) > 2}
    assert all(read_ahead([name]) == said for name, said in listed.items())
    assert read_ahead(["gates"]) == ["geits"]
    assert "geits" not in [*read_ahead(["gate"]), *read_ahead(["ates"]), *read_ahead(["gatess"])]


def test_common_words_of_english_are_said_only_when_they_are_listed_as_names() -> None:
    assert pronunciations("Convention") == ()
    assert pronunciations("White") == ("uait",)


def test_what_has_other_vowels_is_not_heard_anyway() -> None:
    assert is_heard_as("Meloni", "meloni")
    assert not is_heard_as("Trump", "tramp")


@pytest.mark.parametrize(
    ("name", "sounds", "ways"),
    [
        ("trump", "T R AH1 M P", ["tramp"]),
        ("wade", "W EY1 D", ["ueid"]),
        ("thea", "TH IY1 AH0", ["tia", "sia"]),
        ("marlow", "M AA1 R L OW0", ["marlou"]),
        ("robin", "R AA1 B IH0 N", ["robin"]),
        ("dexter", "D EH1 K S T ER0", ["dekster"]),
        ("taylor", "T EY1 L ER0", ["teilor"]),
        ("bryan", "B R AY1 AH0 N", ["braian"]),
        ("hadley", "HH AE1 D L IY0", ["hadli"]),
    ],
)
def test_a_name_is_said_by_its_sounds_and_the_letters_of_its_vowels(
    name: str, sounds: str, ways: list[str]
) -> None:
    assert english_names.said(name, sounds.split()) == ways


def test_no_name_of_the_dictionary_begins_as_dutch_alone_says_it() -> None:
    hard = [
        line for line in rows("english_names.tsv") if line[0][0] == "g" and line[0][1] not in "eiy"
    ]
    assert len(hard) > 150
    assert not [name for name, ways in hard if "kh" in {way[:2] for way in ways.split()}]


def test_what_is_heard_anyway_is_not_said_again() -> None:
    assert pronunciations("Meloni") == ()
    assert pronunciations("Putin") == ()


names = st.lists(st.text("aeiousczthgnrlwjpkm", min_size=1, max_size=9).map(str.capitalize))


@given(names)
@example(["Mille", "Stein", "Cotillard", "Rousselot", "Gates", "White", "Wojciechowski"])
@example(["Prpic", "Nille", "Spitz", "Gatz", "Bourgeois", "Cecilia", "Vogt", "Sy"])
def test_names_that_are_read_together_are_said_as_each_is_alone(names: list[str]) -> None:
    read_ahead(())
    pronunciations.cache_clear()
    alone = [pronunciations(name) for name in names]
    read_ahead(names)
    pronunciations.cache_clear()
    assert [pronunciations(name) for name in names] == alone


words = st.lists(st.text("aeiouszchgkJñłшчяйכםשتحまゆトनம한국ย김", min_size=1, max_size=7))


@given(words, st.sampled_from(["", "en", "sq", "lv", "ru", "hr"]))
@example(["Szczecin", "Москва", "Шшш", "", "מקרון", "トランプ", "Anna", "Nna", "A1", "7"], "sq")
@example(["Jelzin", "Djordje", "Џон", "ыйй"], "")
def test_words_that_are_heard_together_sound_as_each_does_alone(
    words: list[str], language: str
) -> None:
    def all_of(word: str) -> tuple[object, ...]:
        phonemes = phonemes_of(word, language)
        return phonemes.text, phonemes.weight, phonemes.profile

    hear_ahead(())
    phonemes_of.cache_clear()
    alone = [all_of(word) for word in words]
    together = phonemes_of_all(words, language)
    heard = [together[word] for word in words]
    assert [(each.text, each.weight, each.profile) for each in heard] == alone
    hear_ahead(words)
    phonemes_of.cache_clear()
    assert [all_of(word) for word in words] == alone


def test_han_characters_say_a_name_from_where_they_begin() -> None:
    (piece,) = pieces_of("总统默克尔说")
    assert piece.phonemes.text == phoneme_text("merkl")
    assert piece.start == 2
    assert piece.ends[len(piece.phonemes.text)] == 5


def test_a_word_that_may_stand_before_a_name_is_none_of_its_characters() -> None:
    assert [piece.start for piece in pieces_of("因默克尔")] == [0, 1]
    assert [piece.start for piece in pieces_of("总理默克尔")] == [1, 2]


def test_a_name_in_han_characters_ends_where_a_character_does() -> None:
    (piece,) = pieces_of("佩林")
    assert piece.phonemes.text == "pelin"
    assert [count for count in range(1, 6) if piece.may_end(count)] == [2, 5]
