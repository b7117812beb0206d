"""Words that stories alone know: rules/data/story_words/README.md says how they are written."""

from collections.abc import Iterable, Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import NamedTuple

from rules.lexicons.news_source import BETWEEN, NONE, Concept, number_of

WORD = "word"
"""The kind of what says little alone, and no rule looks for."""


def folder() -> Traversable:
    """Return where the files lie."""
    return files("rules.data").joinpath("story_words")


def lines() -> Iterator[Concept]:
    """Yield what each line of the files says; an id may be in several."""
    for path in sorted(folder().iterdir(), key=lambda path: path.name):
        if path.name.endswith(".tsv"):
            header, *every = path.read_text(encoding="utf-8").splitlines()
            languages = header.removeprefix("# ").split("\t")[1:]
            for line in every:
                id_, *cells = line.split("\t")
                forms = {
                    language: tuple(cell.split(BETWEEN))
                    for language, cell in zip(languages, cells, strict=False)
                    if cell not in ("", NONE)
                }
                yield Concept(id_, WORD, NONE, forms)


class Commonplaces(NamedTuple):
    """Numbers of concepts of the lexicon that tell no event from others of its kind.

    Attributes:
        everyday: Any event's report may name them: hour, evening, city.
        recurring: What is reported every day of other days and places: the weather, the markets.
        incidents: What happens in many places on one day: a fire, a collision.
    """

    everyday: list[int]
    recurring: list[int]
    incidents: list[int]


def commonplaces() -> Commonplaces:
    """Return what the files of these names list."""
    return Commonplaces(*map(_listed, Commonplaces._fields))


def _listed(name: str) -> list[int]:
    ids = folder().joinpath(f"{name}.txt").read_text(encoding="utf-8").split()
    return [number_of(id_) for id_ in ids]


def joined(concepts: Iterable[Concept], words: Iterable[Concept]) -> list[Concept]:
    """Return these concepts, and words besides; those of one id are one, of the first's kind."""
    by_id: dict[str, Concept] = {}
    for concept in (*concepts, *words):
        before = by_id.get(concept.id)
        if before is not None:
            forms = {**before.forms}
            for language, more in concept.forms.items():
                forms[language] = tuple(dict.fromkeys((*forms.get(language, ()), *more)))
            concept = before._replace(forms=forms)
        by_id[concept.id] = concept
    return [*by_id.values()]
