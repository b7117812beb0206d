"""The words that rules look for, and the ways in which one word of a text answers them."""

from collections.abc import Iterator, Sequence

from rules.data.tables import has_cases, has_tones, stop_words
from rules.languages import compounds, phonetic_keys, similarity
from rules.languages.inflection import (
    alternating,
    are_forms,
    are_short_forms,
    ending_phonemes,
    has_short_forms,
    may_have_prefix,
    prefixes,
    shortest_stem,
    stems,
)
from rules.languages.match_types import (
    ALONE,
    BESIDE,
    MOST_FOR_A_COGNATE,
    MOST_PLACES,
    STRENGTH,
    TAIL,
    Hit,
    MatchType,
)
from rules.languages.phonemes import Phonemes, part_of, phonemes_of
from rules.languages.similarity import Alignment
from rules.languages.syllables import is_hangul, readings
from rules.languages.transcribed import as_a_whole, pieces_of
from rules.patterns.cognates import BOTH_PARTS, as_heard, is_derived
from rules.patterns.entries import Entries
from rules.patterns.term import (
    BEGINS_A_COMPOUND,
    beginnings,
    least,
    least_in_a_run,
)
from rules.text.folding import differs_in_marks, fold_with_offsets
from rules.text.runs import begun_in
from rules.text.tokenizer import Word, is_whole

LEAST_OF_A_TAIL = 3.5
"""So much must the second part of a compound weigh that begins with a cognate."""

_SHORTEST_STEM = 3
"""So many letters the stem of a name keeps at least."""

_DERIVED = 0.88
"""What a derived word takes of the strength."""


_ALONE, _BESIDE, _TAIL = frozenset({ALONE}), frozenset({BESIDE}), frozenset({ALONE, TAIL})


