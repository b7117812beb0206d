"""Leaving a list by the link in an e-mail: once, by a button or by the mail program."""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from monitor.app import App
from monitor.services import channels
from monitor.services.channels import ChannelChanges, channel_named
from monitor.silences.tokens import key_in, leave_token
from storage.model import ChannelState, Delivery, DeliveryKind, DeliveryState
from tests.builders import a_delivery, given
from tests.unit.monitor.web.asking import NOW, Browser, app

__all__ = ["app"]

BO, CY = "bo@example.org", "cy@example.org"


@pytest.fixture
def others(app: App) -> Browser:
    """A browser that asks a site which needs a login of all others."""
    with app.storage.transaction() as tx:
        draft = channels.drafted(name="desk", target=f"mailto:{BO},{CY}", now=NOW)
        channels.add_channel(tx, app.config.home, draft, now=NOW)
    return Browser(app, is_open=False)


def sent(app: App, recipient: str, *, later: timedelta = timedelta(0)) -> tuple[Delivery, str]:
    """Have something be owed to a recipient; return it and the path of its link."""
    with app.storage.reading() as tx:
        desk = channel_named(tx, "desk")
    owed = a_delivery(channel=desk, subject=f"{recipient} {later}", recipient=recipient)
    owed = replace(owed, kind=DeliveryKind.NOTICE, created_at=NOW + later)
    given(app.storage, owed)
    return owed, f"/leave/{leave_token(key_in(app.config.home), owed.id)}"


def recipients(app: App) -> tuple[str, ...]:
    with app.storage.reading() as tx:
        return channel_named(tx, "desk").recipients


def test_the_link_shows_a_button_and_the_button_ends_it_once(app: App, others: Browser) -> None:
    owed, link = sent(app, BO)
    for _ in range(2):
        page = others.get(link)
        assert page.status_code == 200
        assert "Send me nothing more" in page.text
        assert BO in page.text
    assert recipients(app) == (BO, CY)
    assert "sent nothing more" in others.ask("POST", link).text
    assert recipients(app) == (CY,)
    with app.storage.reading() as tx:
        kept = tx.outbox.get(owed.id)
    assert kept is not None
    assert kept.state is DeliveryState.SUPPRESSED
    for method in ("GET", "POST"):
        assert others.ask(method, link).status_code == 404


def test_a_mail_program_leaves_by_itself(app: App, others: Browser) -> None:
    _, link = sent(app, CY)
    said = {"List-Unsubscribe": "One-Click"}
    headers = {"Origin": "https://mail.example.com", "Sec-Fetch-Site": "cross-site"}
    assert others.ask("POST", link, data=said, headers=headers).status_code == 200
    assert recipients(app) == (BO,)


def test_who_is_added_again_is_not_taken_off_by_an_old_link(app: App, others: Browser) -> None:
    _, old = sent(app, BO)
    others.ask("POST", old)
    with app.storage.transaction() as tx:
        desk = channel_named(tx, "desk")
        back = ChannelChanges(target=f"mailto:{CY},{BO}")
        channels.edit_channel(tx, app.config.home, desk, back, now=NOW)
    assert others.ask("POST", old).status_code == 404
    assert recipients(app) == (CY, BO)
    _, new = sent(app, BO, later=timedelta(seconds=1))
    assert others.ask("POST", new).status_code == 200
    assert recipients(app) == (CY,)


def test_a_channel_that_nobody_reads_any_more_is_switched_off(app: App, others: Browser) -> None:
    for recipient in (BO, CY):
        assert others.ask("POST", sent(app, recipient)[1]).status_code == 200
    with app.storage.reading() as tx:
        desk = channel_named(tx, "desk")
    assert (desk.state, desk.state_reason) == (
        ChannelState.DISABLED,
        "its last reader has left",
    )


@pytest.mark.parametrize("token", ["x", "l1.msg_nobody.proof", "l1..", "%00", "a" * 5000])
def test_a_link_that_is_not_ours_leads_nowhere(others: Browser, token: str) -> None:
    for method in ("GET", "POST"):
        assert others.ask(method, f"/leave/{token}").status_code == 404


def test_messages_carry_the_link_where_readers_reach_the_page(app: App) -> None:
    app.config = replace(app.config, public_url="https://news.example.org/monitor/")
    with app.storage.transaction() as tx:
        draft = channels.drafted(name="desk", target=f"mailto:{BO}", now=NOW)
        channels.add_channel(tx, app.config.home, draft, now=NOW)
        desk = channel_named(tx, "desk")
    made = app.sending.renderer.test(desk, "msg_x", BO).decode()
    [line] = [line for line in made.splitlines() if line.startswith("List-Unsubscribe:")]
    url = line.partition("<")[2].partition(">")[0]
    assert urlsplit(url).path == f"/monitor/leave/{leave_token(key_in(app.config.home), 'msg_x')}"
