"""Which language a text is in: what its source declares, else what the text itself shows."""

import functools
import re
import threading
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from common.language_codes import ONE_CODE, one_code
from common.neighbours import NEIGHBOURS
from common.patterns import pattern
from common.scripts import DENSE, letters
from ingester.guessing.keyboards import at_home

if TYPE_CHECKING:
    from ingester.guessing.model import LanguageModel

NO_LANGUAGE = frozenset(("und", "mul", "mis", "zxx", "art", "x", "i"))
"""Subtags that name no single language of people."""

READ_CHARACTERS = 2_000
BEGINNING = 400
"""So much is read at first of a text that is likely in a language, and mostly it certainly is."""
FEWEST_LETTERS = 12
FEWEST_SIGNS = 5
"""Letters of scripts where one sign says as much as several letters: Han, kana, Hangul, Thai."""

BORNE_OUT_BY = 3
"""So many texts must show what they are said to be in before the next are only glanced at."""
GLANCE = 100

OWN_LETTERS = {"ku": ("ێڵڕ", "ۆە", ""), "tk": ("ş", "ýň", "ä")}
"""Letters that only one language writes together, which the model does not know: Kurdish in Arabic
letters is Persian or Uyghur to it, Turkmen Turkish. One of the first, one of the second, several
of these and the third."""

SURE = 0.5
CERTAIN = 0.95
CERTAIN_LETTERS = 100

_SUBTAG = pattern(r"\s*([A-Za-z]{2,3})(?:[-_].*)?\s*", re.S)
_OF_ADDRESSES = pattern(r"://|www\.|@")
_NOISE = pattern(r"#\w+|\d+")
_MAY_BE_NOISE = pattern(r"[#\d]")  # found five times as fast
_SIGNS = pattern(lambda: f"[{letters(DENSE)}]")
_BREAK_OF_A_LINE = "\u200b"
_loading = threading.Lock()


def primary(tag: str) -> str:
    """Return the language of a declared tag ("sv-SE", "zh_Hant", "nb") as we say it, or ""."""
    match = _SUBTAG.fullmatch(tag)
    if match is None:
        return ""
    subtag = match[1].lower()
    return "" if subtag in NO_LANGUAGE else one_code(subtag)


def detect(text: str) -> str:
    """Return the primary subtag of the language of a text, or "" when it does not show.

    Short texts, names, numbers and addresses show none. Safe to call from many threads.
    """
    return _guesses([text])[0].language


def language_of(declared: str, text: str) -> str:
    """Return the language of a text whose source declares one, or declares none ("").

    The declaration holds, unless a text of some length is certainly in another language:
    templates say "en" above articles of any language.
    """
    return _decided(primary(declared), _guesses([text])[0])


class Text(NamedTuple):
    """A text, and the language that its source declares for it, or ""."""

    declared: str
    text: str


class Declarations:
    """What sources declare of texts that belong together, believed as the texts bear it out.

    Once several have been read that show what they are said to be in, a glance at the next is
    enough; one that shows anything else is read as `language_of` reads it.

    Args:
        of_all: What is declared of all of them; "" if nothing. It decides nothing by itself.
    """

    def __init__(self, of_all: str = "") -> None:
        self._of_all = primary(of_all)
        self._borne_out: Counter[str] = Counter()

    def languages_of(self, texts: Sequence[Text]) -> list[str]:
        """Return the languages of the next texts, which are read all at once."""
        said = [primary(each.declared) for each in texts]
        likely = [each or self._of_all for each in said]
        wanted, others = self._to_be_read(likely)
        guesses, glances = _looked_at(texts, likely, wanted, others)
        found = []
        for place, (each, of_it) in enumerate(zip(said, likely, strict=True)):
            is_glance_enough = place in glances and self._borne_out[of_it] >= BORNE_OUT_BY
            if is_glance_enough and glances[place] == of_it:
                found.append(of_it)
                continue
            if place not in guesses:
                # With those behind it that a glance is not enough for, either.
                more = [
                    number
                    for number, glance in glances.items()
                    if number == place or (number > place and glance != likely[number])
                ]
                read = _read([(texts[number].text, likely[number]) for number in more])
                guesses.update(zip(more, read, strict=True))
            guess = guesses[place]
            if of_it:
                self._borne_out[of_it] += of_it == guess.language
            found.append(_decided(each, guess))
        return found

    def _to_be_read(self, likely: Sequence[str]) -> tuple[list[int], list[int]]:
        """Return the places of texts that are read in any case, and those of all others."""
        missing = {of_it: BORNE_OUT_BY - self._borne_out[of_it] for of_it in set(likely)}
        wanted, others = list[int](), list[int]()
        for place, of_it in enumerate(likely):
            (wanted if missing[of_it] > 0 or not of_it else others).append(place)
            missing[of_it] -= 1
        return wanted, others


class Guess(NamedTuple):
    """What a text shows.

    Attributes:
        language: "" when it shows none.
        chance: How likely it is, in [0, 1].
        letters: How many letters of the text say so; above `CERTAIN_LETTERS` at least that many.
    """

    language: str
    chance: float
    letters: int


