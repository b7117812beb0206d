"""Commands about rules."""

import io

import pytest

from monitor.base.checkout import command_name
from storage.sql.rules import SqlRules
from tests.builders import a_source, an_article, given
from tests.unit.monitor.cli.conftest import Monitor


def test_a_rule_is_found_by_its_name_whatever_its_capitals(monitor: Monitor) -> None:
    monitor("add-rule", "CVE-2026-1234")
    assert monitor.one("show-rule", "cve-2026-1234")["name"] == "CVE-2026-1234"
    monitor("show-rule", "cve-2026-123", expect=1)
    assert 'did you mean "CVE-2026-1234"' in monitor.err
    monitor("add-rule", "Cve-2026-1234 OR router", "--name", "Cve-2026-1234")
    monitor("show-rule", "cve-2026-1234", expect=1)
    assert monitor.one("show-rule", "Cve-2026-1234")["query"] == "Cve-2026-1234 OR router"


def test_a_rule_that_names_no_channel_is_told_which_there_are(monitor: Monitor) -> None:
    monitor("add-rule", "rail strike")
    assert "only the console" not in monitor.err
    monitor("add-channel", "press team", "mailto:ann@example.org")
    monitor("add-channel", "asia", "https://hooks.slack.com/services/T/B/x", "--takes", "tag=asia")
    monitor("add-rule", "port strike")
    said = " ".join(monitor.err.split())
    assert 'only the console is told; to tell "press team" instead: ' in said
    assert "edit-rule 'port strike' --notify 'press team'" in said
    monitor("add-rule", "lorry strike", "--dry-run")
    said = " ".join(monitor.err.split())
    assert "to tell \"press team\" instead: add --notify 'press team'" in said
    assert "edit-rule" not in said, "there is no such rule"
    monitor("add-channel", "bo", "mailto:bo@example.org")
    monitor("add-channel", "cy", "mailto:cy@example.org")
    monitor("add-rule", "metro strike")
    assert 'to tell "bo", "cy" and "press team" instead: ' in " ".join(monitor.err.split())
    monitor("edit-rule", "port strike", "--notify", "press team")
    monitor("add-rule", "bus strike", "--notify", "console")
    assert "only the console" not in monitor.err
    monitor("add-rule", "ferry strike", "--tag", "asia")
    assert "only the console" not in monitor.err


def test_a_rule_without_a_channel_tells_the_console_which_is_made(monitor: Monitor) -> None:
    rule = monitor.one("add-rule", "Hanoi Convention")
    assert (rule["name"], rule["query"], rule["channels"]) == (
        "Hanoi Convention",
        "Hanoi Convention",
        ["console"],
    )
    assert [channel["name"] for channel in monitor.json("list-channels")] == ["console"]


