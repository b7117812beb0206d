"""A term of rules as an index has it: what it needs of a text, and how common its words are."""

import re
from collections.abc import Sequence

from common.records import dataclass
from rules.evaluate.ready_terms import meaning_of
from rules.index.anchors import Alternative, needs
from rules.patterns.kept_variants import KeptVariants
from rules.patterns.variants_in import Known, Languages, known_of
from rules.query.tree import Regex, Term, Wildcard
from storage.model import VariantState
from storage.variant_groups import BEHIND_LANGUAGE, VariantGroup

_ALWAYS = 1e9
_PIECES = re.compile(r"[\s*?]+")


@dataclass(slots=True, eq=False)
class IndexedTerm:
    """A term of one or more rules.

    Attributes:
        variants: Those that concern it.
        groups: What the index needs to know of its variants; until it does.
    """

    number: int
    term: Term
    strictness: str
    variants: KeptVariants
    written_in: Languages
    groups: tuple[VariantGroup, ...] = ()
    _said: tuple[Known, Sequence[int]] | None = None

    @property
    def is_always(self) -> bool:
        """Whether no word is needed for it."""
        return is_always(self.term)

    @property
    def known(self) -> Known:
        """As `variants_in.known_of`."""
        return self._of_all[0]

    @property
    def meaning(self) -> Sequence[int]:
        """As `ready_terms.meaning_of`."""
        return self._of_all[1]

    @property
    def _of_all(self) -> tuple[Known, Sequence[int]]:
        """What all of its variants say together; kept, as it takes to look through them all."""
        if self._said is None:
            meaning = tuple(meaning_of(self.term, self.variants))
            self._said = known_of(self.term, self.variants.alike()), meaning
        return self._said

    def alternatives(self) -> tuple[Alternative, ...]:
        """Return what it needs, one of them."""
        kept = [each for each in self.groups if each.state != VariantState.REJECTED]
        return needs(self.term, self.strictness, kept, self.written_in) or ()


def is_always(term: Term) -> bool:
    """Whether no word of a text is needed for a term."""
    return isinstance(term, Regex) or (isinstance(term, Wildcard) and needs(term, "", ()) is None)


def cost_of(term: Term, groups: Sequence[VariantGroup]) -> float:
    """Return how often a term's rarest word stands in texts, roughly."""
    if is_always(term):
        return _ALWAYS
    text = term.pattern if isinstance(term, Wildcard | Regex) else term.text
    longest = max(map(len, _PIECES.split(text)))
    variants = sum([each.said.count(BEHIND_LANGUAGE) for each in groups])
    return (1 + variants) * float(2.0**-longest)
