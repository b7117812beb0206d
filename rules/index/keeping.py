"""What an index has built, written into a file, and taken up from it at the next start.

A rule is known again by all that tables depend on, so that rules which were added, changed or
removed since then are what they would be without the file.
"""

from array import array
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from itertools import chain, pairwise
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from rules.index.engine import Engine
from rules.index.kept import Memory, fill, named, read, write
from rules.index.term_index import TermIndex
from rules.index.term_table import TermTable
from storage.model import Rule

if TYPE_CHECKING:
    from rules.index.rule_index import RuleIndex

_STAMP_BYTES = 16
_said = attrgetter("language", "text", "of", "kind", "state")


class _OfRules(NamedTuple):
    """Of each rule its stamp, and the numbers of its terms, which end at a place."""

    stamps: bytearray
    terms: array[int]
    terms_to: array[int]


def _of_none() -> _OfRules:
    return _OfRules(bytearray(), array("I"), array("I", [0]))


def stamp_of(rule: Rule) -> bytes:
    """Return the same for rules of which tables are the same."""
    own = (rule.id, rule.query, rule.strictness, *rule.written_in)
    said = chain.from_iterable(map(_said, rule.variants))
    scores = array("d", [variant.score for variant in rule.variants])
    text = "\0".join((str(len(own)), *own, *said)).encode("utf-8", "surrogatepass")
    return blake2b(scores.tobytes() + text, digest_size=_STAMP_BYTES).digest()


def keep(index: "RuleIndex", path: Path) -> bool:
    """Write what is built; False if it cannot be written, or more is built meanwhile."""
    size, table, of_rules = index.size, index.table, _of_none()
    for plan in tuple(index.plans):
        of_rules.stamps.extend(stamp_of(plan.rule))
        of_rules.terms.extend(term.number for term in plan.compiled.values())
        of_rules.terms_to.append(len(of_rules.terms))
    languages, variants = table.variants.packed()
    with index.lock, table.engine.lock:
        if index.size != size or len(index.terms) > size.terms:
            return False
        facts = {
            "ready": table.ready,
            "variants": languages,
            "cognates": table.cognates.facts(),
            "languages": {each: terms.facts() for each, terms in index.languages.items()},
        }
        columns = {
            **named("rules", of_rules._asdict()),
            **named("table", table.columns),
            **named("variants", variants),
            **named("ways", table.cognates.columns),
        }
        return write(path, facts, columns, table.engine.memory)


class Kept:
    """An index that was kept.

    Attributes:
        table: What its terms need.
        languages: The same in languages.
    """

    def __init__(self, engine: Engine, facts: dict[str, Any], columns: dict[str, bytes]) -> None:
        self.table = TermTable(engine)
        self.table.fill(_of("table", columns), facts["ready"])
        self.table.variants.fill(facts["variants"], _of("variants", columns))
        self.table.cognates.fill(_of("ways", columns), facts["cognates"])
        self.languages = {
            language: TermIndex(language, self.table, kept)
            for language, kept in facts["languages"].items()
        }
        self._of_rules = _of_none()
        fill(self._of_rules._asdict(), _of("rules", columns))

    @property
    def numbers(self) -> dict[bytes, int]:
        """The numbers of rules by their stamps."""
        stamps = bytes(self._of_rules.stamps)
        starts = range(0, len(stamps), _STAMP_BYTES)
        return {stamps[at : at + _STAMP_BYTES]: number for number, at in enumerate(starts)}

    @property
    def terms(self) -> Iterable[Sequence[int]]:
        """For each rule, the numbers of its terms."""
        every = self._of_rules.terms
        return (every[start:end] for start, end in pairwise(self._of_rules.terms_to))


def kept_in(path: Path) -> Kept | None:
    """Return the index that a file holds; None if it is none of this program."""
    engines: list[Engine] = []

    def room(size: int) -> Memory:
        engines.append(Engine(size))
        return engines[0].memory[:size]

    held = read(path, room)
    return Kept(engines[0], *held) if held else None


def _of(prefix: str, columns: dict[str, bytes]) -> dict[str, bytes]:
    start = f"{prefix}."
    return {
        name.removeprefix(start): each for name, each in columns.items() if name.startswith(start)
    }
