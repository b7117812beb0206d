"""What a query was taken for, in words."""

import pytest

from rules.query.parse import parse
from rules.query.sentence import sentence


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("strike", "Articles with “strike” in any form."),
        ("rail strike", "Articles with the words “rail strike” together."),
        ('"rail strike"', "Articles with exactly “rail strike”."),
        ("=WHO", "Articles with “WHO” written just so."),
        ("cyber*", "Articles with a word like “cyber*”."),
        ("/rail|train/", "Articles with what /rail|train/ fits."),
        (
            "a AND (b OR c) NOT d",
            "Articles with “a” in any form and either “b” in any form or “c” in any form, "
            "without “d” in any form.",
        ),
        (
            "a OR b OR c",
            "Articles with one of “a” in any form, “b” in any form or “c” in any form.",
        ),
        (
            "a NEAR/5 b",
            "Articles with “a” in any form and “b” in any form near each other "
            "(with at most 5 words between).",
        ),
        ("title:strike", "Articles with “strike” in any form in the headline."),
        ("source:Courier", "Articles with “Courier” as their source."),
        (
            "strike within:7d",
            "Articles with “strike” in any form, published in the last 7d before they were seen.",
        ),
        (
            "(a^3 b^2) score>=5",
            "Articles with (“a” in any form (worth 3 points) and “b” in any form "
            "(worth 2 points)), worth 5 points together.",
        ),
    ],
)
def test_a_query_is_said_as_it_was_read(query: str, said: str) -> None:
    assert sentence(parse(query)) == said
