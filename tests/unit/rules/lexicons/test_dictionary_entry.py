"""What entries of dictionaries say, in the formats that are found on machines."""

import pytest

from rules.lexicons.dictionary_entry import clean, read_entry, read_line


@pytest.mark.parametrize(
    ("text", "languages", "heads", "senses"),
    [
        pytest.param(
            "treaty //ˈtɹiːti// <n>\n1. fördrag, traktat 2.\nA pact.\n 3.\nMore.\n2. avtal",
            ("en", "sv"),
            ("treaty",),
            (("fördrag", "traktat"), ("avtal",)),
            id="numbered senses with definitions between",
        ),
        pytest.param(
            "flood //flʌd// <n>\nпаво́док, наводне́ние\nAn overflow of water.",
            ("en", "ru"),
            ("flood",),
            (("паводок", "наводнение"),),
            id="stress marks",
        ),
        pytest.param(
            'flood /flʌd/\nFlut <fem>, Hochwasser <neut> [geogr.]\n      "a flood"  - eine Flut',
            ("en", "de"),
            ("flood",),
            (("Flut", "Hochwasser"),),
            id="gender, domain and an example",
        ),
        pytest.param(
            "flood\n\n   Flut {f}; Überschwemmung {f} /Übschw./;\nHochwasser {n} [geogr.]",
            ("en", "de"),
            ("flood",),
            (("Flut", "Überschwemmung", "Hochwasser"),),
            id="Ding: one sense, wrapped",
        ),
        pytest.param(
            "條約|条约\n[tiáo yuē]\ntreaty (between states)\npact\nCL:個|个[gè]",
            ("zh", "en"),
            ("條約", "条约"),
            (("treaty",), ("pact",)),
            id="CC-CEDICT",
        ),
        pytest.param(
            "strike /straɪk/ <N>\n 1.  a. strajk\n b.\n 2.  uderzenie (in - w)",
            ("en", "pl"),
            ("strike",),
            (("strajk",), ("uderzenie",)),
            id="senses with letters",
        ),
        pytest.param(
            "anlaşma /anɫaʃma/\n1. treaty, pact. come to a treaty  anlaşmak.",
            ("tr", "en"),
            ("anlaşma",),
            (("treaty", "pact"),),
            id="a phrase behind the first sentence",
        ),
        pytest.param(
            "الاتّفاقيّة /x/\nThe treaty", ("ar", "en"), ("اتّفاقيّة",), (("treaty",),), id="articles"
        ),
    ],
)
def test_entries_give_clean_headwords_and_senses(
    text: str, languages: tuple[str, str], heads: tuple[str, ...], senses: tuple[tuple[str, ...]]
) -> None:
    entry = read_entry(text, *languages)
    assert (entry.heads, entry.senses) == (heads, senses)


def test_the_kind_of_word_is_read_from_the_headword() -> None:
    assert read_entry("strike /x/ <v>\nslå", "en", "sv").speech == "v"
    assert read_entry("strike <n, masc>\nstrejk", "en", "sv").speech == "n"
    assert read_entry("strike /n/\nstrejk", "en", "sv").speech == ""


def test_a_line_of_edict_keeps_senses_apart_and_leaves_rare_spellings_out() -> None:
    line = "条約;條約(oK) [じょうやく] /(n) (1) treaty/pact/(2) (obs) promise to sb/EntL1356340X/"
    entry = read_line(line, "ja", "en")
    assert entry.heads == ("条約",)
    assert entry.senses == (("treaty", "pact"),)


@pytest.mark.parametrize(
    ("text", "language", "form"),
    [
        ("to strike", "en", "strike"),
        ("das Abkommen", "de", "Abkommen"),
        ("l' accord", "fr", "accord"),
        ("an agreement between two or more states", "en", ""),
        ("etw. vereinbaren", "de", ""),
        ("vereinbaren", "ru", ""),
        ("iš(si)skyrimas", "lt", ""),
        ("of the", "en", ""),
        ("1,000", "en", ""),
        ("...", "en", ""),
    ],
)
def test_what_is_no_name_of_anything_is_left_out(text: str, language: str, form: str) -> None:
    assert clean(text, language) == form
