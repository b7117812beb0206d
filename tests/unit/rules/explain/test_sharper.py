"""A sharper query: it leaves out what was wrong, and as little else as can be."""

from rules.explain.sharper import Sharper, sharper
from storage.model import Article, Source
from tests.builders import a_rule, a_source, an_article

SOURCE = a_source()


def about(title: str, text: str = "More.") -> tuple[Article, Source]:
    return an_article(title, text=text, language="en"), SOURCE


def test_a_word_that_only_the_wrong_article_has_is_excluded() -> None:
    found = sharper(
        a_rule("rail strike"),
        about("Rail strike ends the new computer game", "Players of the game derail trains."),
        [about("Rail strike ends after nine days"), about("Computer fault before rail strike")],
    )
    assert found == Sharper("rail strike NOT game", 2, 2)


def test_what_stands_beside_others_is_grouped() -> None:
    found = sharper(a_rule("rail strike OR walkout"), about("A walkout of the orchestra"), [])
    assert found is not None
    assert found.query == "(rail strike OR walkout) NOT orchestra"


def test_where_no_word_tells_the_phrase_is_tried() -> None:
    found = sharper(
        a_rule("rail strike"),
        about("Strike by the rail", "Rail."),
        [about("Rail strike by the union")],
    )
    assert found == Sharper('"rail strike"', 1, 1)


def test_nothing_is_proposed_that_would_not_help() -> None:
    assert sharper(a_rule("rail strike"), about("Rail strike", ""), []) is None
