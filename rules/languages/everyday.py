"""Common words of a language, which are no other spelling of anything."""

import unicodedata
from collections.abc import Collection, Iterator, Set
from functools import cache, lru_cache
from itertools import chain

from common.packed_texts import LineSet, TextSet
from rules.data.tables import folder, primary, rows, stop_words, words_of
from rules.languages.inflection import (
    alternating,
    doubtful_forms,
    may_have_prefix,
    prefixes,
    stems,
)

LONGEST_SMALL = 3
"""Words of so few letters may stand inside a name: ben, van, von."""

_TABLES = ("small_words.tsv", "false_friends.tsv")
_FURTHER = ("further", "frequent")
_WRITTEN_AS = {"nb": "no"}


@cache
def everyday_words(language: str) -> Set[str]:
    """Return the most common words of a language that are no names, folded; none if not known."""
    return LineSet(everyday_lines(language))


def is_small(written: str, language: str, written_in: Collection[str] = ("en",)) -> bool:
    """Whether a word is surely one of a language that is known, though others have such words.

    It may stand inside keywords, or says little else, as pronouns, adverbs and numbers do. Its
    marks count: puțin is small in Romanian, and no Putin.

    Args:
        written_in: The languages of what else it may be; of English, a false friend counts: gift.
    """
    if not language:
        return False
    word = _settled(written)
    return word in _small_words(language) or ("en" in written_in and word in _friends(language))


@cache
def english_words() -> frozenset[str]:
    """Return words of English, in small letters, that the lexicon has in other languages only."""
    return frozenset(words_of("english_words.tsv", "en"))


def is_small_somewhere(written: str) -> bool:
    """Whether it is such a word of any language."""
    return _settled(written) in _every_small_word()


@cache
def _small_words(language: str) -> frozenset[str]:
    return stop_words(language).union(_words("small_words.tsv", language))


@cache
def _friends(language: str) -> frozenset[str]:
    return frozenset(_words("false_friends.tsv", language))


def _words(table: str, language: str) -> Iterator[str]:
    return map(_settled, words_of(table, primary(_WRITTEN_AS.get(language, language))))


@cache
def _every_small_word() -> Set[str]:
    lines = (line for table in _TABLES for _, line in rows(table))
    words = (_settled(word) for line in lines for word in line.split())
    return TextSet(chain(stop_words(), words))


def _settled(word: str) -> str:
    return unicodedata.normalize("NFC", word).casefold()


@cache
def further_words(language: str) -> Set[str]:
    """Return words of a language, folded, that are no names either: rarer, or international.

    Other spellings of those are to be found, so they are not among the most common ones.
    """
    return TextSet(chain.from_iterable(_lines(of, language).split() for of in _FURTHER))


def everyday_lines(language: str) -> str:
    """Return the most common words, a line each."""
    return _lines("common", language)


def _lines(of: str, language: str) -> str:
    code = primary(_WRITTEN_AS.get(language, language))
    table = folder().joinpath(of, f"{code}.txt")
    return table.read_text(encoding="utf-8") if table.is_file() else ""


@cache
def borrowed_words(language: str) -> frozenset[str]:
    """Return short English words that a language has, too, and not among its most common, folded.

    Their forms are among those: filmach.
    """
    return frozenset(words_of("borrowed_words.tsv", primary(_WRITTEN_AS.get(language, language))))


@cache
def place_names(language: str) -> frozenset[str]:
    """Return the words that name places in a language without capitals, folded."""
    code = primary(_WRITTEN_AS.get(language, language))
    return frozenset(words_of("place_names.tsv", code))


def is_everyday(written: str, folded: str, language: str) -> bool:
    """Whether a word of a text is surely a common word of its language, and so no name.

    Not a small one; nor any in a script without capitals, where a name may look like one.
    """
    is_long = len(folded) > LONGEST_SMALL
    return is_long and written[:1].islower() and folded in everyday_words(language)


@lru_cache(maxsize=20_000)
def is_form_of_everyday(written: str, folded: str, language: str) -> bool:
    """Whether it is a common word with an ending, or with what the language writes onto it."""
    known = everyday_words(language)
    return bool(known) and not written[:1].isupper() and _is_form(folded, known, language)


@lru_cache(maxsize=2_000)
def is_form_of_further(folded: str, language: str) -> bool:
    """Whether it is one of a language's further words so."""
    return _is_form(folded, further_words(language), language)


def _is_form(folded: str, known: Set[str], language: str) -> bool:
    bare = [folded]
    if folded and may_have_prefix(folded):
        bare += [folded[len(each) :] for each in prefixes(language) if folded.startswith(each)]
    endings = alternating(language)
    return any(stem in known for word in bare if word for stem, _ in stems(word, endings))


def is_doubtful_form(form: str, word: str, language: str, *, is_known: bool) -> bool:
    """Whether a word that begins with three letters of another one is hardly a form of it.

    Args:
        form, word: Folded.
        is_known: Whether lists have the word, so that somebody counted what is none of its forms.
    """
    everyday = everyday_words(language)
    if form not in everyday:
        return False
    doubtful = doubtful_forms(language)
    if doubtful is None or form in doubtful.get(word, ()):
        return True
    return not is_known and word not in everyday
