"""Rules, sources and channels as one file: lint-rules, apply, export-rules."""

import json
import re
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from storage.model import VariantState
from tests.places import ROOT
from tests.unit.monitor.cli.conftest import Monitor

DOC = ROOT / "docs" / "rules-as-files.md"


def write(monitor: Monitor, text: str, name: str = "rules.yaml") -> str:
    path = monitor.home / name
    path.write_bytes(text.encode())
    return str(path)


def stored(monitor: Monitor) -> list[Any]:
    """Return everything that a file could change, as it is kept."""
    with closing(monitor.storage()) as storage, storage.reading() as tx:
        return [*tx.rules.all(), *tx.sources.all(), *tx.channels.all()]


RULES = """\
channels:
  - name: desk
    target: mailto:desk@example.org
sources:
  - name: Harbour News
    url: https://example.org/feed.xml
    tags: [ports]
rules:
  - name: rail
    query: rail strike
    notify: desk
    languages: [en, no]
    variants: ['no:togstreik']
    max_per_day: 5
  - query: port authority
    sources: [Harbour News]
"""


def example(monitor: Monitor) -> str:
    """Write the example of the documentation, and the files that it names."""
    text = DOC.read_text()
    yaml = re.search(r"```yaml\n(.*?)```", text, re.DOTALL)
    assert yaml is not None
    for folder in ("releases", "secrets", "examples"):
        (monitor.home / folder).mkdir(exist_ok=True)
    (monitor.home / "examples" / "walkout.md").write_text("# A rail strike\n\nIt begins today.\n")
    for name, secret in (
        ("room.url", "https://chat.example.org/hooks/abc123"),
        ("archive.key", KEY),
    ):
        path = monitor.home / "secrets" / name
        path.write_text(secret)
        path.chmod(0o600)
    return write(monitor, yaml[1])


KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def test_the_example_of_the_documentation_is_applied_and_changes_nothing_twice(
    monitor: Monitor,
) -> None:
    file = example(monitor)
    assert "0 mistakes, 0 failing examples" in monitor("lint-rules", file)
    said = monitor("apply", file)
    assert '+ rule "rail strikes": query rail strike -' in said
    assert monitor("apply", file).startswith("9 unchanged.")
    rule = monitor.one("show-rule", "rail strikes")
    assert rule["channels"] == ["desk", "room"]
    assert (rule["languages"], rule["max_per_day"]) == (["en", "sv", "no"], 20)
    assert rule["expires_at"] == "2199-12-31T23:59:59Z"
    assert "abc123" not in monitor("list-channels") + monitor("export-rules")


def test_the_toml_of_the_documentation_says_the_same_as_its_yaml(monitor: Monitor) -> None:
    monitor("apply", example(monitor))
    toml = re.search(r"```toml\n(.*?)```", DOC.read_text(), re.DOTALL)
    assert toml is not None
    file = write(monitor, toml[1], "rules.toml")
    assert "1 unchanged, 2 not in the file" in monitor("apply", file)


def test_a_dry_run_says_what_would_change_and_changes_nothing(monitor: Monitor) -> None:
    monitor("add-rule", "rail", "--name", "rail")
    before = stored(monitor)
    file = write(monitor, RULES)
    changes = monitor.json("apply", file, "--dry-run")
    assert [(change["change"], change["noun"], change["name"]) for change in changes] == [
        ("add", "channel", "desk"),
        ("add", "source", "Harbour News"),
        ("change", "rule", "rail"),
        ("add", "rule", "port authority"),
    ]
    assert changes[2]["fields"]["query"] == ["rail", "rail strike"]
    assert changes[2]["fields"]["notify"] == [["console"], ["desk"]]
    assert '~ rule "rail": query: rail -> rail strike;' in monitor("apply", file, "--dry-run")
    assert stored(monitor) == before
    assert not (monitor.home / "secrets").exists()


