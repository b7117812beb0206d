"""A sharper query: it leaves out what was wrong, and as little else as can be."""

from dataclasses import replace

from rules.explain.sharper import Sharper, sharper
from storage.model import Article, Source, Variant, VariantState
from tests.builders import a_rule, a_source, an_article

SOURCE = a_source()


def about(title: str, text: str = "More.") -> tuple[Article, Source]:
    return an_article(title, text=text, language="en"), SOURCE


OTHER = (an_article("A walkout of the dockers", text="More."), SOURCE)


def test_a_word_that_only_the_wrong_article_has_is_excluded() -> None:
    found = sharper(
        a_rule("rail strike"),
        about("Rail strike ends the e4000 computer game", "Players of the game derail e4000."),
        [about("Rail strike ends after nine days"), about("Computer fault before rail strike")],
    )
    assert found == Sharper("rail strike NOT game", 2, 2)


def test_what_stands_beside_others_is_grouped() -> None:
    found = sharper(a_rule("rail strike OR walkout"), about("A walkout of the orchestra"), [OTHER])
    assert found is not None
    assert found.query == "(rail strike OR walkout) NOT orchestra"


def test_where_no_word_tells_the_phrase_is_tried() -> None:
    found = sharper(
        a_rule("rail strike"),
        about("Strike by the rail", "Rail."),
        [about("Rail strike by the union")],
    )
    assert found == Sharper('"rail strike"', 1, 1)


def test_a_word_of_what_the_rule_looks_for_is_not_excluded() -> None:
    strike = Variant(language="sv", text="hamnstrejk", of="port strike", kind="translation")
    port = Variant(language="sv", text="hamn", of="port", kind="translation")
    plan = replace(port, text="plan", state=VariantState.REJECTED)
    rule = a_rule("port OR port strike", variants=(strike, port, plan))
    again = "Seaports, hamnlagen. " * 3
    wrong = about("Seaports and hamnlagen: the port plan", f"{again} A plan.")
    found = sharper(rule, wrong, [about("A port closes")])
    assert found == Sharper("(port OR port strike) NOT plan", 1, 1)


def test_of_one_article_alone_no_word_is_excluded() -> None:
    wrong = about("Minister Ann Lee defends the harbour law", "The harbour law is new.")
    assert sharper(a_rule("Ann Lee"), wrong, []) is None
    assert sharper(a_rule("Lee Ann"), wrong, []) == Sharper('"Lee Ann"', 0, 0)


def test_nothing_is_proposed_that_would_not_help() -> None:
    assert sharper(a_rule("rail strike"), about("Rail strike", ""), []) is None
