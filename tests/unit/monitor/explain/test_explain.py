"""What became of an article with a rule, stage by stage."""

from dataclasses import replace
from typing import Any

import pytest

from monitor.explain.explain import Explanation, explain
from monitor.explain.stages import NOT_STORED, STAGES, Stage
from monitor.views.rules.explanation import explanation_shape
from storage.model import Article, DeliveryKind, DeliveryState, Rule, RuleState, Source
from storage.quiet import Hold, HoldReason
from storage.story import Story
from tests.builders import (
    MINUTE,
    NOON,
    Noun,
    a_channel,
    a_delivery,
    a_rule,
    a_source,
    an_alert,
    an_article,
    given,
)
from tests.memory.storage import MemoryStorage

DESK = a_channel()
RULE = a_rule(channel_ids=(DESK.id,), created_at=NOON - MINUTE)
ARTICLE = an_article()


def explained(
    rule: Rule = RULE,
    article: Article = ARTICLE,
    *things: Noun,
    source: Source | None = None,
    is_trial: bool = False,
    has_story: bool = True,
) -> Explanation:
    source = source or a_source()
    storage = MemoryStorage()
    given(storage, source, rule, DESK, replace(article, source_id=source.id), *things)
    if has_story:
        with storage.transaction() as tx:
            tx.stories.put([Story(id=article.story_id, seen_at=NOON, articles=1)])
    with storage.reading() as tx:
        return explain(rule, article, source, now=NOON + MINUTE, tx=tx, is_trial=is_trial)


def stage(explanation: Explanation, name: str) -> Stage:
    [one] = [step for step in explanation.stages if step.name == name]
    return one


def test_a_match_is_followed_to_its_deliveries() -> None:
    alert = an_alert(RULE, ARTICLE)
    delivery = a_delivery(
        alert,
        DESK,
        state=DeliveryState.DELIVERED,
        attempts=2,
        delivered_at=NOON + MINUTE,
    )
    explanation = explained(RULE, ARTICLE, alert, delivery)
    assert [step.name for step in explanation.stages] == list(STAGES)
    assert explanation.match is not None
    assert explanation.clause is not None
    assert explanation.clause.holds
    assert stage(explanation, "fetched").text.splitlines() == [
        'from "Harbour News" (a feed), by a poll, at 2026-03-02 12:00 UTC',
        "published, it says, at 2026-03-02 11:00 UTC",
    ]
    assert stage(explanation, "concerned").outcome == "yes"
    assert stage(explanation, "alert").text == "raised at 2026-03-02 12:00 UTC"
    assert stage(explanation, "deliveries").text == (
        "desk: delivered at 2026-03-02 12:01 UTC, 2 attempts"
    )
    assert explanation.verdict == "It matches, and raised an alert: delivered."


def test_a_delivery_that_fails_says_when_it_is_tried_again_and_why() -> None:
    alert = an_alert(RULE, ARTICLE)
    delivery = a_delivery(alert, DESK, attempts=1, last_error="HTTP 503")
    explanation = explained(RULE, ARTICLE, alert, delivery)
    deliveries = stage(explanation, "deliveries")
    assert deliveries.outcome == "no"
    assert deliveries.text == (
        "desk: pending, 1 attempt so far, next at 2026-03-02 12:00 UTC: HTTP 503"
    )
    [fact] = deliveries.facts["deliveries"]  # type: ignore[misc]  # objects of JSON
    assert (fact["state"], fact["last_error"]) == ("pending", "HTTP 503")


def test_more_than_the_limit_a_day_is_not_sent() -> None:
    rule = replace(RULE, max_per_day=5)
    alert = an_alert(rule, ARTICLE)
    suppressed = a_delivery(
        alert,
        DESK,
        state=DeliveryState.SUPPRESSED,
        state_reason="more than 5 alerts of this rule today",
    )
    limit = stage(explained(rule, ARTICLE, alert, suppressed), "limit")
    assert (limit.outcome, limit.text) == ("no", "not sent: more than 5 alerts of this rule today")
    sent = a_delivery(alert, DESK)
    assert stage(explained(rule, ARTICLE, alert, sent), "limit").outcome == "yes"


