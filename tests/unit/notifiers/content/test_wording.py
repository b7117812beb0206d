"""What an alert's message says."""

import json
from dataclasses import replace
from email import message_from_bytes, policy
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.language_names import language_name
from common.words.registry import ENGLISH, WORDS, words_of
from common.words.shape import counted
from notifiers.channels.kinds import KINDS
from notifiers.content.content import DigestContent, Newcomer, Note, UpdateContent
from notifiers.content.sanitize import isolated, isolated_name
from notifiers.content.wording import carried, why, wording
from tests.unit.notifiers.samples import (
    ENVELOPE,
    LINK,
    NOTICE,
    TEST_NOTE,
    TEXT,
    TITLE,
    alert_content,
    evidence_of,
)

HOSTILE = (
    "@everyone <!here> <@U123> [x](javascript:alert(1)) *_~`| <script>alert(1)</script> "
    "\r\nBcc: eve@evil.example\x00\x1b]0;owned\x07\x9b31m \u202egnp.exe \ud800 👩\u200d👧 مرحبا"
)


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_alert_gives_the_same_bytes(kind: str) -> None:
    render = KINDS[kind].render
    assert render(alert_content(), ENVELOPE) == render(alert_content(), ENVELOPE)


@pytest.mark.parametrize("kind", KINDS)
def test_two_deliveries_of_one_alert_differ_in_no_random_way(kind: str) -> None:
    other = replace(ENVELOPE, id="msg_" + "e" * 26)
    one = KINDS[kind].render(alert_content(), ENVELOPE)
    two = KINDS[kind].render(alert_content(), other)
    assert one.replace(ENVELOPE.id.encode(), other.id.encode()) == two


def test_a_digest_tells_a_story_once_whichever_rules_found_it() -> None:
    by_ministers = evidence_of(TEXT, "Ministrar", term="ministers")
    alerts = (
        alert_content(reasons=("as Hanoi Convention",)),
        alert_content(rule="else", story="another"),
        alert_content(rule="C", evidence=(by_ministers,), reasons=("as ministers", "as more")),
        alert_content(rule="C++", evidence=(by_ministers,), reasons=("as ministers",)),
        alert_content(rule="C", reasons=("as ministers",)),  # of a story that was joined to it
    )
    said = wording(DigestContent(alerts=alerts), ENVELOPE)
    assert said.title.text == "Digest: 2 stories"
    told, other = said.stories
    assert (told.rule, other.rule) == ("Hanoi Convention, C, C++", "else")
    assert told.why == ("as Hanoi Convention", "as ministers")
    assert (told.query, other.query) == ("", "else")


def test_words_that_other_rules_found_are_marked_where_they_stand() -> None:
    text = "Hanoi-konventionen: Ministrar"
    found = alert_content(text=text)
    other = alert_content(text=text, evidence=(evidence_of(text, "Ministrar"),))
    elsewhere = replace(other, article=replace(other.article, id="another"))
    for beside, is_marked in ((other, True), (elsewhere, False)):
        excerpt = wording(replace(found, beside=(beside,)), ENVELOPE).excerpt
        assert excerpt is not None
        assert ("*Ministrar*" in excerpt.marked("*", "*")) is is_marked


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("note", [TEST_NOTE, NOTICE], ids=["test", "notice"])
def test_every_kind_can_say_a_note(kind: str, note: Note) -> None:
    made = KINDS[kind].render(note, ENVELOPE)
    assert b"test" in made or b"One" in made


@pytest.mark.parametrize("kind", KINDS)
def test_a_hostile_article_gives_valid_utf8_and_no_control_characters(kind: str) -> None:
    text = f"{HOSTILE} Hanoi-konventionen {HOSTILE}"
    made = alert_content(title=HOSTILE, text=text, rule=HOSTILE, summary=HOSTILE, source=HOSTILE)
    body = KINDS[kind].render(made, ENVELOPE)
    shown = body.decode("utf-8")
    if kind != "webhook":  # its receivers are programs; JSON escapes what it must
        assert not any(ord(letter) < 0x20 and letter not in "\r\n" for letter in shown)
        assert not any(0x7F <= ord(letter) < 0xA0 for letter in shown)
        assert "\u202e" not in shown


