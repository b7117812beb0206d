"""Packed names of places: what goes in comes out, and nothing else is taken for it."""

import pytest

from rules.lexicons.names_packed import DamagedNamesError, Name, PackedNames, pack_names

NAMES = [
    Name("b", "sv", "Genève"),
    Name("b", "fr", "Genève"),
    Name("b", "de", "Genf"),
    Name("a", "en", "Geneva (Florida)"),
    Name("a", "it", "Geneve"),
]
PACKED = pack_names(NAMES, signature="made of these")


def test_names_are_found_by_how_they_are_folded_with_the_places_and_their_languages() -> None:
    packed = PackedNames(PACKED)
    assert packed.signature == "made of these"
    assert packed.places("geneve") == {0: 1, 1: 2}
    assert packed.places("genf") == {1: 1}
    assert packed.places("geneva (florida)") == packed.places("") == {}
    assert packed.names(1) == {"Genève": ("fr", "sv"), "Genf": ("de",)}


@pytest.mark.parametrize("damaged", [b"", b"places01", PACKED[:-1], b"x" + PACKED[1:]])
def test_what_is_cut_off_or_of_another_version_is_refused(damaged: bytes) -> None:
    with pytest.raises(DamagedNamesError):
        PackedNames(damaged)