@pytest.mark.parametrize(
    ("rule", "article", "why"),
    [
        pytest.param({"query": "volcano"}, {}, "the rule does not match", id="no match"),
        pytest.param({"state": RuleState.REMOVED}, {}, "the rule is removed", id="removed"),
        pytest.param(
            {"spike": "yes"}, {}, "a mention: the rule alerts on a burst of them", id="a mention"
        ),
        pytest.param(
            {"created_at": NOON + MINUTE, "backfill_since": NOON - MINUTE, "caught_up": True}
            | {"backfill_most": 5},
            {},
            "of what was stored before it, the rule tells of the newest 5 stories only",
            id="beyond the newest",
        ),
        pytest.param(
            {"expires_at": NOON}, {}, "the rule expired at 2026-03-02 12:00 UTC", id="expired"
        ),
        pytest.param(
            {},
            {"baseline": True},
            "it came with its source's first poll, about which rules say nothing",
            id="quiet first poll",
        ),
        pytest.param(
            {"created_at": NOON + MINUTE},
            {},
            "the rule was added later, at 2026-03-02 12:01 UTC, and not to search what was stored",
            id="added later",
        ),
        pytest.param(
            {"created_at": NOON + MINUTE, "backfill_since": NOON - MINUTE},
            {},
            "the archive is still to be searched for the new rule; the daemon does it",
            id="not caught up",
        ),
        pytest.param(
            {"revision": 2},
            {},
            "the rule was changed after the article came; what came before raises nothing",
            id="edited",
        ),
    ],
)
def test_without_an_alert_it_says_why_none_was_raised(
    rule: dict[str, Any], article: dict[str, Any], why: str
) -> None:
    explanation = explained(replace(RULE, **rule), replace(ARTICLE, **article))
    alert = stage(explanation, "alert")
    assert (alert.outcome, alert.text) == ("no", why)
    assert why in explanation.verdict or explanation.match is None
    assert stage(explanation, "deliveries").outcome == "none"


def test_what_raised_an_alert_when_it_was_edited_had_its_rule_asked() -> None:
    quiet = replace(ARTICLE, baseline=True)
    explanation = explained(RULE, quiet, an_alert(RULE, quiet))
    assert stage(explanation, "concerned").outcome == "yes"
    assert stage(explanation, "alert").outcome == "yes"


def test_after_a_silent_first_poll_an_article_has_no_story_yet() -> None:
    told = stage(explained(has_story=False), "story")
    assert (told.outcome, told.text.partition(":")[0]) == ("none", "none yet")
    assert stage(explained(), "story").text == "the first article of its story"


def test_another_article_of_the_story_may_have_raised_the_alert() -> None:
    first = an_article("Rail strike begins")
    follow_up = replace(ARTICLE, story_id=first.id)
    explanation = explained(RULE, follow_up, first, an_alert(RULE, first))
    assert stage(explanation, "story").text == (
        'tells the story that another article began: "Rail strike begins"'
    )
    assert stage(explanation, "alert").text == "another article of the story raised it first"
    deliveries = stage(explanation, "deliveries")
    assert (deliveries.outcome, deliveries.text) == (
        "none",
        "none of its own: the alert that another article of the story raised has them",
    )


def test_an_alert_that_no_channel_was_told_of_says_so() -> None:
    silent = replace(RULE, channel_ids=())
    deliveries = stage(explained(silent, ARTICLE, an_alert(silent, ARTICLE)), "deliveries")
    assert deliveries.text == "none: the rule tells no channel"


def test_a_delivery_that_waits_for_somebody_shows_no_next_time() -> None:
    alert = an_alert(RULE, ARTICLE)
    held = a_delivery(alert, DESK, state=DeliveryState.HELD, state_reason="its secret is missing")
    deliveries = stage(explained(RULE, ARTICLE, alert, held), "deliveries")
    assert deliveries.text == "desk: held, 0 attempts so far: its secret is missing"
    [fact] = deliveries.facts["deliveries"]  # type: ignore[misc]  # objects of JSON
    assert fact["next_at"] is None


def test_an_alert_that_a_digest_tells_is_told() -> None:
    alert = an_alert(RULE, ARTICLE)
    digest = replace(
        a_delivery(alert, DESK, state=DeliveryState.DELIVERED, delivered_at=NOON, attempts=1),
        id="msg_digest",
        kind=DeliveryKind.DIGEST,
        alert_id=None,
    )
    carried = a_delivery(
        alert,
        DESK,
        state=DeliveryState.BUNDLED,
        state_reason="in the digest msg_digest",
        hold=Hold(reason=HoldReason.DIGEST, of=RULE.id),
        digest_id=digest.id,
    )
    explanation = explained(RULE, ARTICLE, alert, carried, digest)
    told = stage(explanation, "deliveries")
    assert told.outcome == "yes"
    assert "delivered at" in told.text
    assert told.text.endswith("in the digest msg_digest")
    limit = stage(explanation, "limit")
    assert limit.text == "it was held back, and is told: in the digest msg_digest"
    assert explanation.verdict == "It matches, and raised an alert: delivered."