def test_everything_that_may_be_said_about_a_rule_is_kept(monitor: Monitor) -> None:
    monitor("add-channel", "desk", "mailto:desk@example.org")
    folder = monitor.home / "press"
    folder.mkdir()
    monitor("add-source", str(folder))
    rule = monitor.one(
        *(
            "add-rule",
            "rail strike",
            "--name",
            "rail",
            "--notify",
            "desk",
            "--language",
            "SV,pt-BR",
        ),
        *("--variant", "sv:tågstrejk", "--variant", "any:rail walkout", "--match", "forms"),
        *("--source", "press", "--tag", "a", "--tag", "b", "--max-per-day", "3"),
        *("--expires", "2199-12-31"),
    )
    shown = monitor.one("show-rule", "rail")
    same = ("id", "query", "state", "channels", "match", "languages", "sources", "tags")
    assert [shown[key] for key in same] == [rule[key] for key in same]
    assert [variant["key"] for variant in shown["variants"]] == [
        variant["key"] for variant in rule["variants"]
    ]
    assert rule["languages"] == ["sv", "pt"]
    assert [(v["language"], v["text"]) for v in rule["variants"] if v["kind"] == "user"] == [
        ("sv", "tågstrejk"),
        ("", "rail walkout"),
    ]
    assert (rule["match"], rule["sources"], rule["tags"], rule["max_per_day"]) == (
        "forms",
        ["press"],
        ["a", "b"],
        3,
    )
    assert rule["expires_at"] == "2199-12-31T23:59:59Z"
    assert "rail" in monitor("list-rules")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(('"rail strike',), '\n\n  "rail strike\n  ^', id="a quote is missing"),
        pytest.param(
            ("rail AND (strike OR)",), "OR)\n                     ^", id="a word is missing"
        ),
        pytest.param(("*",), "everything", id="everything"),
        pytest.param(("",), "'QUERY': it cannot be empty", id="nothing"),
        pytest.param(("a",), "matches nearly everything", id="one letter"),
        pytest.param(("a -a",), "can never match", id="a letter and its absence"),
        pytest.param(("r",), "one letter is too short; use =X", id="one letter, and what to do"),
        pytest.param(("rail NEAR/x strike",), "a number after NEAR/", id="NEAR without a number"),
        pytest.param(("rail AND -rail",), "can never match", id="a contradiction"),
        pytest.param(("x y", "--notify", "slak"), 'channel "slak" is not defined', id="no channel"),
        pytest.param(("x y", "--source", "BCC"), 'source "BCC" is not followed', id="no source"),
        pytest.param(("x y", "--language", "swedish!"), "language codes such as", id="a language"),
        pytest.param(("x y", "--variant", "x"), "expected LANG:TEXT", id="a variant"),
        pytest.param(("x y", "--expires", "2001-01-01"), "lies in the past", id="the past"),
        pytest.param(("x y", "--backfill", "yesterday"), "expected how many stories", id="when"),
        pytest.param(("x y", "--max-per-day", "0"), "from 1 to", id="none a day"),
        pytest.param(("x y", "--name", "a\x1b[2Jb"), "a\\x1b[2Jb", id="control characters"),
        pytest.param(("x y", "--digest", "often"), "expected hourly, daily@08:00", id="digest"),
        pytest.param(("caf\udce9",), "is not UTF-8", id="not UTF-8"),
    ],
)
def test_what_cannot_be_a_rule_is_refused_with_one_sentence(
    monitor: Monitor, words: tuple[str, ...], said: str
) -> None:
    monitor("add-rule", *words, expect=2)
    assert said in monitor.err
    assert monitor.out == ""
    assert "\x1b" not in monitor.err
    monitor("list-rules", expect=1)


def test_a_query_that_looks_like_an_option_is_answered_with_how_to_give_it(
    monitor: Monitor,
) -> None:
    monitor("add-rule", "-bus rail", "--name", "x", expect=2)
    assert "goes behind --: ./run monitor add-rule -- '-bus rail'" in monitor.err
    monitor("add-rule", "--nmae", "x", "rail strike", expect=2)
    assert "goes behind" not in monitor.err
    monitor("add-rule", "--name", "x", "--", "-bus rail")
    assert monitor.one("show-rule", "x")["query"] == "-bus rail"


@pytest.mark.parametrize("when", ["tomorrow", "31.12.2199", "2199-13-01", "30"])
def test_an_end_that_cannot_be_read_is_answered_with_the_forms(monitor: Monitor, when: str) -> None:
    monitor("add-rule", "rail strike", "--expires", when, expect=2)
    assert "a day such as 2026-12-31, a duration from now such as 30d" in monitor.err
    monitor("add-rule", "rail strike", "--expires", "30d")


def test_an_unknown_channel_is_answered_with_the_nearest(monitor: Monitor) -> None:
    monitor("add-channel", "slack", "https://example.org/hook")
    monitor("add-rule", "x y", "--notify", "slak", expect=2)
    assert 'channel "slak" is not defined; did you mean "slack"?' in monitor.err
    monitor("add-channel", "desk", "https://example.org/desk")
    monitor("add-rule", "x y", "--notify", "slack, desk", expect=2)
    said = '"slack, desk" are several channels; name each by itself: --notify slack --notify desk'
    assert said in monitor.err
    monitor("add-rule", "x y")
    monitor("edit-rule", "x y", "--notify", "slack,desk", expect=2)
    assert "name each by itself: --notify slack --notify desk" in monitor.err