def test_what_is_not_in_the_file_stays_unless_it_is_pruned(monitor: Monitor) -> None:
    monitor("add-channel", "old", "mailto:old@example.org")
    monitor("add-channel", "used", "mailto:used@example.org")
    monitor("add-rule", "tram strike", "--notify", "old")
    file = write(monitor, RULES)
    said = monitor("apply", file)
    # The channel that the other rule tells is no more than in use.
    assert "2 not in the file and left alone (--prune removes them)" in said
    monitor("apply", file, "--prune", expect=2)
    assert "Remove 1 rule, 2 channels? Nobody can answer here; add --yes" in monitor.err
    assert len(monitor.json("list-rules")) == 3
    said = monitor("apply", file, "--prune", "--yes")
    assert '- rule "tram strike"' in said
    assert [rule["name"] for rule in monitor.json("list-rules")] == ["rail", "port authority"]
    names = [channel["name"] for channel in monitor.json("list-channels")]
    assert names == ["console", "desk"]
    # A file that has no channels at all says nothing about them.
    only = write(monitor, "rules:\n- query: rail strike\n  name: rail\n", "only.yaml")
    monitor("apply", only, "--prune", "--yes")
    assert len(monitor.json("list-channels")) == 2


def test_a_key_that_is_not_there_has_its_default(monitor: Monitor) -> None:
    monitor("apply", write(monitor, RULES))
    monitor("apply", write(monitor, "rules:\n- name: rail\n  query: rail strike\n"))
    rule = monitor.one("show-rule", "rail")
    assert (rule["languages"], rule["max_per_day"], rule["channels"]) == ([], None, ["console"])
    assert [variant for variant in rule["variants"] if variant["kind"] == "user"] == []


def test_what_people_have_decided_outlives_a_file(monitor: Monitor) -> None:
    file = write(monitor, RULES)
    monitor("apply", file)
    monitor("pause-rule", "rail")
    monitor("pause-channel", "desk")
    with closing(monitor.storage()) as storage, storage.transaction() as tx:
        rule = tx.rules.find("rail")
        assert rule is not None
        rejected = tuple(replace(variant, state=VariantState.REJECTED) for variant in rule.variants)
        assert rejected
        tx.rules.update(replace(rule, variants=rejected))
    changed = RULES.replace("rail strike", "rail walkout").replace("desk@", "news@")
    monitor("apply", write(monitor, changed))
    shown = monitor.one("show-rule", "rail")
    assert (shown["state"], shown["query"]) == ("paused", "rail walkout")
    with closing(monitor.storage()) as storage, storage.reading() as tx:
        rule = tx.rules.find("rail")
        channel = tx.channels.find("desk")
    assert rule is not None
    assert channel is not None
    assert ("togstreik", "rejected") in [
        (variant.text, variant.state.value) for variant in rule.variants
    ]
    assert (channel.state.value, channel.target) == ("paused", "mailto:news@example.org")
    assert "3 unchanged" not in monitor("apply", write(monitor, changed))
    assert monitor("apply", write(monitor, changed)).startswith("4 unchanged")


def test_a_source_that_is_called_otherwise_is_so_in_rules_too(monitor: Monitor) -> None:
    monitor("apply", write(monitor, RULES))
    monitor("add-rule", "harbour", "--source", "Harbour News")
    renamed = RULES.replace("Harbour News", "Port News").replace("feed.xml", "feed.xml#top")
    said = monitor("apply", write(monitor, renamed))
    assert '~ source "Harbour News": name: Harbour News -> Port News' in said
    assert monitor.one("show-rule", "harbour")["sources"] == ["Port News"]
    assert len(monitor.json("list-sources")) == 1


@pytest.mark.parametrize("form", ["yaml", "toml"])
def test_what_is_exported_is_what_is_there(monitor: Monitor, form: str) -> None:
    monitor("apply", example(monitor))
    monitor("add-rule", "the AND strike", "--name", "no: 007 #x", "--language", "no")
    monitor("add-rule", "NOT ball", "--force", "--name", 'say "hi" \\ é 漢')
    before = stored(monitor)
    file = write(monitor, monitor("export-rules", "--format", form), f"out.{form}")
    said = monitor("apply", file, "--prune", "--yes")
    assert re.match(r"\d+ unchanged\. \(", said), said
    assert stored(monitor) == before
    assert monitor("export-rules", "--format", form) == Path(file).read_text()


