"""What a command prints with `--json` follows the schema of its noun, field by field."""

from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

from monitor.cli.main import COMMANDS
from monitor.stories.batch import membership
from monitor.views.base.schema import Schema, schema_of
from monitor.views.nouns import NOUNS
from storage.story import Story
from tests.answers import reply
from tests.builders import NOON, a_source, an_article, given
from tests.servers import FaultServer, fault_server
from tests.unit.monitor.cli.conftest import Monitor

__all__ = ["fault_server"]

PRINTS = {
    "add-source": "source",
    "list-sources": "source",
    "show-source": "source details",
    "edit-source": "source",
    "pause-source": "source",
    "resume-source": "source",
    "remove-source": "source",
    "discover": "candidate",
    "import-opml": "listed feed",
    "export-opml": "opml",
    "poll": "poll",
    "inspect": "inspection",
    "add-channel": "added channel",
    "edit-channel": "edited channel",
    "list-channels": "channel",
    "test-channel": "delivery",
    "pause-channel": "channel",
    "enable-channel": "enabled channel",
    "remove-channel": "removed channel",
    "list-alerts": "alert",
    "show-alert": "alert details",
    "render": "rendered message",
    "list-deliveries": "delivery",
    "redeliver": "delivery",
    "silence": "silence",
    "list-silences": "silence",
    "unsilence": "ended silence",
    "end-silence": "ended silence",
    "search": "hit",
    "list-articles": "article",
    "show-article": "article details",
    "report": "report",
    "coverage": "covered source",
    "run": "status",
    "status": "status",
    "doctor": "finding",
    "init": "written file",
    "migrate": "migrated database",
    "backup": "written file",
    "restore": "restored database",
    "copy": "copied database",
    "prune": "pruned archive",
    "add-rule": "added rule",
    "list-rules": "rule",
    "show-rule": "rule details",
    "edit-rule": "changed rule",
    "pause-rule": "changed rule",
    "resume-rule": "changed rule",
    "remove-rule": "changed rule",
    "add-variant": "decided variants",
    "accept-variant": "decided variants",
    "reject-variant": "decided variants",
    "expand-rule": "expanded rule",
    "wrong-match": "feedback",
    "list-stories": "story",
    "show-story": "story details",
    "split-story": "story details",
    "merge-stories": "story details",
    "rate-alert": "rated alert",
    "add-token": "added token",
    "list-tokens": "token",
    "remove-token": "token",
    "add-user": "user",
    "list-users": "user",
    "edit-user": "user",
    "remove-user": "user",
    "try-rule": "trial",
    "replay": "replayed alert",
    "explain": "explanation",
    "lint-rules": "problem",
    "apply": "change",
    "export-rules": "entry",
}
"""Each command and the noun that it prints, a line each."""

NO_JSON = {"mcp", "web", "docs", "worker"}
"""A worker says what `run` says when it ends: tests/end_to_end/test_workers.py looks."""

FEED = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>Harbour</title>
<link>https://harbour.example/</link><item><title>Rail strike ends</title>
<link>https://harbour.example/1</link></item></channel></rss>"""
PAGE = b'<title>T</title><link rel="alternate" type="application/rss+xml" href="/feed" title="F">'
LIST = '<opml><body><outline xmlUrl="https://a.example/"/><outline xmlUrl="no"/></body></opml>'


def strict(noun: str) -> Draft202012Validator:
    """Take a noun's schema at its word: nothing that is not in it may be printed."""
    schema = schema_of(NOUNS[noun])
    definitions = schema["$defs"]
    assert isinstance(definitions, dict)
    closed: dict[str, Schema] = {
        name: {**one, "additionalProperties": False} for name, one in definitions.items()
    }
    checks = FormatChecker()
    return Draft202012Validator({**schema, "$defs": closed}, format_checker=checks)


class Checked:
    """Runs commands with `--json` and holds what they print to the schema of their noun."""

    def __init__(self, monitor: Monitor) -> None:
        self._monitor = monitor
        self.printed: set[str] = set()

    def __call__(self, command: str, *words: object, expect: int = 0) -> list[dict[str, Any]]:
        lines = self._monitor.json(command, *map(str, words), expect=expect)
        validator = strict(PRINTS[command])
        for line in lines:
            assert [error.message for error in validator.iter_errors(line)] == []
            self.printed.add(command)
        return lines


def test_every_command_has_its_noun() -> None:
    known = PRINTS.keys() | NO_JSON
    assert set(COMMANDS) == known
    assert set(PRINTS.values()) <= set(NOUNS)


def test_what_every_command_prints_follows_the_schema_of_its_noun(
    monitor: Monitor, fault_server: FaultServer, tmp_path: Path
) -> None:
    checked = Checked(monitor)
    _about_sources(checked, fault_server, tmp_path)
    _about_what_is_raised(checked, monitor, tmp_path)
    _about_rules(checked, tmp_path)
    _about_a_rules_file(checked, tmp_path)
    _about_channels(checked)
    _about_the_service(checked, tmp_path)
    assert PRINTS.keys() - checked.printed == set()


def _about_sources(checked: Checked, server: FaultServer, folder: Path) -> None:
    feed = server.on("/feed", reply(FEED, content_type="text/xml"))
    page = server.on("/", reply(PAGE, content_type="text/html"))
    saved = folder / "page.html"
    saved.write_bytes(PAGE)
    feeds = folder / "feeds.opml"
    feeds.write_text(LIST)
    checked("discover", page)
    checked("discover", saved)
    checked("inspect", feed, saved, folder / "absent", expect=1)
    checked("add-source", feed, "--name", "Harbour", "--backfill", 3, "--full-text", "--tag", "uk")
    checked("edit-source", "Harbour", "--no-full-text")
    checked("import-opml", feeds)
    checked("import-opml", feeds, "--dry-run")
    checked("export-opml")
    checked("pause-source", "a.example")
    checked("resume-source", "a.example")
    checked("remove-source", "a.example", "--yes")
    checked("list-sources")
    checked("show-source", "Harbour")


