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
        "cognate": "cognate",
    },
    how="{how}, {language}",
    reason="{words} — {how} — for {term}",
    more_words="{words} and {n} more",
    alone="no other outlet yet",
    outlets=("+{n} outlet", "+{n} outlets"),
    articles=("+{n} article", "+{n} articles"),
    in_languages="{told} in {n} languages",
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
    first="first: {outlet}",
)
