"""Dictionaries on the machine as a lexicon; the tests write their own."""

import logging
from pathlib import Path

import pytest

from monitor.lexicons.dictionaries import Dictionaries, find, fingerprint
from rules.lexicons.api import Form
from tests.dictionary_files import write_dictionary, write_edict


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "dictd"


def forms(folder: Path, term: str) -> dict[tuple[str, str], Form]:
    lexicon = Dictionaries(find([folder]), folder.parent / "cache")
    return {(form.language, form.text): form for form in lexicon.forms(term)}


@pytest.fixture
def small(folder: Path) -> Path:
    """English and Swedish both ways, Hungarian to English only, German to French."""
    write_dictionary(
        folder,
        "freedict-eng-swe",
        {
            "dam <n>\n": "",
            "drought //x// <n>": "torka, torrperiod\nA period without rain.",
            "strike //x// <n>": "1. strejk\nA stop of work.\n2. slag\nA blow.",
            "strike //x// <v>": "slå",
            "bird flu <n>": "fågelinfluensa",
        },
    )
    write_dictionary(
        folder,
        "freedict-swe-eng",
        {"strejk /x/": "strike", "torka /x/": "drought", "slag /x/": "1. blow\n2. battle\n3. hit"},
        packed=False,
    )
    write_dictionary(
        folder,
        "freedict-hun-eng",
        {"aszály /x/": "drought", "madárinfluenza /x/": "bird flu, avian influenza"},
    )
    write_dictionary(folder, "freedict-eng-deu", {"bird flu /x/": "Vogelgrippe <fem>"})
    write_dictionary(folder, "freedict-deu-eng", {"Vogelgrippe <fem>": "bird flu"})
    write_dictionary(folder, "freedict-deu-fra", {"Vogelgrippe <fem>": "grippe aviaire"})
    write_dictionary(folder, "freedict-eng-spa", {"avian influenza /x/": "gripe aviar"})
    return folder


def test_a_term_is_found_in_the_direction_of_the_dictionary(small: Path) -> None:
    form = forms(small, "drought")["sv", "torka"]
    assert form == Form("sv", "torka", "freedict-eng-swe", 0.92)


def test_dictionaries_into_english_are_read_backwards(small: Path) -> None:
    form = forms(small, "drought")["hu", "aszály"]
    assert form.source == "freedict-hun-eng"
    assert form.score < 0.9


def test_a_word_that_mainly_means_something_else_is_ambiguous(small: Path) -> None:
    found = forms(small, "strike")
    assert not found["sv", "strejk"].ambiguous
    assert found["sv", "slag"].ambiguous


def test_what_a_noun_is_called_as_a_verb_does_not_count(small: Path) -> None:
    assert ("sv", "slå") not in forms(small, "strike")


def test_a_word_of_another_language_that_means_just_the_term_leads_on(small: Path) -> None:
    found = forms(small, "bird flu")
    assert found["fr", "grippe aviaire"].source == "freedict-deu-fra"
    assert not found["fr", "grippe aviaire"].ambiguous


def test_other_names_of_the_term_are_looked_up_too(folder: Path) -> None:
    write_dictionary(folder, "freedict-eng-spa", {"avian influenza /x/": "gripe aviar"})
    write_dictionary(folder, "freedict-eng-fin", {"bird flu /x/": "lintuinfluenssa"})
    write_dictionary(
        folder, "freedict-fin-eng", {"lintuinfluenssa /x/": "avian influenza, bird flu"}
    )
    write_dictionary(folder, "freedict-fin-swe", {"lintuinfluenssa /x/": "fågelinfluensa"})
    assert ("es", "gripe aviar") in forms(folder, "bird flu")


def test_a_term_in_the_plural_is_looked_up_in_the_singular(small: Path) -> None:
    assert ("sv", "torka") in forms(small, "droughts")


def test_two_words_are_looked_up_as_one(folder: Path) -> None:
    write_dictionary(folder, "freedict-eng-swe", {"cybersecurity /x/": "cybersäkerhet"})
    assert ("sv", "cybersäkerhet") in forms(folder, "cyber security")


def test_a_term_in_another_language_goes_through_its_own_dictionaries(small: Path) -> None:
    found = forms(small, "Vogelgrippe")
    assert ("fr", "grippe aviaire") in found
    assert ("en", "bird flu") in found


