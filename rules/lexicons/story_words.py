"""Words that stories alone know: rules/data/story_words/README.md says how they are written."""

from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import NamedTuple

from rules.lexicons import news_source
from rules.lexicons.news_source import BETWEEN, NONE, Concept, number_of

WORD = "word"
"""The kind of what says little alone, and no rule looks for."""
_EVERY = ".*"
"""Behind the name of a file of the lexicon: all its concepts."""


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
    """Numbers of concepts of the lexicon by how well they tell events from others.

    Attributes:
        everyday: Any event's report may name them: hour, evening, city.
        recurring: What is reported every day of other days and places: the weather, the markets.
        incidents: What happens in many places on one day: a fire, a collision.
        naming: Places, institutions and persons.
        callings: What says of a name who or what bears it: minister, company, ransomware.
        places: Of those that are naming, the places.
    """

    everyday: list[int]
    recurring: list[int]
    incidents: list[int]
    naming: list[int]
    callings: list[int]
    places: list[int]


def commonplaces() -> Commonplaces:
    """Return what the files of these names list, and what the lexicon has of names."""
    return Commonplaces(
        everyday=_listed("everyday"),
        recurring=_listed("recurring"),
        incidents=_listed("incidents"),
        naming=[*_of_kinds("place", "institution", "name")],
        callings=_listed("callings"),
        places=[*_of_kinds("place")],
    )


def _listed(name: str) -> list[int]:
    return [number_of(id_) for id_ in _ids(name)]


def _ids(name: str) -> list[str]:
    return folder().joinpath(f"{name}.txt").read_text(encoding="utf-8").split()


def _left_out() -> frozenset[str]:
    """Return the ids that `left_out.txt` lists, and those of the files that it names."""
    listed = _ids("left_out")
    named = [id_.removesuffix(_EVERY) for id_ in listed if id_.endswith(_EVERY)]
    every = (news_source.folder().joinpath(f"{name}.en.tsv") for name in named)
    english = [path.read_text(encoding="utf-8") for path in every if path.is_file()]
    lines = (line for text in english for line in text.splitlines())
    return frozenset((*listed, *(line.split("\t", 1)[0] for line in lines)))


@cache
def _of_kinds(*kinds: str) -> frozenset[int]:
    """Return the numbers of the lexicon's concepts of these kinds that are not left out."""
    left_out = _left_out()
    files = [path for path in news_source.folder().iterdir() if path.name.endswith(".en.tsv")]
    heads = (
        line.split("\t", 2)[:2]
        for path in files
        for line in path.read_text(encoding="utf-8").split("\n")
    )
    return frozenset(
        number_of(id_) for id_, *kind in heads if kind and kind[0] in kinds and id_ not in left_out
    )


def joined(concepts: Iterable[Concept], words: Iterable[Concept]) -> list[Concept]:
    """Return these concepts, and words besides; those of one id are one, of the first's kind.

    What `left_out.txt` lists is left out, of the concepts and of the words.
    """
    left_out = _left_out()
    by_id: dict[str, Concept] = {}
    for concept in (*concepts, *words):
        before = by_id.get(concept.id)
        if before is not None:
            forms = {**before.forms}
            for language, more in concept.forms.items():
                forms[language] = tuple(dict.fromkeys((*forms.get(language, ()), *more)))
            concept = before._replace(forms=forms)
        by_id[concept.id] = concept
    return [concept for concept in by_id.values() if concept.id not in left_out]
