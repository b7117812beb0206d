"""The lexicon's files, line by line. rules/data/lexicon/README.md says how they are written."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import NamedTuple
from zlib import crc32

from rules.data.tables import rows

SIGNS = "@&*+~^"
NONE = "-"
BETWEEN = " | "
ENGLISH = "en"
ACT = "act"
"""The kind of what is done: found for verbs of rules, behind `rules.languages.verbs.TO`."""
VERBS = "verbs"
"""The domain whose lines have no concept of their own: how verbs say what nouns of others name."""
BESIDE = "beside"
"""Likewise: what says beside another word of a rule what concepts of other domains name."""


class Concept(NamedTuple):
    """A line of the lexicon.

    Attributes:
        kind: "noun", "adjective", "institution", "place", "name" (of popes and kings) or
            "surname".
        sense: Which meaning of the English word; "-" when it has only one.
        forms: As the cells have them, signs included, by language.
        verbs: How verbs say it, and what says it beside another word, likewise: for rules, since
            stories have words of their own.
    """

    id: str
    kind: str
    sense: str
    forms: dict[str, tuple[str, ...]]
    verbs: Mapping[str, tuple[str, ...]] = MappingProxyType({})


def number_of(id: str) -> int:
    """Return the number of a concept, the same in every language and edition: an even one."""
    return crc32(id.encode()) & ~1


class Group(NamedTuple):
    """The files of a group of languages: the cells of each concept, by its id.

    Attributes:
        verbs: How verbs say it, and what does beside another word, of the concepts that have some.
    """

    languages: tuple[str, ...]
    lines: dict[str, list[str]]
    verbs: dict[str, list[str]]


def folder() -> Traversable:
    """Return where the files lie."""
    return files("rules.data").joinpath("lexicon")


@cache
def groups() -> dict[str, Group]:
    """Return the groups of languages by name, English first. Some 60 MB: not for a daemon."""
    by_name: dict[str, Group] = {}
    for path in sorted(folder().iterdir(), key=lambda path: path.name):
        if path.name.endswith(".tsv"):
            domain, name, _ = path.name.split(".")
            header, *lines = path.read_text(encoding="utf-8").splitlines()
            languages = tuple(header.removeprefix("# ").split("\t")[1:])
            group = by_name.setdefault(name, Group(languages, {}, {}))
            of_nouns = domain not in (BESIDE, VERBS)
            for line in lines:
                id_, *cells = line.split("\t")
                if of_nouns:
                    group.lines[id_] = cells
                else:
                    known = group.verbs.get(id_)
                    group.verbs[id_] = _together(known, cells) if known else cells
    return {
        name: by_name[name] for name in sorted(by_name, key=lambda name: (name != ENGLISH, name))
    }


def _together(cells: Sequence[str], more: Sequence[str]) -> list[str]:
    """Return the cells of two lines of one concept, the first line's forms first."""
    return [
        BETWEEN.join(cell for cell in pair if cell != NONE) or NONE
        for pair in zip(cells, more, strict=True)
    ]


def concepts() -> Iterator[Concept]:
    """Yield every concept, in the order of the files, with forms that say too little marked so."""
    loose: dict[tuple[str, str], set[str]] = {}
    for language, id_, form in rows("loose_forms.tsv"):
        loose.setdefault((language, id_), set()).add(form)
    for concept in map(with_one_sure, lines()):
        forms = dict(concept.forms)
        for language, every in concept.forms.items():
            if said := loose.get((language, concept.id)):
                forms[language] = _marked(every, said)
        yield concept._replace(forms=forms)


def _marked(forms: tuple[str, ...], loose: Collection[str]) -> tuple[str, ...]:
    """Return the forms, with those marked that say too little."""
    bare = [form.removeprefix("^") for form in forms]
    return tuple(f"~{own}" if own in loose else form for form, own in zip(forms, bare, strict=True))


def with_one_sure(concept: Concept) -> Concept:
    """Return a thing whose first form of a language counts alone if all have other meanings.

    German has no word for a policy but Politik: a rule that would never be found in a language
    is worse than one that finds somewhat too much there.
    """
    if concept.kind != "noun":
        return concept
    doubtful = {
        language: (forms[0][1:], *forms[1:])
        for language, forms in concept.forms.items()
        if language != ENGLISH and all(form[0] == "~" for form in forms)
    }
    return concept._replace(forms=concept.forms | doubtful) if doubtful else concept


def lines() -> Iterator[Concept]:
    """Yield every concept as its lines have it."""
    every = groups()
    for id_, (kind, written, sense) in every[ENGLISH].lines.items():
        forms = {ENGLISH: tuple(written.split(BETWEEN))}
        verbs: dict[str, tuple[str, ...]] = {}
        if said := every[ENGLISH].verbs.get(id_):
            verbs |= _of_cells((ENGLISH,), said[1:2])
        for name, group in every.items():
            if name != ENGLISH:
                forms |= _of_cells(group.languages, group.lines.get(id_, ()))
                verbs |= _of_cells(group.languages, group.verbs.get(id_, ()))
        yield Concept(id_, kind, sense, forms, verbs)


def _of_cells(languages: Sequence[str], cells: Sequence[str]) -> dict[str, tuple[str, ...]]:
    pairs = zip(languages, cells, strict=False)
    return {language: tuple(cell.split(BETWEEN)) for language, cell in pairs if cell != NONE}


def with_verbs(concept: Concept) -> Concept:
    """Return a concept whose forms are all that rules look for: of nouns, then of verbs."""
    forms = dict(concept.forms)
    for language, said in concept.verbs.items():
        forms[language] = (*forms.get(language, ()), *said)
    return concept._replace(forms=forms, verbs=MappingProxyType({}))
