"""Channels on the page: added, changed, removed; what they are sent, to the byte."""

import re
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest

from monitor.app import App
from monitor.config.smtp import Smtp
from monitor.services.channels import channel_named
from monitor.services.mail_login import login_let_at
from monitor.web.base.messages import base_direction, opened
from notifiers.channels.kinds import KINDS
from storage.model import DeliveryKind, DeliveryState
from storage.quiet import Hold, HoldReason
from tests.builders import NOON, a_delivery
from tests.smtp_server import SmtpServer
from tests.stored import dead_delivery, fill
from tests.unit.monitor.web.asking import Browser, app, browser

__all__ = ["app", "browser"]

HOOK = "https://hooks.example.org/t/secret-part"


def test_a_channel_is_added_changed_and_removed(app: App, browser: Browser) -> None:
    assert "No channel yet" in browser.get("/channels").text
    assert browser.post("/channels", name="desk").status_code == 400
    done = browser.post("/channels", name="the desk", target="mailto:desk@example.org")
    assert done.status_code == 303
    page = browser.get(done.headers["location"]).text
    assert "Channel “the desk” is added." in page
    with app.storage.reading() as tx:
        [channel] = tx.channels.all()
    changed = browser.post(
        f"/channels/{channel.id}",
        name="press desk",
        takes="tag=asia\npriority>=high",
        digest="daily@08:00",
        zone="Asia/Ho_Chi_Minh",
        max_per_hour="5",
        quiet="",
    )
    assert "Channel “press desk” is changed." in browser.get(changed.headers["location"]).text
    with app.storage.reading() as tx:
        [channel] = tx.channels.all()
    assert (channel.name, channel.takes) == ("press desk", ("tag=asia", "priority>=high"))
    assert (channel.digest, channel.max_per_hour) == ("daily@08:00", 5)
    refused = browser.post(f"/channels/{channel.id}", zone="Atlantis")
    assert refused.status_code == 400
    assert "zone" in refused.text
    gone = browser.post(f"/channels/{channel.id}/remove")
    assert "is removed" in browser.get(gone.headers["location"]).text
    with app.storage.reading() as tx:
        assert tx.channels.all() == []


def test_a_limit_that_is_taken_back_says_what_is_told_now(app: App, browser: Browser) -> None:
    alert = fill(app.storage)
    with app.storage.transaction() as tx:
        desk = channel_named(tx, "console")
        for name, of in (("rule", alert.rule_id), ("desk", desk.id)):
            hold = Hold(reason=HoldReason.DIGEST, of=of, due_at=NOON + timedelta(days=1))
            held = a_delivery(
                alert, desk, id=f"msg_{name}", state=DeliveryState.HELD, payload=b"", hold=hold
            )
            tx.outbox.put([held])
    told = "is changed. The next digest tells 1 alert that was held back."
    done = browser.post(f"/rules/{alert.rule_id}", query="strike", name="strike", digest="hourly")
    assert f"Rule “strike” {told}" in browser.get(done.headers["location"]).text
    done = browser.post(f"/channels/{desk.id}", digest="hourly")
    assert f"Channel “console” {told}" in browser.get(done.headers["location"]).text
    done = browser.post(f"/channels/{desk.id}", name="the desk")
    assert "digest tells" not in browser.get(done.headers["location"]).text.partition("</main>")[0]


def test_digest_and_quiet_hours_are_chosen_as_a_channel_is_added(
    app: App, browser: Browser
) -> None:
    form = browser.get("/channels").text
    for name in ("digest", "quiet", "zone"):
        assert f'name="{name}"' in form
    where = "mailto:desk@example.org"
    browser.post("/channels", name="usual", target=where, digest="", quiet="", zone="")
    browser.post("/channels", name="each", target=where, digest="none")
    chosen = {"digest": "daily@08:00", "quiet": "22:00-07:00", "zone": "Asia/Ho_Chi_Minh"}
    browser.post("/channels", name="night", target=where, **chosen)
    with app.storage.reading() as tx:
        told = {each.name: (each.digest, each.quiet, each.zone) for each in tx.channels.all()}
    assert told == {
        "usual": ("story", "", ""),
        "each": ("", "", ""),
        "night": ("daily@08:00", "22:00-07:00", "Asia/Ho_Chi_Minh"),
    }
    refused = browser.post("/channels", name="wrong", target=where, quiet="nights")
    assert refused.status_code == 400