class Vocabulary(Entries):
    """Finds entries in words of texts. Add them first; finding changes nothing."""

    is_of_one_word = False

    def hits(self, word: Word, language: str) -> Iterator[Hit]:
        """Yield every entry that the word answers, by any match type, at the word's place."""
        return self._run(word, language) if word.is_run else self._word(word, language)

    def _run(self, word: Word, language: str) -> Iterator[Hit]:
        if self._runs:
            yield from self._run_hits(word)
        if self._signs and word.text[0] >= "\u3000":
            yield from self._by_signs(word, range(len(word.text)))
        if self._unfiled:
            yield from self._run_cognates(word, language)

    def _word(self, word: Word, language: str) -> Iterator[Hit]:
        if not self.is_only_heard:
            yield from self._as_written(word, language)
        if self._unfiled and len(word.folded) <= compounds.LONGEST:
            yield from self._cognates(word, language)

    def _as_written(self, word: Word, language: str) -> Iterator[Hit]:
        yield from self.forms(word.text, word.folded, word.start, word.end, language)
        if len(word.folded) > compounds.LONGEST:
            return
        yield from self._wildcards(word)
        yield from self._prefixed(word, language)
        yield from self._compounds(word, language)
        if self._signs and is_hangul(word.text):
            yield from self._by_signs(word, range(1), language)

    def forms(self, text: str, folded: str, start: int, end: int, language: str) -> Iterator[Hit]:
        """Yield entries that are this word but for case, accents or an ending."""
        if folded[:1] not in self._first_letters:
            return
        endings = alternating(language)
        may_be_short = has_cases(language)
        named = may_be_short and text[:1].isupper()
        shortest = shortest_stem(folded)
        for stem, ending in stems(folded, endings, named=may_be_short or has_short_forms(language)):
            is_short = bool(ending) and not named and len(stem) < shortest
            for number in self._stems.get(stem, ()):
                own = self._entries[number].folded[len(stem) :]
                is_sure = is_short and are_short_forms(stem, own, ending, language)
                if is_short and not (may_be_short or is_sure):
                    continue
                keeps_capital = is_short and self._entries[number].text[:1].isupper()
                if keeps_capital and not (is_sure and text[:1].isupper()):
                    continue  # as a name does
                if ending == own == "":
                    match_type = self._same(number, text, language)
                elif endings.get(ending, 0) & endings.get(own, 0) and are_forms(
                    folded, own, stem, language, is_name=self._entries[number].text[0].isupper()
                ):
                    match_type = MatchType.INFLECTED
                else:
                    continue
                if match_type is not None:
                    hit = Hit(number, start, end, match_type, STRENGTH[match_type])
                    # Three letters and an ending say too little alone.
                    yield hit._replace(partners=_BESIDE) if is_short else hit

    def _same(self, number: int, text: str, language: str) -> MatchType | None:
        """Return how a word of the same folded letters is an entry; None if it is another."""
        own = self._entries[number].text
        if own == text:
            return MatchType.EXACT
        if text and has_tones(language) and differs_in_marks(own, text):
            return None
        return MatchType.FOLDED

    def _wildcards(self, word: Word) -> Iterator[Hit]:
        if not self._wildcard_words:
            return
        for first in (word.folded[0], ""):
            for number, pattern in self._wildcard_words.get(first, ()):
                if pattern.fits(word.folded):
                    yield Hit(number, word.start, word.end, MatchType.EXACT, 1.0)

    def _prefixed(self, word: Word, language: str) -> Iterator[Hit]:
        """Yield entries behind an article or "and" that is written onto the word."""
        if not may_have_prefix(word.folded):
            return
        for prefix in prefixes(language):
            rest = word.folded[len(prefix) :]
            if word.folded.startswith(prefix) and len(rest) >= 3:
                for hit in self.forms("", rest, word.start, word.end, language):
                    yield hit._replace(
                        match_type=MatchType.INFLECTED, strength=STRENGTH[MatchType.INFLECTED]
                    )

    def _run_hits(self, word: Word) -> Iterator[Hit]:
        folded, offsets = fold_with_offsets(word.text)
        counts: dict[int, int] = {}
        for at, key in begun_in(folded, self._runs):
            for number in self._runs[key]:
                entry = self._entries[number]
                if not folded.startswith(entry.folded, at):
                    continue
                if not is_whole(folded, at, at + len(entry.folded)):
                    continue
                counts[number] = counts.get(number, 0) + 1
                if counts[number] > MOST_PLACES:
                    continue
                start, end = offsets[at], offsets[at + len(entry.folded)]
                same = word.text[start:end] == entry.text
                match_type = MatchType.EXACT if same else MatchType.FOLDED
                place = word.start
                yield Hit(number, place + start, place + end, match_type, STRENGTH[match_type])

    def _by_signs(self, word: Word, starts: range, language: str = "") -> Iterator[Hit]:
        """Yield names that signs of the word are read as; in hangul, all of it but an ending."""
        folded, offsets = fold_with_offsets(word.text)
        read = [readings(sign) for sign in folded]
        endings = alternating(language) if is_hangul(folded) else None
        for at in starts[: len(folded)]:
            for first in read[at]:
                for number, name in self._signs.get(first, ()):
                    end = at + len(name)
                    if end > len(folded) or any(map(frozenset.isdisjoint, name, read[at:end])):
                        continue
                    if endings is None or endings.get("", 0) & endings.get(folded[end:], 0):
                        start, end = word.start + offsets[at], word.start + offsets[end]
                        yield _cognate(number, start, end, MOST_FOR_A_COGNATE)

    def _compounds(self, word: Word, language: str) -> Iterator[Hit]:
        """Yield entries that are parts of this word."""
        folded = word.folded
        if len(folded) < compounds.shortest(folded):
            return
        for cut in range(2, len(folded) - 1) if folded[0] in self._first_letters else ():
            for number in self._folded.get(folded[:cut], ()):
                entry = self._entries[number]
                if entry.followers:
                    yield from self._followed(word, number, cut, language)
                if entry.alone and compounds.may_begin(folded, cut, language):
                    yield self._compound(number, word)
        if not compounds.joins(language):
            return
        for cut in compounds.tails(folded):
            for hit in self.forms("", folded[cut:], 0, 0, language):
                if self._entries[hit.entry].alone:
                    yield self._compound(hit.entry, word)._replace(partners=_TAIL)

    def _compound(self, number: int, word: Word) -> Hit:
        match_type = MatchType.COMPOUND
        return Hit(number, word.start, word.end, match_type, STRENGTH[match_type], False, _ALONE)

    def _followed(
        self, word: Word, number: int, cut: int, language: str, strength: float = 1.0
    ) -> Iterator[Hit]:
        """Yield both parts when the rest of the word is another word of the same term."""
        for link in compounds.LINKS:
            rest = word.folded[cut:]
            if link and not rest.startswith(link):
                continue
            rest = rest[len(link) :]
            if len(rest) < 2:
                continue
            for other, like, fuzzy in self._rest(rest, number, language):
                both = frozenset({number, other})
                score = min(STRENGTH[MatchType.COMPOUND], like, strength)
                fuzzy = fuzzy or strength < 1.0
                for part in both:
                    yield Hit(part, word.start, word.end, MatchType.COMPOUND, score, fuzzy, both)

    def _rest(self, rest: str, number: int, language: str) -> Iterator[tuple[int, float, bool]]:
        """Yield (entry, strength, fuzzy) of the followers that the rest of a compound is."""
        followers = self._followers(number, language)
        own = {hit.entry: hit.strength for hit in self.forms("", rest, 0, 0, language)}
        phonemes = phonemes_of(rest, language)
        alike = self._candidates(phonemes, phonetic_keys.keys_in(phonemes))
        for other in followers:
            if other in own:
                yield other, own[other], False
            elif other in alike and len(rest) >= 4:
                wanted = self._entries[other].known
                like = similarity.compare(wanted, phonemes, ending_phonemes(language))
                if like is not None and like.strength >= similarity.least(wanted.whole.weight):
                    yield other, like.strength, True

    def _cognates(self, word: Word, language: str) -> Iterator[Hit]:
        if word.folded in stop_words() and not word.text[0].isupper():
            return  # stop words are short, and sound like many names
        endings = ending_phonemes(language)
        for phonemes, keys in as_heard(word.text, word.folded, language):
            if len(phonemes.text) < 2:
                continue
            for number in self._candidates(phonemes, keys):
                entry = self._entries[number]
                if entry.folded == word.folded:
                    continue
                aligned = similarity.alignment(entry.known, phonemes)
                if not aligned.whole and not aligned.stem:
                    continue
                like = similarity.compare(entry.known, phonemes, endings, aligned)
                if like is not None and like.strength >= least(entry, word):
                    yield _cognate(number, word.start, word.end, like.strength)
                elif (
                    not self.is_of_one_word  # beside which another one would have to stand
                    and len(phonemes.text) >= compounds.SHORTEST
                    and not entry.phonetic
                ):
                    yield from self._begun(word, phonemes, number, language, aligned)

    def _begun(
        self,
        word: Word,
        phonemes: Phonemes,
        number: int,
        language: str,
        aligned: Alignment,
    ) -> Iterator[Hit]:
        """Yield what a word is that begins with a cognate: a compound, or a derived word."""
        begun = self._entries[number]
        by_stem = similarity.stem_beginning(begun.known, aligned)
        if by_stem is not None and by_stem[0] >= BEGINS_A_COMPOUND:
            yield from self._loosely_followed(word, phonemes, number, language, *by_stem)
        first = similarity.beginning(begun.known, phonemes, aligned)
        if first is None or first[0] < BEGINS_A_COMPOUND:
            return
        strength, places = first
        yield from self._loosely_followed(word, phonemes, number, language, strength, places)
        if is_derived(begun, word, phonemes, strength, places):
            derived = round(strength * _DERIVED, 4)
            hit = _cognate(number, word.start, word.end, derived)
            yield hit._replace(partners=_BESIDE)

    def _loosely_followed(
        self,
        word: Word,
        phonemes: Phonemes,
        number: int,
        language: str,
        strength: float,
        places: list[int],
    ) -> Iterator[Hit]:
        """Yield both parts of a compound whose beginning is a cognate: ciberseguridad."""
        for other in self._followers(number, language):
            entry = self._entries[other]
            if not entry.cognate or entry.known.whole.weight < LEAST_OF_A_TAIL:
                continue
            both_as_one = phonetic_keys.keys_of_both(self._entries[number].text, entry.text)
            if both_as_one.isdisjoint(phonetic_keys.keys_in_compound(phonemes)):
                continue
            for place in beginnings(places, phonemes, entry):
                rest = part_of(phonemes, place)
                like = similarity.compare(entry.known, rest, ending_phonemes(language))
                if like is None or like.strength < similarity.least(entry.known.whole.weight):
                    continue
                if strength + like.strength < BOTH_PARTS:
                    continue
                both = frozenset({number, other})
                score = min(strength, like.strength, STRENGTH[MatchType.COMPOUND])
                for part in both:
                    yield Hit(part, word.start, word.end, MatchType.COMPOUND, score, True, both)

    def _candidates(self, phonemes: Phonemes, keys: frozenset[str]) -> set[int]:
        filed = self._phonetic
        numbers = {number for key in keys & filed.keys() for number in filed[key]}
        for number in self._unfiled:
            if phonetic_keys.has_one(self._entries[number].text, keys):
                numbers.add(number)
        if phonemes.profile.writes_together:
            return numbers
        foreign = phonemes.profile.is_foreign
        return {number for number in numbers if self._is_phonetic(number, foreign=foreign)}

    def _is_phonetic(self, number: int, *, foreign: bool) -> bool:
        """Whether an entry may be found in a script that writes names word by word."""
        entry = self._entries[number]
        return not entry.phonetic or (foreign and not entry.together)

    def _run_cognates(self, word: Word, language: str) -> Iterator[Hit]:
        """Yield entries that a run of a script without spaces spells: Thai, Lao, Burmese."""
        for phonemes in as_a_whole(word.text):
            for number in self._candidates(phonemes, phonetic_keys.keys_in(phonemes)):
                entry = self._entries[number]
                like = similarity.compare(entry.known, phonemes, ending_phonemes(language))
                if like is not None and like.strength >= least(entry, word):
                    yield _cognate(number, word.start, word.end, like.strength)
        for piece in pieces_of(word.text):
            for number in self._candidates(piece.phonemes, phonetic_keys.keys_in(piece.phonemes)):
                entry = self._entries[number]
                first = similarity.beginning(entry.known, piece.phonemes)
                if first is None or first[0] < least_in_a_run(entry):
                    continue
                ends = [piece.ends[place] for place in first[1] if piece.may_end(place)]
                if not ends:
                    continue
                end = ends[-1] if ends[-1] == len(word.text) else ends[0]
                if end <= piece.start:  # of two sounds of one letter only the first
                    continue
                yield Hit(
                    number,
                    word.start + piece.start,
                    word.start + end,
                    MatchType.COGNATE,
                    first[0],
                    True,
                )


