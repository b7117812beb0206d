"""Under which terms rules are filed: numbers only, so that they can be kept."""

from array import array
from collections.abc import Mapping, Sequence

from rules.index.kept import Column, fill

_NOBODY = -1


class Filing:
    """The terms of rules, and under which of them each rule is looked up.

    Attributes:
        always: Rules that are filed under none, since they may hold for any text.
    """

    def __init__(self) -> None:
        self.always: list[int] = []
        self._by_term: dict[int, list[int]] = {}
        self._owners = array("i")
        self._terms, self._under = array("I"), array("I")
        self._terms_to, self._under_to = array("I", [0]), array("I", [0])

    def __len__(self) -> int:
        return len(self._terms_to) - 1

    def add(self, terms: Sequence[int], under: Sequence[int] | None) -> None:
        """File the next rule: under none, if it may hold for any text; nowhere for None."""
        self._under.extend(under or ())
        self._under_to.append(len(self._under))
        self._terms.extend(terms)
        if under is not None:
            self._look_up_by_terms(len(self))
        self._terms_to.append(len(self._terms))

    def _look_up_by_terms(self, rule: int) -> None:
        under = self._under[self._under_to[rule] : self._under_to[rule + 1]]
        for term in under:
            self._by_term.setdefault(term, []).append(rule)
        if not under:
            self.always.append(rule)

    def rules_of(self, term: int) -> Sequence[int]:
        """Return the rules that are filed under a term."""
        return self._by_term.get(term, ())

    def terms_of(self, rule: int) -> Sequence[int]:
        """Return all terms of a rule."""
        return self._terms[self._terms_to[rule] : self._terms_to[rule + 1]]

    def owner(self, term: int) -> int:
        """Return a rule that was taken up and has a term."""
        return self._owners[term]

    @property
    def columns(self) -> dict[str, Column]:
        """What is kept: as it is now, though rules may be added meanwhile."""
        count = len(self)
        terms_to, under_to = self._terms_to[: count + 1], self._under_to[: count + 1]
        return {
            "terms": self._terms[: terms_to[-1]],
            "terms_to": terms_to,
            "under": self._under[: under_to[-1]],
            "under_to": under_to,
        }

    def fill(self, held: Mapping[str, bytes], terms: int) -> None:
        """Hold what was kept, with so many terms; each rule that is there still is taken up."""
        columns = (self._terms, self._terms_to, self._under, self._under_to)
        fill(dict(zip(self.columns, columns, strict=True)), held)
        self._owners = array("i", [_NOBODY]) * terms

    def take_up(self, rule: int) -> None:
        """Let a rule count that was kept."""
        self._look_up_by_terms(rule)
        for term in self.terms_of(rule):
            self._owners[term] = rule