def test_an_export_of_an_empty_store_can_be_applied(monitor: Monitor) -> None:
    file = write(monitor, monitor("export-rules"))
    assert monitor("apply", file).startswith("0 unchanged")


def test_an_export_as_json_has_a_line_for_each_entry(monitor: Monitor) -> None:
    monitor("apply", write(monitor, RULES))
    lines = monitor.json("export-rules")
    assert [(line["noun"], line["name"]) for line in lines] == [
        ("channel", "console"),
        ("channel", "desk"),
        ("source", "Harbour News"),
        ("rule", "rail"),
        ("rule", "port authority"),
    ]
    assert lines[3]["variants"] == ["no:togstreik"]


@pytest.mark.parametrize(
    "target",
    [
        "https://hooks.slack.com/services/T00000000/B00000000/abcdefghijklmnopqrstuvwx",
        "https://discord.com/api/webhooks/123456789012345678/abc",
        "https://prod-01.westeurope.logic.azure.com/workflows/a/triggers/m/paths/invoke?sig=abc",
        "https://mm.example.org/hooks/abcdefghijklmnopqrstuvwxyz",
        "https://api.telegram.org/bot123:abc/sendMessage?chat_id=5",
        "https://chat.googleapis.com/v1/spaces/AAA/messages?key=k&token=t",
        "https://ntfy.sh/a-topic",
        "https://push.example.org/message?token=abc",
        "https://example.org/in/abcdefghijklmnop?key=abc",
    ],
)
def test_what_is_exported_of_any_channel_is_what_is_there(monitor: Monitor, target: str) -> None:
    monitor("add-channel", "desk", target)
    exported = monitor("export-rules")
    assert "***" in exported
    monitor("lint-rules", write(monitor, exported))
    assert "1 unchanged" in monitor("apply", write(monitor, exported))
    assert len(monitor.json("list-channels")) == 1


def test_an_export_says_of_which_channels_it_does_not_have_all(monitor: Monitor) -> None:
    monitor("add-channel", "plain", "https://example.org/hook")
    monitor("add-channel", "mail", "mailto:a@example.org")
    monitor("export-rules")
    assert monitor.err == ""
    monitor("add-channel", "signed", "https://example.org/hook", "--header", "X-Team: ports")
    monitor("add-channel", "slack", "https://hooks.slack.com/services/T0/B0/geheim")
    for form in ([], ["--json"]):
        monitor("export-rules", *form)
        assert 'what is secret about "signed" and "slack" is not in it' in " ".join(
            monitor.err.split()
        )


def test_a_masked_target_stands_for_the_channel_that_is_there(monitor: Monitor) -> None:
    url = "https://hooks.slack.com/services/T0/B0/geheim"
    monitor("add-channel", "slack", url)
    exported = monitor("export-rules")
    assert "geheim" not in exported
    assert "1 unchanged" in monitor("apply", write(monitor, exported))
    moved = write(monitor, exported.replace("name: slack", "name: other"))
    monitor("apply", moved, expect=2)
    assert 'rules.yaml:4: channel "other": its target is masked (***)' in monitor.err
    secret = monitor.home / "url"
    secret.write_text(url)
    secret.chmod(0o600)
    masked = "https://hooks.slack.com/services/***"
    assert masked in exported
    other = exported.replace("name: slack", "name: other").replace(
        f"target: {masked}", "target_file: url"
    )
    assert '+ channel "other"' in monitor("apply", write(monitor, other))
    secret.write_text(url.replace("geheim", "neu"))
    assert '~ channel "other": secret' in monitor("apply", write(monitor, other))


def test_a_target_with_a_secret_is_said(monitor: Monitor) -> None:
    text = "channels:\n- name: x\n  target: https://hooks.slack.com/services/T0/B0/geheim\n"
    said = monitor("lint-rules", write(monitor, text))
    assert 'rules.yaml:3: channel "x": its target may hold a secret' in said
    assert "write target_file: FILE (note)" in said
    assert "geheim" not in said


