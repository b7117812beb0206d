"""Native code hears words as the analysis of one word does, and misses none that is alike."""

from collections.abc import Iterator, Sequence
from itertools import groupby, islice

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rules.data.tables import stop_words
from rules.evaluate.lone_names import (
    Said as SaidName,
)
from rules.evaluate.lone_names import (
    is_said_so,
    least_by_consonants,
    least_in_full,
)
from rules.evaluate.name_spelling import is_another
from rules.evaluate.nearness import is_sound_near
from rules.index.anchors import Alternative, Slot
from rules.index.cognates import CognateIndex
from rules.index.indexed_term import IndexedTerm
from rules.index.language_ways import LanguageWays
from rules.index.memory.engine import Engine
from rules.index.memory.scan import Scan
from rules.index.sounds.said import Said
from rules.index.sounds.spoken import known_scripts, said_in
from rules.languages import compounds, similarity
from rules.languages.everyday import everyday_words
from rules.languages.inflection import ending_phonemes
from rules.languages.phonemes import (
    DEPTH,
    PLAIN,
    Phonemes,
    Profile,
    alternatives,
    digraphs,
    phonemes_of,
    script,
)
from rules.languages.phonetic_keys import (
    THINNED,
    is_heard,
    keys_in,
    keys_in_compound,
    keys_of,
    keys_of_both,
)
from rules.languages.pronunciation import pronunciations
from rules.languages.scripts import has_other_letters
from rules.languages.transcribed import pieces_of
from rules.patterns.cognates import BOTH_PARTS, LEAST_ALONE, is_derived, likeness
from rules.patterns.dictionary import LEAST_OF_A_TAIL
from rules.patterns.fuzzy_patterns import LONG_ALONE
from rules.patterns.term import BEGINS_A_COMPOUND, FuzzyWord, RuleWord, beginnings, least
from rules.query.tree import Keyword
from rules.text.folding import fold
from rules.text.tokenizer import Word

ENGINE = Engine()
written = st.text("aeioubdgpktnmrlhsxcjvfz", min_size=2, max_size=9)
listed = st.sampled_from(
    ["Oslo", "station", "Ханой", "action", "bank", "sea", "convention", "اوسلو", "security"]
)
scripts = st.sampled_from(range(1, len(known_scripts().rows)))
swaps = st.lists(
    st.tuples(st.integers(0, 9), st.sampled_from(["", *"aeiobptdkgmnlrsxcjhvN", "ka", "ng"])),
    max_size=3,
)
rests = st.sampled_from(["", "en", "a", "na", "sion", "ski", "ernas", "tokaralinovaret"])
languages = st.sampled_from(["en", "sv", "fi", "ru", ""])
ours = st.text(
    alphabet="abcdefghijklmnopqrstuvwxyzöäåñçşйцукенгшщзхъфывапролджэячсмитьбюλμβντκουάהנקשתסعليمناتحدة하노이",
    min_size=1,
    max_size=10,
)


SOME_WORD = Word("x", "x", 0, 1, False)


def is_cognate(entry: RuleWord, heard: Phonemes, language: str) -> bool:
    """Whether what is heard is a cognate of a word of rules, as the dictionary finds it."""
    found = similarity.alignment(entry.known, heard)
    if not found.whole and not found.stem:
        return False
    like = similarity.compare(entry.known, heard, ending_phonemes(language), found)
    if like is not None and like.strength >= least(entry, SOME_WORD):
        return True
    first = similarity.beginning(entry.known, heard, found)
    if first is None or len(heard.text) < compounds.SHORTEST:
        return False
    return is_derived(entry, SOME_WORD, heard, *first)


def is_like_all(entry: RuleWord, heard: Phonemes, language: str) -> bool:
    """Whether what is heard, in Greek, is so like all of a name that nothing needs to prove it."""
    alike = similarity.of_whole(entry.known, heard, ending_phonemes(language))
    least_of = least_by_consonants if heard.profile.is_abjad else least_in_full
    is_enough = alike >= max(least_of(entry.text) or 0, LEAST_ALONE)
    return is_enough and is_sound_near(alike, entry.known.whole.text, heard.text, True, False)


