"""Commands about what is held back: what a user sees from a poll to the digest."""

import json
import os
import time
from contextlib import closing
from pathlib import Path

import pytest

from monitor.silences.tokens import key_in, mute_token
from tests.unit.monitor.cli.conftest import Monitor


def write(monitor: Monitor, name: str, words: str = "The Oslo Convention") -> None:
    """Put a document into the seed folder, old enough to be taken at once."""
    path: Path = monitor.home / "seeds" / f"{name}.txt"
    path.write_text(f"{words}, {name}\n\n{words} was spoken about in {name}.")
    past = time.time() - 10
    os.utime(path, (past, past))


def run(monitor: Monitor) -> str:
    """Look at all sources and send; before the first run there are none."""
    with closing(monitor.storage()) as storage, storage.reading() as tx:
        is_any = bool(tx.sources.all())
    monitor("poll", "--all", expect=0 if is_any else 1)
    return monitor("run", "--once", "--no-starter")


def digest_of(said: str) -> list[str]:
    """The titles that the digests in the output of a run list."""
    return [line.strip(" •*") for line in said.splitlines() if line.startswith("  • ")]


def test_a_paused_rule_holds_what_it_finds_and_ends_with_one_digest(monitor: Monitor) -> None:
    monitor("add-rule", "Oslo Convention")
    monitor("pause-rule", "Oslo Convention")
    assert "is paused; what it finds is held for one digest" in monitor.out
    for name in ("Bergen", "Narvik"):
        write(monitor, name)
    assert run(monitor) == ""
    held = monitor.json("list-alerts", "--held")
    assert [[each["reason"] for each in alert["held"]] for alert in held] == [["paused"]] * 2
    assert monitor.one("status")["held"] == {"paused": 2}
    assert len(monitor.json("list-deliveries", "--held")) == 2
    monitor("resume-rule", "Oslo Convention")
    assert "The next digest tells 2 alerts that came meanwhile." in monitor.out
    said = run(monitor)
    assert len(digest_of(said)) == 2
    code = said.split()[1]
    assert {a["id"] for a in monitor.json("list-alerts", "--digest", code)} == {
        a["id"] for a in held
    }
    assert monitor.json("list-alerts", "--held", expect=1) == []
    alert = monitor.one("show-alert", held[0]["id"])
    assert [each["state"] for each in alert["deliveries"]] == ["bundled"]
    [digest] = {each["state_reason"] for each in alert["deliveries"]}
    short = digest.replace("in the digest msg_", "in the digest ")[:22]
    for words in (("show-alert", held[0]["id"]), ("list-deliveries",)):
        shown = monitor(*words)
        assert digest not in shown
        assert short in shown
    code = short.split()[-1]
    assert len(monitor.json("list-alerts", "--digest", code)) == 2


def test_an_alert_that_waits_for_two_readers_of_a_channel_is_listed_once(monitor: Monitor) -> None:
    monitor.environ |= {"MONITOR_SMTP_HOST": "mail.example.org", "MONITOR_SMTP_FROM": "m@a.example"}
    both = "mailto:a@example.org,b@example.org"
    monitor("add-channel", "desk", both, "--digest", "weekly@mon-08:00")
    monitor("add-rule", "Oslo Convention", "--notify", "desk")
    write(monitor, "Bergen")
    assert run(monitor) == ""
    [held] = monitor.json("list-alerts", "--held")
    assert len(held["held"]) == 2
    table = monitor("list-alerts", "--held")
    assert (table.count("desk"), table.count("weekly@mon-08:00"), table.count("in ")) == (1, 1, 1)


def test_a_paused_channel_ends_with_one_digest(monitor: Monitor) -> None:
    monitor("add-channel", "desk", "console:")
    monitor("add-rule", "Oslo Convention", "--notify", "desk")
    monitor("pause-channel", "desk")
    write(monitor, "Bergen")
    write(monitor, "Narvik")
    assert run(monitor) == ""
    assert monitor.one("enable-channel", "desk")["gathered"] == 2
    assert len(digest_of(run(monitor))) == 2


