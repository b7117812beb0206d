"""Word forms: closed lists of endings by language, no dictionary and no stemmer.

Endings stand in paradigms: sets that alternate on one stem. A word of a rule and a word of a
text are forms of one word when both carry endings of one paradigm on the same stem, so that
"plane" never meets "plan". What is not known to be a form is not one.
"""

from collections.abc import Iterator
from functools import cache
from itertools import chain

from common.neighbours import neighbours_of
from rules.data.tables import languages, lines_of, primary, rows, words_of
from rules.languages.phonemes import phonemes_of_all
from rules.text.folding import fold

_ENDINGS, _PREFIXES = "endings.tsv", "prefixes.tsv"
_SHORTEST_STEM = 4
_SHORTEST_OF_A_NAME = 3
_LONGEST_SHORT = 5
_SHORTEST_IN_SCRIPT = {"hangul": 2, "abjad": 3, "indic": 3, "ethiopic": 2}
_SHORTEST_BEFORE_ANOTHER = 2
"""What is written onto a word of Latin letters, as in "HIV에", is no part of it."""
LONGEST_ENDING = 16


@cache
def _paradigms(code: str) -> tuple[tuple[str, ...], ...]:
    """Return the paradigms of a language, folded as words are."""
    written = [line.split() for line in lines_of(_ENDINGS)[code]]
    every = list({ending for endings in written for ending in endings})
    # All at once: there are thousands, and each alone takes longer than it is long.
    folded = dict(zip(every, fold("\n".join(every)).split("\n"), strict=True)) | {"-": ""}
    return tuple(tuple(dict.fromkeys(folded[ending] for ending in endings)) for endings in written)


def _codes(language: str) -> tuple[str, ...]:
    """Return the languages whose endings count: that one, or all when it is not known."""
    code = {"no": "nb"}.get(primary(language), primary(language))
    known = lines_of(_ENDINGS)
    if code in known:
        return (code,)
    return () if code in languages() else tuple(known)


@cache
def paradigms(language: str) -> tuple[tuple[str, ...], ...]:
    """Return the endings of a language that alternate with each other."""
    return tuple(paradigm for code in _codes(language) for paradigm in _paradigms(code))


@cache
def alternating(language: str) -> dict[str, int]:
    """Return, for each ending of a language, a bit each for the paradigms in which it stands.

    Two endings that share a bit alternate. Sets of all that do would take 24 MB where the language
    is not known, since all endings of all languages count there.
    """
    bits: dict[str, int] = {}
    for number, paradigm in enumerate(paradigms(language)):
        for ending in paradigm:
            bits[ending] = bits.get(ending, 0) | 1 << number
    once: dict[int, int] = {}  # one in six has bits that no other has: 2 MB for all languages
    return {ending: once.setdefault(some, some) for ending, some in bits.items()}


def alternate_with(ending: str, language: str) -> Iterator[str]:
    """Yield the endings of a language that alternate with one, itself among them; some twice."""
    return chain.from_iterable(every for every in paradigms(language) if ending in every)


@cache
def own_words(language: str) -> frozenset[str]:
    """Return words of a language that look like forms of others and are none, folded."""
    code = primary(language)
    return frozenset(map(fold, words_of("own_words.tsv", code)))


@cache
def other_words(language: str) -> dict[str, frozenset[str]]:
    """Return, for words of lists, frequent words that look like forms of them and are none.

    Both are folded. Swedish fick (got) is none of ficka (pocket). A language without such a list
    has its neighbours', one that is not known that of any.
    """
    code = {"no": "nb"}.get(primary(language), primary(language))
    table = list(rows("other_words.tsv"))
    own = {code} if any(of == code for of, _, _ in table) else neighbours_of(code)
    found: dict[str, frozenset[str]] = {}
    for of, form, line in table:
        if not code or of in own:
            found[form] = found.get(form, frozenset()).union(line.split())
    return found


@cache
def doubtful_forms(language: str) -> dict[str, frozenset[str]] | None:
    """Return, for words with a stem of three letters, frequent words that are hardly forms of them.

    Both are folded. None where nobody counted; a language without such a list has its neighbours'.
    """
    code = primary(language)
    lines = lines_of("doubtful_forms.tsv")
    own = {code} if code in lines else neighbours_of(code) & lines.keys()
    if not own and not has_short_forms(code):
        return None
    every = (line.split() for each in own for line in lines[each])
    return {word: frozenset(forms) for word, *forms in every}


