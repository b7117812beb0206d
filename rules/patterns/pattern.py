"""A rule made ready: its query, and for each term the patterns by which a text may hold it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import field
from types import MappingProxyType
from typing import NamedTuple

from common.records import dataclass
from rules.data.tables import says_as_listed
from rules.languages.match_types import MatchType
from rules.languages.verbs import verb_places
from rules.query.regex import LinearRegex
from rules.query.tree import Query, Term
from storage.model import Rule

MANY = 30
"""Of more alternatives than this, only the possible ones are tried."""


EVERYWHERE: frozenset[str] = frozenset()


class Via(NamedTuple):
    """The variant by which a word of the index answers a slot.

    Attributes:
        score: How sure it is.
        languages: Only in articles that may be in one of these; empty for all.
        toned: Whether its marks make another word of it.
        is_begun: It is no word, but how one begins compounds: lärar-.
    """

    text: str
    score: float
    languages: frozenset[str] = EVERYWHERE
    toned: bool = False
    is_begun: bool = False


_NO_VIA: Mapping[int, Via] = MappingProxyType({})


class MultiwordForm(NamedTuple):
    """Several words of the index, one behind the other, that answer a slot together.

    Attributes:
        entries: The words, first to last.
        before: For each, the stop words that must stand before it.
        is_separable: They are a verb and what of it stands at the end of its clause.
    """

    entries: tuple[int, ...]
    before: tuple[tuple[str, ...], ...]
    via: Via
    is_separable: bool = False


class RejectedText(NamedTuple):
    """A text that the rule's owner has rejected for a term, or for one of its words.

    Attributes:
        folded: As `rules.patterns.rejections.comparable` has it.
        languages: Only in articles of these; empty for all.
        entries: Its words in the index, first to last.
        before: For each, the stop words that must stand before it.
    """

    folded: str
    languages: frozenset[str]
    entries: tuple[int, ...]
    before: tuple[tuple[str, ...], ...]


class Slot(NamedTuple):
    """One word of a term, or several that a variant replaces together.

    Attributes:
        entries: The words of the index that answer it, its own first.
        own: The entry of the word as the rule writes it; -1 if the slot is of several words.
        before: Stop words that must stand before it, when the order counts.
        prefix, suffix: Symbols that must touch it, as in "C++" and "#hashtag".
        cased: It is an acronym, as WHO, or a name: its case counts.
        weight: What it counts in the score of the term.
        derived: So long must a word be that counts in lower case all the same: an adjective
            made of a name (genevois, женевский); 0 for never.
        length: Of the word as the rule writes it, in folded letters.
        is_name: Whether it is known to be a proper name: no other word ends in it.
        via: For entries that are not its own, the variant that they stand for.
        multiword_forms: What of several words answers it.
        rejected: What does not answer it.
        written: The word as the rule writes it; "" if the slot is of several words.
        toned: Whether its marks make another word of it.
        known_in: The languages in which a list knows the word, so that nobody has to guess.
        own_in: Of these languages, those in which the word itself is what a list has, among others.
        beyond: So many letters are not enough: without its last word it is another one.
    """

    entries: frozenset[int]
    own: int
    before: tuple[str, ...] = ()
    prefix: str = ""
    suffix: str = ""
    cased: bool = False
    weight: float = 1.0
    derived: int = 0
    length: int = 0
    is_name: bool = False
    via: Mapping[int, Via] = _NO_VIA
    multiword_forms: tuple[MultiwordForm, ...] = ()
    rejected: tuple[RejectedText, ...] = ()
    written: str = ""
    toned: bool = False
    known_in: frozenset[str] = frozenset()
    own_in: frozenset[str] = frozenset()
    beyond: int = 0

    @property
    def needed(self) -> frozenset[int]:
        """Entries of which a text that answers the slot holds at least one."""
        if not self.multiword_forms:
            return self.entries
        return self.entries.union(form.entries[0] for form in self.multiword_forms)


class Pattern(NamedTuple):
    """How a text may hold a term: with all slots near each other, or in order without a gap.

    Attributes:
        farthest: The farthest match type that counts.
        fuzzy: Whether cognates count.
        least: The score that a find needs.
        match_type: What every find of this pattern is called, if not by its words.
        exact: The text that a find must be, letter by letter, or None.
        language: Only in articles of this language, if they and it are known.
        surely: Whether the article must surely be of that language.
        via: The variant that the whole pattern is, if it is one.
        written_in: The languages of the rule: in their texts nothing is a cognate of its words.
        lone: It is a name of one word, with nothing beside it that proves it.
        says_done: It says what is done: verb and object may stand apart in a clause.
    """

    slots: tuple[Slot, ...]
    ordered: bool
    farthest: MatchType
    fuzzy: bool = False
    least: float = 0.0
    match_type: MatchType | None = None
    exact: str | None = None
    language: str = ""
    via: Via | None = None
    written_in: frozenset[str] = frozenset()
    surely: bool = False
    lone: bool = False
    says_done: bool = False

    def in_its_languages(self, written_in: Collection[str]) -> "Pattern":
        """Return a pattern of a keyword with what the languages of its rule say of it."""
        texts = [slot.written for slot in self.slots]
        is_apart = len(texts) > 1 and not self.ordered
        says_done = is_apart and bool(verb_places(texts, written_in))
        return self._replace(written_in=frozenset(written_in), says_done=says_done)

    def is_guessed_in(self, language: str) -> bool:
        """Whether its words may stand in another spelling in texts of a language.

        Not in those of the rule, nor, where sounds say little, if a list has each word.
        """
        if language in self.written_in:
            return False
        if len(self.slots) == 1 or not says_as_listed(language):
            return True
        return not all(language in slot.known_in for slot in self.slots)


@dataclass(slots=True, eq=False)
class CompiledTerm:
    """A term of one or more rules.

    Attributes:
        number: Its place among the compiled terms of the plan.
        label: What evidence calls it.
        regex: For a regular expression, which has no patterns.
        rejected: Texts that do not count, unless they are the rule's own words.
    """

    number: int
    label: str
    patterns: tuple[Pattern, ...]
    regex: LinearRegex | None = None
    rejected: tuple[RejectedText, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """A rule ready to be evaluated; `compiled` has each term of its query."""

    rule: Rule
    query: Query
    compiled: Mapping[Term, CompiledTerm]
    _choices: dict[int, tuple[Mapping[int, Query], Sequence[Query]]] = field(default_factory=dict)

    def possible_parts(
        self, parts: tuple[Query, ...], possible: frozenset[int]
    ) -> tuple[Query, ...]:
        """Return those of many alternatives that may hold, given the compiled terms that may."""
        if id(parts) not in self._choices:
            self._choices[id(parts)] = (
                {self.compiled[part].number: part for part in parts if isinstance(part, Term)},
                [part for part in parts if not isinstance(part, Term)],
            )
        terms, others = self._choices[id(parts)]
        return (*(terms[number] for number in terms.keys() & possible), *others)
