"""What native code is told of sounds is what the comparison of two words goes by."""

import pytest

from rules.index.sounds.spoken import costs, sounds, thousandths
from rules.languages.phonemes import PLAIN, Profile, profiles
from rules.languages.similarity import costs_of

PROFILES = {"plain": PLAIN, **profiles()}
_ROW = 32


@pytest.mark.parametrize("heard", PROFILES.values(), ids=PROFILES)
def test_sounds_are_as_near_as_scripts_make_them(heard: Profile) -> None:
    for own in PROFILES.values():
        told, expected = costs(heard, own), costs_of(heard.pairs + own.pairs)
        for one, row in expected.items():
            for other, cost in row.items():
                (at,), (to,) = sounds(one), sounds(other)
                assert told[at * _ROW + to] == thousandths(cost), f"{one} for {other}"


def test_what_one_script_makes_near_is_far_for_others() -> None:
    plain = costs(PLAIN, PLAIN).tolist()
    for profile in PROFILES.values():
        costs(profile, profile)
    assert costs(PLAIN, PLAIN).tolist() == plain
