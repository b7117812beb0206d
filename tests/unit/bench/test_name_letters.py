"""Which letters write which of a name is found by laying many names beside what is written."""

from bench.making.name_letters import counted, weights
from rules.languages.name_letters import letters_in, marked

PAIRS = [
    (marked(name), letters_in(written))
    for name, written in [
        ("Tina", "თინა"),
        ("Nata", "ნატა"),
        ("Anita", "ანიტა"),
        ("Tania", "ტანია"),
        ("Ina", "ინა"),
        ("Thina", "თინა"),
        ("Ninth", "ნინთ"),
    ]
]


def test_letters_that_stand_together_are_found_to_be_one() -> None:
    steps = counted(PAIRS)
    assert steps["n", "ნ"] > 10 * steps["n", "თ"]
    of_th = {
        letter: steps["th", letter] + steps["^th", letter] + steps["th$", letter]
        for letter in "თტნი"
    }
    assert max(of_th, key=lambda letter: of_th[letter]) == "თ"


def test_every_letter_of_both_is_in_one_step_of_each_way() -> None:
    steps = counted(PAIRS)
    letters = sum(count * len(piece) for (piece, _), count in steps.items())
    written = sum(count for (_, letter), count in steps.items() if letter)
    assert round(letters) == sum(len(name) for name, _ in PAIRS)
    assert round(written) == sum(len(letters) for _, letters in PAIRS)


def test_what_goes_together_says_more_than_what_meets_by_chance() -> None:
    said = weights(PAIRS, ["ნინა", "თათი", "ტატი", "ანა"])
    assert said["n", "ნ"] > 0
    assert said["n", "ნ"] > said.get(("n", "თ"), -100)
    rarer = weights(PAIRS, ["თათი", "ტატი", "ია"])
    assert rarer["n", "ნ"] > said["n", "ნ"]
