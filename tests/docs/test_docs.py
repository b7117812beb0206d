"""The documentation says what the program does."""

import re
from enum import Enum
from pathlib import Path

import click
import pytest

from bench.making import payloads
from monitor.cli.commands.docs import cli_page
from monitor.cli.main import COMMANDS, cli
from monitor.cli.session import Session
from monitor.config.settings import SECRET_FILES, SETTINGS, VARIABLES
from monitor.config.templates import settings_page
from monitor.services.deliveries import Owed
from monitor.views.alert import alert_shape
from monitor.views.article import article_shape
from monitor.views.base.evidence import evidence_shape
from monitor.views.channel import channel_shape
from monitor.views.delivery import delivery_shape
from monitor.views.rules.rule import rule_shape
from monitor.views.rules.trial import trial_shape
from monitor.views.sources.source import source_shape
from notifiers.channels.kinds import KINDS
from storage import model
from tests import builders
from tests.places import ROOT

DOCS = ROOT / "docs"


def test_cli_md_is_what_help_says() -> None:
    assert (DOCS / "cli.md").read_text() == cli_page(), "run: monitor docs cli > docs/cli.md"


def test_the_table_of_settings_is_made_from_the_settings() -> None:
    assert settings_page() in (DOCS / "settings.md").read_text(), "run: monitor docs settings"


def test_every_setting_and_variable_is_documented() -> None:
    text = (DOCS / "settings.md").read_text()
    names = [setting.name for setting in SETTINGS] + list(SECRET_FILES)
    assert [name for name in names if f"`{name}`" not in text] == []
    assert [name for name in VARIABLES if f"`{name}`" not in text] == []


def test_what_each_kind_of_channel_does_is_in_a_table() -> None:
    text = (DOCS / "channels.md").read_text()
    for kind, spec in KINDS.items():
        pace = f"{spec.pace.messages} in {spec.pace.seconds:g} s" if spec.pace else "-"
        row = (
            f"| `{kind}` | {'yes' if spec.threads else 'no'} | {'yes' if spec.can_edit else 'no'} "
            f"| {spec.concurrency} | {spec.at_once} | {pace} |"
        )
        assert row in text, kind


def test_what_each_kind_of_channel_is_sent_is_what_the_page_shows() -> None:
    assert (DOCS / "payloads.md").read_text() == payloads.page()


def test_every_noun_is_in_the_glossary() -> None:
    text = (DOCS / "glossary.md").read_text()
    nouns = [
        name
        for name, thing in vars(model).items()
        if isinstance(thing, type) and thing.__module__ == model.__name__
    ]
    assert len(nouns) > 10
    assert [name for name in nouns if f"**{name}**" not in text] == []


def test_every_state_that_users_meet_is_in_the_documentation() -> None:
    text = (DOCS / "glossary.md").read_text() + (DOCS / "operations.md").read_text()
    states = [
        member.value
        for thing in vars(model).values()
        if isinstance(thing, type)
        and issubclass(thing, Enum)
        and thing.__module__ == model.__name__
        for member in thing
    ]
    assert [state for state in states if state not in text] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_an_example_that_it_understands(name: str) -> None:
    # Click keeps how a command first had --help, and other tests print that: as the program has it.
    root = click.Context(cli, obj=Session({}), **cli.context_settings)
    command = cli.get_command(root, name)
    assert command is not None
    assert command.help is not None
    examples = re.findall(rf"^ *monitor ({name}\b.*)$", command.help, re.MULTILINE)
    assert examples
    for example in examples:
        words = _words(example)[1:]
        command.make_context(name, words, parent=root).close()


def test_the_fields_of_json_are_documented() -> None:
    text = cli_page().partition("## What --json prints")[2]
    documented = {
        bullet.split("**")[0]: set(re.findall(r"`(\w+)`", bullet.partition(";")[0]))
        for bullet in text.split("\n- **")[1:]
    }
    article = builders.an_article()
    sources = {article.source_id: builders.a_source().name}
    printed = {
        "source": source_shape(builders.a_source(), articles=0),
        "rule": rule_shape(builders.a_rule(), channels={}),
        "channel": channel_shape(builders.a_channel()),
        "article": article_shape(article, sources=sources),
        "alert": alert_shape(builders.an_alert(), rule="", article=article, sources=sources),
        "evidence": evidence_shape([builders.some_evidence()])[0],
        "delivery": delivery_shape(Owed(builders.a_delivery(), builders.a_channel())),
        "trial": trial_shape("", "", None),
    }
    assert {noun: documented[noun] for noun in printed} == {
        noun: set(shape) for noun, shape in printed.items()
    }


def _words(line: str) -> list[str]:
    import shlex

    return shlex.split(line.partition(" > ")[0])


@pytest.mark.parametrize("page", sorted(DOCS.rglob("*.md")), ids=lambda path: path.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    prose = re.sub(r"^```.*?^```", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)
    targets = re.findall(r"\]\((?!https?:|mailto:|#)([^)#]+)", prose)
    assert [target for target in targets if not (page.parent / target).exists()] == []