@settings(deadline=None)
@given(
    title=st.text(st.characters(), min_size=1, max_size=200),
    text=st.text(st.characters(), max_size=300),
)
def test_any_text_can_be_rendered_by_every_kind(title: str, text: str) -> None:
    made = alert_content(
        title=title, text=f"{text} Hanoi-konventionen {text}", rule=title, source=title
    )
    for kind, spec in KINDS.items():
        spec.render(made, ENVELOPE).decode("utf-8")
        if kind not in ("console", "email"):
            json.loads(spec.render(made, ENVELOPE))


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "webhook"])
def test_every_human_message_says_what_it_must(kind: str) -> None:
    said = readable(KINDS[kind].render(alert_content(articles=3), ENVELOPE), kind)
    for words in (
        TITLE,
        LINK,
        "Dagens Prov",
        "Swedish",
        "2026-03-01 10:00 UTC",
        "Den nya",
        "mot it-brott",
        "Hanoi-konventionen — compound, Swedish — for Hanoi Convention",
        "+2 articles",
        "a1b2c3",
        "Hanoi Convention",
    ):
        assert words in said, words


def readable(body: bytes, kind: str) -> str:
    """Undo what each kind's markup and encoding add, marks aside."""
    if kind == "email":
        part = message_from_bytes(body, policy=policy.default).get_body(("plain",))
        assert part is not None
        return str(part.get_content())
    if kind == "console":
        return " ".join(body.decode().split())
    said = "\n".join(strings(json.loads(body)))
    return unescape(said).replace("\\", "")


def strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [string for part in value.values() for string in strings(part)]
    return [string for part in value for string in strings(part)] if isinstance(value, list) else []


def test_reasons_in_the_callers_words_come_first() -> None:
    said = wording(alert_content(reasons=("because\nof me",)), ENVELOPE)
    assert said.why == ("because of me",)


def test_each_way_of_counting_is_said_once_and_three_at_most() -> None:
    text = "Hanoi-konventionen Hanoikonventionen Hanoi konvention Hanoi-konventionens Hanoi"
    words = ["Hanoi-konventionen", "Hanoi-konventionen", "Hanoikonventionen"]
    words += ["Hanoi konvention", "Hanoi-konventionens"]
    sentences = why([evidence_of(text, word) for word in words])
    # What differs only in hyphens, spaces or case is said once.
    assert sentences == tuple(
        f"{text} — compound, Swedish — for Hanoi Convention"
        for text in ("Hanoi-konventionen", "Hanoi konvention", "Hanoi-konventionens")
    )


def test_without_a_language_the_sentence_does_without() -> None:
    only = replace(evidence_of(TEXT, "Hanoi-konventionen"), language="", layer="exact")
    assert why([only]) == ("Hanoi-konventionen — as written — for Hanoi Convention",)


def test_a_match_in_the_title_alone_marks_the_title() -> None:
    title = "Hanoi-konventionen klar"
    proof = evidence_of(title, "Hanoi-konventionen", field="title")
    said = wording(alert_content(title=title, evidence=(proof,), summary="Kort."), ENVELOPE)
    assert said.title.marked("[", "]") == "[Hanoi-konventionen] klar"
    assert said.excerpt is not None
    assert said.excerpt.text == "Kort."
    assert said.proof == said.title


def test_a_rule_without_a_positive_word_has_no_evidence_to_show() -> None:
    said = wording(alert_content(evidence=()), ENVELOPE)
    assert (said.why, said.title.marks) == ((), ())


def test_an_article_without_a_link_or_time_says_what_it_can() -> None:
    bare = alert_content(url="javascript:alert(1)")
    bare = replace(bare, article=replace(bare.article, published_at=None, language=""))
    said = wording(bare, ENVELOPE)
    assert said.link == ""
    assert said.byline == "Dagens Prov · seen 2026-03-01 11:59 UTC"


def test_a_title_of_signs_that_are_not_shown_is_its_link() -> None:
    assert wording(alert_content(title="\u200b\r"), ENVELOPE).title.text == LINK
    for unseen in ("\u200d", "\u3164", "\U000e0041", "\u00ad\u2063", "\u0301"):
        assert wording(alert_content(title=unseen), ENVELOPE).title.text == LINK
    said = wording(alert_content(title="\u200b", url=""), ENVELOPE)
    assert said.title.text == said.code


