"""How a form of the news lexicon is written besides: as a name, behind others, before others."""

import re
from collections.abc import Iterator
from functools import cache

from rules.data.tables import rows
from rules.languages.inflection import before_others, joined_endings
from rules.lexicons.api import Form

_JOINER = "\u200c"
_ACRONYMS_AS_NAMES = frozenset({"it", "fr"})
"""Languages whose press writes acronyms that are spoken as words, and others, like names: l'Fmi."""

_HEBREW, _HEBREW_ARTICLE, _HEBREW_PREPOSITIONS = "he", "ה", "בל"
_SHORT_IN_HEBREW = 2


def in_other_spellings(form: Form) -> Iterator[Form]:
    """Yield how a form is written besides."""
    if form.kind != "acronym" and form.language not in _respelled() and _JOINER not in form.text:
        return  # as nearly all
    yield from as_name(form)
    if _JOINER in form.text:  # which Persian writes as often with a space
        yield form._replace(text=form.text.replace(_JOINER, " "))
    yield from _mutated(form)
    yield from _before_others(form)
    for text in also_written(form.text, form.language):
        yield form._replace(text=text)
    yield from _behind_prepositions(form)


@cache
def _respelled() -> frozenset[str]:
    """Return the languages of which any form may be written otherwise besides."""
    return frozenset({_HEBREW, *joined_endings(), *_mutations(), *_other_letters()})


def _behind_prepositions(form: Form) -> Iterator[Form]:
    """Yield how a Hebrew form of several words begins behind prepositions.

    They swallow its article, so that האיים הקנריים, the Canary Islands, is found in לאיים הקנריים;
    and of a word of two letters nothing else would be looked for behind them: בים השחור.
    """
    first, _, rest = form.text.partition(" ")
    if form.language != _HEBREW or not rest:
        return
    bare = first.removeprefix(_HEBREW_ARTICLE) if len(first) > _SHORT_IN_HEBREW else first
    if bare != first:
        yield form._replace(text=f"{bare} {rest}")
    if len(bare) == _SHORT_IN_HEBREW:
        for preposition in _HEBREW_PREPOSITIONS:
            yield form._replace(text=f"{preposition}{bare} {rest}")


def also_written(text: str, language: str) -> Iterator[str]:
    """Yield a form in the letters that the press of its language uses as often: zemljotres."""
    for pattern, letters_for in _other_letters().get(language, ()):
        parts = pattern.split(text)
        if len(parts) > 1:
            yield "".join(letters_for.get(part, part) for part in parts)


@cache
def _other_letters() -> dict[str, list[tuple[re.Pattern[str], dict[str, str]]]]:
    by_language: dict[str, list[tuple[re.Pattern[str], dict[str, str]]]] = {}
    for language, cell in rows("also_written.tsv"):
        small = dict(pair.split("=") for pair in cell.split())
        both = {one.capitalize(): other.capitalize() for one, other in small.items()} | small
        letters = re.compile(f"({'|'.join(map(re.escape, both))})")
        by_language.setdefault(language, []).append((letters, both))
    return by_language


def as_name(form: Form) -> Iterator[Form]:
    """Yield an acronym as it is written where only its first letter is a capital."""
    if form.kind == "acronym" and form.language in _ACRONYMS_AS_NAMES and len(form.text) > 2:
        yield form._replace(text=form.text.capitalize(), kind="name")


def _before_others(form: Form) -> Iterator[Form]:
    """Yield how a word ends in a compound before another one: lärare, but lärarstrejk.

    With a hyphen, as dictionaries have it: alone it may be another word, as arbetar is works.
    """
    joined = before_others(form.text, form.language)
    if joined and form.kind == "word" and " " not in form.text:
        yield form._replace(text=f"{joined}-")


def _mutated(form: Form) -> Iterator[Form]:
    """Yield how a form begins behind other words, where its language changes that: lywodraeth."""
    by_letters = _mutations().get(form.language, {})
    for start in (form.text[:2].lower(), form.text[:1].lower()) if by_letters else ():
        if start in by_letters:
            for other in by_letters[start]:
                text = other + form.text[len(start) :]
                yield form._replace(text=text.capitalize() if form.text.istitle() else text)
            return


@cache
def _mutations() -> dict[str, dict[str, tuple[str, ...]]]:
    by_language: dict[str, dict[str, tuple[str, ...]]] = {}
    for language, start, others in rows("mutations.tsv"):
        known = by_language.setdefault(language, {})
        known[start] = tuple("" if other == "-" else other for other in others.split())
    return by_language
