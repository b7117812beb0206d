"""Which words are surely verbs: of rules, which other languages translate, and of lists."""

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import accumulate, chain

from common.packed_texts import TextHashes
from rules.data.tables import folder, particles, rows, words_of

_LANGUAGE, _ENDING, _NO_ENDING = "en", "ed", "eed"
_SHORTEST = 4
_PLURAL = re.compile(r"^[a-z]{3,}[^suioa]s$")
TO = "to "
"""So the news lexicon names what is done: to lift; and so others' verbs are looked up: to lève."""

_INSTEAD = (("ies", ("y",)), ("es", ("", "e")), ("s", ("",)), ("ing", ("", "e")))
_INSTEAD_OF_PAST = (("ied", ("y",)), ("ed", ("", "e")))
MOST_WORDS = 5
"""Of a keyword of more words none is taken for a verb."""
_LISTS = ("verbs.", "actions.")


@lru_cache(maxsize=5_000)
def verbs_among(texts: tuple[str, ...], language: str) -> frozenset[int]:
    """Return which words of a keyword of several, by their places, say what is done.

    In English also some that may name things, where they stand: lifts export ban, ship runs
    aground, closing factory; but not power cuts, nor closing ceremony.
    """
    if not language or not 2 <= len(texts) <= MOST_WORDS:
        return frozenset()
    every = [text.split() or [text] for text in texts]  # some stand together: runs aground
    firsts = enumerate(accumulate(map(len, every[:-1]), initial=0))
    one_each = list(chain.from_iterable(every))
    says = _says_what_is_done if language == _LANGUAGE else _is_said_by_lists
    return frozenset(number for number, place in firsts if says(one_each, place))


def verb_places(texts: Iterable[str], languages: Iterable[str]) -> frozenset[int]:
    """Return which words of a keyword, of one or several, are verbs in a language of its rule."""
    every = tuple(texts)
    if len(every) == 1:
        return frozenset({0} if any(is_verb(every[0], each) for each in languages) else ())
    return frozenset().union(*(verbs_among(every, each) for each in languages))


def _says_what_is_done(texts: Sequence[str], place: int) -> bool:
    word, after = texts[place], texts[place + 1 : place + 2]
    if not word.islower() or (after and word in _before_nouns()):
        return False
    if is_verb(word, _LANGUAGE) or is_in_third_person(word) or word in _only_verbs():
        return True
    if word in _done():
        return _is_of_several(texts, place - 1) if place else word in particles("verbs_first")
    is_first = not place or (after and after[0] in particles("of_verbs"))
    is_between = word.endswith("s") and after and after[0] not in _done()
    return bool(is_first or is_between) and any(map(_is_known, _infinitives(word, _INSTEAD)))


def _is_said_by_lists(texts: Sequence[str], place: int) -> bool:
    """Whether lists say by a word that something is done, or with the one before or behind it."""
    pairs = (texts[first : first + 2] for first in (place - 1, place) if first >= 0)
    return texts[place] in _listed() or any(" ".join(pair) in _listed() for pair in pairs)


def _is_of_several(texts: Sequence[str], place: int) -> bool:
    """Whether a word is a noun in the plural, so that a verb behind it has no ending."""
    word, is_followed = texts[place], len(texts) > place + 2
    if is_followed and word in particles("of_several"):
        return True
    is_noun = _PLURAL.search(word) and word not in _before_nouns()
    return bool(is_noun) and not _says_what_is_done(texts, place)


def is_in_third_person(word: str) -> bool:
    """Whether a word is the form in -s of an English verb that is no noun: reopens."""
    return word.endswith("s") and not _only_verbs().isdisjoint(_infinitives(word, _INSTEAD))


