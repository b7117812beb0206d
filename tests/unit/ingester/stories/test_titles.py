"""What a title says besides what both say is told by the other text, or is not."""

import numpy as np
import pytest

from ingester.stories.signature import Signature, Signer
from ingester.stories.titles import titles_told
from rules.lexicons.concepts import Concepts, pack_concepts
from rules.text.folding import fold
from tests.builders import an_article

SIGNER = Signer(fold, Concepts(pack_concepts([])))


def known(title: str, text: str) -> Signature:
    return SIGNER.signature(an_article(title, text=text))


FIRE = known("Fire closes market in Kiruna", "The market in Kiruna burnt. Kiruna hopes.")
STRIKE = known("Kiruna drivers refuse timetable", "The drivers in Kiruna want pauses.")
AGAIN = known("Stalls of Kiruna burn", "A fire at the market closed the square with the stalls.")
SHORT = known("Kiruna burns", "It burns.")
HALVED = known("Kiruna stalls halve 1,200 rents", "The stalls of Kiruna halve rents.")
RENTS = known("Stalls of Kiruna", "Their rents fell.")
BOTH = known("Market in Kiruna after fire", "The market will be closed, the drivers say.")


@pytest.mark.parametrize(
    ("one", "others", "share"),
    [
        pytest.param(STRIKE, [FIRE], 0.0, id="neither tells what the other's title says"),
        pytest.param(AGAIN, [FIRE], 0.5, id="in other forms, too"),
        pytest.param(FIRE, [AGAIN], 1.0, id="the other way round"),
        pytest.param(STRIKE, [FIRE, BOTH], 1 / 3, id="of several others one is enough"),
        pytest.param(RENTS, [HALVED], 0.25, id="a number counts twice"),
        pytest.param(SHORT, [SHORT], 1.0, id="titles that have no words of their own"),
        pytest.param(STRIKE, [], 1.0, id="nothing to compare with"),
    ],
)
def test_what_is_told_of_titles(one: Signature, others: list[Signature], share: float) -> None:
    words = np.unique(np.concatenate([one.words[:0], *(other.words for other in others)]))
    told = titles_told(one.print, one.course, words, [other.print for other in others])
    assert told == pytest.approx(share)
