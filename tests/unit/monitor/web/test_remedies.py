"""What the page says can be done, in its own words."""

import pytest

from monitor.base.errors import Refusal, Remedy, RemedyKind
from monitor.cli.main import COMMANDS
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
