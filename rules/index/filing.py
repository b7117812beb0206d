"""Under which terms rules are filed: numbers only, so that they can be kept."""

from array import array
from collections.abc import Sequence, Set

from rules.index.memory.kept import Lasting

_MOST_NEEDED = 8


class Filing(Lasting):
    """The terms of rules, and under which of them each rule is looked up.

    Attributes:
        always: Rules that are filed under none, since they may hold for any text.
    """

    LASTING = ("_terms", "_under", "_terms_to", "_under_to", "_needed")

    def __init__(self) -> None:
        self.always: list[int] = []
        self._by_term: dict[int, list[int]] = {}
        self._terms, self._under = array("I"), array("I")
        self._terms_to, self._under_to = array("I", [0]), array("I", [0])
        self._needed = bytearray()  # of each rule which of its first terms are, a bit each

    def __len__(self) -> int:
        return len(self._terms_to) - 1

    def add(
        self, terms: Sequence[int], under: Sequence[int] | None, needed: Set[int] = frozenset()
    ) -> None:
        """File the next rule.

        Args:
            under: Terms one of which every text holds that it holds for; none if it may hold for
                any text; None for nowhere.
            needed: Terms that every such text holds, all of them.
        """
        first = terms[:_MOST_NEEDED] if len(terms) > 1 else ()
        self._needed.append(sum(1 << n for n, term in enumerate(first) if term in needed))
        self._under.extend(under or ())
        self._under_to.append(len(self._under))
        self._terms.extend(terms)
        if under is not None:
            self.take_up(len(self))
        self._terms_to.append(len(self._terms))

    def take_up(self, rule: int) -> None:
        """Let a rule count that is filed."""
        under = self._under[self._under_to[rule] : self._under_to[rule + 1]]
        for term in under:
            self._by_term.setdefault(term, []).append(rule)
        if not under:
            self.always.append(rule)

    def rules_of(self, terms: Set[int]) -> set[int]:
        """Return the rules that are filed under one of these terms, or under none."""
        by_term = self._by_term
        return set(self.always).union(*map(by_term.__getitem__, by_term.keys() & terms))

    def may_hold(self, rule: int, possible: Set[int]) -> bool:
        """Whether a rule may hold for a text that may hold these terms only."""
        needed = self._needed[rule]
        if not needed:
            return True
        terms = self._terms[(first := self._terms_to[rule]) : first + needed.bit_length()]
        return all(term in possible for n, term in enumerate(terms) if needed >> n & 1)

    def terms_of(self, rule: int) -> Sequence[int]:
        """Return all terms of a rule."""
        return self._terms[self._terms_to[rule] : self._terms_to[rule + 1]]
