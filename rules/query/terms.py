"""The words of a term: which of them count, which stand between, which symbols touch them."""

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from functools import lru_cache

from rules.data.tables import (
    Kept,
    kept_words,
    may_write,
    separable,
    stop_words,
    title_words,
    written_on,
)
from rules.languages.everyday import everyday_words
from rules.languages.verbs import says_by_verb
from rules.query.tree import OTHER_FIELDS, Field, Not, Query, Term, children
from rules.text.folding import fold, fold_again
from rules.text.tokenizer import WORD, Word, words

_FIRST_OF_RUNS = "\u0e00"
_TELLING = 3
"""A word of so many letters says which language a keyword is in, when it is a common one."""

_SYMBOLS = "+#@$€£%&"
_CODE = re.compile("[A-Za-z0-9]+(?:-[A-Za-z0-9]+)+")
_REST_OF_IRISH_NAME = re.compile("['’ʼ][A-ZÁÉÍÓÚ]")


def text_terms(query: Query, *, wanted: bool = False) -> Iterator[Term]:
    """Yield the terms that are looked for in title and text, in the order of the query.

    Args:
        wanted: Only those that may stand there, and not what a NOT leaves out.
    """
    is_left_out = wanted and isinstance(query, Not)
    if isinstance(query, Term):
        yield query
    elif not is_left_out and not (isinstance(query, Field) and query.name in OTHER_FIELDS):
        for part in children(query):
            yield from text_terms(part, wanted=wanted)


def content(text: str, language: str = "") -> Sequence[Word]:
    """Return the words of a keyword that count: without stop words before the last one.

    A stop word in capitals (IT, WHO) counts, and so does one at the end (vitamin d), and one
    that belongs to a name (To Lam, Le Pen), which no title would write with a capital.

    Args:
        language: Whose stop words they are; "" if it is not known, for those of any.
    """
    return _content(text, language)


@lru_cache(maxsize=1_000)  # asked for with a language and without one, which is the same
def _content(text: str, language: str) -> Sequence[Word]:
    return counting(text, tuple(words(text)), language)


def has_one_word(text: str) -> bool:
    """Whether one word of a keyword counts; mostly told at a glance."""
    if text.isascii() and text.isalnum():
        return True
    if _is_whole(text):
        return bool(fold_again(text[0]) or fold(text))
    return len(content(text)) == 1


def may_have_several_words(text: str) -> bool:
    """Whether several words of a keyword may count, at a glance."""
    is_plain = text.isalpha() and (text.isascii() or max(text) < _FIRST_OF_RUNS)
    return not (is_plain or _is_whole(text))


def _is_whole(text: str) -> bool:
    first = WORD.match(text)
    return first is not None and first.end() == len(text)


def counting(text: str, every: tuple[Word, ...], language: str) -> Sequence[Word]:
    """Return those of all words of a keyword that count, as `content` does."""
    if len(every) == 1:
        return every
    known = stop_words(language)
    if not any([word.folded in known or word.text in known for word in every]):
        return every
    if language and all(is_stop_word(word, stop_words()) for word in every):
        return every
    in_capitals = all(word.text[0].isupper() for word in every)
    kept = []
    for place, word in enumerate(every):
        named = in_capitals and word.folded not in title_words()[place > 0]
        last = named or place == len(every) - 1
        is_small = is_stop_word(word, known) and _stands_between(text, word, last=last)
        if not is_small or (not language and (_is_kept(place, every) or _is_done(place, every))):
            kept.append(word)
    if len(kept) == 1 and not language:  # Île de France is no France
        begun = (word for place, word in enumerate(every) if _is_named(word, place))
        kept = sorted({*kept, *begun}, key=every.index)
    return tuple(kept) if len(kept) > 1 or (kept and "-" not in text) else every


def _is_named(word: Word, place: int) -> bool:
    return word.text[:1].isupper() and word.folded not in title_words()[place > 0]


def in_phrase(every: Sequence[Word], language: str = "") -> Sequence[Word]:
    """Return those of all words of a phrase that have a place each: no stop words inside it."""
    known = stop_words(language)
    if all(is_stop_word(word, known) for word in every):
        return every
    ends = (0, len(every) - 1)
    return [word for at, word in enumerate(every) if at in ends or not is_stop_word(word, known)]


def is_stop_word(word: Word, known: AbstractSet[str]) -> bool:
    """Whether a word is one of some stop words, with its marks or without.

    With marks only as it is written in small letters: für, but neither fur nor São.
    """
    return word.folded in known or word.text in known


def _is_kept(place: int, every: Sequence[Word]) -> bool:
    """Whether a small word of one language is a word of another, which the keyword may be in.

    Civil war victims is English: of the words beside it not more are common in German. What is a
    preposition elsewhere counts only where a keyword begins, which none does: van attack. So does
    what is a verb, and begins names: são tomé. Most are small words first, and count where more of
    the others are common in their own language: most zawalił się is Polish, most read is not.
    """
    kept_in = kept_words().get(every[place].folded, ())
    return any(_is_likelier(kept, every, place) for kept in kept_in)


