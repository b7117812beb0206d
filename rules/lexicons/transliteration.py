"""A lexicon of names of people of East Asia: how other languages write their syllables.

Chinese names have a system of their own in many languages (Xi Jinping is Си Цзиньпин, Si Ťin-pching
and Hszi Csin-ping), which is not heard in the letters. A name is taken apart into its syllables
and written as the tables in data/transliterations.tsv say. No names are listed.
"""

import itertools
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from rules.data.tables import rows
from rules.languages.syllables import parted
from rules.lexicons.api import Form, NoHeadwords
from rules.text.folding import fold

SOURCE = "transliteration"
_SCORE = 0.9
_WORDS = (2, 3, 4)
_MOST_FORMS = 8
_MOST_READINGS = 4
_LONGEST = 8
_PALATAL = frozenset("jqx")
_NEVER_BEFORE_I = frozenset(("zh", "ch", "sh", "r", "z", "c", "s", "g", "k", "h", "f", ""))

Syllables = tuple[tuple[str, ...], ...]
"""A name word by word, each word syllable by syllable, in Latin letters."""


class System(NamedTuple):
    """How one language writes the syllables of another.

    Attributes:
        parts: The ways to write each beginning, end and whole syllable.
        join: What stands between the syllables of a word.
    """

    initials: Mapping[str, tuple[str, ...]]
    finals: Mapping[str, tuple[str, ...]]
    codas: Mapping[str, tuple[str, ...]]
    wholes: Mapping[str, tuple[str, ...]]
    join: str

    def written(self, syllable: str) -> tuple[str, ...]:
        """Return the ways to write a syllable; none if it is not one."""
        if syllable in self.wholes:
            return self.wholes[syllable]
        for cut in (2, 1, 0):
            initial, rest = syllable[:cut], syllable[cut:]
            if len(initial) < cut or (cut and initial not in self.initials):
                continue
            first = self.initials[initial] if cut else ("",)
            if ends := self._ends(rest):
                return tuple("".join(parts) for parts in itertools.product(first, ends))
        return ()

    def _ends(self, rest: str) -> tuple[str, ...]:
        if rest in self.finals:
            return self.finals[rest]
        for cut in (2, 1):
            vowel, coda = rest[:-cut], rest[-cut:]
            if vowel in self.finals and coda in self.codas:
                both = itertools.product(self.finals[vowel], self.codas[coda])
                return tuple("".join(parts) for parts in both)
        return ()


class TransliterationLexicon(NoHeadwords):
    """Implements `rules.lexicons.api.Lexicon`."""

    def forms(self, term: str, written_in: Collection[str] = ()) -> tuple[Form, ...]:
        """Return how other languages write a name of two to four words, each with a capital.

        The name may itself be written by one of these systems.
        """
        words = term.split()
        if len(words) not in _WORDS or not all(word[0].isupper() for word in words):
            return ()
        own = fold(term)
        by_text: dict[tuple[str, str], Form] = {}
        for of, name, is_latin in _readings(words):
            if not is_latin:
                said = " ".join("".join(word).title() for word in name)
                by_text.setdefault(("", said), _form("", said))
            for (source, language), system in _systems().items():
                if source == of:
                    for text in _transliterated(name, system):
                        by_text.setdefault((language, text), _form(language, text))
        return tuple(form for form in by_text.values() if fold(form.text) != own)


def _form(language: str, text: str) -> Form:
    # Not as a "name": a part behind a hyphen has no capital, and several words say enough.
    return Form(language, text, SOURCE, _SCORE)


def _readings(words: Sequence[str]) -> Iterator[tuple[str, Syllables, bool]]:
    """Yield the languages that a name may be of, with its syllables; whether they are its own."""
    pieces = [word.split("-") for word in words]
    flat = [piece for word in pieces for piece in word if piece]
    for of, syllables in parted(flat):
        rest = iter(syllables)
        yield of, tuple(_flat(next(rest) for piece in word if piece) for word in pieces), True
    for source, system in _systems().items():
        every = [list(itertools.islice(_taken_apart(word, source), 2)) for word in pieces]
        for name in itertools.islice(itertools.product(*every), _MOST_READINGS):
            # A name in Latin letters that is of a system only by chance would give nonsense.
            if system.join == "" or any(len(word) > 1 for word in pieces):
                yield source[0], name, False


def _flat(syllables: Iterator[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(syllable for word in syllables for syllable in word)


def _taken_apart(pieces: Sequence[str], source: tuple[str, str]) -> Iterator[tuple[str, ...]]:
    """Yield the Latin syllables that a written word may be."""
    apart = [list(itertools.islice(_splits(piece.lower(), source), 2)) for piece in pieces]
    for parts in itertools.product(*apart):
        yield tuple(syllable for piece in parts for syllable in piece)


def _splits(word: str, source: tuple[str, str]) -> Iterator[tuple[str, ...]]:
    if not word:
        yield ()
        return
    known = _inverse(source)
    for length in range(min(_LONGEST, len(word)), 0, -1):
        for syllable in known.get(word[:length], ()):
            for rest in _splits(word[length:], source):
                yield (syllable, *rest)


def _belong_together(initial: str, final: str) -> bool:
    """Whether Mandarin has them in one syllable: xiao and sao, no siao and no xao."""
    if initial in _PALATAL:
        return final[0] == "i"
    return final == "i" or final[0] != "i" or initial not in _NEVER_BEFORE_I


@cache
def _inverse(source: tuple[str, str]) -> dict[str, tuple[str, ...]]:
    """Return the syllables that each written syllable may stand for; the usual reading first."""
    of, _ = source
    if of != "zh":
        return {}
    system = _systems()[source]
    plain = (*system.initials, "")
    every = {a + b for a in plain for b in system.finals if _belong_together(a, b)}
    every |= set(system.wholes)
    by_written: dict[str, dict[str, None]] = {}
    for syllable in sorted(every, key=lambda name: (name not in system.wholes, name)):
        if next(iter(parted([syllable])), ("",))[0] == of:
            for written in system.written(syllable)[:1]:
                by_written.setdefault(written, {}).setdefault(syllable)
    return {written: tuple(of_written) for written, of_written in by_written.items()}


def _transliterated(name: Syllables, system: System) -> list[str]:
    """Return the ways to write a name; none when a syllable of it cannot be written."""
    words = []
    for word in name:
        ways = [system.written(syllable) for syllable in word]
        if not all(ways):
            return []
        joined = (system.join.join(parts) for parts in itertools.product(*ways))
        words.append([word[0].upper() + word[1:] for word in itertools.islice(joined, _MOST_FORMS)])
    return [" ".join(parts) for parts in itertools.islice(itertools.product(*words), _MOST_FORMS)]


@cache
def _systems() -> dict[tuple[str, str], System]:
    """Return the systems by the language of a name and the one that writes it."""
    systems: dict[tuple[str, str], dict[str, dict[str, tuple[str, ...]]]] = {}
    joins: dict[tuple[str, str], str] = {}
    for of, language, part, cells in rows("transliterations.tsv"):
        parts = systems.setdefault((of, language), {})
        if part == "join":
            joins[of, language] = cells
            continue
        pairs = (cell.partition("=") for cell in cells.split(" "))
        parts[part] = {letters: tuple(ways.split(",")) for letters, _, ways in pairs}
    return {
        key: System(
            parts.get("initial", {}),
            parts.get("final", {}),
            parts.get("coda", {}),
            parts.get("whole", {}),
            joins.get(key, ""),
        )
        for key, parts in systems.items()
    }