def test_old_documents_come_as_one_digest_of_five_unless_told_otherwise(monitor: Monitor) -> None:
    for number in range(7):
        write(monitor, f"town {number}")
    run(monitor)
    monitor("add-rule", "Oslo Convention")
    assert "It raised 5 alerts at once, about what was stored: one digest." in monitor.out
    assert "To be sent all that was stored: " in monitor.out
    assert len(digest_of(run(monitor))) == 5
    monitor("edit-rule", "Oslo Convention", "--backfill", "all")
    assert "It raised 2 alerts at once" in monitor.out
    assert len(digest_of(run(monitor))) == 2
    monitor("edit-rule", "Oslo Convention", "--backfill", "all")
    assert "It raised nothing more about what was stored." in monitor.out
    assert "raised" not in monitor("edit-rule", "Oslo Convention", "--backfill", "all", "--dry-run")
    assert "raised" not in monitor("edit-rule", "Oslo Convention", "--priority", "high")
    assert "It raised nothing about" in monitor("add-rule", "Bergen Treaty", "--backfill", "all")
    assert monitor.one("add-rule", "Oslo", "--backfill", "none")["raised"] == 0
    assert monitor.one("add-rule", "Convention", "--backfill", "1")["raised"] == 1
    assert "Convention" in run(monitor)


def test_a_given_document_is_one_alert_whichever_came_first(monitor: Monitor) -> None:
    write(monitor, "Bergen")
    run(monitor)
    monitor("add-rule", "Oslo Convention")
    first = run(monitor)
    write(monitor, "Narvik")
    second = run(monitor)
    for said, name in ((first, "Bergen"), (second, "Narvik")):
        assert said.startswith("Oslo Convention ")
        assert said.count(f"Convention**, {name}") == 1
    kinds = [each["kind"] for each in monitor.json("list-deliveries")]
    assert kinds == ["alert", "alert"]


def test_the_days_share_says_where_the_rest_is(monitor: Monitor) -> None:
    monitor("add-rule", "Oslo Convention", "--max-per-day", "1")
    write(monitor, "Bergen")
    write(monitor, "Narvik")
    said = run(monitor)
    assert 'Message 1 of 1 today for rule "Oslo Convention"' in said
    assert "monitor list-alerts --held" in said
    [held] = monitor.json("list-alerts", "--held")
    assert held["held"][0]["reason"] == "budget"
    assert "more than 1 alert of this rule today" in monitor("list-alerts", "--held")
    assert "1 over a limit" in monitor("status")
    back = ("edit-rule", "Oslo Convention", "--max-per-day", "none")
    would = "The next digest would tell 1 alert that was held back."
    assert would in monitor(*back, "--dry-run")
    assert "The next digest tells 1 alert that was held back." in monitor(*back)
    assert monitor.one(*back)["gathered"] == 0
    assert len(digest_of(run(monitor))) == 1


@pytest.mark.parametrize("noun", ["rule", "channel"])
def test_applying_a_file_says_what_a_lifted_limit_had_held_back(
    monitor: Monitor, noun: str
) -> None:
    limit = "    max_per_day: 1\n"
    channels = "channels:\n  - name: desk\n    target: 'console:'\n"
    rules = "rules:\n  - name: Oslo\n    query: Oslo Convention\n    notify: [desk]\n"
    limited = {"rule": channels + rules + limit, "channel": channels + limit + rules}
    file = monitor.home / "rules.yaml"
    file.write_text(limited[noun])
    monitor("apply", str(file))
    for town in ("Bergen", "Narvik"):
        write(monitor, town)
    run(monitor)
    file.write_text(channels + rules)
    change, told = monitor("apply", str(file), "--dry-run").splitlines()[:2]
    assert change.startswith(f"~ {noun} ")
    assert told == "The next digest would tell 1 alert that was held back."
    assert monitor.json("apply", str(file), "--dry-run")[0]["gathered"] == 1
    change, told = monitor("apply", str(file)).splitlines()[:2]
    assert change.startswith(f"~ {noun} ")
    assert told == "The next digest tells 1 alert that was held back."


def test_channels_take_by_tag_and_priority(monitor: Monitor) -> None:
    takes = ("--takes", "tag=asia", "--takes", "priority>=high")
    assert monitor.one("add-channel", "asia", "console:", *takes)["takes"] == [
        "tag=asia",
        "priority>=high",
    ]
    monitor("add-rule", "Oslo Convention", "--tag", "asia", "--priority", "high")
    assert "tells console, asia" in monitor.out
    monitor("add-rule", "Oslo", "--notify", "asia")
    assert 'channel "asia" takes only tag=asia, priority>=high' in monitor.err
    write(monitor, "Bergen")
    said = run(monitor)
    assert said.count("Oslo Convention [HIGH]") + said.count("Oslo Convention [high]") == 2
    edited = monitor.one("edit-channel", "asia", "--takes", "none")
    assert edited["takes"] == []


