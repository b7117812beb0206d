"""Templates that people write: named fields, and nothing else."""

import json
import re
from dataclasses import replace
from email import message_from_bytes, policy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifiers.channels.kinds import KINDS
from notifiers.content.layout import Role, fitted, templated
from notifiers.content.template import FIELDS, check_json_template, checked_template
from notifiers.content.wording import wording
from tests.unit.notifiers.samples import (
    ENVELOPE,
    LINK,
    TEST_NOTE,
    TITLE,
    alert_content,
    hostile,
)

WISH = "{outlet}, {time}: {excerpt}\nPriority: {priority}\n{{rule}} {link}"


def lines(template: str, **changes: object) -> list[str]:
    content = replace(alert_content(), **changes)  # type: ignore[arg-type] # as the test says
    words = wording(content, replace(ENVELOPE, template=template))
    return [line.text for line in templated(words)]


def test_fields_are_filled_in_and_nothing_else_is() -> None:
    first, second = lines(WISH)
    assert first.startswith("Dagens Prov, 2026-03-01 10:00 UTC: ")
    assert "Hanoi-konventionen mot it-brott" in first
    # A line all of whose fields say nothing is left out: this one has a normal priority.
    assert second == f"{{Hanoi Convention}} {LINK}"
    assert lines(WISH, priority="high")[1] == "Priority: high"


@pytest.mark.parametrize("name", FIELDS)
def test_every_field_says_something(name: str) -> None:
    said = lines(f"{{{name}}}", priority="critical", note="A note.")
    assert said
    assert "{" not in said[0]


def test_a_field_in_what_is_filled_in_is_text() -> None:
    made = alert_content(title="{link} {unknown} {0.__class__}", rule="{code}")
    words = wording(made, replace(ENVELOPE, template="{title} {rule}"))
    [line] = templated(words)
    assert line.text == "{link} {unknown} {0.__class__} {code}"


def test_title_and_code_stand_around_it_and_what_matched_is_marked() -> None:
    words = wording(alert_content(), replace(ENVELOPE, template="{excerpt}"))
    laid = fitted(words, lambda laid: laid, lambda laid: True)
    assert [line.role for line in laid.lines] == [Role.TITLE, Role.TEXT, Role.FOOT]
    assert laid.link == LINK
    assert [run.text for run in laid.lines[1].runs if run.bold] == ["Hanoi-konventionen"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{titel}", 'no field "{titel}"; did you mean "{title}"?'),
        ("{xyzzy}", "there are: title, link"),
        (" \n", "empty"),
        ("x" * 5000, "at most 4,000 characters"),
        ("\n".join("x" * 50), "in 40 lines"),
    ],
)
def test_a_template_that_cannot_be_filled_is_refused(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        checked_template(text)


def test_a_line_may_be_broken_as_a_shell_writes_it() -> None:
    assert checked_template(r"{title}\n{why}") == "{title}\n{why}"


@pytest.mark.parametrize("text", ["{title}", '{"a": {title}}', '{"a": "{title}"', "[1, {code}]"])
def test_a_webhooks_template_must_be_json(text: str) -> None:
    checked_template(text)
    with pytest.raises(ValueError, match="must be JSON"):
        check_json_template(text)


@settings(deadline=None)
@given(text=st.text(st.characters(), min_size=1, max_size=200))
def test_a_webhooks_template_is_json_whatever_it_is_filled_with(text: str) -> None:
    template = '{"content": "{text}", "at": ["{time}"], "title": "{title} ({rule})", "u": "{link}"}'
    check_json_template(template)
    made = alert_content(**hostile(text))
    body = json.loads(KINDS["webhook"].render(made, replace(ENVELOPE, template=template)))
    assert body.keys() == {"content", "at", "title", "u"}
    assert body["u"] == LINK


def test_a_webhooks_template_says_all_that_there_is() -> None:
    envelope = replace(ENVELOPE, template='{"content": "{text}"}')
    alert = json.loads(KINDS["webhook"].render(alert_content(), envelope))["content"]
    assert TITLE in alert
    assert "#a1b2c3" in alert
    note = json.loads(KINDS["webhook"].render(TEST_NOTE, envelope))["content"]
    assert "This is a test." in note


def test_console_and_mail_follow_it_too() -> None:
    envelope = replace(ENVELOPE, template="From {outlet}: {excerpt}")
    said = KINDS["console"].render(alert_content(), envelope).decode()
    assert "From Dagens Prov: " in said
    assert "**Hanoi-konventionen** mot" in said
    assert "compound" not in said
    mail = message_from_bytes(
        KINDS["email"].render(alert_content(), envelope), policy=policy.default
    )
    for kind in ("plain", "html"):
        part = mail.get_body((kind,))
        assert part is not None
        shown = part.get_content()
        assert "From Dagens Prov: " in shown
        assert "compound" not in shown
        assert LINK.replace("&", "&amp;" if kind == "html" else "&") in shown
