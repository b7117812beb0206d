"""The product's own lexicon: what the words of the news are called in many languages.

Read when a rule is saved, not when an article comes. How a file is written: data/lexicon/README.md.
"""

import re
import unicodedata
import zlib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from rules.folding import fold
from rules.languages.endings import partners, stems
from rules.languages.lexicon import Form
from rules.languages.writing import normal

SOURCE = "news lexicon"
SIGNS = "@&~^"
NONE = "-"
BETWEEN = " | "
_SCORE = 0.93
_SHORT = 3
_MOST_FORMS = 60


class Concept(NamedTuple):
    """A line of the lexicon.

    Attributes:
        kind: "noun", "adjective", "institution" or "place".
        sense: Which meaning of the English word; "-" when it has only one.
        forms: As the cells have them, signs included, by language.
    """

    id: str
    kind: str
    sense: str
    forms: dict[str, tuple[str, ...]]


class Group(NamedTuple):
    """The files of a group of languages, as one text: "\\n", then all lines without headers."""

    languages: tuple[str, ...]
    lines: str

    def line(self, id: str) -> list[str] | None:
        """Return the cells behind the id, or None."""
        at = self.lines.find(f"\n{id}\t")
        if at < 0:
            return None
        end = self.lines.find("\n", at + 1)
        return self.lines[at + len(id) + 2 : end].split("\t")


class NewsLexicon:
    """Implements `rules.languages.lexicon.Lexicon`."""

    def forms(self, term: str) -> tuple[Form, ...]:
        """Return what the concepts that a term names are called elsewhere.

        A term may be of any language, and may carry an ending. When it names several concepts,
        no form is sure enough to stand alone.
        """
        named = [each for each in _named(term) if _may_mean(each, term)]
        own = fold(term)
        of_own = frozenset(own.split())
        found: dict[tuple[str, str], Form] = {}
        for concept in named:
            for language, forms in concept.forms.items():
                for written in forms:
                    form = _form(written, language, concept.kind, several=len(named) > 1)
                    words = frozenset(fold(form.text).split())
                    if words < of_own:  # cyclone for tropical cyclone: means more than the term
                        form = form._replace(ambiguous=True)
                    if fold(form.text) != own:
                        found.setdefault((form.text, language), form)
        return tuple(found.values())


@cache
def groups() -> dict[str, Group]:
    """Return the groups of languages by name, English first."""
    texts: dict[str, list[str]] = {}
    languages: dict[str, tuple[str, ...]] = {}
    folder = files("rules.languages").joinpath("data", "lexicon")
    for path in sorted(folder.iterdir(), key=lambda each: each.name):
        if path.name.endswith(".tsv"):
            name = path.name.split(".")[1]
            header, _, lines = path.read_text(encoding="utf-8").partition("\n")
            texts.setdefault(name, []).append(lines)
            languages[name] = tuple(header.removeprefix("# ").split("\t")[1:])
    found = {}
    for name in sorted(texts, key=lambda each: (each != "en", each)):
        found[name] = Group(languages[name], "\n" + "".join(texts[name]))
    return found


@cache
def _ids() -> dict[str, tuple[str, ...]]:
    """Return the ids of the concepts that each form names, by the form in lower case."""
    found: dict[str, tuple[str, ...]] = {}
    for name, group in groups().items():
        for line in group.lines.splitlines():
            id_, *cells = line.split("\t")
            for cell in cells[1:2] if name == "en" else cells:
                for written in cell.split(BETWEEN):
                    form = written.lstrip(SIGNS).lower()
                    ids = found.get(form, ())
                    if id_ not in ids:
                        found[form] = (*ids, id_)
    found.pop(NONE, None)
    return found


def edition() -> str:
    """Return a text that changes when a line of the lexicon does."""
    sums = (zlib.crc32(group.lines.encode()) for group in groups().values())
    return format(sum(sums) & 0xFFFFFFFF, "08x")


def concepts() -> Iterator[Concept]:
    """Yield every concept, in the order of the files."""
    for line in groups()["en"].lines.splitlines():
        if line:
            yield concept(line.partition("\t")[0])


def concept(id: str) -> Concept:
    """Return the concept with this id.

    Raises:
        KeyError: There is none.
    """
    english = groups()["en"].line(id)
    if english is None:
        raise KeyError(id)
    kind, written, sense = english
    forms = {"en": tuple(written.split(BETWEEN))}
    for name, group in groups().items():
        cells = None if name == "en" else group.line(id)
        for language, cell in zip(group.languages, cells or (), strict=False):
            if cell != NONE:
                forms[language] = tuple(cell.split(BETWEEN))
    return Concept(id, kind, sense, forms)


def _named(term: str) -> list[Concept]:
    """Return the concepts that a term names; if none, those that another form of it names."""
    for each in (term, *_other_names(term), *_other_forms(term)):
        ids = _ids().get(unicodedata.normalize("NFC", each).lower())
        if ids:
            return [concept(id_) for id_ in ids]
    return []


def _other_names(term: str) -> list[str]:
    """Return the term with an acronym in it written out, or a name in it shortened.

    So that "UN Office on ..." and "United Nations Office on ..." are one name.
    """
    found = []
    for name, others in _names_in_names().items():
        if len(name) < len(term) and name in term:
            pattern = rf"(?<!\w){re.escape(name)}(?!\w)"
            for other in others:
                found.append(re.sub(pattern, other, term))
    return [each for each in dict.fromkeys(found) if each != term]


@cache
def _names_in_names() -> dict[str, tuple[str, ...]]:
    """Return the acronyms of institutions and places by English name, and names by acronym."""
    found: dict[str, tuple[str, ...]] = {}
    for line in groups()["en"].lines.splitlines():
        forms = line.split("\t")[2].split(BETWEEN) if line else []
        acronyms = [form[1:] for form in forms if form.startswith("@")]
        names = [form for form in forms if not form.startswith("@")]
        for acronym in acronyms:
            found[acronym] = (*found.get(acronym, ()), *names)
        for name in names if acronyms else ():
            found[name] = tuple(acronyms)
    return found


def _other_forms(term: str) -> list[str]:
    """Return what the term may be without its ending, or with another of the same paradigm."""
    head, space, last = term.rpartition(" ")
    endings = partners("en") if last.isascii() else partners("")
    found: dict[str, None] = {}
    for stem, ending in stems(fold(last), endings):
        if ending:
            for other in sorted(endings[ending], key=lambda each: (len(each), each)):
                found.setdefault(head + space + stem + other)
    found.pop(term, None)
    return list(found)[:_MOST_FORMS]


def _may_mean(concept: Concept, term: str) -> bool:
    """Whether the case of the term fits: no place is written without a capital (mer Noire)."""
    return concept.kind != "place" or term != term.lower() or term == term.upper()


def _form(written: str, language: str, kind: str, *, several: bool) -> Form:
    sign, text = (written[0], written[1:]) if written[0] in SIGNS else ("", written)
    short = len(text) <= _SHORT and text.isascii()
    what = "acronym" if sign == "@" else "name" if kind == "place" and not sign else "word"
    # Most languages in Latin script write a place as English does, and have no form of their own.
    anywhere = what == "name" and language == "en"
    return Form(
        language="" if anywhere else normal(language),
        text=text,
        source=SOURCE,
        score=_SCORE,
        ambiguous=several or sign in ("&", "~") or (short and what == "word"),
        kind=what,
    )