def test_what_is_chosen_about_a_channel_can_be_taken_back(monitor: Monitor) -> None:
    chosen = {
        "digest": "daily@08:00",
        "quiet": "22:00-07:00",
        "zone": "Asia/Ho_Chi_Minh",
        "language": "vi",
        "max_per_hour": 3,
        "max_per_day": 9,
    }
    words = [f"--{name.replace('_', '-')}={value}" for name, value in chosen.items()]
    added = monitor.one("add-channel", "desk", "console:", *words)
    assert {name: added[name] for name in chosen} == chosen
    cleared = monitor.one(
        "edit-channel", "desk", *(f"--{name.replace('_', '-')}=none" for name in chosen)
    )
    assert {name: cleared[name] for name in chosen} == {
        "digest": "",
        "quiet": "",
        "zone": "",
        "language": "",
        "max_per_hour": None,
        "max_per_day": None,
    }


def test_a_channels_limit_a_day_that_is_taken_back_says_what_is_told_now(monitor: Monitor) -> None:
    monitor("add-channel", "desk", "console:", "--max-per-day", "1")
    monitor("add-rule", "Oslo Convention", "--notify", "desk")
    for place in ("Bergen", "Narvik", "Tromso"):
        write(monitor, place)
    assert "Message 1 of 1 today" in run(monitor)
    said = monitor("edit-channel", "desk", "--max-per-day=none")
    assert "The next digest tells 2 alerts that were held back." in said
    assert len(digest_of(run(monitor))) == 2


def test_a_silence_holds_back_and_ends_with_one_digest(monitor: Monitor) -> None:
    monitor("add-rule", "Oslo Convention")
    silence = monitor.one(
        *("silence", "--rule", "Oslo Convention", "--query", "Narvik"),
        *("--for", "24h", "--reason", "known"),
    )
    write(monitor, "Bergen")
    write(monitor, "Narvik")
    said = run(monitor)
    assert ("Bergen" in said, "Narvik" in said) == (True, False)
    [listed] = monitor.json("list-silences")
    assert (listed["held"], listed["reason"], listed["rule"]) == (1, "known", "Oslo Convention")
    assert "known" in monitor("list-alerts", "--held")
    assert monitor.one("unsilence", silence["id"][:8])["gathered"] == 1
    assert len(digest_of(run(monitor))) == 1
    assert monitor.json("list-silences", expect=1) == []
    monitor("unsilence", silence["id"], expect=1)
    assert "is over already" in monitor.err


def test_a_silence_is_ended_by_the_name_of_what_it_is_about(monitor: Monitor) -> None:
    monitor("add-rule", "Oslo Convention")
    about = ("silence", "--rule", "Oslo Convention", "--for", "24h", "--reason", "known")
    monitor(*about)
    monitor("unsilence", "Oslo", expect=1)
    assert 'there is no silence "Oslo"' in monitor.err
    monitor("unsilence", "Oslo Convention")
    assert monitor.json("list-silences", expect=1) == []
    monitor(*about)
    monitor(*about, "--query", "Narvik")
    monitor("unsilence", "Oslo Convention", expect=2)
    assert "is silenced more than once: name one of" in monitor.err
    assert len(monitor.json("list-silences")) == 2


REPORT = (
    "Rail workers in Kiruna end their strike. The union accepts 4 per cent. "
    "Ore trains to Narvik run again from Monday, says LKAB."
)