def test_the_same_rule_again_is_the_rule_that_is_there(monitor: Monitor) -> None:
    first = monitor.one("add-rule", "Hanoi Convention")
    assert monitor.one("add-rule", "Hanoi Convention")["id"] == first["id"]
    assert "is there already; it tells console" in monitor("add-rule", "Hanoi Convention")


def test_a_rule_that_asks_for_the_same_as_another_is_told_of_it(monitor: Monitor) -> None:
    monitor("add-rule", "port strike")
    assert "Note" not in monitor.err
    monitor("add-rule", "Port  Strike")
    assert 'Note: rule "port strike" asks for the same, so that both may alert' in monitor.err
    assert len(monitor.json("list-rules")) == 2


def test_the_same_rule_with_another_channel_also_tells_that_one(monitor: Monitor) -> None:
    monitor("add-rule", "Hanoi Convention")
    monitor("add-channel", "desk", "mailto:desk@example.org")
    said = monitor("add-rule", "Hanoi Convention", "--notify", "desk", "--dry-run")
    assert "would also tell desk" in said
    assert monitor.one("show-rule", "Hanoi Convention")["channels"] == ["console"]
    said = monitor("add-rule", "Hanoi Convention", "--notify", "desk")
    assert said == 'Rule "Hanoi Convention" now also tells desk.\n'
    assert monitor.one("show-rule", "Hanoi Convention")["channels"] == ["console", "desk"]
    # Without --notify nothing is taken away, and the console is not added again.
    monitor("edit-rule", "Hanoi Convention", "--notify", "desk")
    assert monitor.one("add-rule", "Hanoi Convention")["channels"] == ["desk"]


def test_another_rule_under_the_same_name_is_refused_with_the_command_that_changes_it(
    monitor: Monitor,
) -> None:
    monitor("add-channel", "desk", "mailto:desk@example.org")
    monitor("add-rule", "Hanoi Convention", "--notify", "desk")
    monitor("add-rule", "Hanoi Convention", "--match", "exact", "--notify", "desk", expect=1)
    assert "edit-rule 'Hanoi Convention' --notify desk --match exact" in monitor.err
    monitor("add-rule", "rail", "--name", "Hanoi Convention", expect=1)
    assert "edit-rule 'Hanoi Convention' --query rail" in monitor.err
    monitor("pause-rule", "Hanoi Convention")
    monitor("add-rule", "Hanoi Convention", expect=1)
    assert "resume-rule 'Hanoi Convention'" in monitor.err
    assert monitor.one("show-rule", "Hanoi Convention")["match"] == "all"


def test_a_first_rule_says_what_comes_next(monitor: Monitor) -> None:
    monitor("add-rule", "Hanoi Convention")
    assert "add-source URL_OR_FOLDER" in monitor.err
    assert "Nothing is sent until the daemon runs" in monitor.err
    monitor("add-rule", "rail strike")
    assert monitor.err == ""


def test_who_adds_a_rule_beside_an_archive_is_told_how_to_look_there(monitor: Monitor) -> None:
    storage = monitor.storage()
    given(storage, a_source(), an_article("Ferries stand still"))
    storage.close()
    said = "Of what is stored it tells nothing; to look there: "
    monitor("add-rule", "ferries at sea", "--notify", "console")
    assert f"{said}{command_name()} try-rule 'ferries at sea'" in monitor.err
    monitor("add-rule", "trams", "--backfill", "all")
    assert said not in monitor.err, "it has looked there"
    monitor("add-rule", "ferries at sea")
    assert said not in monitor.err, "it was there before"


def test_a_dry_run_adds_nothing(monitor: Monitor) -> None:
    assert monitor.one("add-rule", "Hanoi Convention", "--dry-run")["channels"] == ["console"]
    monitor("list-rules", expect=1)
    monitor("list-channels", expect=1)


def test_a_new_rule_finds_the_documents_of_folders_and_others_only_when_told(
    monitor: Monitor,
) -> None:
    storage = monitor.storage()
    folder = a_source("press", kind="folder", url="/press")
    given(
        storage,
        folder,
        a_source(),
        an_article("Hanoi Convention signed", source_id=folder.id),
        an_article("Hanoi Convention explained", text="What small states would have to do."),
    )
    storage.close()
    assert monitor.one("add-rule", "Hanoi Convention")["raised"] == 1
    assert monitor.one("add-rule", "convention", "--backfill", "36500d")["raised"] == 2


