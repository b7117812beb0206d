"""In which languages a rule's words and variants count, and whether their marks do."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from rules.data.tables import has_tones
from rules.patterns.fuzzy_patterns import is_lone_name
from rules.patterns.kept_variants import Alike
from rules.patterns.name_patterns import is_particle
from rules.patterns.pattern import EVERYWHERE, Via
from rules.patterns.variants import Outlined, counts, is_known_name
from rules.query.terms import content, has_one_word
from rules.query.tree import Keyword, Term
from storage.model import Variant, VariantState
from storage.variant_groups import VariantGroup, each_of, languages_of

Languages = tuple[str, ...]
"""The language that a rule is written in, or the few that it may be of."""


def tonal(written_in: Languages) -> str:
    """Return the language of a rule if its marks make other words of words; else ""."""
    (language, *others) = written_in or ("",)
    return language if has_tones(language) and not others else ""


def via_of(variant: Variant) -> Via:
    """Return how a variant stands for words, and where it counts."""
    everywhere = variant.kind == "name" or not variant.language
    languages = EVERYWHERE if everywhere else _together((frozenset({variant.language}),))
    is_begun = variant.kind == "word" and variant.text.endswith("-")
    return Via(variant.text, variant.score, languages, has_tones(variant.language), is_begun)


def either(one: Via, other: Via) -> Via:
    """Return the variant that two are which say the same in two languages."""
    if one.is_begun:  # the other one says more
        one, other = other, one
    everywhere = EVERYWHERE in (one.languages, other.languages)
    languages = EVERYWHERE if everywhere else one.languages | other.languages
    return one._replace(languages=languages, toned=one.toned and other.toned)


Known = Mapping[str, frozenset[str]]
"""The languages in which lists say what a word is called, by the word, folded."""


_Said = Outlined | VariantGroup | Alike


def known_of(term: Term, variants: Iterable[_Said]) -> Known:
    """Return in which languages lists have the words of a topic; nothing for other terms.

    What is all in capitals is a name, whose words are not meant as lists have them: City is none
    of Manchester City, nor van one of Ludwig van Beethoven. In a topic (Ukraine war) a word with a
    capital is known as a name.

    Args:
        variants: Its variants, or the same in groups.
    """
    if not isinstance(term, Keyword):
        return {}
    own_words = content(term.text)
    is_lone = is_lone_name(own_words)
    if not is_lone and not any(word.text.islower() and not is_particle(word) for word in own_words):
        return {}
    every = tuple(variants)
    if not every:
        return {}
    kept = [variant for variant in every if variant.state != VariantState.REJECTED]
    if is_lone:
        return {own_words[0].folded: _said_in(term.text, kept)}
    by_words: dict[str, list[_Said]] = {}
    for variant in kept:
        by_words.setdefault(variant.of, []).append(variant)
    alone: dict[str, list[_Said]] = {}
    for of, some in by_words.items():
        is_all = len(own_words) == 1 or (of and of != term.text)
        of_words = content(of or term.text) if is_all else ()
        if len(of_words) == 1:
            alone.setdefault(of_words[0].folded, []).extend(some)
    return {word.folded: _known_in(word.text, alone.get(word.folded, [])) for word in own_words}


def _said_in(text: str, variants: Sequence[_Said]) -> frozenset[str]:
    """Return the languages in which lists have a word for a keyword of one word.

    For a name only another name counts, and what it is called for short: to a list that has
    Macédoine du Nord alone, Macédoine is not known.
    """
    whole = [variant for variant in variants if variant.of in ("", text)]
    if is_known_name(text, variants):
        whole = [variant for variant in whole if variant.kind == "name" and counts(variant, "all")]
    return frozenset().union(*map(_in_one_word, whole)) - {""}


def _in_one_word(variant: _Said) -> frozenset[str]:
    """Return the language of a variant of one word, or the languages of those of a group."""
    if isinstance(variant, Alike):
        return variant.in_one_word
    if isinstance(variant, VariantGroup):
        return _those_of_one_word(variant.said)
    return frozenset({variant.language}) if len(content(variant.text)) == 1 else frozenset()


@lru_cache(maxsize=200)
def _those_of_one_word(said: str) -> frozenset[str]:
    return frozenset(language for language, text in each_of(said) if has_one_word(text))


def _known_in(written: str, variants: Sequence[_Said]) -> frozenset[str]:
    if not written.islower():
        variants = [variant for variant in variants if variant.kind == "name"]
    return _together((frozenset().union(*map(_in_languages, variants)) - {""},))


def _in_languages(variant: _Said) -> frozenset[str]:
    """Return the language of a variant, or the languages of those of a group."""
    if isinstance(variant, Alike):
        return variant.languages
    if isinstance(variant, VariantGroup):
        return _languages_of(variant.said)
    return frozenset({variant.language})


def know_languages(of: Iterable[tuple[str, frozenset[str]]]) -> None:
    """Know the languages of what groups say, since for these `known_of` is asked next."""
    _known_before.clear()
    _known_before.update(of)


_known_before: dict[str, frozenset[str]] = {}
"""What `know_languages` was told the last time."""


def _languages_of(said: str) -> frozenset[str]:
    known = _known_before.get(said)
    return languages_of(said) if known is None else known


@lru_cache(maxsize=1_000)
def _together(every: tuple[frozenset[str], ...]) -> frozenset[str]:
    """Return the same for equal ones: rules share words, and lists have most in all languages."""
    return frozenset().union(*every)