def test_an_update_that_waits_is_listed_with_until_when_and_told(monitor: Monitor) -> None:
    monitor("add-rule", "Kiruna strike", "--follow-ups", "every")
    write(monitor, "Kiruna strike ends", REPORT)
    run(monitor)
    alert = monitor.one("list-alerts")["id"]
    story = ("--rule", "Kiruna strike", "--for", "24h", "--reason", "known")
    monitor("silence", *story)
    write(monitor, "Kiruna strike is over", REPORT + " Shares rise.")
    assert run(monitor) == ""
    (held,) = monitor.json("list-deliveries", "--held")
    assert (held["kind"], held["hold"]["reason"]) == ("update", "silenced")
    monitor("show-alert", alert)
    shown = " ".join(monitor.out.split())
    assert "update held to console: an update waits: silenced until" in shown
    assert "; told 20" in shown
    monitor("unsilence", monitor.one("list-silences")["id"])
    assert "+1 article" in run(monitor)
    assert run(monitor) == ""
    assert monitor.json("list-deliveries", "--held", expect=1) == []


def test_who_silences_says_what_why_and_how_long(monitor: Monitor) -> None:
    for words, said in (
        (("--for", "1h", "--reason", "x"), "say what is to be silenced"),
        (("--query", "rail", "--reason", "x"), "say how long"),
        (("--query", "rail", "--for", "1h"), "say why"),
        (("--query", "rail", "--for", "1h", "--until", "2199-01-01", "--reason", "x"), "not both"),
        (("--mute", "m1.x.y"), "was not made here"),
        (("--mute", "m1.x.y", "--rule", "a"), "leave the others out"),
    ):
        monitor("silence", *words, expect=2)
        assert said in monitor.err
    monitor("silence", "--rule", "no", "--for", "1h", "--reason", "x", expect=1)


def test_a_story_is_muted_with_the_token_that_its_alert_carries(monitor: Monitor) -> None:
    monitor("add-rule", "Oslo Convention")
    write(monitor, "Bergen")
    run(monitor)
    [alert] = monitor.json("list-alerts")
    token = mute_token(key_in(monitor.home), alert["id"])
    first = monitor.one("silence", "--mute", token)
    assert first["story_id"] == alert["story_id"]
    assert monitor.one("silence", "--mute", token, "--for", "1h")["id"] == first["id"]
    assert f'story "{alert["article"]["title"]}"' in monitor("list-silences")
    monitor("unsilence", alert["story_id"][:8])
    assert monitor.json("list-silences", expect=1) == []


def test_the_data_of_an_alert_carries_its_token(monitor: Monitor) -> None:
    run(monitor)
    monitor("add-channel", "hook", "https://hook.example/x")
    monitor("add-rule", "Oslo Convention", "--notify", "hook")
    write(monitor, "Bergen")
    monitor("poll", "--all")
    with closing(monitor.storage()) as storage, storage.reading() as tx:
        [delivery] = tx.outbox.recent()
    data = json.loads(delivery.payload)["data"]
    assert data["mute"]["token"] == mute_token(key_in(monitor.home), data["alert"]["id"])


def test_everything_that_is_chosen_stands_in_the_file_and_comes_back(monitor: Monitor) -> None:
    words = (
        "--quiet",
        "22:00-07:00",
        "--zone",
        "Asia/Ho_Chi_Minh",
        "--max-per-hour",
        "5",
        "--max-per-day",
        "9",
    )
    monitor("add-channel", "desk", "console:", *words, "--takes", "tag=asia")
    monitor("add-rule", "rail", "--priority", "high", "--digest", "weekly@fri-17:00")
    path = monitor.home / "rules.yaml"
    path.write_text(monitor("export-rules"))
    for line in (
        "quiet: 22:00-07:00",
        "max_per_hour: 5",
        "max_per_day: 9",
        "priority: high",
        "weekly@fri-17:00",
    ):
        assert line in path.read_text()
    changes = monitor.json("apply", str(path), "--dry-run")
    assert changes == []
    path.write_text(path.read_text().replace("22:00-07:00", "23:00-06:00"))
    [change] = monitor.json("apply", str(path))
    assert change["fields"] == {"quiet": ["22:00-07:00", "23:00-06:00"]}
    path.write_text(path.read_text().replace("23:00-06:00", "never"))
    monitor("apply", str(path), expect=2)
    assert "expected hours such as 22:00-07:00" in monitor.err