def _decided(said: str, guess: Guess) -> str:
    shown = guess.language
    if not said or not shown or said == shown:
        return said or shown
    if guess.chance < CERTAIN or guess.letters < CERTAIN_LETTERS or said not in _known():
        return said
    return said if any({said, shown} <= pair for pair in NEIGHBOURS) else shown


def _looked_at(
    texts: Sequence[Text], likely: Sequence[str], wanted: Sequence[int], others: Sequence[int]
) -> tuple[dict[int, Guess], dict[int, str]]:
    """Return what texts show that are wanted, and at a glance what the others do, by place."""
    given = [(texts[place].text, likely[place]) for place in wanted]
    middles = [_middle(texts[place].text) for place in others]
    guesses = _guesses([*(_beginning(*each) for each in given), *middles])
    glances = zip(others, guesses[len(wanted) :], strict=True)
    read = _read(given, guesses[: len(wanted)])
    return dict(zip(wanted, read, strict=True)), {place: guess.language for place, guess in glances}


def _beginning(text: str, likely: str) -> str:
    """Return what is read at first of a text, given the language that it is likely in, or ""."""
    return text[:BEGINNING] if likely else text


def _middle(text: str) -> str:
    """Return the middle of what would be read of a text; "" when that is not less."""
    middle = min(len(text), READ_CHARACTERS) // 2
    return text[middle - GLANCE // 2 :][:GLANCE] if middle >= GLANCE else ""


def _read(
    texts: Sequence[tuple[str, str]], beginnings: Sequence[Guess] | None = None
) -> list[Guess]:
    """Return what texts show, given the language that each is likely in, or "".

    Args:
        beginnings: What their beginnings show, if that is known.
    """
    guesses = list(beginnings or _guesses([_beginning(*each) for each in texts]))
    left = [
        place
        for place, ((text, likely), guess) in enumerate(zip(texts, guesses, strict=True))
        if likely and len(text) > BEGINNING and not _is_certainly(likely, guess)
    ]
    if left:
        whole = _guesses([texts[place][0] for place in left])
        for place, guess in zip(left, whole, strict=True):
            guesses[place] = guess
    return guesses


def _is_certainly(likely: str, guess: Guess) -> bool:
    return guess.language == likely and guess.chance >= CERTAIN and guess.letters >= CERTAIN_LETTERS


def _guesses(texts: Sequence[str]) -> list[Guess]:
    samples = [_sample(text[:READ_CHARACTERS]) for text in texts]
    letters = [_letters_in(sample) for sample in samples]
    telling = [
        place
        for place, sample in enumerate(samples)
        if letters[place] >= FEWEST_LETTERS or len(_SIGNS.findall(sample)) >= FEWEST_SIGNS
    ]
    guesses = [Guess("", 0.0, count) for count in letters]
    if telling:
        shown = _model().classify([samples[place] for place in telling])
        for place, (code, chance) in zip(telling, shown, strict=True):
            own = _by_its_letters(samples[place])
            language = ONE_CODE.get(code, code) if chance >= SURE else ""
            guesses[place] = Guess(own or language, 1.0 if own else chance, letters[place])
    return guesses


def _by_its_letters(sample: str) -> str:
    for language, (one, other, more) in OWN_LETTERS.items():
        if all(any(letter in sample for letter in some) for some in (one, other)):
            count = sum(map(sample.lower().count, other + more))
            return language if count >= max(2, len(sample) // 40) else ""
    return ""


def _sample(text: str) -> str:
    """Return a text without addresses, names of accounts, tags and numbers, on one line."""
    if "://" in text or "www." in text or "@" in text:
        words = text.split()
        text = " ".join(word for word in words if not _OF_ADDRESSES.search(word))
    if _MAY_BE_NOISE.search(text):
        text = _NOISE.sub(" ", text)
    return at_home(" ".join(text.replace(_BREAK_OF_A_LINE, "").split()))


def _letters_in(sample: str) -> int:
    """Count letters, as long as it matters how many there are."""
    beginning = sample[: 2 * CERTAIN_LETTERS]
    words = beginning.replace(" ", "")
    count = len(words) if words.isalpha() else sum(map(str.isalpha, beginning))
    if count < CERTAIN_LETTERS:
        count += sum(map(str.isalpha, sample[2 * CERTAIN_LETTERS :]))
    return count


def _known() -> frozenset[str]:
    return frozenset(OWN_LETTERS).union(ONE_CODE.get(label, label) for label in _model().labels)


def _model() -> "LanguageModel":
    with _loading:
        return _load()


@functools.cache
def _load() -> "LanguageModel":
    from ingester.guessing.model import LanguageModel  # only when a text asks for it

    # What is as likely Bulgarian as Macedonian may be Serbian, as well.
    alike = [group for group in NEIGHBOURS if "mk" not in group]
    return LanguageModel(ONE_CODE, alike)
