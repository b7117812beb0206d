"""What Today makes of alerts that are one story."""

from dataclasses import replace

from monitor.services.alerts import Raised
from monitor.web.pages.today import together
from tests.builders import a_rule, an_alert, an_article, some_evidence


def test_a_story_of_two_rules_says_why_for_each() -> None:
    article = an_article()
    exact, compound = some_evidence(), replace(some_evidence(), term="rail", layer="compound")
    rules = a_rule("strike", name="One"), a_rule("rail", name="Other")
    raised = [
        Raised(
            alert=an_alert(rule, article, evidence=(proof,)),
            rule=rule,
            article=article,
            source_name="S",
        )
        for rule, proof in zip(rules, (exact, compound), strict=True)
    ]
    [story] = together([*raised, raised[0]])
    assert story.rules == ["One", "Other"]
    assert len(story.why) == 2
    assert story.why[1].endswith("for rail")


def test_a_further_rule_adds_one_reason() -> None:
    article = an_article()
    proofs = [replace(some_evidence(), term=term) for term in ("rail", "port", "dock")]
    raised = [
        Raised(
            alert=an_alert(rule, article, evidence=tuple(proofs[place:])),
            rule=rule,
            article=article,
            source_name="S",
        )
        for place, rule in enumerate((a_rule("a", name="One"), a_rule("b", name="Other")))
    ]
    [leads] = together(raised[:1])
    [story] = together([raised[1], raised[0]])
    assert [line.rpartition(" ")[2] for line in leads.why] == ["rail", "port", "dock"]
    assert [line.rpartition(" ")[2] for line in story.why] == ["port", "dock", "rail"]


def test_rules_that_differ_in_how_a_word_looks_have_one_reason() -> None:
    article = an_article()
    raised = [
        Raised(
            alert=an_alert(rule, article, evidence=(replace(some_evidence(), term=rule.query),)),
            rule=rule,
            article=article,
            source_name="S",
        )
        for rule in (a_rule("Port-strike", name="One"), a_rule("port strike", name="Other"))
    ]
    [story] = together(raised)
    assert story.rules == ["One", "Other"]
    assert [line.rpartition(" for ")[2] for line in story.why] == ["Port-strike"]
