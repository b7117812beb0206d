"""The words that rules look for, filed for those that find them in texts."""

from collections.abc import Iterable

from common.neighbours import may_be_in
from rules.languages import compounds, phonetic_keys
from rules.languages.inflection import all_endings, has_short_stem, stems
from rules.languages.syllables import SyllableReadings
from rules.patterns.pattern import EVERYWHERE
from rules.patterns.term import LEAST_TOGETHER, RuleWord
from rules.text.tokenizer import Word
from rules.text.wildcard import WildcardPattern

_MOST_UNFILED = 8
"""So many words are sooner asked for their sounds one by one than filed under them: most that are
made ready for a text are asked about one word of it."""

_ByText = dict[str, tuple[int, ...]]


def _file(by_text: _ByText, texts: Iterable[str], number: int) -> None:
    """File an entry under texts; most have no other one, and share what says so."""
    alone = (number,)
    for text in texts:
        others = by_text.get(text)
        by_text[text] = alone if others is None else (*others, number)


class Entries:
    """The words that rules look for, each with a number.

    Attributes:
        is_only_heard: Whether they are not looked for as they are written.
    """

    def __init__(self) -> None:
        self.is_only_heard = False
        self._entries: list[RuleWord] = []
        self._ids: dict[str, int] = {}
        self._first_letters: set[str] = set()
        self._folded: _ByText = {}
        self._stems: _ByText = {}
        self._runs: dict[str, list[int]] = {}
        self._unfiled: list[int] = []  # of those that may be found in other spellings
        self._phonetic: _ByText = {}  # the others
        self._signs: dict[str, list[tuple[int, SyllableReadings]]] = {}
        self._heads: _ByText = {}
        self._wildcard_words: dict[str, list[tuple[int, WildcardPattern]]] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def entry(self, number: int) -> RuleWord:
        """Return an entry by its number."""
        return self._entries[number]

    def add(self, word: Word) -> int:
        """Add a word and return its number; a word written in the same way has one number."""
        number = self._ids.get(word.text)
        if number is not None:
            return number
        number = self._new(RuleWord(word.text, word.folded, word.text))
        self._ids[word.text] = number
        if self.is_only_heard:
            return number
        _file(self._folded, (word.folded,), number)
        self._first_letters.add(word.folded[:1])
        if word.is_run:
            self._runs.setdefault(word.folded[:2], []).append(number)
            return number
        named = has_short_stem(word.text, word.folded)
        every = stems(word.folded, all_endings(), named=named)
        _file(self._stems, (stem for stem, _ in every), number)
        return number

    def add_wildcard(self, pattern: WildcardPattern) -> int:
        """Add a wildcard word and return its number."""
        key = f"*{pattern.text}"
        number = self._ids.get(key)
        if number is None:
            number = self._ids[key] = self._new(RuleWord(pattern.text, "", ""))
            self._wildcard_words.setdefault(pattern.head[:1], []).append((number, pattern))
        return number

    def add_phonetic(self, text: str, *, together: bool = False, in_hangul: bool = False) -> int:
        """Add what other scripts may hear for words of a rule, and return its number."""
        key = f"~{text}"
        number = self._ids.get(key)
        if number is None:
            entry = RuleWord(text, "", text, phonetic=True, together=together, in_hangul=in_hangul)
            number = self._ids[key] = self._new(entry)
            if not together or entry.known.whole.weight >= LEAST_TOGETHER:
                self.allow_cognates((number,))
        return number

    def allow_cognates(self, numbers: Iterable[int]) -> None:
        """Let these words be found in other spellings."""
        for number in numbers:
            entry = self._entries[number]
            if entry.cognate or not entry.known.whole.text:
                continue
            entry.cognate = True
            if len(self._unfiled) < _MOST_UNFILED:
                self._unfiled.append(number)
                continue
            _file(self._phonetic, phonetic_keys.keys_of(entry.text), number)

    def add_signed(self, text: str, names: Iterable[SyllableReadings]) -> int:
        """Add a name that may be found sign by sign: in Han characters and hangul."""
        key = f"={text}"
        number = self._ids.get(key)
        if number is None:
            number = self._ids[key] = self._new(RuleWord(text, "", "", phonetic=True))
            for name in names:
                for reading in name[0]:
                    self._signs.setdefault(reading, []).append((number, name))
        return number

    def signs_of(self, number: int) -> list[SyllableReadings]:
        """Return the readings of a name that may be found sign by sign."""
        every = [pair for pairs in self._signs.values() for pair in pairs]
        return list(dict.fromkeys(name for found, name in every if found == number))

    def allow_compounds(
        self, numbers: tuple[int, ...], languages: frozenset[str] = EVERYWHERE
    ) -> None:
        """Note that these words stand beside each other, or that one stands alone.

        One that comes again stands behind those between, too.

        Args:
            languages: In texts of these two of them may be one word; in any if there are none.
        """
        for place, number in enumerate(numbers):
            entry = self._entries[number]
            for other in numbers[place + 1 :]:
                if other != number:
                    known = entry.followers.get(other, languages)
                    entry.followers[other] = (
                        known | languages if known and languages else EVERYWHERE
                    )
            if len(set(numbers)) == 1 and not entry.alone:
                entry.alone = True
                _file(self._heads, compounds.heads(entry.folded), number)

    def _new(self, entry: RuleWord) -> int:
        self._entries.append(entry)
        return len(self._entries) - 1

    def _followers(self, number: int, language: str) -> list[int]:
        """Return the entries that may stand behind one in a word of a text in a language."""
        followers = self._entries[number].followers
        return [each for each, languages in followers.items() if may_be_in(languages, language)]