def _is_done(place: int, every: Sequence[Word]) -> bool:
    """Whether a small word belongs to the verb before it: Bank hebt an Zinsen, as it is read."""
    word = every[place].text
    return place > 0 and word in separable() and says_by_verb(f"{every[place - 1].text} {word}")


def _is_likelier(kept: Kept, every: Sequence[Word], place: int) -> bool:
    """Whether the other words of a keyword say rather that it is in a word's own language.

    So do their letters: las płonie is no Spanish.
    """
    if kept.at_first and place:
        return False
    if not kept.is_small_first:
        others = frozenset(each.folded for each in every) - {every[place].folded}
        own = len(others & everyday_words(kept.language))
        return all(own >= len(others & everyday_words(of)) for of in kept.small_in)
    text = " ".join(each.text for each in every)
    if not may_write(text, kept.language):
        return False
    told = {each.folded for each in every if len(each.folded) >= _TELLING}
    told.discard(every[place].folded)
    own = len(told & everyday_words(kept.language))
    small_in = (of for of in kept.small_in if may_write(text, of))
    return all(own > len(told & everyday_words(of)) for of in small_in)


def _stands_between(text: str, word: Word, *, last: bool) -> bool:
    """Whether a stop word does not count where it stands."""
    before, after = text[word.start - 1 : word.start], text[word.end : word.end + 1]
    if "-" in (before, after):  # it-brottslighet, Al-Shabaab; but al-Sharaa
        return after == "-" and word.text in written_on()
    if len(word.folded) == 1 and before and before in "'’:":  # Ocean's, FN:s
        return True
    if _begins_irish_name(text, word):
        return False
    return not last and not (word.text.isupper() and len(word.text) > 1)


def _begins_irish_name(text: str, word: Word) -> bool:
    """Whether a letter is the O of a name: without it O'Neill would be Neill, another one."""
    return word.text == "O" and _REST_OF_IRISH_NAME.match(text, word.end) is not None


# Letters that no rule uses, to carry the wildcards through the analysis.
_STAR, _MARK = "\ua66e", "\ua65e"
_TO_LETTERS = str.maketrans({"*": _STAR, "?": _MARK})
_TO_WILD = str.maketrans({_STAR: "*", _MARK: "?"})


def wild_words(text: str) -> list[Word]:
    """Return the words of a wildcard term; `*` and `?` count as letters.

    Beside a script without spaces they say nothing, since its terms may begin anywhere.
    """
    return [
        replace(word, text=word.text.translate(_TO_WILD))
        for word in words(text.translate(_TO_LETTERS))
        if word.text.strip(_STAR + _MARK)
    ]


def symbols_around(text: str, word: Word) -> tuple[str, str]:
    """Return the symbols in front of a word and behind it that belong to it: `.NET`, `C++`.

    A full stop inside a number is none, which many languages write as a comma.
    """
    start, end = word.start, word.end
    while start > 0 and (
        text[start - 1] in _SYMBOLS
        or (text[start - 1] == "." and not text[max(start - 2, 0)].isdecimal())
    ):
        start -= 1
    while end < len(text) and text[end] in _SYMBOLS:
        end += 1
    return text[start : word.start], text[word.end : end]


def stop_words_before(content_words: Sequence[Word], text: str) -> tuple[tuple[str, ...], ...]:
    """Return, for each word that counts, the stop words between it and the one before."""
    places = {word.start: number for number, word in enumerate(content_words)}
    before: list[tuple[str, ...]] = [() for _ in content_words]
    pending: list[str] = []
    for word in words(text):
        if word.start in places:
            before[places[word.start]] = tuple(pending)
            pending = []
        else:
            pending.append(word.folded)
    return ((), *before[1:])


def is_designation(content_words: Sequence[Word]) -> bool:
    """Whether it is letters and a number, as types of things are called: F-35, S-400."""
    return [word.text.isdecimal() for word in content_words] == [False, True]


def is_identifier(text: str) -> bool:
    """Whether a keyword is one name in parts, the last with a digit: CVE-2024-3094, F-16."""
    last = text.rpartition("-")[2]
    return "-" in text and not any(map(str.isspace, text)) and any(map(str.isdigit, last))


def is_code(text: str) -> bool:
    """Whether a keyword is a code with several numbers, which nobody writes in other letters.

    CVE-2026-1234, GHSA-jf85-cpcp-j695 and MS17-010 are; the aircraft Су-35 and COVID-19 are none.
    """
    numbers = [part for part in text.split("-") if any(map(str.isdigit, part))]
    return len(numbers) > 1 and _CODE.fullmatch(text) is not None
