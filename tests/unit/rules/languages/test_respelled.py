"""How languages sound that spell the names of foreigners anew in Latin letters."""

import pytest

from rules.languages.phonemes import phoneme_text, phonemes_of


@pytest.mark.parametrize(
    ("language", "written", "heard"),
    [
        ("sq", "Xhorxh", "dzhordzh"),
        ("sq", "Sançez", "sanchez"),
        ("az", "Corc", "dzhordzh"),
        ("az", "Yunker", "iunker"),
        ("lv", "Šolcs", "sholtss"),
        ("lv", "Džonsons", "dzhonsons"),
        ("sr", "Đorđa", "dzhordzha"),
        ("sr", "Junker", "iunker"),
        ("tr", "Çelik", "chelik"),
        ("", "Corc", "kork"),
        ("hu", "Scserbakov", "shcherbakov"),
        ("hu", "Zelenszkij", "zelenskiy"),
        ("sv", "Sjtjerbakov", "shcherbakov"),
        ("sv", "Hontjarenko", "honcharenko"),
        ("sv", "Tatjana", "tatiana"),
        ("no", "Zjukov", "zhukov"),
        ("nl", "Joeri", "yuri"),
        ("de", "Charitonow", "kharitonov"),
        ("pl", "Sierow", "serov"),
        ("cs", "Jelena", "yelena"),
        ("it", "Michajlov", "mikhaylov"),
        ("ro", "Ciubarov", "chubarov"),
        ("es", "Jatami", "khatami"),
        ("fr", "Cheveliova", "cheveleva"),
        ("az", "Xəlil", "khalil"),
        ("", "Ljudmila", "liudmila"),
        ("", "Solovyov", "solovev"),
    ],
)
def test_latin_letters_are_read_as_their_language_reads_them(
    language: str, written: str, heard: str
) -> None:
    assert phonemes_of(written, language).text == phoneme_text(heard)


def test_what_is_only_said_counts_where_names_are_spelled_anew() -> None:
    assert phonemes_of("Trudo", "sq").profile.is_foreign
    assert not phonemes_of("Trudo", "de").profile.is_foreign
    assert not phonemes_of("Trudo", "tr").profile.is_foreign
