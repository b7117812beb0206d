"""Whatever can be done can be said."""

import shlex

import pytest

from monitor.base.checkout import shell_word
from monitor.base.errors import Refusal, Remedy, RemedyKind
from monitor.base.remedies import remedy_words, worded


@pytest.mark.parametrize("kind", RemedyKind)
def test_every_remedy_has_words(kind: RemedyKind) -> None:
    assert remedy_words(Remedy(kind, "desk"))


def test_what_is_to_be_done_follows_the_sentence_and_is_ready_to_be_typed() -> None:
    changes = (("query", "a OR b"), ("max-per-day", "3"))
    refusal = Refusal("it differs", remedy=Remedy(RemedyKind.EDIT_RULE, "rail strike", changes))
    assert worded(refusal).splitlines()[0] == (
        "it differs; change it with: ./run monitor edit-rule 'rail strike' "
        "--query 'a OR b' --max-per-day 3"
    )


def test_a_refusal_without_a_remedy_says_what_it_says() -> None:
    assert worded(Refusal("there is no such folder")) == "there is no such folder"


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("strike", "strike"),
        ("rail strike", "'rail strike'"),
        ("pollution de l'air", '"pollution de l\'air"'),
        ('l\'"air"', """'l'"'"'"air"'"""),
        ("l'air $HOME", """'l'"'"'air $HOME'"""),
        ("l'air!", """'l'"'"'air!'"""),
        ("l'air `id`", """'l'"'"'air `id`'"""),
        ("l'air\\n", """'l'"'"'air\\n'"""),
    ],
)
def test_a_name_is_typed_as_people_quote_it_and_as_a_shell_reads_it(name: str, word: str) -> None:
    assert shell_word(name) == word
    assert shlex.split(word) == [name]