def test_a_rule_that_is_there_says_how_to_be_told_of_what_is_stored(monitor: Monitor) -> None:
    monitor("add-rule", "Hanoi Convention")
    assert "edit-rule" not in monitor("add-rule", "Hanoi Convention")
    again = monitor("add-rule", "Hanoi Convention", "--backfill", "all")
    assert f"{command_name()} edit-rule 'Hanoi Convention' --backfill all" in again


def test_a_rule_is_paused_resumed_edited_and_removed_by_name_or_id(monitor: Monitor) -> None:
    rule = monitor.one("add-rule", "Hanoi Convention")
    assert monitor.one("pause-rule", rule["id"][:6])["state"] == "paused"
    assert monitor.one("resume-rule", "Hanoi Convention")["state"] == "active"
    monitor("add-channel", "desk", "mailto:desk@example.org")
    edited = monitor.one("edit-rule", rule["id"], "--notify", "desk", "--name", "treaty")
    assert (edited["name"], edited["query"], edited["channels"]) == (
        "treaty",
        "Hanoi Convention",
        ["desk"],
    )
    monitor("edit-rule", "treaty", "--query", "(", expect=2)
    monitor("remove-rule", "treaty", expect=2)
    assert "add --yes" in monitor.err
    monitor("remove-rule", "treaty", "--yes")
    monitor("show-rule", "treaty", expect=1)


