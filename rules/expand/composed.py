"""What a word made of two is called elsewhere: 德国海军 is 德国, Germany, and 海军, navy."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import product

from rules.data.tables import has_capital_nouns
from rules.languages.compounds import halves
from rules.languages.syllables import is_hangul
from rules.lexicons.api import Form
from rules.text.tokenizer import Word, is_unspaced

_LINKS = ("的", "の")
"""What stands between two such words and means "of"."""
_LEAST_OF_A_PART = 2
_LONGEST = 10
_MOST_OF_A_PART = 4
_MOST_BEFORE_SIGN = 2
_MOST_SIGNS = 2
_SCORE = 0.9

_FIRST_SYLLABLE, _SYLLABLES_OF_A_VOWEL = "가", 28
_PARTICLES = ("를가의", "을이의")
"""What Korean writes most behind a syllable that ends in a vowel, and behind others.

Not what sets a thing against others: 댐은, the dam held, but a bridge burst.
"""


def composed(
    text: str, own_words: Sequence[Word], lookup: Callable[[str], Iterable[Form]]
) -> Iterator[Form]:
    """Yield what a keyword of a script without spaces is called, if it is made of two words.

    Each language says both with its own words, which stand near each other in texts in whatever
    order: Deutschland Marine, German navy.

    Args:
        own_words: Those of the text that count.
        lookup: What each part is called, as a whole keyword.
    """
    for first, second in _parted(text, own_words):
        one, other = list(lookup(first)), list(lookup(second))
        if one and other:
            yield from _together(one, other)
            return


def compounded(
    word: str, languages: Collection[str], lookup: Callable[[str, str], Sequence[Form]]
) -> Iterator[Form]:
    """Yield what a word is called that no list has, if two of its language are written as one.

    Args:
        languages: Which it may be of.
        lookup: What a word of a language is called.
    """
    for language in languages:
        parts = halves_of(word, language, lookup)
        if parts:
            yield from (form for form in _together(*parts) if form.language != language)
            return


def joined(one: Collection[Form], other: Collection[Form]) -> Iterator[Form]:
    """Yield a name and a word as headlines write them where a sign says one: 俄外长, 미군.

    A sign says too little to stand anywhere beside another word: 法 is in 法院, too, a court.
    """
    for names, words in ((one, other), (other, one)):
        for name, word in product(filter(_is_of_a_name, names), filter(_is_of_signs, words)):
            is_syllable = is_hangul(word.text) and len(word.text) == 1
            is_shown = is_syllable or says_little(name) or says_little(word)
            if is_shown and name.language == word.language:
                between = " " if is_hangul(word.text) and not is_syllable else ""
                text = f"{name.text}{between}{word.text}"
                yield name._replace(text=text, ambiguous=False, kind="word")


def with_sign(one: Collection[Form], other: Collection[Form]) -> Iterator[Form]:
    """Yield a word and the sign that says what kind of it is meant, as one: 劳动 + 法, 설탕 + 세.

    Alone the sign says too little to stand anywhere beside the word. The first of each language
    are taken: they are what it is called, the others are what else it is called.
    """
    signs = _by_language(filter(says_little, other))
    firsts = _by_language(form for form in one if form.language in signs and _is_of_word(form))
    for language in firsts:
        pairs = product(firsts[language][:_MOST_BEFORE_SIGN], signs[language][:_MOST_SIGNS])
        for word, sign in pairs:
            yield word._replace(text=word.text + sign.text, ambiguous=False, kind="word")


def with_particles(form: Form) -> Iterator[Form]:
    """Yield a form that ends in a Korean word of one syllable with what is written behind that.

    Endings of texts are cut behind two syllables: 쌀을 would be another word.
    """
    last = form.text.rpartition(" ")[2]
    if len(last) == 1 and is_hangul(last):
        is_closed = (ord(last) - ord(_FIRST_SYLLABLE)) % _SYLLABLES_OF_A_VOWEL
        yield from (form._replace(text=form.text + each) for each in _PARTICLES[is_closed > 0])


def says_little(form: Form) -> bool:
    """Whether a form is a sign that is other words, too: it counts only where it is joined."""
    return form.ambiguous and len(form.text) == 1 and _is_of_signs(form)


def _is_of_word(form: Form) -> bool:
    return len(form.text) > 1 and _is_of_signs(form)


def _is_of_signs(form: Form) -> bool:
    return is_hangul(form.text) or is_unspaced(form.text)


def _is_of_a_name(form: Form) -> bool:
    return form.kind == "name" and _is_of_signs(form)


def halves_of(
    word: str,
    language: str,
    lookup: Callable[[str, str], Sequence[Form]],
    *,
    usual: bool = False,
) -> tuple[Sequence[Form], Sequence[Form]] | None:
    """Return what the two words are called of which one is made; None if it is not, surely."""
    as_noun = str.capitalize if has_capital_nouns(language) else str
    for head, tail in halves(word, language, usual=usual):
        others = lookup(as_noun(tail), language)
        ones = lookup(as_noun(head), language) if others else ()
        if ones:
            return ones, others
    return None


def _parted(text: str, own_words: Sequence[Word]) -> list[tuple[str, str]]:
    """Return the ways to part a text in two words, the most even first.

    Nothing if it has signs or spaces, or other letters than those of such scripts.
    """
    if not _LEAST_OF_A_PART * 2 <= len(text) <= _LONGEST or not _is_unspaced(text, own_words):
        return []
    cuts = range(_LEAST_OF_A_PART, len(text) - _LEAST_OF_A_PART + 1)
    parts = [(_without_link(text[:cut]), text[cut:]) for cut in cuts]
    return sorted(parts, key=lambda part: -min(map(len, part)))


def _is_unspaced(text: str, own_words: Sequence[Word]) -> bool:
    return "".join(word.text for word in own_words) == text and any(
        word.is_run for word in own_words
    )


def _without_link(part: str) -> str:
    shorter = part.removesuffix(_LINKS[0]).removesuffix(_LINKS[1])
    return shorter if len(shorter) >= _LEAST_OF_A_PART else part


def _together(one: Collection[Form], other: Collection[Form]) -> Iterator[Form]:
    """Yield what two words are called together, in each language that has both."""
    firsts, seconds = _by_language(one), _by_language(other)
    anywhere = firsts.pop("", []), seconds.pop("", [])
    for language in sorted(firsts.keys() | seconds.keys()):
        lefts = [*firsts.get(language, ()), *anywhere[0]][:_MOST_OF_A_PART]
        rights = [*seconds.get(language, ()), *anywhere[1]][:_MOST_OF_A_PART]
        for left, right in product(lefts, rights):
            between = "" if is_unspaced(left.text) and is_unspaced(right.text) else " "
            text, kind = f"{left.text}{between}{right.text}", "composed" if between else "word"
            yield Form(language, text, left.source, min(left.score, _SCORE), kind=kind)


def _by_language(forms: Iterable[Form]) -> dict[str, list[Form]]:
    by_language: dict[str, list[Form]] = {}
    for form in sorted(forms, key=lambda form: form.ambiguous):
        by_language.setdefault(form.language, []).append(form)
    return by_language
