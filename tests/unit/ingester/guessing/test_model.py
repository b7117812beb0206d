"""What a text shows of its language: the packed model, and the kernel that reads it."""

import json
import zlib
from collections import Counter
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from common.language_codes import ONE_CODE
from ingester.guessing.model import LOWEST, NO_GROUP, PACKED, STEP, LanguageModel
from ingester.guessing.pack import NEVER_GUESSED, packed
from ingester.text.language import SURE

ARTICLES = Path(__file__).parents[3] / "quality" / "news.jsonl"


class Groups(NamedTuple):
    """The packed model as plain tables: of each group of bytes what it says for whom."""

    says: dict[bytes, NDArray[np.float64]]
    ways: frozenset[bytes]
    floors: NDArray[np.float32]
    priors: NDArray[np.float32]

    def score(self, text: bytes) -> NDArray[np.float64]:
        """Return how much speaks for each language, as slowly as it is defined."""
        held: Counter[bytes] = Counter()
        for end in range(1, len(text) + 1):
            ends = (text[begin:end] for begin in range(max(0, end - 9), end))
            longest = next((each for each in ends if each in self.ways), b"")
            if longest in self.says:
                held[longest] += 1
        weights = {group: float(np.log1p(count)) for group, count in held.items()}
        said = sum(weight * self.says[group] for group, weight in weights.items())
        return said + sum(weights.values()) * self.floors + self.priors * bool(held)


@cache
def groups() -> Groups:
    data = zlib.decompress(PACKED.read_bytes())
    nodes, sayings, classes, _ = np.frombuffer(data, "<u4", 4).tolist()
    floors, priors = np.frombuffer(data, "<f4", 2 * classes, 16).reshape(2, -1)
    children, last, said = np.frombuffer(data, "u1", 3 * nodes, 16 + 8 * classes).reshape(3, -1)
    languages, codes = np.frombuffer(data, "u1", 2 * sayings, 16 + 8 * classes + 3 * nodes).reshape(
        2, -1
    )
    names, says, at = [b""], dict[bytes, NDArray[np.float64]](), 0
    for node in range(nodes):
        names += [names[node] + bytes([byte]) for byte in last[len(names) :][: int(children[node])]]
        if said[node] != NO_GROUP:
            speaks = np.zeros(classes)
            of_it = slice(at, at + int(said[node]))
            speaks[languages[of_it]] = LOWEST + STEP * codes[of_it].astype(float)
            says[names[node]] = speaks
            at += int(said[node])
    return Groups(says, frozenset(names), floors, priors)


@cache
def model() -> LanguageModel:
    return LanguageModel()


_WORDS = [
    "Hanoi",
    "会议",
    "на",
    "och",
    "",
    "ABC",
    "เมือง",
    "2026",
    "\ufffd",
    "😀",
    "sjöfart",
    "\xff",
]


@settings(deadline=None)  # the first example loads the model twice
@given(
    st.lists(
        st.one_of(
            st.lists(st.sampled_from(_WORDS), max_size=30).map(" ".join).map(str.encode),
            st.binary(max_size=60),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_native_code_counts_what_the_packed_model_says(texts: list[bytes]) -> None:
    scores = model().scores(texts)
    for row, text in zip(scores, texts, strict=True):
        assert row == pytest.approx(groups().score(text), abs=2e-3, rel=1e-4)


def test_the_packed_model_is_made_of_what_py3langid_has_learned() -> None:
    assert packed() == zlib.decompress(PACKED.read_bytes())


def test_of_nothing_nothing_is_said() -> None:
    assert model().classify([]) == []
    assert model().scores([b"", b"\xff\xff"]).any() == np.False_


def test_languages_that_news_rarely_uses_are_never_guessed() -> None:
    assert not NEVER_GUESSED & model().labels
    assert {"sv", "vi", "ar", "th", "zh", "sr"} <= model().labels


def test_a_language_in_two_scripts_is_one() -> None:
    texts = ["Влада је данас усвојила нови закон о раду.", "Vlada je danas usvojila novi zakon."]
    assert {label for label, _ in model().classify(texts)} <= {"sr", "bs", "hr"}
    assert sum(chance for _, chance in model().classify(texts[:1])) > SURE


def test_articles_show_their_languages() -> None:
    articles = [json.loads(line) for line in ARTICLES.read_text().splitlines()]
    shown = model().classify([f"{each['title']}\n{each['text']}" for each in articles])
    wrong = silent = 0
    for each, (label, chance) in zip(articles, shown, strict=True):
        silent += chance < SURE
        is_it = ONE_CODE.get(label, label) == ONE_CODE.get(each["lang"], each["lang"])
        wrong += chance >= SURE and not is_it
    assert wrong == 0
    assert silent <= 0.005 * len(articles)