def verb_phrases(text: str, language: str = _LANGUAGE) -> Iterator[str]:
    """Yield how the news lexicon names what a verb says: ran aground, to run aground."""
    if language != _LANGUAGE:
        yield f"{TO}{text}"
        return
    word, _, particle = text.partition(" ")
    irregular = _irregular().get(word, ())
    regular = _infinitives(word, (*_INSTEAD, *_INSTEAD_OF_PAST))
    for verb in dict.fromkeys((word, *irregular, *regular)):
        if verb in _done():
            yield f"{TO}{verb} {particle}".rstrip()


@lru_cache(maxsize=5_000)
def _infinitives(word: str, instead: Sequence[tuple[str, Sequence[str]]]) -> Sequence[str]:
    """Return of which verbs a word may be the form with such an ending."""
    found: list[str] = []
    for ending, others in instead:
        if word.endswith(ending) and len(word) > len(ending) + 1:
            stem = word.removesuffix(ending)
            found += [stem + other for other in others]
            if stem[-1:] == stem[-2:-1]:
                found.append(stem[:-1])  # banning
    return found


@cache
def _irregular() -> Mapping[str, Sequence[str]]:
    """Return the verbs of which English has other forms than endings tell, by these."""
    verbs: dict[str, list[str]] = {}
    for verb, line in rows("english_verbs.tsv"):
        for form in line.split():
            verbs.setdefault(form, []).append(verb)
    return verbs


@cache
def _before_nouns() -> frozenset[str]:
    return frozenset(words_of("verbs_before_nouns.tsv", _LANGUAGE))


@cache
def _only_verbs() -> frozenset[str]:
    return frozenset(words_of("only_verbs.tsv", _LANGUAGE))


def _is_known(verb: str) -> bool:
    return verb in _only_verbs() or verb in _done()


@cache
def _done() -> frozenset[str]:
    """Return the verbs of what the news lexicon says is done."""
    heads = (head for _, _, cell, _ in rows("lexicon/actions.en.tsv") for head in cell.split(" | "))
    return frozenset(head.split()[1] for head in heads)


@lru_cache(maxsize=5_000)
def is_verb(written: str, language: str) -> bool:
    """Whether a word in small letters is a form of a verb, and none of a noun: met, arrested.

    Known of English only, in which rules are mostly written.
    """
    if language != _LANGUAGE or not written.islower():
        return False
    is_past = len(written) >= _SHORTEST and written.endswith(_ENDING)
    return (is_past and not written.endswith(_NO_ENDING)) or written in _forms()


@cache
def _forms() -> frozenset[str]:
    return frozenset(form for _, line in rows("verb_forms.tsv") for form in line.split())


def says_by_verb(variant: str) -> bool:
    """Whether a variant is the form of a verb by which a list says what a noun of a rule names."""
    return bool(variant) and variant in _listed()


def says_of_itself(word: str) -> bool:
    """Whether a list says by a word that something is done, which is no more than announced.

    Who has announced or decided something does it; so what they say leads to another verb.
    """
    return word in _listed() and word not in _leading()


def is_typed_as_verb(word: str) -> bool:
    """Whether a rule's word is an English verb as headlines have it, which lists name: announces.

    Plurals of nouns (trains, funds) are not among what lists say of verbs.
    """
    return word.endswith("s") and word in _listed(of_english=True)


@cache
def _listed(*, of_english: bool = False) -> Container[str]:
    return TextHashes(_forms_of_lists(of_english=of_english))


@cache
def _leading() -> frozenset[str]:
    return frozenset(_forms_of_lists(particles("leading"), of_english=False))


def _forms_of_lists(of: Container[str] | None = None, *, of_english: bool) -> Iterator[str]:
    """Yield the forms of lists of verbs: of some concepts, or of all."""
    every = (each.name for each in folder().joinpath("lexicon").iterdir())
    names = (name for name in every if name.startswith(_LISTS))
    for name in (name for name in names if (".en." in name) == of_english):
        for concept, *line in rows(f"lexicon/{name}"):
            if of is None or concept in of:
                for form in " | ".join(line).split(" | "):
                    yield form.lstrip("~^&@+*")
