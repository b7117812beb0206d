"""A lexicon of drugs: how languages write an international nonproprietary name.

The World Health Organization makes these names so that each is the same word in all languages, in
their letters and with their endings: semaglutide is semaglutida, szemaglutid and семаглутид. They
are known by what they end with; none but those without a stem is listed.
"""

import re
from collections.abc import Collection, Iterator
from functools import cache
from typing import NamedTuple

from rules.data.tables import rows
from rules.lexicons.api import Form, NoHeadwords
from rules.text.folding import fold

SOURCE = "names of drugs"
_SCORE = 0.92
_SHORTEST = 7


class _Writing(NamedTuple):
    """How a language writes what such names end with, the longest first, and their letters."""

    ends: tuple[tuple[str, str], ...]
    letters: tuple[tuple[re.Pattern[str], str], ...]

    def written(self, name: str) -> str:
        for end, other in self.ends:
            if name.endswith(end):
                name = name.removesuffix(end) + other
                break
        for letters, other in self.letters:
            name = letters.sub(other, name)
        return name


class SubstanceLexicon(NoHeadwords):
    """Drugs and other substances, as other languages write their English names."""

    def forms(self, term: str, written_in: Collection[str] = ()) -> Iterator[Form]:
        """Yield the forms of a name that languages write otherwise than it is."""
        name = term.lower()
        if (written_in and "en" not in written_in) or not _is_substance(name):
            return
        for language, writing in _writings().items():
            written = writing.written(name)
            if fold(written) != name:
                yield Form(language, written, SOURCE, _SCORE)


def _is_substance(name: str) -> bool:
    if not (name.isascii() and name.isalpha()):
        return False
    stems, others = _known()
    return name in others or (len(name) >= _SHORTEST and stems.search(name) is not None)


@cache
def _known() -> tuple[re.Pattern[str], frozenset[str]]:
    """Return what names of substances end with, and those that end otherwise."""
    known = {what: cell.split() for what, _, cell in rows("substances.tsv")}
    return re.compile(f"(?:{'|'.join(known['stem'])})$"), frozenset(known["word"])


@cache
def _writings() -> dict[str, _Writing]:
    pairs: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for what, language, cell in rows("substances.tsv"):
        if language != "-":
            every = (pair.rpartition("=") for pair in cell.split())
            pairs[what, language] = [(one, other) for one, _, other in every]
    return {
        language: _Writing(
            tuple(sorted(ends, key=lambda pair: -len(pair[0]))),
            tuple((re.compile(one), other) for one, other in pairs["letters", language]),
        )
        for (what, language), ends in pairs.items()
        if what == "ends"
    }
