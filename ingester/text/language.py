"""Which language a text is in: what its source declares, else what the text itself shows."""

import functools
import re
import threading
from collections import Counter
from typing import Protocol

from common.neighbours import NEIGHBOURS
from common.scripts import DENSE, letters

# How we say a language: the one code that articles, rules and variants share. Members of a
# macro-language whose written form is that of the whole go to the macro code.
ONE_CODE = {
    "arz": "ar",
    "ary": "ar",
    "cmn": "zh",
    "fil": "tl",
    "in": "id",
    "iw": "he",
    "ji": "yi",
    "jw": "jv",
    "mo": "ro",
    "nb": "no",
    "nn": "no",
    "prs": "fa",
    "pes": "fa",
    "sh": "sr",
    "uzs": "uz",
    "wuu": "zh",
    "yue": "zh",
    "zsm": "ms",
}

# ISO 639-2 and -3, which some templates write where two letters are meant.
_CODES = (
    "ara:ar ben:bn bul:bg cat:ca ces:cs cze:cs dan:da deu:de ger:de ell:el gre:el eng:en "
    "est:et eus:eu fas:fa per:fa fin:fi fra:fr fre:fr heb:he hin:hi hrv:hr hun:hu ind:id "
    "isl:is ice:is ita:it jpn:ja kat:ka geo:ka khm:km kor:ko lao:lo lit:lt lav:lv mkd:mk "
    "mac:mk msa:ms may:ms mya:my bur:my nld:nl dut:nl nor:no nob:no nno:no pol:pl por:pt "
    "ron:ro rum:ro rus:ru slk:sk slo:sk slv:sl spa:es srp:sr swe:sv tam:ta tha:th tgl:tl "
    "tur:tr ukr:uk urd:ur vie:vi zho:zh chi:zh"
)
TWO_LETTERS = dict(pair.split(":") for pair in _CODES.split())

NO_LANGUAGE = frozenset(("und", "mul", "mis", "zxx", "art", "x", "i"))
"""Subtags that name no single language of people."""

_SMALL = (
    "ace an ary arz bcl crh dz ext fuv gcf gcr gom grc gug guw hbo kab kik la lb lij ltg nso oc "
    "pcm qu sa sdh sn st tk uzs vec vo wa zxx"
)
NEVER_GUESSED = frozenset(_SMALL.split())
"""Known to the model, but rare in news and often mistaken for a bigger neighbour."""

READ_CHARACTERS = 2_000
FEWEST_LETTERS = 12
FEWEST_SIGNS = 5
"""Letters of scripts where one sign says as much as several letters: Han, kana, Hangul, Thai."""

BORNE_OUT_BY = 3
"""So many texts must show what they are said to be in before the next are only glanced at."""
GLANCE = 100

SURE = 0.5
CERTAIN = 0.95
CERTAIN_LETTERS = 100

_SUBTAG = re.compile(r"\s*([A-Za-z]{2,3})(?:[-_].*)?\s*", re.S)
_NOISE = re.compile(r"\S*(?:://|www\.|@)\S*|[#@]\w+|\d+")
_SIGNS = re.compile(f"[{letters(DENSE)}]")
_loading = threading.Lock()


def primary(tag: str) -> str:
    """Return the language of a declared tag ("sv-SE", "zh_Hant", "nb") as we say it, or ""."""
    match = _SUBTAG.fullmatch(tag)
    if match is None:
        return ""
    subtag = match[1].lower()
    subtag = TWO_LETTERS.get(subtag, subtag)
    return "" if subtag in NO_LANGUAGE else ONE_CODE.get(subtag, subtag)


def detect(text: str) -> str:
    """Return the primary subtag of the language of a text, or "" when it does not show.

    Short texts, names, numbers and addresses show none. Safe to call from many threads.
    """
    return _guess(text)[0]


def language_of(declared: str, text: str) -> str:
    """Return the language of a text whose source declares one, or declares none ("").

    The declaration holds, unless a text of some length is certainly in another language:
    templates say "en" above articles of any language.
    """
    return _decided(primary(declared), *_guess(text))


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

    def language_of(self, declared: str, text: str) -> str:
        """Return the language of the next text."""
        said = primary(declared)
        likely = said or self._of_all
        if self._borne_out[likely] >= BORNE_OUT_BY and _at_a_glance(text) == likely:
            return likely
        guess = _guess(text)
        if likely:
            self._borne_out[likely] += likely == guess[0]
        return _decided(said, *guess)


def _decided(said: str, shown: str, chance: float, letters: int) -> str:
    if not said or not shown or said == shown:
        return said or shown
    if chance < CERTAIN or letters < CERTAIN_LETTERS or said not in _known():
        return said
    return said if any({said, shown} <= pair for pair in NEIGHBOURS) else shown


def _guess(text: str) -> tuple[str, float, int]:
    """Return the language or "", how likely it is in [0, 1], and how many letters were read."""
    sample = " ".join(_NOISE.sub(" ", text[:READ_CHARACTERS]).split())
    letters = sum(map(str.isalpha, sample))
    if letters < FEWEST_LETTERS and len(_SIGNS.findall(sample)) < FEWEST_SIGNS:
        return "", 0.0, letters
    code, chance = _identifier().classify(sample)
    return (ONE_CODE.get(code, code) if chance >= SURE else ""), chance, letters


def _at_a_glance(text: str) -> str:
    """Return the language of the middle of what would be read, or "" when that is not less."""
    middle = min(len(text), READ_CHARACTERS) // 2
    if middle < GLANCE:
        return ""
    return _guess(text[middle - GLANCE // 2 :][:GLANCE])[0]


def _known() -> frozenset[str]:
    return frozenset(ONE_CODE.get(label, label) for label in _identifier().labels)


class _Identifier(Protocol):
    """What we use of py3langid, which ships no types."""

    labels: list[str]

    def classify(self, text: str) -> tuple[str, float]: ...


def _identifier() -> _Identifier:
    with _loading:
        return _load()


@functools.cache
def _load() -> _Identifier:
    # Half a second and 90 MB, so only when a text asks for it.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages([label for label in identifier.labels if label not in NEVER_GUESSED])
    loaded: _Identifier = identifier
    return loaded
