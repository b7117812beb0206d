"""Letters of one script that stand in a word of another."""

import pytest

from rules.text.lookalikes import in_one_script


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        pytest.param("зaхтeв зa aзил", "захтев за азил", id="Cyrillic with Latin letters"),
        pytest.param("Mоscow", "Moscow", id="Latin with a Cyrillic letter"),
        pytest.param("интернет-shop HIVом", "интернет-shop HIVом", id="what no lookalike explains"),
        pytest.param("COVID и Москва", "COVID и Москва", id="words of one script each"),
        pytest.param("各 зaхтeв", "各 захтев", id="beside letters of other scripts"),
        pytest.param("各 plain text", "各 plain text", id="whose bytes are those of Cyrillic ones"),
        pytest.param("plain text", "plain text", id="one script"),
    ],
)
def test_a_word_is_in_the_script_that_it_is_meant_in(written: str, meant: str) -> None:
    assert in_one_script(written) == meant
    assert len(in_one_script(written)) == len(written)