def test_a_failing_example_ends_with_1_and_says_why(monitor: Monitor) -> None:
    text = """\
rules:
- name: rail
  query: rail strike -bus
  must_match:
  - Rail strikes everywhere
  - Tram drivers walk out
  - {title: Rail strike, language: sv}
  languages: [en]
  must_not_match:
  - title: Bus and rail strike
    text: Nothing.
  - Rail strikes again
"""
    file = write(monitor, text)
    said = monitor("lint-rules", file, expect=1)
    assert (
        'rules.yaml:6: rule "rail": must_match 2 ("Tram drivers walk out") is not matched: ' in said
    )
    assert 'rules.yaml:7: rule "rail": must_match 3 ("Rail strike") is not matched: ' in said
    assert (
        'rules.yaml:12: rule "rail": must_not_match 2 ("Rail strikes again") is matched: found '
        in said
    )
    assert '"Rail strikes" (' in said
    assert "5 examples: 0 mistakes, 3 failing examples" in said
    kinds = [problem["kind"] for problem in monitor.json("lint-rules", file, expect=1)]
    assert kinds == ["example"] * 3
    monitor("apply", file, expect=1)
    assert "Nothing is changed." in monitor.err
    monitor("list-rules", expect=1)


def test_examples_are_run_with_the_variants_that_the_rule_would_have(monitor: Monitor) -> None:
    text = """\
sources:
- {name: Harbour News, url: 'https://example.org/f', tags: [ports]}
rules:
- name: Vienna
  query: Vienna Convention
  must_match:
  - {text: Podpisano konwencję wiedeńską, language: pl}
- name: ports
  query: tag:ports strike
  must_match: {text: A strike, source: Harbour News}
  must_not_match: A strike
- name: elsewhere
  query: strike
  sources: [Harbour News]
  must_match:
  - A strike
  must_not_match:
  - {text: A strike, source: Other News}
"""
    assert "0 failing examples" in monitor("lint-rules", write(monitor, text))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(
            'rules:\n- {name: x, query: "*"}\n',
            ':2: rule "x": expected letters beside the wildcard: "*" matches everything; '
            "use any: true if you mean that",
            id="everything",
        ),
        pytest.param("rules:\n- {name: x, query: a}\n", "use any: true", id="one letter"),
        pytest.param("rules:\n- {name: x, query: ''}\n", "expected a word", id="no query"),
        pytest.param("rules:\n- name: x\n", ':2: rule "x": needs query', id="no query key"),
        pytest.param(
            "rules:\n- name: x\n  max_per_day: many\n",
            ':3: rule "x": expected max_per_day:',
            id="what else is wrong where the query is missing",
        ),
        pytest.param(
            "rules:\n- name: x\n  query: 'rail (strike'\n",
            ':3: rule "x": expected a closing bracket ")" for this one\n\n  rail (strike\n       ^',
            id="a bracket",
        ),
        pytest.param(
            "rules:\n- name: x\n  query: a AND NOT a\n", "can never match", id="a contradiction"
        ),
        pytest.param(
            "rules:\n- {name: x, query: rail}\n- name: y\n  query: bus\n- {name: x, query: tram}\n",
            ':5: duplicate rule "x" (lines 2 and 5)',
            id="the same name",
        ),
        pytest.param(
            "rules:\n- name: " + "x" * 300 + "\n  query: rail\n", "over 200 characters", id="long"
        ),
        pytest.param(
            "channels:\n- {name: slack, target: 'mailto:a@b.example'}\nrules:\n- name: x\n"
            "  query: rail\n  notify: slak\n",
            ':6: rule "x": channel "slak" is not defined; did you mean "slack"?',
            id="an unknown channel",
        ),
        pytest.param(
            "rules:\n- name: x\n  query: rail\n  sources: [Nope]\n",
            ':4: rule "x": source "Nope" is not followed',
            id="an unknown source",
        ),
        pytest.param(
            "rules:\n- name: x\n  query: rail\n  qeury: bus\n",
            ':4: rule "x": unknown key "qeury"; did you mean "query"?',
            id="an unknown key",
        ),
        pytest.param(
            "rules:\n- name: x\n  query: rail\n  channels: [desk]\n",
            ':4: rule "x": unknown key "channels"; in a file it is "notify"',
            id="as it is called in JSON",
        ),
        pytest.param(
            "ruls: []\n", ':1: unknown key "ruls"; did you mean "rules"?', id="at the top"
        ),
        pytest.param(
            "rules:\n- {name: x, query: rail, id: y}\n", "it is known by its name", id="an id"
        ),
        pytest.param(
            "rules:\n- name: x\n  query: rail\n  languages: swedish\n",
            ':4: rule "x": expected language codes such as sv,vi or any; got "swedish"; '
            '"sv" is Swedish',
            id="a language",
        ),
        pytest.param(
            "rules:\n- name: x\n  query: rail\n  match: fuzzy\n",
            "expected match: to be one of exact, forms, all, broad",
            id="a strictness",
        ),
        pytest.param(
            "rules:\n- name: x\n  query: rail\n  max_per_day: many\n",
            'expected max_per_day: to be a whole number from 1; got "many"',
            id="a number",
        ),
        pytest.param(
            "rules:\n- name: x\n  query: rail\n  expires: 30d\n", "expected a day", id="a duration"
        ),
        pytest.param(
            "rules:\n- name: x\n  query: rail\n  variants: [Tåg]\n", "LANG:TEXT", id="a variant"
        ),
        pytest.param(
            "rules:\n- name: x\n  query: rail\n  variants: [{text: tåg, of: bus}]\n",
            'of: "bus" does not stand in the query',
            id="a variant of nothing",
        ),
        pytest.param("rules:\n- x\n", ":2: expected keys such as name:", id="no keys"),
        pytest.param("rules: x\n", ":1: expected rules: to be", id="no list"),
        pytest.param("sources:\n- name: x\n", "needs url or folder", id="no place"),
        pytest.param(
            "sources:\n- {url: 'https://e.example/', every: 1s}\n", "too often", id="too often"
        ),
        pytest.param(
            "sources:\n- {url: 'https://e.example/'}\n- {url: 'https://e.example/#a'}\n",
            ':3: source "https://e.example/#a": is the same place twice (lines 2 and 3)',
            id="one place twice",
        ),
        pytest.param("sources:\n- {url: 'foo'}\n", "foo", id="no URL"),
        pytest.param("channels:\n- {name: x}\n", "needs target or target_file", id="no target"),
        pytest.param(
            "channels:\n- {name: x, target: 'mailto:a'}\n",
            "not one e-mail address",
            id="no address",
        ),
        pytest.param("a: &a [*b]\n", "there is no anchor &b", id="YAML"),
        pytest.param("", "is empty", id="nothing"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(monitor: Monitor, text: str, said: str) -> None:
    file = write(monitor, text)
    assert f"{said}" in monitor("lint-rules", file, expect=2)
    monitor("apply", file, expect=2)
    assert said in monitor.err
    monitor("list-rules", expect=1)


def test_all_mistakes_are_said_at_once(monitor: Monitor) -> None:
    text = "rules:\n- {name: x, query: '('}\n- {name: y, query: a, notify: z}\nchannels: 5\n"
    lines = monitor.json("lint-rules", write(monitor, text), expect=2)
    assert [(line["line"], line["subject"]) for line in lines] == [
        (2, 'rule "x"'),
        (3, 'rule "y"'),
        (3, 'rule "y"'),
        (4, ""),
    ]


def test_text_in_another_encoding_is_refused_with_its_line(monitor: Monitor) -> None:
    path = monitor.home / "rules.yaml"
    path.write_bytes("rules:\n- name: x\n  # fine\n  query: café\n".encode("latin-1"))
    monitor("lint-rules", str(path), expect=2)
    assert "rules.yaml:4: not UTF-8 (byte 0xe9)" in monitor.err
    path.write_bytes("rules: []\n".encode("utf-16"))
    monitor("lint-rules", str(path), expect=2)
    assert "rules.yaml:1: not UTF-8, but looks like UTF-16" in monitor.err
    path.write_bytes(b"\xef\xbb\xbf" + RULES.replace("\n", "\r\n").encode())
    assert "2 rules, 1 source, 1 channel" in monitor("lint-rules", str(path))


def test_a_keyword_with_signs_of_expressions_is_literal(monitor: Monitor) -> None:
    text = "rules:\n" + "".join(
        f"- name: '{query}'\n  query: '{query}'\n  must_match: {yes!r}\n  must_not_match: {no!r}\n"
        for query, yes, no in (
            ("C++", "written in C++", "vitamin C"),
            (".NET", "the .NET runtime", "the net"),
            ("R&D", "spends on R&D", "R and D"),
        )
    )
    assert "0 failing" in monitor("lint-rules", write(monitor, text))


def test_a_rule_may_match_everything_when_that_is_meant(monitor: Monitor) -> None:
    text = "rules:\n- name: x\n  query: '*'\n  any: true\n  must_match: Anything\n"
    monitor("apply", write(monitor, text))
    assert "any: true" in monitor("export-rules")


def test_a_renamed_rule_keeps_its_old_name_to_itself(monitor: Monitor) -> None:
    monitor("add-rule", "rail strike", "--name", "old")
    monitor("edit-rule", "old", "--name", "new")
    monitor("apply", write(monitor, "rules:\n- {name: old, query: bus strike}\n"), expect=2)
    assert 'another rule was called so when it was added (now "new")' in monitor.err


def test_a_hundred_thousand_keywords_are_a_rule_and_more_are_not(monitor: Monitor) -> None:
    words = "".join(f"    word{number} OR\n" for number in range(100_000))
    text = f"rules:\n- name: many\n  query: >\n{words}    last\n"
    assert "at most 100,000 terms" in monitor("lint-rules", write(monitor, text), expect=2)
    many = "rules:\n" + "".join(f"- query: w{number}\n" for number in range(10_001))
    assert "at most 10,000 rules" in monitor("lint-rules", write(monitor, many), expect=2)


def test_lint_needs_no_store_and_makes_none(monitor: Monitor, tmp_path: Path) -> None:
    file = write(monitor, "sources:\n- folder: elsewhere\nrules:\n- query: rail strike\n")
    empty = tmp_path / "empty"
    monitor.environ["MONITOR_HOME"] = str(empty)
    said = monitor("lint-rules", file)
    assert "there is no such folder (note)" in said
    assert not empty.exists()


def test_headers_of_a_channel_come_from_a_file_of_their_own(monitor: Monitor) -> None:
    for name, text in (("one", "X-Desk: night\nAuthorization: Bearer b"), ("two", "X-Desk: day")):
        Path(write(monitor, text, name)).chmod(0o600)
    entry = "channels: [{name: hook, target: 'https://example.org/in', headers_file: one}]"
    monitor("apply", write(monitor, entry))
    monitor("apply", write(monitor, entry))
    assert "1 unchanged" in monitor.out
    assert secrets_of(monitor)["headers"] == "X-Desk: night\nAuthorization: Bearer b"
    monitor("apply", write(monitor, entry.replace("one", "two")))
    assert secrets_of(monitor)["headers"] == "X-Desk: day"
    monitor("apply", write(monitor, entry.replace(", headers_file: one", "")))
    assert secrets_of(monitor)["headers"] == "X-Desk: day"
    monitor("export-rules")
    assert "X-Desk" not in monitor.out


def secrets_of(monitor: Monitor) -> dict[str, str]:
    (path,) = (monitor.home / "secrets").glob("*.json")
    kept: dict[str, str] = json.loads(path.read_text())
    return kept


def test_a_secret_for_a_channel_that_takes_none_is_refused_with_what_to_leave_out(
    monitor: Monitor,
) -> None:
    Path(write(monitor, "whsec_x", "key")).chmod(0o600)
    file = write(monitor, "channels: [{name: hall, target: 'console:', secret_file: key}]")
    monitor("apply", file, expect=2)
    assert monitor.err.endswith("leave --secret-file out\n")