def _cognate(number: int, start: int, end: int, strength: float) -> Hit:
    return Hit(number, start, end, MatchType.COGNATE, min(strength, MOST_FOR_A_COGNATE), True)


def may_be_form(words: Sequence[Word], name: str, language: str) -> bool:
    """Whether a chunk may hold a form or a compound of a name, as `Vocabulary` finds these.

    Sooner than that would say it, for all that most words tell by their letters.

    Args:
        name: Folded, in letters a-z.
    """
    if len(words) != 1 or may_have_prefix(words[0].folded):
        return name[:_SHORTEST_STEM] in "".join([word.folded for word in words])
    folded = words[0].folded
    if name[:_SHORTEST_STEM] not in folded:
        return False
    if _keeps_stem(folded, name, language):
        return True
    if folded.startswith(name) and compounds.may_begin(folded, len(name), language):
        return True
    cuts = compounds.tails(folded) if compounds.joins(language) else ()
    return any(_keeps_stem(folded[cut:], name, language) for cut in cuts)


def _keeps_stem(folded: str, name: str, language: str) -> bool:
    """Whether a word without an ending of its language is the beginning of a name."""
    if not folded.startswith(name[:_SHORTEST_STEM]):
        return False
    may_be_short = has_cases(language) or has_short_forms(language)
    every = stems(folded, alternating(language), named=may_be_short)
    return any(name.startswith(stem) for stem, _ in every)