TOLD = (
    (
        "Fishermen of Lofoten ask for quotas",
        "The Oslo Convention limits how much cod may be landed, said Ingrid Dahl on Monday.",
    ),
    (
        "Parliament in Helsinki debates sulphur",
        "Minister Pekka Laine wants the Oslo Convention to cover 14 more power plants by 2031.",
    ),
    (
        "Ruling of the court in Gdansk",
        "Judges found that the shipyard had broken the Oslo Convention when it dumped paint.",
    ),
    (
        "Marathon runners choose their shoes",
        "Stands of the Oslo Convention of running clubs sold 900 pairs, says Jonas Berg.",
    ),
    (
        "Marathon medals for Kenya and Peru",
        "Winners Ruth Kiprono and Luis Quispe were cheered at the Oslo Convention hall last night.",
    ),
)
"""Three about the treaty, two about something else; each an event of its own."""


def test_noise_proposes_a_sharper_query_and_changes_nothing(monitor: Monitor) -> None:
    monitor("add-rule", "Oslo Convention")
    for number, (title, text) in enumerate(TOLD):
        path = monitor.home / "seeds" / f"{number}.txt"
        path.write_text(f"{title}\n\n{text}")
        os.utime(path, (time.time() - 10, time.time() - 10))
    run(monitor)
    alerts = {each["article"]["title"]: each["id"] for each in monitor.json("list-alerts")}
    noise = [id_ for title, id_ in alerts.items() if "Marathon" in title]
    useful = [id_ for title, id_ in alerts.items() if "Marathon" not in title]
    before = monitor.one("show-rule", "Oslo Convention")
    assert monitor.one("rate-alert", useful[0], "useful")["proposal"] is None
    monitor.one("rate-alert", noise[0], "noise")
    rated = monitor.one("rate-alert", noise[1], "noise")
    proposal = rated["proposal"]
    assert (proposal["left_out"], proposal["noise"]) == (2, 2)
    assert (proposal["kept"], proposal["others"], proposal["lost_useful"]) == (3, 3, 0)
    assert proposal["card"]["lost"]
    said = monitor("rate-alert", noise[1], "noise")
    assert 'Rule "Oslo Convention" stays as it is.' in said
    assert "lose 0 useful; in 30 days it finds 3 articles, 2 fewer:" in " ".join(said.split())
    assert "edit-rule 'Oslo Convention' --query" in said
    assert len(said.splitlines()) <= 5
    assert monitor.one("show-rule", "Oslo Convention") == before
    monitor("edit-rule", "Oslo Convention", "--query", proposal["query"])
    with closing(monitor.storage()) as storage, storage.reading() as tx:
        verdicts = tx.feedback.of_rule(tx.alerts.some(noise)[0].rule_id)
    assert sorted(verdicts.values()) == ["noise", "noise", "useful"]


def test_wrong_words_are_named_and_not_rejected(monitor: Monitor) -> None:
    monitor("add-rule", "rail strike", "--variant", "any:tram walkout")
    write(monitor, "Bergen", "A tram walkout")
    run(monitor)
    [alert] = monitor.json("list-alerts")
    rated = monitor.one("rate-alert", alert["id"], "wrong")
    assert [variant["text"] for variant in rated["words"]] == ["tram walkout"]
    assert "wrong-match" in monitor("rate-alert", alert["id"], "wrong")
    monitor("rate-alert", alert["id"][:3], "wrong", expect=1)
    assert "the beginning of an id has 4 characters at least" in monitor.err
    monitor("rate-alert", alert["id"][:4], "wrong")
    assert monitor.one("rate-alert", alert["id"], "none")["proposal"] is None
    assert monitor("rate-alert", alert["id"], "none") == "Taken back.\n"
    with closing(monitor.storage()) as storage, storage.reading() as tx:
        assert tx.feedback.some([alert["id"]]) == {}
    variants = monitor.one("show-rule", "rail strike")["variants"]
    states = {variant["text"]: variant["state"] for variant in variants}
    assert states["tram walkout"] == "active"


def test_explain_says_which_silence_or_wish_holds_an_alert_back(monitor: Monitor) -> None:
    monitor("add-rule", "Oslo Convention")
    monitor("silence", "--rule", "Oslo Convention", "--for", "24h", "--reason", "known by all")
    write(monitor, "Bergen")
    run(monitor)
    [alert] = monitor.json("list-alerts")
    told = monitor("explain", "Oslo Convention", alert["article"]["id"], expect=0)
    assert "known by all" in told
    assert "silence     no: silenced until " in told
    monitor("pause-rule", "Oslo Convention")
    assert "the rule is paused" not in monitor("explain", "Oslo Convention", alert["id"])
