"""What a new rule says of the languages in which it finds nothing yet."""

from dataclasses import replace

import pytest

from monitor.cli.reach import show_reach
from rules.expand.reach import reach_of, waiting_of
from storage.model import Rule, Variant, VariantState
from tests.builders import a_rule


def proposed(language: str, text: str) -> Variant:
    return Variant(language=language, text=text, of="", kind="word", state=VariantState.PROPOSED)


def said(
    rule: Rule, capsys: pytest.CaptureFixture[str], *, told: tuple[str, ...], is_kept: bool = True
) -> list[str]:
    reach, waiting = reach_of(rule, told), waiting_of(rule, told)
    show_reach(rule, reach, command="monitor", is_kept=is_kept, waiting=waiting)
    return capsys.readouterr().out.splitlines()


def test_languages_whose_only_forms_are_proposed_are_named_with_what_accepts_them(
    capsys: pytest.CaptureFixture[str],
) -> None:
    rule = a_rule("tide", variants=(proposed("fr", "marée"), proposed("sv", "tid")))
    lines = said(rule, capsys, told=("sv", "de"))
    assert lines == [
        "Nothing in Swedish and French but what alone is uncertain; to have it found all the same:",
        "  monitor accept-variant tide sv:tid 'fr:marée'",
        'Nothing in German for "tide"; name it:',
        "  monitor add-variant tide de:TEXT",
    ]


def test_of_many_such_languages_some_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    some = tuple(proposed(each, "tide-" + each) for each in ("fr", "sv", "de", "da", "nl"))
    assert said(a_rule("tide", variants=some), capsys, told=()) == [
        "Nothing in French, Swedish, German and 2 more but what alone is uncertain; "
        "to have it found all the same:",
        "  monitor accept-variant tide --all-proposed --language fr,sv,de,da,nl",
    ]


def test_what_is_taken_for_another_language_than_english_is_told_where_english_has_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    rule = a_rule("zebra", variants=(proposed("fr", "passage"),), written_in=("hu", "pt", "sw"))
    hint = "Taken for Hungarian, Portuguese or Swahili; if it is English: "
    assert f"{hint}monitor edit-rule zebra --in en" in said(rule, capsys, told=("en",))
    assert f"{hint}add --in en" in said(rule, capsys, told=("en", "fr"), is_kept=False)
    for unasked in (replace(rule, language="sw"), replace(rule, query="zébra")):
        assert not any("Taken" in line for line in said(unasked, capsys, told=("en",)))
    english = Variant(language="en", text="crosswalk", of="", kind="word")
    known = replace(rule, variants=(english,))
    assert not any("Taken" in line for line in said(known, capsys, told=("en",)))
    assert not any("Taken" in line for line in said(rule, capsys, told=("fr",)))
    show_reach(rule, reach_of(rule, ("de",)), command="monitor", usual="de")
    assert "if it is German: monitor edit-rule zebra --in de" in capsys.readouterr().out


def test_a_command_names_no_more_languages_than_can_be_read(
    capsys: pytest.CaptureFixture[str],
) -> None:
    codes = ["fr", "sv", "de", "da", "nl", "es", "it", "pt", "pl", "cs", "sk", "hu"]
    some = tuple(proposed(each, "tide-" + each) for each in codes)
    last = said(a_rule("tide", variants=some), capsys, told=())[-1]
    assert last == f"  monitor accept-variant tide --all-proposed --language {','.join(codes)}"
    some = (*some, proposed("fi", "tide-fi"))
    last = said(a_rule("tide", variants=some), capsys, told=())[-1]
    assert last == "  monitor accept-variant tide --all-proposed"


def test_of_a_rule_of_several_words_the_one_that_waits_is_named(
    capsys: pytest.CaptureFixture[str],
) -> None:
    walkout = Variant(language="fr", text="grève", of="walkout", kind="word")
    some = (replace(proposed("fr", "marée"), of="tide"), walkout)
    assert said(a_rule("tide OR walkout", variants=some), capsys, told=())[0] == (
        'Nothing in French for "tide" but what alone is uncertain; to have it found all the same:'
    )


def test_a_rule_that_is_only_tried_has_no_command(capsys: pytest.CaptureFixture[str]) -> None:
    rule = a_rule("tide", variants=(proposed("fr", "marée"),))
    assert said(rule, capsys, told=(), is_kept=False) == [
        "Nothing in French but what alone is uncertain: 'fr:marée'"
    ]
