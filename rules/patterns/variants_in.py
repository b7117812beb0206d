"""In which languages a rule's words and variants count, and whether their marks do."""

from rules.data.tables import has_tones
from rules.patterns.pattern import EVERYWHERE, Via
from storage.model import Variant

Languages = tuple[str, ...]
"""The language that a rule is written in, or the few that it may be of."""


def tonal(written_in: Languages) -> str:
    """Return the language of a rule if its marks make other words of words; else ""."""
    (language, *others) = written_in or ("",)
    return language if has_tones(language) and not others else ""


def via_of(variant: Variant) -> Via:
    """Return how a variant stands for words, and where it counts."""
    everywhere = variant.kind == "name" or not variant.language
    languages = EVERYWHERE if everywhere else frozenset({variant.language})
    return Via(variant.text, variant.score, languages, has_tones(variant.language))


def either(one: Via, other: Via) -> Via:
    """Return the variant that two are which say the same in two languages."""
    everywhere = EVERYWHERE in (one.languages, other.languages)
    languages = EVERYWHERE if everywhere else one.languages | other.languages
    return one._replace(languages=languages, toned=one.toned and other.toned)


def known_in(variant: Variant) -> frozenset[str]:
    """Return the language in which a list says what a word is called."""
    return frozenset({variant.language} - {""})