@cache
def _short_forms(language: str) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return pairs of endings that say enough behind three letters, and what those end in."""
    code = {"no": "nb"}.get(primary(language), primary(language))
    pairs: dict[tuple[str, str], tuple[str, ...]] = {}
    for of, last, line in rows("short_forms.tsv"):
        for pair in line.split() if of == code else ():
            one, other = (fold(ending.strip("-")) for ending in pair.split("="))
            behind = tuple("" if letters == "-" else letters for letters in last.split())
            pairs |= {(one, other): behind, (other, one): behind}
    return pairs


def has_short_forms(language: str) -> bool:
    """Whether a language without cases has endings that say enough behind three letters."""
    return bool(_short_forms(language))


def are_short_forms(stem: str, one: str, other: str, language: str) -> bool:
    """Whether two endings behind three letters are surely those of one word: city, cities.

    No language writes an s of an ending behind an s: less is no form of Les.
    """
    if stem.endswith("s") and "s" in (one[:1], other[:1]):
        return False
    return stem.endswith(_short_forms(language).get((one, other), (" ",)))


def are_forms(folded: str, ending: str, stem: str, language: str, *, is_name: bool) -> bool:
    """Whether a word is a form of a rule's, which is the stem with an ending: according is of none.

    Nor is what is far too frequent, democracy of the Greek Democrats: `other_words`.
    Nor is kanun, where an ending has the vowels of its stem; those of names are heard otherwise.
    Nor is arbetar, works, of arbetare, worker: so that only begins compounds.
    """
    alone, own = own_words(language), stem + ending
    if alone and (folded in alone or own in alone):
        return False
    if folded in other_words(language).get(own, ()):
        return False
    if is_name:
        return True
    may_be = _may_be_joined(stem, folded[len(stem) :], language)
    return may_be and folded != before_others(own, language)


def before_others(word: str, language: str) -> str:
    """Return what a word is in a compound before another one: lärar, of lärare; "" if the same."""
    last, joined = joined_endings().get(primary(language), ("", ""))
    return word.removesuffix(last) + joined if last and word.endswith(last) else ""


@cache
def joined_endings() -> dict[str, tuple[str, str]]:
    """Return how words of a language end, and how they do in a compound before another one."""
    return {language: (last, joined) for language, last, joined in rows("before_others.tsv")}


@cache
def _harmony(language: str) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Return which vowels may follow each, and behind which letters any may."""
    return {
        last: (following, () if any_behind == "-" else tuple(any_behind.split()))
        for of, last, following, any_behind in rows("harmony.tsv")
        if of == primary(language)
    }


def _may_be_joined(stem: str, ending: str, language: str) -> bool:
    vowels = _harmony(language)
    last = next((letter for letter in reversed(stem) if letter in vowels), "")
    first = next((letter for letter in ending if letter in vowels), "")
    if not last or not first:
        return True
    following, any_behind = vowels[last]
    return first in following or stem.endswith(any_behind)


@cache
def all_endings() -> frozenset[str]:
    """Return every ending of every language."""
    every = (paradigm for code in lines_of(_ENDINGS) for paradigm in _paradigms(code))
    return frozenset(ending for paradigm in every for ending in paradigm if ending)


def has_short_stem(text: str, folded: str) -> bool:
    """Whether a word of a rule may keep a stem of three letters only.

    A name may (Рим, в Риме), and so may a word that is no longer with its ending: суд, вода.
    """
    return text[:1].isupper() or len(folded) <= _LONGEST_SHORT


def shortest_stem(word: str, *, named: bool = False) -> int:
    """Return how many letters a stem of this word must keep.

    Args:
        named: Whether it may be shorter, as of a name: `has_short_stem`.
    """
    least = _shortest_stem(word)
    return min(least, _SHORTEST_OF_A_NAME) if named else least


def _shortest_stem(word: str) -> int:
    first = word[:1]
    if "\uac00" <= first <= "\ud7a3":
        return _SHORTEST_IN_SCRIPT["hangul"]
    if first.isascii() and "\uac00" <= word[-1:] <= "\ud7a3":
        return _SHORTEST_BEFORE_ANOTHER
    if "\u0590" <= first <= "\u06ff":
        return _SHORTEST_IN_SCRIPT["abjad"]
    if "\u0900" <= first <= "\u0dff":
        return _SHORTEST_IN_SCRIPT["indic"]
    if "\u1200" <= first <= "\u137f":
        return _SHORTEST_IN_SCRIPT["ethiopic"]
    return _SHORTEST_STEM


def stems(
    word: str, endings: frozenset[str] | dict[str, int], *, named: bool = False
) -> Iterator[tuple[str, str]]:
    """Yield (stem, ending) for each ending that a folded word may carry, "" first.

    Args:
        named: Whether its stem may be shorter, as of a name: `has_short_stem`.
    """
    yield word, ""
    shortest = shortest_stem(word, named=named)
    for length in range(1, min(LONGEST_ENDING, len(word) - shortest) + 1):
        ending = word[-length:]
        if ending in endings:
            yield word[:-length], ending


def bases(word: str, language: str) -> Iterator[str]:
    """Yield what a folded word may be without its ending: the first of each paradigm it fits."""
    for code in _codes(language) if language in languages() else ():
        for first, *others in _paradigms(code):
            for ending in others:
                stem = word.removesuffix(ending) if ending else word
                if ending and stem != word and len(stem) >= shortest_stem(word):
                    yield stem + first


@cache
def prefixes(language: str) -> tuple[str, ...]:
    """Return what a language writes onto the beginning of words, longest first."""
    code = primary(language)
    every = (code,) if code in languages() else lines_of(_PREFIXES)
    written = {fold(prefix) for each in every for prefix in words_of(_PREFIXES, each)}
    return tuple(sorted(written, key=lambda prefix: (-len(prefix), prefix)))


def may_have_prefix(folded: str) -> bool:
    """Whether it is of a script in which stop words are written onto the next one."""
    return "\u0590" <= folded[0] <= "\u08ff" or "\u1200" <= folded[0] <= "\u137f"


@cache
def ending_phonemes(language: str) -> frozenset[str]:
    """Return the endings of a language as sounds, for words written in another way."""
    heard = phonemes_of_all(alternating(language), language).values()
    return frozenset({"", *(phonemes.text for phonemes in heard)})


_FEWEST_READ = 3
"""A shorter acronym is not read as a word."""


def has_endings(acronym: str, language: str) -> bool:
    """Whether a language writes endings onto an acronym with no sign between: ECB가, СПИДом."""
    known = lines_of("acronym_endings.tsv").get(primary(language))
    if known is None:
        return False
    (vowels,) = known
    letters = acronym.lower()
    is_read = any(letter in vowels for letter in letters)
    return vowels == "-" or (is_read and len(letters) >= _FEWEST_READ and letters[-1] not in vowels)