def are_both(head: RuleWord, tail: RuleWord, heard: Phonemes, language: str) -> bool:
    """Whether what is heard begins as a cognate of one word, and goes on as one of another."""
    aligned = similarity.alignment(head.known, heard)
    wanted = similarity.least(tail.known.whole.weight)
    for found in (
        similarity.stem_beginning(head.known, aligned),
        similarity.beginning(head.known, heard, aligned),
    ):
        if found is None or found[0] < BEGINS_A_COMPOUND:
            continue
        for place in beginnings(found[1], heard, tail):
            rest = Phonemes(heard.text[place:], 0.0, heard.profile)
            like = similarity.compare(tail.known, rest, ending_phonemes(language))
            if like is not None and like.strength >= max(wanted, BOTH_PARTS - found[0]):
                return True
    return False


def changed(text: str, changes: list[tuple[int, str]]) -> str:
    for at, other in changes:
        text = text[:at] + other + text[at + 1 :]
    return "".join(letter for letter, _ in groupby(text))


def entry_of(word: str) -> RuleWord:
    return RuleWord(word, fold(word), word)


class Ears:
    """Hears words in a language, for one term of some words, in a rule written in Swedish."""

    def __init__(self, words: Sequence[str], language: str, *, lone: bool = False) -> None:
        self._engine = Engine()
        self._engine.tell("learn_terms", [2, 1, 0])  # one, of no slots
        self._engine.tell("open_tongue", [0, 0, 0])
        self._index = CognateIndex(self._engine)
        term = IndexedTerm(0, Keyword(" ".join(words)), "all", (), frozenset({"sv"}))
        slots = tuple(Slot((), (), (FuzzyWord(word, lone=lone),)) for word in words)
        alternative = Alternative(slots, True)
        self._index.add(term, 0 if lone else 1, alternative, range(len(slots)))
        self._index.listen()
        self._ways = LanguageWays(language, self._index)
        self._ways.take()
        # Both are left to whoever says them; a name of few letters is in no run.
        self._left = "\u03a7\u03a3\u03a7\u03a3" if lone else "\u0e01\u0e02\u0e03\u0e04"

    def find(self, text: str, script: int) -> bool:
        """Whether what is said is found to be the term."""
        return self.find_said(Said([text], [0, script, 0]))

    def find_said(self, said: Said) -> bool:
        """Whether any way to say a word is found to be the term: of one that is left."""
        hearing = self._index.hearing
        if not self._index.lone:  # nothing of the term can be heard
            return False
        self._meet(self._left)
        left = hearing.look_up(0)
        assert left[::2] == [0]
        hearing.hear(0, said)
        self._engine.call("read", 0)
        hearing.forget(0)
        return self._is_found()

    def find_word(self, text: str) -> bool:
        """Whether a word is found to be the term."""
        self._ways.meet(0, Scan(self._engine, text))
        return self._is_found()

    def _meet(self, text: str) -> Scan:
        scan = Scan(self._engine, text)
        self._engine.call("meet", 0)
        return scan

    def _is_found(self) -> bool:
        return bool(self._engine.answer(self._engine.call("met"))[0])


def key_number(key: str) -> int:
    """Return the number of a phonetic key, twice, and one more if it has a mark."""
    number = 0
    for group in key.removeprefix(THINNED)[:DEPTH]:
        number = number * 6 + "KLMPST".index(group) + 1
    return number * 2 + key.startswith(THINNED)


@settings(max_examples=500, deadline=None)
@given(ours | listed | written, ours | listed | written)
@example("singapore", "tonN")
@example("Trump", "convention")
@example("eau", "ai")
@example("h" * 300, "jhj" * 90)
def test_native_keys_are_those_of_the_analysis(head: str, tail: str) -> None:
    index = CognateIndex(Engine())
    one, two = FuzzyWord(head), FuzzyWord(tail)
    ways = [index.alone(one), index.alone(two), index.alone(one, two)]
    index.listen()
    heard = [is_heard(head), is_heard(tail), is_heard(head) and is_heard(tail)]
    assert heard == [bool(keys_of(head)), bool(keys_of(tail)), all(map(keys_of, (head, tail)))]
    assert [way is not None for way in ways] == heard
    entry, engine = 0, index.hearing.engine
    all_keys = [keys_of(head), keys_of(tail) if tail != head else None, keys_of_both(head, tail)]
    for is_there, keys in zip(heard, all_keys, strict=True):
        if is_there and keys is not None:
            found = engine.answer(engine.call("keys_of_entry", entry)).tolist()
            assert sorted(found) == sorted({*map(key_number, keys)})
            entry += 1


def profile_of(script: int) -> Profile:
    return known_scripts().profiles[script]


