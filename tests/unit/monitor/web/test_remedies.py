"""What the page says can be done, in its own words."""

import json

import pytest

from monitor.base.errors import Refusal, Remedy, RemedyKind
from monitor.cli.main import COMMANDS
from monitor.web.base.problems import refused
from monitor.web.base.remedies import remedy_words, worded

ONLY_BY_COMMAND = {
    RemedyKind.SAY_KIND,
    RemedyKind.SEND_OLD,
    RemedyKind.TRANSLATE_AGAIN,
    RemedyKind.MIGRATE,
    RemedyKind.START_DAEMON,
    RemedyKind.FILL_INDEX,
    RemedyKind.ADD_TOKEN,
    RemedyKind.SET_MAIL_SERVER,
    RemedyKind.MIGRATE_FIRST,
    RemedyKind.RUN_ALONE,
    RemedyKind.ADD_RULE,
}
"""What no page can do: there, the command says how."""


@pytest.mark.parametrize("kind", RemedyKind)
def test_commands_are_named_only_for_what_no_page_can_do(kind: RemedyKind) -> None:
    remedy = Remedy(kind, "a name", (("query", "x"),))
    said = remedy_words(remedy)
    names_one = any(f"{name} " in f"{said} " for name in COMMANDS if "-" in name)
    names_one = names_one or "--" in said or "monitor " in said
    assert names_one == (kind in ONLY_BY_COMMAND), said


def test_a_refusal_goes_on_with_what_can_be_done() -> None:
    refusal = Refusal("it is paused", remedy=Remedy(RemedyKind.RESUME_RULE, "strike"))
    assert worded(refusal) == "it is paused; resume it under Rules"
    assert worded(Refusal("no")) == "no"


def test_where_notices_are_is_said_of_one_as_of_several() -> None:
    said = remedy_words(Remedy(RemedyKind.SHOW_NOTICES, "Harbour News"))
    assert f"1 notice{said}" == "1 notice; see the source's page"


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (
            RemedyKind.FOLLOW_ANYWAY,
            'no feed; nothing is followed ("anyway": true does, and tries again at each poll)',
        ),
        (RemedyKind.FORCE_RULE, 'no feed, or give "force": true'),
        (RemedyKind.SEND_AGAIN, 'no feed; give "again": true to send it once more'),
        (RemedyKind.SEND_ELSEWHERE, 'no feed; to send elsewhere, PATCH its "target"'),
        (
            RemedyKind.NARROW_RULE,
            'no feed A sharper rule leaves it out: PATCH {"query": "å NOT \\"b\\""}; or let it '
            'count only in some "languages" or "sources"',
        ),
    ],
)
def test_a_call_is_told_what_it_can_give_and_the_command_where_it_can_give_nothing(
    kind: RemedyKind, said: str
) -> None:
    assert _told(kind) == said
    assert _told(RemedyKind.RESUME_SOURCE).endswith("resume-source x")


def _told(kind: RemedyKind) -> str:
    answer = refused(Refusal("no feed", remedy=Remedy(kind, "x", (("query", 'å NOT "b"'),))))
    detail: str = json.loads(bytes(answer.body))["detail"]
    return detail