def test_a_term_in_another_language_goes_through_english_where_it_must(small: Path) -> None:
    form = forms(small, "strejk")
    write_dictionary(small, "freedict-eng-pol", {"strike /x/": "strajk"})
    assert ("pl", "strajk") not in form
    form = forms(small, "strejk")
    assert form["pl", "strajk"].ambiguous


def test_a_name_that_is_a_common_word_without_its_capital_is_ambiguous(folder: Path) -> None:
    write_dictionary(folder, "freedict-eng-swe", {"shell /x/": "skal, snäckskal"})
    assert forms(folder, "Shell")["sv", "snäckskal"].ambiguous
    assert not forms(folder, "shell")["sv", "snäckskal"].ambiguous


def test_three_letters_are_ambiguous(folder: Path) -> None:
    write_dictionary(folder, "freedict-eng-swe", {"law /x/": "lag, lagstiftning"})
    found = forms(folder, "law")
    assert found["sv", "lag"].ambiguous
    assert not found["sv", "lagstiftning"].ambiguous


def test_chinese_and_japanese_are_found_by_their_english_meaning(folder: Path) -> None:
    write_dictionary(folder, "cc-cedict", {"地震": "[dì zhèn]\nearthquake"})
    write_edict(folder.parent / "edict", ["台風 [たいふう] /(n) typhoon/hurricane/EntL1/"])
    assert ("zh", "地震") in forms(folder, "earthquake")
    assert ("ja", "台風") in forms(folder, "typhoon")


@pytest.mark.parametrize("term", ["", "the", "nobody knows this", "a b c d e f", "!", "\0"])
def test_an_unknown_term_gives_nothing(small: Path, term: str) -> None:
    assert forms(small, term) == {}


def test_the_order_is_always_the_same(small: Path) -> None:
    lexicons = [Dictionaries(find([small]), small.parent / f"cache{n}") for n in (1, 2)]
    assert list(lexicons[0].forms("strike")) == list(lexicons[1].forms("strike"))


def test_a_damaged_dictionary_is_told_of_once_and_left_out(
    small: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (small / "freedict-eng-swe.dict.dz").write_bytes(b"\x1f\x8b\x08\x04 no more than this")
    lexicon = Dictionaries(find([small]), small.parent / "cache")
    with caplog.at_level(logging.WARNING):
        texts = {form.text for term in ("drought", "bird flu") for form in lexicon.forms(term)}
    assert "aszály" in texts
    assert len(caplog.records) == 1


def test_without_a_folder_to_write_to_the_rest_is_found(
    small: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (small.parent / "file").write_text("no folder")
    lexicon = Dictionaries(find([small]), small.parent / "file")
    with caplog.at_level(logging.WARNING):
        assert "torka" in {form.text for form in lexicon.forms("drought")}


def test_dictionaries_of_unknown_languages_and_names_are_left_alone(folder: Path) -> None:
    for name in ("freedict-eng-xxx", "wordnet", "freedict-nno-nob"):
        write_dictionary(folder, name, {"a": "b"})
    (folder / "freedict-eng-swe.index").write_bytes(b"")  # its text is missing
    assert find([folder, folder / "nowhere"]) == ()


def test_the_fingerprint_changes_when_a_dictionary_comes(small: Path) -> None:
    before = fingerprint(find([small]))
    write_dictionary(small, "freedict-eng-nor", {"drought /x/": "tørke"})
    assert fingerprint(find([small])) != before
    assert fingerprint(()) == ""


def test_what_is_made_is_made_anew_when_a_dictionary_comes_and_the_old_is_removed(
    small: Path,
) -> None:
    forms(small, "drought")
    before = {path.name for path in (small.parent / "cache").glob("*.index")}
    write_dictionary(small, "freedict-slv-eng", {"suša /x/": "drought"})
    assert ("sl", "suša") in forms(small, "drought")
    after = {path.name for path in (small.parent / "cache").glob("*.index")}
    assert len(after) == 1
    assert after.isdisjoint(before)


def test_no_file_stays_open_after_a_term_was_looked_up(small: Path) -> None:
    lexicon = Dictionaries(find([small]), small.parent / "cache")
    assert list(lexicon.forms("drought"))
    kept = [link for link in Path("/proc/self/fd").iterdir() if link.exists()]
    assert not [link for link in kept if "dict" in link.readlink().name]
