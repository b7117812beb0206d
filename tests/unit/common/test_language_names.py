"""The one table of language names."""

import pytest

from common.language_names import NAMES, language_name
from rules.data.tables import languages


@pytest.mark.parametrize(
    ("tag", "name"),
    [
        ("sv", "Swedish"),
        ("sv-FI", "Swedish"),
        ("zh_Hant", "Chinese"),
        ("SV", "Swedish"),
        ("nb", "Norwegian Bokmål"),
        ("tlh", "tlh"),
        ("", ""),
    ],
)
def test_a_tag_has_the_name_of_its_language(tag: str, name: str) -> None:
    assert language_name(tag) == name


def test_every_language_that_rules_know_has_a_name() -> None:
    assert languages().keys() <= NAMES.keys()