def _about_what_is_raised(checked: Checked, monitor: Monitor, folder: Path) -> None:
    monitor("add-channel", "desk", "console:")
    monitor("add-rule", "rail strike", "--notify", "desk", "--match", "forms")
    checked("poll", "Harbour")
    [article] = checked("list-articles")
    checked("show-article", article["id"])
    checked("search", "rail")
    checked("report", "rail strike")
    checked("coverage", "--since", "3d")
    document = folder / "a.txt"
    document.write_text("Rail strike\n\nIt goes on.")
    checked("try-rule", "rail strike", document)
    checked("try-rule", "harbour", document, expect=1)
    [alert] = checked("list-alerts")
    checked("run", "--once", "--no-starter")
    checked("show-alert", alert["id"])
    [delivery] = checked("list-deliveries")
    checked("render", alert["id"], "--channel", "desk")
    checked("redeliver", delivery["id"], "--again")
    [story] = checked("list-stories")
    checked("show-story", story["id"])
    _about_stories(checked, monitor, story["id"])


def _about_stories(checked: Checked, monitor: Monitor, story_id: str) -> None:
    """Two stories are made one, and taken apart again."""
    storage = monitor.storage()
    other = an_article("Cup final", source_id=a_source("Elsewhere").id)
    given(storage, a_source("Elsewhere"), other)
    with storage.transaction() as tx:
        tx.stories.put([Story(id=other.id, seen_at=NOON)])
        tx.stories.join([membership(other, other.id, now=NOON, reason="")])
    storage.close()
    [merged] = checked("merge-stories", story_id, other.id)
    assert len(merged["members"]) == 2
    [apart] = checked("split-story", story_id, other.id)
    assert [member["article"]["id"] for member in apart["members"]] == [other.id]


def _about_rules(checked: Checked, folder: Path) -> None:
    days = folder / "days"
    days.mkdir()
    (days / "2026-11-20.txt").write_text("Rail strike begins\n\nNo train runs.")
    [alert] = checked("list-alerts")
    chosen = ("--max-per-day", 3, "--expires", "30d", "--tag", "t", "--language", "en,sv")
    checked("add-rule", "harbour", *chosen, "--variant", "sv:hamn", "--source", "Harbour")
    checked("add-rule", "walkout", "--dry-run")
    checked("edit-rule", "harbour", "--match", "broad", "--dry-run")
    checked("edit-rule", "harbour", "--max-per-day", "none", "--expires", "never")
    checked("expand-rule", "harbour")
    checked("add-variant", "rail strike", "sv:bana", "--of", "rail")
    checked("reject-variant", "rail strike", "bana")
    checked("accept-variant", "rail strike", "bana")
    checked("list-rules")
    checked("replay", days)
    checked("show-rule", "rail strike")
    checked("explain", "rail strike", alert["article"]["id"])
    checked("explain", "harbour AND NOT rail", alert["article"]["id"], expect=1)
    checked("edit-rule", "rail strike", "--query", "tram strike", "--name", "trams")
    checked("rate-alert", alert["id"], "noise")
    checked("wrong-match", alert["id"])
    [silence] = checked("silence", "--rule", "harbour", "--for", "2h", "--reason", "known")
    [muted] = checked("silence", "--story", alert["id"], "--for", "1h", "--reason", "known")
    checked("list-silences")
    checked("unsilence", silence["id"])
    checked("end-silence", muted["id"])
    checked("list-silences", "--all")
    checked("pause-rule", "harbour")
    checked("resume-rule", "harbour")
    checked("remove-rule", "harbour", "--yes")


def _about_a_rules_file(checked: Checked, folder: Path) -> None:
    rules = folder / "rules.yaml"
    rules.write_text(
        "channels: [{name: hall, target: 'https://hall.example/x'}]\n"
        "sources: [{name: docs, folder: ., tags: [x]}]\n"
        "rules:\n"
        "  - {name: ports, query: port, expires: 2020-01-01, notify: [hall], tags: [a]}\n"
        "  - {name: all, query: '*', any: true, variants: [{language: sv, text: x, of: ''}]}\n"
    )
    checked("lint-rules", rules)
    checked("apply", rules, "--dry-run")
    checked("apply", rules)
    checked("export-rules")


def _about_channels(checked: Checked) -> None:
    checked("add-channel", "hook", "https://hook.example/x")
    checked("edit-channel", "hook", "--name", "hook2")
    checked("edit-channel", "hook2", "--name", "hook")
    checked("list-channels")
    checked("test-channel", "desk")
    checked("pause-channel", "hook")
    checked("enable-channel", "hook")
    checked("remove-channel", "desk", "--yes")


def _about_the_service(checked: Checked, folder: Path) -> None:
    checked("add-token", "board", "--scope", "write")
    checked("list-tokens")
    checked("remove-token", "board", "--yes")
    password = folder / "password"
    password.write_text("several words")
    password.chmod(0o600)
    checked("add-user", "anna", "--password-file", password)
    checked("edit-user", "anna", "--role", "admin")
    checked("list-users")
    checked("remove-user", "anna", "--yes")
    checked("status")
    checked("doctor", expect=1)
    checked("init")
    checked("migrate")
    checked("backup", folder / "copy.db")
    checked("restore", folder / "copy.db", "--yes")
    checked("prune", "--older-than", "90d")
    checked("copy", folder / "copy.db", folder / "there.db")