@settings(max_examples=500, deadline=None)
@given(listed | written, swaps, rests, scripts, languages, st.booleans())
@example("station", [], "tokaralinovaret", 2, "en", False)
@example("bi", [(2, "N")], "", 3, "en", False)
@example("bjb", [], "a", 3, "en", True)
@example("banjotxxme", [(7, "")], "na", 1, "en", False)
@example("konstantinopoliterbaksks" * 2, [(7, "t"), (20, "p"), (30, "p")], "", 1, "en", False)
def test_a_cognate_is_heard(
    word: str,
    changes: list[tuple[int, str]],
    rest: str,
    script: int,
    language: str,
    lone: bool,
) -> None:
    entry = entry_of(word)
    text = changed(entry.known.whole.text, changes) + rest
    heard = Phonemes(text, 0.0, profile_of(script))
    if len(text) < 2 or keys_of(word).isdisjoint(keys_in(heard)) or language == "sv":
        return
    found = Ears([word], language, lone=lone).find(text, said_in(script))
    is_alike = is_like_all if lone else is_cognate
    assert found or not is_alike(entry, heard, language)


@settings(max_examples=500, deadline=None)
@given(listed | written, listed | written, swaps, rests, scripts, languages)
@example("sea", "bank", [], "en", 2, "en")
def test_two_words_as_one_are_heard(
    head: str,
    tail: str,
    changes: list[tuple[int, str]],
    rest: str,
    script: int,
    language: str,
) -> None:
    first, second = entry_of(head), entry_of(tail)
    text = changed(first.known.whole.text + second.known.whole.text, changes) + rest
    if second.known.whole.weight < LEAST_OF_A_TAIL or len(text) < compounds.SHORTEST:
        return
    if not (keys_of(head) and keys_of(tail)):  # vowels alone are no other spelling of anything
        return
    heard = Phonemes(text, 0.0, profile_of(script))
    if keys_of_both(head, tail).isdisjoint(keys_in_compound(heard)) or language == "sv":
        return
    found = Ears([head, tail], language).find(text, said_in(script))
    assert found or not are_both(first, second, heard, language)


def test_what_sounds_otherwise_is_not_heard() -> None:
    oslo = Ears(["Oslo"], "en")
    assert [oslo.find(text, 2) for text in ("asrem", "uslu", "oslorendimo")] == [False, True, False]
    assert [oslo.find_word(text) for text in ("oslo", "uslu")] == [False, True]


@settings(deadline=None)
@given(ours, languages)
def test_a_word_is_heard_as_itself(word: str, language: str) -> None:
    script = known_scripts().number_of(word)
    heard = phonemes_of(word, language)
    plain = phonemes_of(word)
    assert profile_of(script) == plain.profile
    found = Ears([word], language, lone=True).find(word, script)
    if language == "sv":  # only who sounds just so
        assert found == bool(keys_of(word))
    elif len(heard.text) >= 2 and not keys_of(word).isdisjoint(keys_in(heard)):
        assert found == is_like_all(entry_of(word), heard, language)


names = st.from_regex(r"[A-Z](?:[bdfgklmnprstv]{0,2}[aeiouy]){2,4}[bdgklmnrst]?", fullmatch=True)
in_cyrillic = str.maketrans("abdefgiklmnoprstuvyz", "абдефгиклмнопрстувиз")


@settings(max_examples=1_000, deadline=None)
@given(names, swaps, st.sampled_from(["", "s", "en", "a"]), st.booleans(), languages)
@example("Kerner", [(1, "o")], "s", False, "en")
@example("Trampo", [(2, "o")], "", True, "ru")
@example("Estoran", [(0, "")], "", True, "")
@example("Stoler", [(0, "es")], "", True, "ru")
@example("Caa", [], "", False, "en")
def test_a_lone_name_is_heard_where_it_is_near_enough(
    name: str, changes: list[tuple[int, str]], rest: str, in_other_letters: bool, language: str
) -> None:
    """In a script with capitals; what is told in another way is not left out here."""
    word = (changed(name.lower(), changes) + rest).lower()
    word = (word.translate(in_cyrillic) if in_other_letters else word).capitalize()
    heard = phonemes_of(word, language)
    if not word.isalpha() or len(heard.text) < 2 or language == "sv" or pronunciations(name):
        return
    found = Ears([name], language, lone=True).find_word(word)
    if not (keys_of(name).isdisjoint(keys_in(heard)) or fold(word) in stop_words()):
        said = SaidName(word, name, likeness(name, word, language), language)
        assert found or not is_said_so(said, ())
    if not (has_other_letters(language) and word.isascii()):
        like = likeness(name, word, language)
        is_enough = like >= least_in_full(name)
        is_told = script(word) != script(name) or len(name) >= LONG_ALONE
        assert not found or (is_enough and is_told)


