"""What messages say in English."""

from common.words.shape import Words

WORDS = Words(
    code="en",
    found={
        "exact": "as written",
        "folded": "same letters",
        "inflected": "word form",
        "compound": "compound",
        "variant": "variant",
        "acronym": "acronym",
        "lexicon": "translation",
        "related": "related word",
        "cognate": "cognate",
    },
    sources={},
    how="{how}, {language}",
    reason="{words} — {how} — for {term}",
    more_words="{words} and {n} more",
    alone="no other outlet yet",
    outlets=("+{n} outlet", "+{n} outlets"),
    articles=("+{n} article", "+{n} articles"),
    in_languages="{told}, {n} languages",
    seen="seen {time}",
    stories=("{n} story", "{n} stories"),
    left_out=("and {n} more story", "and {n} more stories"),
    priorities={
        "low": "low",
        "high": "high",
        "critical": "critical",
    },
    footer="rule {rule}",
    look_up="look it up: {command}",
    read="Read",
    test="Test",
    notice="Notice",
    digest="Digest",
    test_title='Channel "{name}" works',
    test_text="This is a test. Alerts of your rules will look like news, with the words found.",
    notice_title="Something needs you",
    limit_title="A limit is used up",
    first="first: {outlet}",
    held={
        "digest": (
            "{n} alert was gathered for this digest",
            "{n} alerts were gathered for this digest",
        ),
        "budget": (
            "{n} alert was beyond what may be sent in a day or an hour",
            "{n} alerts were beyond what may be sent in a day or an hour",
        ),
        "quiet": (
            "{n} alert came in quiet hours",
            "{n} alerts came in quiet hours",
        ),
        "paused": (
            "{n} alert came while it was paused",
            "{n} alerts came while it was paused",
        ),
        "storm": (
            "{n} alert came in a storm",
            "{n} alerts came all at once",
        ),
        "backfill": (
            "{n} alert was stored before the rule was there",
            "{n} alerts were stored before the rule was there",
        ),
        "silenced": (
            "{n} alert was silenced",
            "{n} alerts were silenced",
        ),
    },
    last_of={
        "day": 'Message {n} of {n} today for rule "{rule}"',
        "all_day": "Message {n} of {n} today",
        "hour": "Message {n} of {n} this hour",
        "minute": "Message {n} within a minute",
    },
    used_up={
        "day": 'The limit of {n} a day for rule "{rule}" is used up: {sent} were sent today',
        "all_day": "The limit of {n} a day is used up: {sent} were sent today",
        "hour": "The limit of {n} an hour is used up: {sent} were sent this hour",
    },
    rest_waits="{what}: whatever else comes waits for one digest at {time} ({look_up})",
)