def test_a_secret_that_may_be_guessed_is_warned_of_until_it_has_another(
    app: App, browser: Browser
) -> None:
    added = browser.post("/channels", name="hook", target=HOOK, secret="hush-hush")
    page = added.headers["location"]
    overview = "/overview"
    doubt = "a key of the secret has 9 bytes, where Standard Webhooks asks for 24 to 64"
    for path in (page, "/channels", overview):
        assert doubt in browser.get(path).text, path
    assert "give it another secret on its page" in browser.get(overview).text
    app.now = lambda: NOON + timedelta(hours=1)  # time goes on
    changed = browser.post(page, secret="hush-hush-hush-hush-hush")
    assert changed.status_code == 303, changed.text
    for path in (page, "/channels", overview):
        assert "may be guessed" not in browser.get(path).text, path


def test_what_is_secret_about_a_channel_is_shown_nowhere(app: App, browser: Browser) -> None:
    browser.post("/channels", name="hook", target=HOOK, secret="hush-hush-hush-hush-hush")
    with app.storage.reading() as tx:
        [channel] = tx.channels.all()
    for path in ("/channels", f"/channels/{channel.id}", "/export/channels.json"):
        page = browser.get(path).text
        assert "secret-part" not in page, path
        assert "hush-hush" not in page, path


@pytest.mark.parametrize("kind", KINDS)
def test_the_message_is_previewed_as_each_kind_writes_it(
    app: App, browser: Browser, kind: str
) -> None:
    alert = fill(app.storage)
    page = browser.get(f"/channels/console?kind={kind}&about={alert.id}")
    assert page.status_code == 200
    # What was made for it already is shown as it was made.
    assert (">x</pre>" if kind == "console" else "port of Kiel") in page.text
    assert browser.get("/channels/console?kind=pigeon").status_code == 400


def test_a_delivery_shows_the_bytes_and_why_it_died(app: App, browser: Browser) -> None:
    fill(app.storage)
    page = browser.get(f"/deliveries/{dead_delivery(app.storage)}").text
    assert "given up" in page
    assert ">x</pre>" in page
    assert "Try again" in page


@pytest.mark.parametrize("path", ["/deliveries", "/channels", "/channels/console"])
def test_deliveries_say_what_they_tell_and_lead_to_it(
    app: App, browser: Browser, path: str
) -> None:
    alert = fill(app.storage)
    page = browser.get(path).text
    assert re.search(
        rf'<a href="/alerts/{alert.id}" dir="ltr"[^>]*>Strike at the port of Kiel</a>', page
    )
    assert '<bdi class="grey">strike</bdi>' in page


def test_a_digest_names_all_that_it_tells(app: App, browser: Browser) -> None:
    alert = fill(app.storage)
    with app.storage.transaction() as tx:
        desk = channel_named(tx, "console")
        held = a_delivery(
            alert,
            desk,
            id="msg_held",
            state=DeliveryState.HELD,
            payload=b"",
            hold=Hold(reason=HoldReason.DIGEST, of=desk.id, due_at=NOON),
        )
        digest = a_delivery(None, desk, id="msg_digest", subject="digest")
        tx.outbox.put([held, replace(digest, kind=DeliveryKind.DIGEST)])
    assert "Try again" not in browser.get(f"/deliveries/{held.id}").text  # it would be refused
    with app.storage.transaction() as tx:
        assert (
            tx.held.bundle([held.id], digest_id=digest.id, reason=f"in the update {digest.id}") == 1
        )
    page = browser.get(f"/deliveries/{digest.id}").text
    assert "What it tells" in page
    assert re.search(rf'<li><a href="/alerts/{alert.id}"[^>]*>Strike at the port of Kiel</a>', page)
    assert "What it tells" not in browser.get(f"/deliveries/{dead_delivery(app.storage)}").text
    page = browser.get(f"/alerts/{alert.id}").text
    assert f'<a href="/deliveries/{digest.id}">in the update</a>' in page
    assert page.count(">never<") == 1, "only what died"
    page = browser.get(f"/channels/{desk.id}").text
    assert f'<a href="/deliveries/{digest.id}">in the update</a>' in page