signs = st.lists(
    st.sampled_from("克尔斯特姆林登维德科巴伦兰道卡森马里奥布鲁诺贝弗格拉"), min_size=2, max_size=5
).map("".join)


def names_by_signs(run: str, name: str) -> Iterator[SaidName]:
    """Yield what signs of a run say that begins like a name."""
    for piece in pieces_of(run):
        first = similarity.beginning(entry_of(name).known, piece.phonemes)
        if first is None or keys_of(name).isdisjoint(keys_in(piece.phonemes)):
            continue
        ends = [piece.ends[place] for place in first[1] if piece.may_end(place)]
        for end in ends[-1:] if ends[-1:] == [len(run)] else ends[:1]:
            yield SaidName(run[piece.start : end], name, first[0], "zh")


_NEARLY = 0.9
"""What is nearly so may be heard: whoever asks looks closer (以林维鲁 for Linviu)."""


@settings(max_examples=1_000, deadline=None)
@given(
    signs, swaps, st.sampled_from(["", "今天", "让", "以"]), st.sampled_from(["", "说", "的", "本"])
)
@example("巴伦斯", [(4, "i")], "让", "")
@example("林维鲁", [(5, "")], "以", "说")
def test_a_lone_name_is_heard_where_its_signs_say_enough(
    said: str, changes: list[tuple[int, str]], before: str, behind: str
) -> None:
    """The fewer they are, the more like the name they must be."""
    sounds = "".join(piece.phonemes.text for piece in islice(pieces_of(said), 1))
    name = changed(sounds.replace("x", "sh"), changes).lower().capitalize()
    if len(name) < LONG_ALONE or not keys_of(name) or pronunciations(name):
        return
    run = before + said + behind
    found = Ears([name], "zh", lone=True).find_word(run)
    every = [each for each in names_by_signs(run, name) if each.written]
    assert found or not any(is_said_so(each, ()) for each in every)
    assert not found or any(
        is_said_so(each, ()) or is_another(each.written, name, "zh") or each.strength >= _NEARLY
        for each in every
    )


@settings(deadline=None)
@given(ours, ours)
def test_another_word_is_no_name_of_the_own_language(word: str, other: str) -> None:
    found = Ears([word], "sv", lone=True).find(other, known_scripts().number_of(other))
    sounds, plain = phonemes_of(word).text, phonemes_of(other).text
    assert found == (sounds == plain and bool(keys_of(word)))


@settings(max_examples=300, deadline=None)
@given(ours | listed, ours | listed, st.sampled_from(["ar", "he", "en", "ru", ""]))
@example("tiskvilk", "тсквилк", "ru")
@example("اوسلو", "واوسلو", "ar")
@example("station", "station\u0301", "en")
def test_a_word_is_said_in_all_ways(word: str, other: str, language: str) -> None:
    scan, folded = Scan(ENGINE, other), fold(other)
    is_one = len(scan.spans[0]) == 1 and not scan.runs and scan.folded == folded
    if not is_one or folded in stop_words() | everyday_words(language):
        return
    said = Said([], [])
    said.add_word(0, other, folded, 0, language)
    ears = Ears([word], language)
    if fold(word) != folded:
        assert ears.find_word(other) == ears.find_said(said)


def test_a_script_is_heard_by_how_it_treats_sounds() -> None:
    known = known_scripts()
    assert set(known.kinds) == {profile_of(number) for number in known.numbers.values()}
    assert known.kind_of(said_in(known.numbers["THAI"])) == known.kind_of(known.numbers["THAI"])
    assert known.kinds[known.kind_of(known.numbers["LATIN"])] == PLAIN
    assert all("" in ending_phonemes(language) for language in ("en", "ru", ""))


FIRST_LETTERS = {"GREEK": "α", "KATAKANA": "ア", "HEBREW": "ק", "TAMIL": "க"}


@pytest.mark.parametrize("script", FIRST_LETTERS)
def test_letters_that_sound_otherwise_together_are_known_with_the_first_word(script: str) -> None:
    letter = FIRST_LETTERS[script]
    pairs = (*digraphs()[script], *alternatives().get(script, ()))
    for word in filter(is_heard, (letter + pair + letter for pair, *_ in pairs)):
        assert Ears([word], "en").find(word, known_scripts().numbers[script]), word