def test_an_alert_that_the_message_of_another_tells_was_not_held_back() -> None:
    alert = an_alert(RULE, ARTICLE)
    delivered = {"state": DeliveryState.DELIVERED, "delivered_at": NOON, "attempts": 1}
    message = replace(a_delivery(alert, DESK, **delivered), id="msg_other", alert_id=None)
    carried = a_delivery(
        alert,
        DESK,
        state=DeliveryState.BUNDLED,
        state_reason="in the message msg_other",
        digest_id=message.id,
    )
    explanation = explained(RULE, ARTICLE, alert, carried, message)
    assert stage(explanation, "limit").text == "nothing holds the rule's alerts back"
    assert stage(explanation, "deliveries").text.endswith("in the message msg_other")


def test_a_rule_for_other_languages_and_sources_is_not_concerned() -> None:
    explanation = explained(replace(RULE, languages=("sv", "vi"), sources=("Herald",)))
    assert explanation.match is None
    assert explanation.clause is not None
    assert explanation.clause.holds, "the query alone would hold"
    assert stage(explanation, "concerned").text.splitlines() == [
        "it is in English (en); the rule wants Swedish (sv), Vietnamese (vi)",
        'it is from "Harbour News"; the rule wants Herald',
    ]
    assert explanation.verdict.startswith(
        "It does not match: it is in English (en); the rule wants"
    )
    allowed = stage(explained(replace(RULE, languages=("en",))), "concerned")
    assert allowed.text == "the rule wants articles in English (en), and this is one"


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("rail AND language:sv", 'language:sv does not hold: its language is "en"'),
        ("rail -strike", 'NOT strike does not hold: "strike" is in the title'),
        ("rail AND (volcano OR lava)", 'volcano: nothing for "volcano"'),
        ("rail volcano", 'rail volcano: "Rail" is in the title, but nothing for "volcano"'),
        (
            "rail^2 volcano^3 score>=4",
            "(rail^2 OR volcano^3) score>=4: 2 of the 4 points that it needs",
        ),
        (
            "rail NEAR/0 nine",
            'rail NEAR/0 nine: "Rail" in the title, "nine" 3 words later; '
            "at most 0 words may stand between",
        ),
    ],
)
def test_the_verdict_names_what_decided(query: str, reason: str) -> None:
    assert explained(replace(RULE, query=query)).verdict == f"It does not match: {reason}."


def test_documents_of_folders_are_searched_for_newer_rules() -> None:
    folder = a_source("seeds", kind="folder", url="/seeds")
    explanation = explained(replace(RULE, created_at=NOON + MINUTE), source=folder)
    assert stage(explanation, "concerned").outcome == "yes"


def test_a_file_has_no_stored_stages_and_a_trial_no_alert() -> None:
    article = an_article("Rail strike", language="")
    explanation = explain(RULE, article, a_source(), now=NOON, tx=None)
    stored = {step.name for step in explanation.stages if step.outcome != NOT_STORED}
    assert stored == {"extracted", "language", "concerned", "query"}
    assert explanation.verdict == "It matches."
    tried = explained(is_trial=True)
    assert stage(tried, "story").outcome == "yes"
    assert stage(tried, "alert").text == "the rule is only tried"


def test_a_rule_that_cannot_be_read_matches_nothing_and_says_why() -> None:
    explanation = explained(replace(RULE, query="rail (strike OR"))
    assert explanation.clause is None
    assert stage(explanation, "query").text.startswith("cannot be read: rail strike: expected")
    assert explanation.verdict == "It does not match: the query cannot be read."


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "The parties have signed an agreement.", "English (en), as its words show"),
        (
            "da",
            "Parterna har skrivit under ett avtal som gäller från i dag.",
            "Danish (da), declared; its words look like Swedish (sv)",
        ),
        ("en", "", "English (en), declared; its words do not show it"),
        ("", "", "not known: the source declares none, and the text does not show it"),
    ],
)
def test_the_language_is_compared_with_what_the_words_show(
    language: str, text: str, expected: str
) -> None:
    article = an_article("37", text=text, language=language)
    assert stage(explained(article=article), "language").text == expected


def test_what_it_is_recognised_by_is_said() -> None:
    assert stage(explained(), "dedupe").outcome == "yes"


def test_the_text_of_a_source_that_gives_only_a_summary_is_called_so() -> None:
    article = replace(ARTICLE, text="Signed.", summary="Signed.")
    assert stage(explained(article=article), "extracted").text == (
        "a title, 7 characters of text from the summary that the source gives"
    )
    empty = replace(ARTICLE, text="")
    assert stage(explained(article=empty), "extracted").text == "a title, no text from the feed"


def test_programs_get_all_of_it() -> None:
    shape = explanation_shape(explained(replace(RULE, query='"rail strike" NOT ferry')))
    assert shape["matched"] is True
    clause: Any = shape["clause"]
    assert [part["holds"] for part in clause["parts"]] == [True, True]
    assert clause["parts"][0]["evidence"][0]["text"] == "Rail strike"
    stages: Any = shape["stages"]
    assert [step["stage"] for step in stages] == list(STAGES)
