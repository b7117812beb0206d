"""Which alternatives of terms may be spelled in another way, by the sounds of their words.

A word in another spelling counts only right beside another word of its term, or in one word with
it. So of the words of such an alternative (a "way") only the rarest, which leads, is listened for
in every word of a text; the others only beside it. Words that are the only one of a way are
listened for, too, and two words as one. What all languages share is here; what is listened for
goes into native memory.
"""

from array import array
from collections.abc import Hashable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from rules.evaluate.counting import LONG_WITHOUT_VOWELS
from rules.index.anchors import Alternative, FuzzyWord, Slot
from rules.index.engine import Engine
from rules.index.hearing import Hearing
from rules.index.kept import Column, fill
from rules.index.spoken import FOREIGN, LATIN, TOGETHER, key_number, sounds, thousandths
from rules.index.wanted_sounds import Wanted, wanted_of, wanted_of_both
from rules.languages.phonemes import DEPTH
from rules.languages.phonetic_keys import THINNED, keys_of, keys_of_both
from rules.languages.similarity import known
from rules.languages.syllables import SyllableReadings
from rules.patterns.dictionary import LEAST_OF_A_TAIL
from rules.patterns.term import RuleWord
from rules.patterns.variants_in import Known, Languages, known_of
from rules.text.folding import fold

if TYPE_CHECKING:
    from rules.index.rule_index import IndexedTerm

IN_CAPITALS, IN_LONG_WORDS, WITH_VOWELS = 1, 2, 4
"""Which words of texts only may be a word of rules."""

_WORD, _ENTRY, _WAY = range(3)
_NO_WORD = -1
_FARTHEST = 30_000
_NOWHERE: frozenset[str] = frozenset()

Value = TypeVar("Value", bound=Hashable)


class Once(Generic[Value]):
    """Values, each kept once, by number from the first on."""

    def __init__(self, first: int = 0) -> None:
        self.first = first
        self.values: list[Value] = []
        self._numbers: dict[Value, int] = {}

    @property
    def next(self) -> int:
        """The number of the next value that is new."""
        return self.first + len(self.values)

    def value(self, number: int) -> Value:
        """Return the value of a number."""
        return self.values[number - self.first]

    def number(self, value: Value) -> int:
        """Return the number of a value."""
        number = self._numbers.setdefault(value, self.next)
        if number == self.next:
            self.values.append(value)
        return number


