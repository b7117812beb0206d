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