def test_a_mail_is_laid_open() -> None:
    mail = (
        b"From: monitor@example.org\r\nTo: desk@example.org\r\nSubject: =?utf-8?q?H=C3=A0?=\r\n"
        b'MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary="b"\r\n\r\n'
        b"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nStrike\r\n"
        b"--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Strike</p>\r\n--b--\r\n"
    )
    message = opened(mail)
    assert dict(message.headers)["Subject"] == "Hà"
    assert message.parts == (("As text", "Strike"), ("As a page, its source", "<p>Strike</p>"))


def test_json_is_laid_open_and_other_bytes_are_shown_as_they_are() -> None:
    assert opened(b'{"a": 1}').parts == (("JSON", '{\n  "a": 1\n}'),)
    assert opened(b"{no json").parts == (("Text", "{no json"),)
    assert opened(b"\xff plain").parts == (("Text", "\ufffd plain"),)


def test_a_line_stands_where_its_own_words_say_not_those_of_a_name_set_apart() -> None:
    assert base_direction("\u2068صحيفة\u2069 · Arabic") == "ltr"
    assert base_direction("\u2068A \u2068ב\u2069 c\u2069 ד") == "rtl"
    assert base_direction("12:30 · ハノイ条約") == "ltr"
    assert base_direction("2026: هجوم on Microsoft") == "rtl"
    assert base_direction("-- 3 \u2069") == "ltr"


def test_each_line_of_a_message_stands_at_its_own_side(app: App, browser: Browser) -> None:
    alert = fill(app.storage, title="A strike\nin Kiel", text="إضراب in Kiel", language="ar")
    browser.post("/channels", name="desk", target="mailto:desk@example.org")
    with app.storage.reading() as tx:
        channel = tx.channels.find("desk")
    assert channel is not None
    page = browser.get(f"/channels/{channel.id}?about={alert.id}").text
    assert '<span dir="ltr">Harbour News · Arabic' in page
    assert '<span dir="rtl">إض' in page


def test_a_login_refused_too_often_is_tried_at_once_when_its_channel_is_enabled(
    app: App, browser: Browser
) -> None:
    seconds = count()
    app.now = lambda: NOON + timedelta(seconds=next(seconds))
    with SmtpServer(users={"bo": "geheim"}, security="none") as server:
        smtp = Smtp(
            host="127.0.0.1",
            port=server.port,
            security="none",
            sender="bo@example.org",
            user="bo",
            first_password="geheim",
        )
        app.config = replace(app.config, smtp=smtp)
        server.refuse("auth", "535 5.7.8 no", times=4)
        page = browser.post("/channels", name="desk", target="mailto:desk@example.org")
        address = page.headers["location"].partition("?")[0]
        for _ in range(3):
            browser.post(f"{address}/test")
        assert "refused the login 3 times in an hour" in browser.get(address).text
        for _ in range(2):
            before = login_let_at(app.storage)
            browser.post(f"{address}/state", to="enable")
            assert login_let_at(app.storage) != before
            browser.post(f"{address}/test")
    assert server.logins == ["bo"] * 5
    assert [mail.recipients for mail in server.mails] == [("desk@example.org",)]
