"""What an index has built, written into a file, and taken up from it at the next start.

A rule is known again by all that tables depend on, so that rules which were added, changed or
removed since then are what they would be without the file.
"""

from array import array
from hashlib import blake2b
from itertools import chain
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rules.index.engine import Engine
from rules.index.filing import Filing
from rules.index.kept import Memory, named, read, write
from rules.index.term_index import TermIndex
from rules.index.term_table import TermTable
from storage.model import Rule

if TYPE_CHECKING:
    from rules.index.rule_index import RuleIndex

_STAMP_BYTES = 16
_said = attrgetter("language", "text", "of", "kind", "state")


def stamp_of(rule: Rule) -> bytes:
    """Return the same for rules of which tables are the same."""
    own = (rule.id, rule.query, rule.strictness, *rule.written_in)
    said = chain.from_iterable(map(_said, rule.variants))
    scores = array("d", [variant.score for variant in rule.variants])
    text = "\0".join((str(len(own)), *own, *said)).encode("utf-8", "surrogatepass")
    return blake2b(scores.tobytes() + text, digest_size=_STAMP_BYTES).digest()


def keep(index: "RuleIndex", path: Path) -> bool:
    """Write what is built; False if it cannot be written, or more is built meanwhile."""
    size, table, of_rules = index.size, index.table, dict(index.filing.columns)
    broken, stamps = bytes(_STAMP_BYTES), bytearray()
    for rule in index.rules[: len(of_rules["terms_to"]) - 1]:
        stamps += broken if rule.id in index.broken else stamp_of(rule)
    of_rules |= {"stamps": stamps, "always_terms": array("I", index.always_terms)}
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
            **named("rules", of_rules),
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
        filing: Of all rules, of which none is taken up yet.
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
        of_rules = _of("rules", columns)
        self.filing = Filing()
        self.filing.fill(of_rules, facts["ready"])
        self.always_terms = array("I", of_rules["always_terms"])
        self._stamps = of_rules["stamps"]

    @property
    def numbers(self) -> dict[bytes, int]:
        """The numbers of rules by their stamps."""
        every, size = self._stamps, _STAMP_BYTES
        return {every[at : at + size]: at // size for at in range(0, len(every), size)}


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
