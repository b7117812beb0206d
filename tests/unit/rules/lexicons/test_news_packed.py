"""The packed lexicon says what its lines say."""

import pytest

from rules.lexicons.news_packed import DamagedLexiconError, PackedNews, pack
from rules.lexicons.news_source import Concept

FLOOD = Concept("flood", "noun", "-", {"en": ("flood", "flooding"), "sv": ("översvämning",)})
ELECTION = Concept("election", "noun", "-", {"en": ("election",), "sv": ("~val",)})
WHALE = Concept("whale", "noun", "animal", {"en": ("whale",), "sv": ("val",), "de": ("Wal",)})
WHO = Concept("who", "institution", "-", {"en": ("World Health Organization", "@WHO", "&WHO's")})
PACKED = pack([FLOOD, ELECTION, WHALE, WHO], signature="made of these")


def test_a_form_names_its_concept_whatever_its_case_and_composition() -> None:
    packed = PackedNews(PACKED)
    assert [named.concept for named in packed.named("flooding")] == [FLOOD]
    assert [named.concept for named in packed.named("ÖVERSVÄMNING")] == [FLOOD]
    assert [named.concept for named in packed.named("o\u0308versva\u0308mning")] == [FLOOD]
    assert packed.named("who")[0] == (WHO, "@", False)
    assert packed.named("floo") == packed.named("") == packed.named("-") == []


def test_a_form_of_several_concepts_names_all_with_its_sign() -> None:
    assert [(e.concept.id, e.sign) for e in PackedNews(PACKED).named("val")] == [
        ("election", "~"),
        ("whale", ""),
    ]


def test_the_first_of_several_forms_that_is_known_says_what_they_name() -> None:
    packed = PackedNews(PACKED)
    assert [named.concept for named in packed.first_named(["flo oding", "Flooding", "val"])] == [
        FLOOD
    ]
    assert [named.concept for named in packed.first_named(["val", "Wal"], ("de",))] == [WHALE]
    assert packed.first_named(["val", "Wal"], ("fr",)) == packed.first_named([]) == []
    assert [named.concept for named in packed.first_folded(["flod", "oversvamning"])] == [FLOOD]


def test_names_and_acronyms_stand_for_each_other_but_adjectives_do_not() -> None:
    names = PackedNews(PACKED).names
    assert names["WHO"] == ("World Health Organization",)
    assert names["World Health Organization"] == ("WHO",)
    assert set(names) == {"WHO", "World Health Organization"}


def test_its_edition_changes_with_a_form_and_not_with_what_it_was_made_of() -> None:
    packed = PackedNews(PACKED)
    assert packed.signature == "made of these"
    assert len(packed) == 4
    assert PackedNews(pack([FLOOD, ELECTION, WHALE, WHO], signature="")).edition == packed.edition
    assert PackedNews(pack([FLOOD, ELECTION, WHALE], signature="")).edition != packed.edition


@pytest.mark.parametrize("data", [b"", b"x" * 100, PACKED[:-1], PACKED + b"\0", PACKED[1:]])
def test_bytes_that_are_damaged_are_refused(data: bytes) -> None:
    with pytest.raises(DamagedLexiconError):
        PackedNews(data)


def test_a_crc_that_two_forms_share_names_only_its_own() -> None:
    plumless = Concept("a", "noun", "-", {"en": ("plumless",)})
    assert PackedNews(pack([plumless], signature="")).named("buckeroo") == []