class CognateIndex:
    """The alternatives of many terms that may be spelled in another way.

    Attributes:
        engine: Where all of it lies.
        hearing: Where they are listened for; made when the first one comes.
        readings: Names that may be written sign by sign, by the readings of their first sign, with
            their terms and the languages of their rules.
        terms: The term of each way.
        lone: For each way, whether it is a name of one word, which only a word with a capital is.
        written_in: For each way, in which of `languages` its rule is written.
        known_in: In which of `languages` a list has the word of a way that has only one, so that
            nothing else is guessed to be it.
        lead_known_in, other_known_in: The same of each word of a way that has two, which may be
            borrowed together, though.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.hearing: Hearing | None = None
        self.readings: dict[str, list[tuple[SyllableReadings, int, Languages]]] = {}
        self.lone = bytearray()
        self.languages: Once[frozenset[str]] = Once()
        self.written_in = array("i")
        self.known_in = array("i")
        self.lead_known_in = array("i")
        self.other_known_in = array("i")
        self._words: Once[FuzzyWord] = Once()
        self._entry_ids: dict[tuple[int, ...], tuple[int, ...]] = {}
        self._entries = 0
        self._rows: list[int] = []

    @property
    def columns(self) -> dict[str, Column]:
        """How each way counts."""
        return {
            "lone": self.lone,
            "written_in": self.written_in,
            "known_in": self.known_in,
            "lead_known_in": self.lead_known_in,
            "other_known_in": self.other_known_in,
        }

    def facts(self) -> dict[str, Any]:
        """Return what else must be known when more is added: how words are told apart is not."""
        every = ((key, one) for key, filed in self.readings.items() for one in filed)
        return {
            "languages": [sorted(each) for each in self.languages.values],
            "signs": [
                ([sorted(sign) for sign in name], term, written_in)
                for key, (name, term, written_in) in every
                if key == min(name[0])
            ],
            "words": self._words.next,
            "entries": self._entries,
            "hearing": self.hearing.facts() if self.hearing else None,
        }

    def fill(self, held: Mapping[str, bytes], facts: Mapping[str, Any]) -> None:
        """Hold what was kept."""
        fill(self.columns, held)
        for languages in facts["languages"]:
            self.languages.number(frozenset(languages))
        for signs, term, written_in in facts["signs"]:
            self._file(tuple(map(frozenset, signs)), term, tuple(written_in))
        self._words = Once(facts["words"])
        self._entries = facts["entries"]
        if facts["hearing"]:
            self.hearing = Hearing(self.engine, facts["hearing"])

    def _file(self, name: SyllableReadings, term: int, written_in: Languages) -> None:
        for reading in name[0]:
            self.readings.setdefault(reading, []).append((name, term, written_in))

    def add(
        self, indexed: "IndexedTerm", place: int, alternative: Alternative, slots: Sequence[int]
    ) -> None:
        """Add an alternative of a term.

        Args:
            place: Which of the term's alternatives it is.
            slots: The numbers of its slots.
        """
        for slot in alternative.slots:
            for name in slot.signs:
                self._file(name, indexed.number, indexed.written_in)
        if alternative.fuzzy:
            self._new_way(indexed, place, alternative, slots)

    def _new_way(
        self, indexed: "IndexedTerm", place: int, alternative: Alternative, slots: Sequence[int]
    ) -> None:
        heard = [
            tuple(self._word(word) for word in slot.fuzzy if keys_of(word.text))
            for slot in alternative.slots
        ]
        if not any(heard):
            return
        by_rarity = sorted(range(len(heard)), key=lambda each: self._commonness(heard[each]))
        is_lone = place == 0 and len(heard) == 1 and indexed.strictness == "all"
        is_guess = place or len(heard) > 1  # several words may be borrowed, though each is known
        (slot, *_), known_in, lead, other = alternative.slots, _NOWHERE, _NOWHERE, _NOWHERE
        if not is_guess:
            known_in = _known_in(indexed.known, slot, is_lone)
        elif not place and len(heard) == 2 and indexed.variants:
            known = known_of(indexed.term, indexed.variants)
            pair = (alternative.slots[each] for each in by_rarity)
            lead, other = (_known_in(known, each, is_lone=False) for each in pair)
        self.lone.append(is_lone)
        self.written_in.append(self.languages.number(frozenset(indexed.written_in)))
        self.known_in.append(self.languages.number(known_in))
        self.lead_known_in.append(self.languages.number(lead))
        self.other_known_in.append(self.languages.number(other))
        entries = [entry for word in heard[by_rarity[0]] for entry in self._listen((word,))]
        entries += self._both([words[0] for words in heard if words])
        row = [_WAY, len(entries), int(is_lone), *entries, indexed.number, len(slots)]
        for each in by_rarity:
            row += [slots[each], len(heard[each]), *heard[each]]
        self._rows += row

    def alone(self, *words: FuzzyWord) -> int | None:
        """Listen for a word whatever stands beside it, or for two as one.

        Returns the number of the way, None if they have no sound. Only for an index of such ways.
        """
        if not all(keys_of(word.text) for word in words):
            return None
        numbers = tuple(map(self._word, words))
        entries = self._listen(numbers)
        self._rows += [_WAY, len(entries), 0, *entries, 0, 1, 0, len(numbers), *numbers]
        self.lone.append(False)
        return len(self.lone) - 1

    def _both(self, first: Sequence[int]) -> Iterable[int]:
        """Return what is listened for in words that are two of some as one."""
        found: dict[int, None] = {}
        for place, head in enumerate(first):
            for tail in first[place + 1 :]:
                if known(self._words.value(tail).text).whole.weight >= LEAST_OF_A_TAIL:
                    found.update(dict.fromkeys(self._listen((head, tail))))
        return found

    def _word(self, fuzzy: FuzzyWord) -> int:
        before = self._words.next
        number = self._words.number(fuzzy)
        if number == before:
            wanted = wanted_of(_rule_word(fuzzy), lone=fuzzy.lone)
            keys = keys_of(fuzzy.text)
            letters = (
                [] if fuzzy.lone or fuzzy.phonetic else [ord(each) for each in fold(fuzzy.text)]
            )
            self._rows += [_WORD, _group_of(fuzzy), *_numbers(keys), *self._wanted(wanted)]
            self._rows += [len(letters), *letters]
        return number

    def _listen(self, words: tuple[int, ...]) -> tuple[int, ...]:
        """Listen for a word, or for two as one, and return the numbers of what is listened for."""
        numbers = self._entry_ids.get(words)
        if numbers is not None:
            return numbers
        first, *others = map(self._words.value, words)
        if others:
            keys = frozenset(
                key[: DEPTH + len(THINNED)] if key.startswith(THINNED) else key[:DEPTH]
                for key in keys_of_both(first.text, others[0].text)
            )
            every = wanted_of_both(_rule_word(first), _rule_word(others[0]))
            rows = [
                [*words, LATIN, IN_LONG_WORDS, *_numbers(keys), *self._wanted(wanted)]
                for wanted in every
            ]
        else:
            is_brief = len(fold(first.text)) < LONG_WITHOUT_VOWELS
            only = IN_CAPITALS | WITH_VOWELS * is_brief if first.lone else 0
            rows = [[words[0], _NO_WORD, _group_of(first), only, *_numbers(keys_of(first.text))]]
        numbers = tuple(range(self._entries, self._entries + len(rows)))
        for row in rows:
            self._rows += [_ENTRY, *row]
        self._entries += len(rows)
        self._entry_ids[words] = numbers
        return numbers

    def _wanted(self, wanted: Wanted) -> list[int]:
        return wanted_row(self.made_hearing(), wanted)

    def made_hearing(self) -> Hearing:
        """Return where they are listened for."""
        if self.hearing is None:
            self.hearing = Hearing(self.engine)
        return self.hearing

    def _commonness(self, words: tuple[int, ...]) -> float:
        """Return how likely a word of a text shares a key: less for more consonants."""
        if not words:
            return 9.0
        texts = [self._words.value(word).text for word in words]
        return sum(6.0 ** -len(key) for text in texts for key in keys_of(text))

    def listen(self) -> None:
        """Let all that was added be listened for."""
        if self._rows:
            self.made_hearing().learn(self._rows)
            self._rows = []


def wanted_row(hearing: Hearing, wanted: Wanted) -> list[int]:
    """Return what the kernel is told of a word's sounds."""
    rooms = (wanted.room, wanted.stem_room, wanted.derived, wanted.begun_room, wanted.run_room)
    room, stem_room, derived, begun_room, run_room = (
        max(-1, min(_FARTHEST, thousandths(each))) for each in rooms
    )
    return [
        hearing.own_kind(wanted.profile),
        room,
        wanted.stem,
        stem_room,
        hearing.endings(wanted.after_stem),
        derived,
        wanted.derived_rest,
        wanted.begun,
        begun_room,
        int(wanted.lone),
        run_room,
        len(wanted.text),
        *sounds(wanted.text),
    ]


def _rule_word(fuzzy: FuzzyWord) -> RuleWord:
    text, phonetic, together, in_hangul, _ = fuzzy
    folded = "" if phonetic else fold(text)
    return RuleWord(text, folded, text, phonetic=phonetic, together=together, in_hangul=in_hangul)


def _group_of(fuzzy: FuzzyWord) -> int:
    return TOGETHER if fuzzy.together else FOREIGN if fuzzy.phonetic else LATIN


@lru_cache(maxsize=4_000)
def _key_number(key: str) -> int:
    return key_number(key)


def _numbers(keys: frozenset[str]) -> list[int]:
    return [len(keys), *map(_key_number, keys)]


def _known_in(known: Known, slot: Slot, is_lone: bool) -> frozenset[str]:
    """Return the languages in which a list has all words of a slot: `rules.evaluate.counting`."""
    every = [
        known.get(fold(word.text), _NOWHERE) if is_lone or word.text.isascii() else _NOWHERE
        for word in slot.fuzzy
        if not word.phonetic
    ]
    return frozenset.intersection(*every) if every else _NOWHERE
