"""What a term may be with other endings: what lists are asked for if they do not have it."""

from functools import lru_cache
from itertools import chain, islice, product

from rules.languages.inflection import alternate_with, alternating, stems
from rules.languages.scripts import article_of, articles
from rules.text.folding import fold

_SHORT = 3
_MOST_FORMS = 60
_MOST_COMBINED = 600
_LEAST_OF_A_WORD = 3


def other_forms(term: str, language: str) -> list[str]:
    """Return what a term, folded, may be with other endings, of its last word or of all words.

    трудовые мигранты is трудовой мигрант, electric cars are an electric car; without the article
    that a language writes onto words, اللاجئين are لاجئ.

    Args:
        language: Whose endings these are, "" for any.
    """
    article = article_of(language)
    bare = [_without(article, word) for word in term.split(" ")]
    forms = [(fold(word), *_forms_of(word, language)) for word in bare]
    if len(forms) == 1:
        return list(dict.fromkeys(forms[0]))
    last = [" ".join((*(form[0] for form in forms[:-1]), form)) for form in forms[-1]]
    every = (" ".join(combined) for combined in islice(product(*forms), _MOST_COMBINED))
    return list(dict.fromkeys(chain(last, every)))


def forms_anywhere(word: str) -> list[str]:
    """Return all that a word may be in some language or other, in no order.

    What `other_forms` returns of any language is among them.
    """
    found = set[str]()
    for bare in {word, *(_without(article, word) for article in articles().values())}:
        found.add(fold(bare))
        found.update(_every_form(bare, ""))
    return list(found)


def begun_alike(one: str, other: str) -> int:
    """Return how many letters two words begin with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))


def _without(article: str, word: str) -> str:
    is_long = len(word) >= len(article) + _LEAST_OF_A_WORD
    return word.removeprefix(article) if article and is_long else word


@lru_cache(maxsize=20_000)
def _forms_of(word: str, language: str) -> tuple[str, ...]:
    """Return a word without its ending, and with others of the same paradigm.

    The most like it come first, of these the shortest: refugees are no refuge.
    """
    alike = _every_form(word, language)
    return tuple(sorted(alike, key=lambda form: (-alike[form], len(form), form))[:_MOST_FORMS])


def _every_form(word: str, language: str) -> dict[str, int]:
    """Return all of them, and how many letters each begins with as the word does."""
    folded, endings = fold(word), alternating(language)
    alike: dict[str, int] = {}
    for stem, ending in stems(folded, endings, named=True):
        if ending:
            for other, shared in _others_of(ending, language):
                alike[stem + other] = len(stem) + shared
    if len(word) == _SHORT and endings.get("", 0) & endings.get(word[-1], 0):
        # ads: too short for a stem, but looked up in a list
        alike.setdefault(word[:-1], begun_alike(folded, word[:-1]))
    alike.pop(word, None)
    return alike


@lru_cache(maxsize=2_000)
def _others_of(ending: str, language: str) -> tuple[tuple[str, int], ...]:
    """Return the endings that alternate with one, and how many letters each begins with as it."""
    others = {*alternate_with(ending, language)}
    return tuple((other, begun_alike(ending, other)) for other in others)