@pytest.mark.parametrize(
    ("articles", "outlets", "languages", "first", "said"),
    [
        (1, 1, (), "", "no other outlet yet"),
        (2, 1, ("sv",), "", "+1 article"),
        (2, 2, ("sv",), "", "+1 outlet"),
        (12, 9, tuple("abcdefg"), "", "+8 outlets, 7 languages"),
        (3, 3, ("sv", "vi"), "Reuters", "+2 outlets, 2 languages · first: Reuters"),
    ],
)
def test_how_many_tell_a_story(
    articles: int, outlets: int, languages: tuple[str, ...], first: str, said: str
) -> None:
    content = alert_content(articles=articles)
    content = replace(content, outlets=outlets, languages=languages, first=first)
    assert carried(content) == said


@pytest.mark.parametrize("code", WORDS)
def test_every_language_fills_in_all_that_it_is_given(code: str) -> None:
    words = WORDS[code]
    for phrase, values in (
        (words.how, {"how": "H", "language": "L"}),
        (words.reason, {"words": "W", "how": "H", "term": "T"}),
        (words.more_words, {"words": "W", "n": 3}),
        (words.in_languages, {"told": "T", "n": 3}),
        (words.seen, {"time": "T"}),
        (words.footer, {"rule": "R"}),
        (words.look_up, {"command": "C"}),
        (words.test_title, {"name": "N"}),
        (words.first, {"outlet": "O"}),
    ):
        filled = phrase.format(**values)
        assert all(str(value) in filled for value in values.values()), phrase
    for forms in (words.outlets, words.articles, words.stories, words.left_out):
        assert "1" in counted(forms, 1)
        assert "7" in counted(forms, 7)
    for forms in words.held.values():
        assert "1" in counted(forms, 1)
        assert "7" in counted(forms, 7)
    if code not in ("ja", "zh"):  # where a word that counts is enough
        assert len({forms[1].split()[1] for forms in words.held.values()}) == 1, "it says of what"
    assert set(words.found) == set(ENGLISH.found)
    assert set(words.priorities) == {"low", "high", "critical"}
    assert {language_name("sv", code), language_name("vi", code)} != {"sv", "vi"}


def test_an_unknown_language_reads_english() -> None:
    assert words_of("tlh") is ENGLISH
    assert words_of("sv-FI").code == words_of("SV_se").code == "sv"


def test_a_sources_password_goes_nowhere() -> None:
    for spec in KINDS.values():
        assert b"feed-password" not in spec.render(alert_content(), ENVELOPE)


def test_words_from_the_right_stay_apart_from_what_stands_beside_them() -> None:
    words = "\u0627\u062a\u0641\u0627\u0642\u064a\u0629 \u0647\u0627\u0646\u0648\u064a"
    made = alert_content(text=f"{words} now", evidence=(evidence_of(words, words),), source=words)
    said = wording(made, ENVELOPE)
    assert said.byline.startswith(f"\u2068{words}\u2069 · Swedish · 2026")
    assert said.why == (f"\u2068{words}\u2069 — compound, Swedish — for Hanoi Convention",)
    assert isolated("Hanoi 12") == "Hanoi 12"
    assert (
        isolated(f"{words[:3]} 12 {words[3:]} — x") == f"\u2068{words[:3]} 12 {words[3:]}\u2069 — x"
    )


def test_a_name_is_kept_together_with_its_number_as_its_own_direction_has_it() -> None:
    assert isolated_name("Kanal 24") == "Kanal 24"
    assert isolated_name("Đài 24") == "Đài 24"
    assert isolated_name("قناة 24") == "\u2068قناة 24\u2069"
    assert isolated_name("BBC عربي") == "\u2068BBC عربي\u2069"


def test_who_only_lists_an_article_is_told_with_who_published_it() -> None:
    content = replace(alert_content(source="Google Alert - treaty"), publisher="paper.example")
    said = wording(content, ENVELOPE)
    assert said.outlet == "Google Alert - treaty (paper.example)"
    assert "Google Alert - treaty (paper.example)" in said.byline
    more = UpdateContent(
        alert=content,
        new=(Newcomer(article=content.article, source=content.source, publisher="other.example"),),
    )
    assert "(other.example)" in wording(more, ENVELOPE).stories[0].byline
