"""A document in the seed folder becomes one article, and one alert for whoever asked."""

import base64
import json
from pathlib import Path

import pytest
from standardwebhooks import Webhook

from tests.answers import reply
from tests.end_to_end.documents import ADDRESS, SWEDISH, UNRELATED, drop
from tests.end_to_end.home import Home, smtp_settings
from tests.places import SHARED
from tests.servers import FaultServer
from tests.smtp_server import SmtpServer

SECRET = "whsec_" + base64.b64encode(b"a secret of thirty-two bytes, ok").decode()


def test_a_swedish_document_raises_one_alert_for_the_english_rule(home: Home) -> None:
    drop(home.seeds, "speech.txt", SWEDISH)
    drop(home.seeds, "ferry.txt", UNRELATED)
    home.run("add-rule", "Hanoi Convention")

    printed = home.run("run", "--once").stdout

    [article] = [article_ for article_ in home.json("list-articles") if article_["url"] == ADDRESS]
    assert article["language"] == "sv"
    assert article["published_at"].startswith("2025-10-26")
    [alert] = home.json("list-alerts")
    assert {evidence["text"] for evidence in alert["evidence"]} & {
        "Hanoi-konventionen",
        "Hanoikonventionen",
    }
    [delivery] = home.json("list-deliveries")
    assert (delivery["state"], delivery["attempts"]) == ("delivered", 1)
    assert "Hanoi-konventionen" in printed


def test_it_does_not_matter_whether_the_rule_or_the_document_came_first(home: Home) -> None:
    drop(home.seeds, "speech.txt", SWEDISH)
    home.run("run", "--once", "--no-starter")
    assert home.json("list-alerts", expect=1) == []

    home.run("add-rule", "Hanoi Convention")
    home.run("run", "--once")

    assert len(home.json("list-alerts")) == 1


def test_running_everything_again_adds_nothing(home: Home) -> None:
    drop(home.seeds, "speech.txt", SWEDISH)
    home.run("add-rule", "Hanoi Convention")
    home.run("run", "--once")
    before = [home.json(f"list-{noun}") for noun in ("articles", "alerts", "deliveries")]

    home.run("add-rule", "Hanoi Convention")
    drop(home.seeds, "the-same-again.txt", SWEDISH)
    home.run("poll", "--all")
    printed = home.run("run", "--once").stdout

    assert [home.json(f"list-{noun}") for noun in ("articles", "alerts", "deliveries")] == before
    assert printed.strip() == ""


def test_an_empty_home_begins_with_a_rule_that_shows_how_it_works(small_home: Home) -> None:
    drop(small_home.seeds, "speech.txt", SWEDISH)

    printed = small_home.run("run", "--once").stdout

    assert "Hanoi-konventionen" in printed
    for what in ("add-rule", "add-source", "add-channel"):
        assert what in printed
    assert [rule["name"] for rule in small_home.json("list-rules")] == ["Hanoi Convention"]
    assert "add-rule" not in small_home.run("run", "--once").stdout


def test_a_webhook_gets_a_signed_body_that_a_standard_library_verifies(
    home: Home, fault_server: FaultServer, tmp_path: Path
) -> None:
    hook = fault_server.on("/hook", reply(status=204))
    secret = tmp_path / "secret"
    secret.write_text(SECRET)
    secret.chmod(0o600)
    drop(home.seeds, "speech.txt", SWEDISH)
    home.run("add-channel", "desk", hook, "--secret-file", str(secret))
    home.run("add-rule", "Hanoi Convention", "--notify", "desk")

    home.run("run", "--once")

    [seen] = fault_server.seen("/hook")
    Webhook(SECRET).verify(seen.body.decode(), dict(seen.headers))
    body = json.loads(seen.body)
    [delivery] = home.json("list-deliveries")
    assert seen.headers["webhook-id"] == delivery["id"]
    assert body["type"] == "alert"
    assert body["data"]["article"]["url"] == ADDRESS
    assert body["data"]["rule"]["query"] == "Hanoi Convention"
    first = body["data"]["evidence"][0]
    assert first["text"] in first["excerpt"]
    assert SECRET not in home.run("list-channels", "--json").stdout


def test_an_e_mail_goes_to_each_recipient_and_one_refusal_spoils_no_other(
    tmp_path: Path, smtp_server: SmtpServer
) -> None:
    home = Home(tmp_path, **smtp_settings(smtp_server.host, smtp_server.port))
    smtp_server.security = "none"
    smtp_server.refuse("rcpt", "550 5.1.1 no such mailbox", address="gone@example.org")
    drop(home.seeds, "speech.txt", SWEDISH)
    home.run("add-channel", "press", "mailto:a@example.org,gone@example.org,b@example.org")
    home.run("add-rule", "Hanoi Convention", "--notify", "press")

    home.run("run", "--once")

    assert [len(smtp_server.to(f"{name}@example.org")) for name in "ab"] == [1, 1]
    [mail] = smtp_server.to("a@example.org")
    assert "Hanoi-konventionen" in mail.text
    assert ADDRESS in mail.html
    states = sorted(delivery["state"] for delivery in home.json("list-deliveries"))
    assert states == ["dead", "delivered", "delivered"]


GIVEN = sorted((SHARED / "seeds").glob("*.txt"))


def _check_given(home: Home, given: Path) -> None:
    drop(home.seeds, given.name, given.read_text(encoding="utf-8"))
    home.run("add-rule", "Hanoi Convention")

    home.run("run", "--once")

    [article] = home.json("list-articles")
    assert article["language"] == "sv"
    assert article["published_at"].startswith("2025-10-26")
    assert article["url"].startswith("https://dantri.com.vn/")
    assert len(home.json("list-alerts")) == 1
    assert [delivery["state"] for delivery in home.json("list-deliveries")] == ["delivered"]


if GIVEN:  # only where that folder is: a test that cannot run is not there, rather than skipped

    @pytest.mark.parametrize("given", GIVEN, ids=[path.stem[:8] for path in GIVEN])
    def test_the_document_that_started_it_gives_one_article_and_one_alert(
        home: Home, given: Path
    ) -> None:
        _check_given(home, given)
