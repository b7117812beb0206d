"""Where copies of one report differ."""

from monitor.compare.passages import passages, sentences
from tests.builders import an_article

WIRE = "The strike began at dawn. Ferries stay in port. Talks go on. Nobody was hurt."


def test_a_copy_shows_what_it_added_and_left_out() -> None:
    first = an_article("One", text=WIRE)
    copy = an_article(
        "Two", text="The strike began at dawn. Ferries stay in  PORT! Talks go on. We ask why."
    )
    [(id_, found)] = passages([first, copy]).items()
    assert (id_, found.like) == (copy.id, first.id)
    assert found.alike == 0.75
    assert found.added == ("We ask why.",)
    assert found.left_out == ("Nobody was hurt.",)
    assert found.more == 0


def test_a_shortened_copy_is_a_copy_whole() -> None:
    first = an_article("One", text=WIRE)
    short = an_article("Two", text="The strike began at dawn. Ferries stay in port.")
    found = passages([first, short])[short.id]
    assert found.alike == 1.0
    assert found.added == ()


def test_other_texts_and_other_languages_are_not_compared() -> None:
    first = an_article("One", text=WIRE)
    other = an_article("Two", text="A bridge was opened. The mayor spoke. It rained.")
    once = an_article("Three", text="Talks go on. A mayor spoke about it. It was long.")
    german = an_article("Four", text=WIRE, language="de")
    assert passages([first, other, once, german]) == {}


def test_an_article_is_compared_with_the_one_it_is_most_like() -> None:
    far = an_article("One", text="A b c. D e f. G h i. J k l.")
    near = an_article("Two", text="A b c. D e f. X y z. Q r s.")
    last = an_article("Three", text="A b c. D e f. X y z. Q r s.")
    found = passages([far, near, last])
    assert found[near.id].like == far.id
    assert found[last.id].like == near.id


def test_many_passages_are_counted_not_listed() -> None:
    shared = "Begin here. Go on there. "
    long = " ".join(f"Sentence {number} alone." for number in range(20))
    first = an_article("One", text=shared)
    found = passages([first, an_article("Two", text=shared + long)])
    [only] = found.values()
    assert len(only.added) == 8
    assert only.more == 12


def test_scripts_without_spaces_have_sentences() -> None:
    assert list(sentences("港口罢工。谈判继续！\nنعم؟").values()) == [
        "港口罢工。",
        "谈判继续！",
        "نعم؟",
    ]