def test_who_sits_at_a_terminal_is_asked_before_a_rule_goes(
    monitor: Monitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monitor("add-rule", "Hanoi Convention")
    answers = io.StringIO("n\n")
    monkeypatch.setattr(answers, "isatty", lambda: True)
    monkeypatch.setattr("sys.stdin", answers)
    monitor("remove-rule", "Hanoi Convention", expect=1)
    assert 'Remove rule "Hanoi Convention"?' in monitor.err
    monitor("show-rule", "Hanoi Convention")
    monitor("remove-rule", "Hanoi Convention", "--yes")  # not asked: no answer is left
    monitor("show-rule", "Hanoi Convention", expect=1)


def test_an_edit_that_changes_nothing_is_misuse(monitor: Monitor) -> None:
    monitor("add-rule", "Hanoi Convention")
    monitor("edit-rule", "Hanoi Convention", expect=2)
    assert "nothing to change" in monitor.err


def test_a_rule_that_is_so_already_stays_at_its_revision(monitor: Monitor) -> None:
    # A new one would have every poll that is under way match its articles again.
    as_it_is = (
        "--query",
        "rail strike",
        "--tag",
        "trains",
        "--priority",
        "high",
        "--language",
        "sv",
    )
    monitor("add-rule", "rail strike", "--name", "rail", *as_it_is[2:])
    before = monitor.one("show-rule", "rail")
    monitor("edit-rule", "rail", "--dry-run", *as_it_is)
    assert 'Rule "rail" would stay as it is.' in monitor.out
    monitor("edit-rule", "rail", "--name", "rail", *as_it_is)
    assert monitor.out == 'Rule "rail" is as it was.\n'
    monitor("resume-rule", "rail")
    assert monitor.one("show-rule", "rail")["revision"] == before["revision"]
    monitor("edit-rule", "rail", "--priority", "low")
    assert monitor.out == 'Rule "rail" is changed.\n'
    assert monitor.one("show-rule", "rail")["revision"] > before["revision"]


def test_an_unknown_rule_is_answered_with_the_nearest(monitor: Monitor) -> None:
    monitor("add-rule", "Hanoi Convention")
    monitor("show-rule", "hanoi convetion", expect=1)
    assert 'there is no rule "hanoi convetion"; did you mean "Hanoi Convention"?' in monitor.err


def test_what_was_chosen_about_a_rule_can_be_taken_back(monitor: Monitor) -> None:
    chosen = ("--language", "sv", "--variant", "sv:hamn", "--max-per-day", "3", "--expires", "30d")
    monitor("add-rule", "harbour", "--name", "ports", *chosen)
    back = ("--language", "any", "--variant", "none", "--max-per-day", "none", "--expires", "never")
    shape = monitor.one("edit-rule", "ports", *back)
    assert (shape["languages"], shape["max_per_day"], shape["expires_at"]) == ([], None, None)
    assert all(variant["kind"] != "user" for variant in shape["variants"])
    monitor("edit-rule", "ports", "--max-per-day", "0", expect=2)
    assert 'expected a whole number from 1 to 999999999; got "0"' in monitor.err
    monitor("edit-rule", "ports", "--min-outlets", "many", expect=2)
    assert 'expected a whole number from 1 to 999999999; got "many"' in monitor.err
    [spike] = [line for line in monitor("show-rule", "ports").splitlines() if "spike:" in line]
    assert spike.split() == ["spike:", "no"]


def test_whatever_was_chosen_about_a_rule_can_be_taken_back(monitor: Monitor) -> None:
    storage = monitor.storage()
    given(storage, a_source())
    storage.close()
    plain = monitor.one("add-rule", "rail strike")
    every_word = ("none", "never", "any")
    chosen = {
        "--source": ("Harbour News", ("any", "none")),
        "--tag": ("desk", ("none",)),
        "--language": ("sv", every_word),
        "--in": ("en", every_word),
        "--variant": ("sv:strejk", every_word),
        "--match": ("forms", ("all",)),
        "--priority": ("high", ("normal",)),
        "--digest": ("hourly", every_word),
        "--max-per-day": ("3", every_word),
        "--min-outlets": ("2", every_word),
        "--escalate": ("3", every_word),
        "--expires": ("30d", every_word),
    }
    told = ("revision", "raised", "reach", "alerts", "gathered")
    for option, (value, words) in chosen.items():
        for word in words:
            assert monitor.one("edit-rule", "rail strike", option, value) != plain, option
            cleared = monitor.one("edit-rule", "rail strike", option, word)
            assert {key: cleared[key] for key in cleared if key not in told} == {
                key: plain[key] for key in plain if key not in told
            }, (option, word)


def test_a_rule_may_tell_nobody(monitor: Monitor) -> None:
    assert monitor.one("add-rule", "rail strike", "--notify", "none")["channels"] == []
    monitor("list-channels", expect=1)  # not even the console was made
    monitor("add-channel", "desk", "mailto:desk@example.org")
    assert monitor.one("edit-rule", "rail strike", "--notify", "desk")["channels"] == ["desk"]
    assert monitor.one("edit-rule", "rail strike", "--notify", "none")["channels"] == []


def test_a_rule_that_names_a_channel_that_is_off_says_so(monitor: Monitor) -> None:
    monitor("add-channel", "hook", "https://example.org/in")
    monitor("pause-channel", "hook")
    monitor("add-rule", "rail strike", "--notify", "hook")
    said = " ".join(monitor.err.split())
    assert 'nothing is sent to channel "hook" (paused by you) until you run:' in said
    assert "enable-channel hook" in said
    monitor("enable-channel", "hook")
    monitor("add-rule", "bus strike", "--notify", "hook")
    assert "nothing is sent" not in monitor.err


def test_a_list_and_a_command_about_one_rule_read_the_variants_of_no_others(
    monitor: Monitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monitor("add-rule", "climate summit", "--name", "talks")
    states = [each["state"] for each in monitor.one("show-rule", "talks")["variants"]]
    assert {"active", "proposed"} <= set(states)
    monkeypatch.setattr(SqlRules, "all", lambda _: pytest.fail("the variants of all were read"))
    monitor("add-rule", "dog")
    monitor("edit-rule", "dog", "--max-per-day", "3")
    monitor("pause-rule", "dog")
    monitor("remove-channel", "console", "--yes")
    monitor.environ["MONITOR_KEEP_ARTICLES"] = "30d"
    monitor("prune", "--dry-run")
    counted = f"{states.count('active')} (+{states.count('proposed')} proposed)"
    assert f"climate summit {counted}" in " ".join(monitor("list-rules").split())
