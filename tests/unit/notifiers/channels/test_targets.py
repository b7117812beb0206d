"""Targets as people write them."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifiers.channels.targets import Target, parse_target

MATTERMOST = "https://chat.example/hooks/abcdefghijklmnopqrstuvwxyz"
TEAMS = (
    "https://prod-17.westeurope.logic.azure.com:443/workflows/0123abcd/triggers/manual/paths/"
    "invoke?api-version=2016-06-01&sig=S1G"
)


@pytest.mark.parametrize(
    ("text", "kind", "shown"),
    [
        ("console:", "console", "console:"),
        (" Console: ", "console", "console:"),
        ("https://news.example/hook", "webhook", "https://news.example/hook"),
        ("http://127.0.0.1:9000/sink", "webhook", "http://127.0.0.1:9000/sink"),
        ("  HTTPS://News.Example/hook ", "webhook", "https://news.example/hook"),
        ("https://news.example", "webhook", "https://news.example/"),
        ("https://news.example/hook/s3cr3t", "webhook", "https://news.example/hook/***"),
        ("https://news.example/hook?key=s3cr3t", "webhook", "https://news.example/hook?***"),
        ("https://bo:s3cr3t@news.example/hook", "webhook", "https://bo:***@news.example/hook"),
        ("https://bücher.example/hook", "webhook", "https://xn--bcher-kva.example/hook"),
        ("http://[::1]:9000/hook", "webhook", "http://[::1]:9000/hook"),
        (
            "https://hooks.slack.com/services/T0/B0/s3cr3t",
            "slack",
            "https://hooks.slack.com/services/***",
        ),
        (
            "https://discord.com/api/webhooks/1/s3cr3t",
            "discord",
            "https://discord.com/api/webhooks/***",
        ),
        (
            "https://ptb.discordapp.com/api/v10/webhooks/1/s",
            "discord",
            "https://ptb.discordapp.com/api/***",
        ),
        (TEAMS, "teams", "https://prod-17.westeurope.logic.azure.com/workflows/***?***"),
        (
            "https://x.webhook.office.com/webhookb2/s3cr3t",
            "teams",
            "https://x.webhook.office.com/webhookb2/***",
        ),
        (MATTERMOST, "mattermost", "https://chat.example/hooks/***"),
        (
            "https://slack.com/api/chat.postMessage?channel=C0123456789",
            "slack-bot",
            "https://slack.com/api/***?***",
        ),
        (
            f"https://chat.example/api/v4/posts?channel_id={'c' * 26}",
            "mattermost-bot",
            "https://chat.example/api/***?***",
        ),
        (
            f"https://api.telegram.org/bot123:{'x' * 35}/sendMessage?chat_id=-1",
            "telegram",
            "https://api.telegram.org/***?***",
        ),
        (
            f"https://bots.example/bot123:{'x' * 35}/sendMessage?chat_id=-1",
            "telegram",
            "https://bots.example/***?***",
        ),
        (
            "https://chat.googleapis.com/v1/spaces/A/messages?key=k&token=t",
            "google-chat",
            "https://chat.googleapis.com/v1/***?***",
        ),
        (
            "https://m.example/_matrix/client/v3/rooms/!a:m.example",
            "matrix",
            "https://m.example/***",
        ),
        ("https://ntfy.sh/my-topic", "ntfy", "https://ntfy.sh/***"),
        (
            "https://push.example/message?token=Abcdefghijklm.n",
            "gotify",
            "https://push.example/***?***",
        ),
    ],
)
def test_a_target_is_told_by_its_text(text: str, kind: str, shown: str) -> None:
    target = parse_target(text)
    assert (target.kind, target.shown, target.recipients) == (kind, shown, ("",))
    if kind != "console":
        assert target.settings == {"url": text.strip()}
    assert "s3cr3t" not in target.shown
    assert "s3cr3t" not in repr(target)


def test_each_recipient_of_mail_is_one() -> None:
    assert parse_target("mailto:a@b, c@d.example,a@b") == Target(
        kind="email", shown="mailto:a@b,c@d.example", recipients=("a@b", "c@d.example")
    )


def test_addresses_need_no_scheme() -> None:
    assert parse_target(" ann@b.example, bo@c ") == parse_target("mailto:ann@b.example,bo@c")
    assert parse_target("ann@b", kind="email") == parse_target("mailto:ann@b")


@pytest.mark.parametrize(
    ("text", "kind", "result"),
    [
        ("http://127.0.0.1:9/x", "slack", "slack"),
        ("http://127.0.0.1:9/x", "discord", "discord"),
        ("http://127.0.0.1:9/x", "teams", "teams"),
        (MATTERMOST, "webhook", "webhook"),
        (MATTERMOST, "slack", "slack"),
        ("https://discord.com/api/webhooks/1/x", "discord", "discord"),
        ("mailto:a@b", "email", "email"),
    ],
)
def test_the_kind_given_decides_where_the_host_tells_nothing(
    text: str, kind: str, result: str
) -> None:
    assert parse_target(text, kind=kind).kind == result


@pytest.mark.parametrize(
    ("text", "kind", "why"),
    [
        (
            "https://discord.com/api/webhooks/1/x",
            "slack",
            "this is a Discord address, whose kind is discord",
        ),
        (
            "https://hooks.slack.com/services/T/B/x",
            "webhook",
            "this is a Slack address, whose kind is slack",
        ),
        (TEAMS, "discord", "this is a Teams address, whose kind is teams"),
        ("mailto:a@b", "webhook", "this is an e-mail address, whose kind is email"),
        ("console:", "email", "this is the console, whose kind is console"),
        ("https://x.example/", "email", "this is no target for email: write name@"),
        ("https://x.example/", "slak", 'unknown kind "slak"; did you mean "slack"?'),
        ("https://x.example/", "\x1b[31m", "unknown kind"),
        ("https://api.telegram.org/bot1:x/sendMessage", None, "names no chat"),
        ("https://api.telegram.org/bot1:x/getMe?chat_id=1", None, "/sendMessage.chat_id="),
        ("https://chat.googleapis.com/v1/spaces/AAA", None, "copy it from the space's settings"),
        ("https://slack.com/api/chat.postMessage", None, "chat.postMessage.channel="),
        ("https://c.example/api/v4/posts?channel_id=x", None, "channel_id="),
        ("https://ntfy.sh/", None, "https://ntfy.sh/my-topic"),
        ("https://ntfy.sh/a/b.c", None, "https://ntfy.sh/my-topic"),
        ("https://m.example/_matrix/client/v3/rooms/#a:b", None, "after #"),
        ("https://m.example/_matrix/client/v3/rooms/x", None, "by its id"),
        ("https://g.example/x", "gotify", "message.token="),
        (
            "https://api.pushover.net/1/messages.json",
            None,
            "Pushover is sent to by its URL",
        ),
        ("https://discord.com/api/webhooks/1/x/slack", None, "remove its last part"),
        ("https://discord.com/channels/1/2", None, "no webhook of Discord"),
        ("https://discord.com/api/webhooks/1/", None, "no webhook of Discord"),
        ("https://hooks.slack.com/", None, "no webhook of Slack"),
        ("${SLACK_URL}", None, "a variable is not filled in"),
        ("$SLACK_URL", None, "a variable is not filled in"),
        ("https://${HOST}/x", None, "of a variable write the value"),
        ("https://a%b.example/x", None, "a sign that none can hold"),
        ("console:x", None, "nothing may stand after console:"),
        ("bo@example.org", "slack", "this is an e-mail address, whose kind is email"),
        ("Bo <bo@example.org>", None, "write only bo@example.org"),
        ("bo@x.example;ann@x.example", None, "put commas between several"),
        ("bo@x.example ann@x.example", None, "put commas between several"),
        ("bo@exämple.se", None, "write it as bo@xn--exmple-cua.se"),
        ("@desk", None, "write it as name@example.org"),
        ("mailto:", None, '"" is not one e-mail address'),
        ("mailto:a@x\r\nBcc: b@y", None, "not one e-mail address"),
        ("mailto:a@x,", None, "not one e-mail address"),
        ("mailto:a@x?subject=y", None, "no subject"),
        ("mailto:Bo <a@x>", None, "not one e-mail address"),
        ("mailto:a@" + "x" * 400, None, "longer than 254"),
        ("mailto:bo@exämple.se", None, "write it as bo@xn--exmple-cua.se"),
        ("mailto:bö@example.se", None, "not one e-mail address"),
        ("mailto:a@b@c", None, "not one e-mail address"),
        ("mailto:.a@b", None, "not one e-mail address"),
        ("mailto:a@-b", None, "not one e-mail address"),
        ("mailto:a@b..c", None, "not one e-mail address"),
        ("htp://x", None, 'unknown scheme "htp".*did you mean "http:"'),
        ("ftp://x/y", None, 'unknown scheme "ftp"'),
        ("file:///etc/passwd", None, "only http"),
        ("javascript:alert(1)", None, "only http"),
        ("example.com/feed", None, r"no scheme: did you mean https://example.com/"),
        ("localhost:9000/x", None, r"no scheme: did you mean https://localhost:9000/"),
        ("", None, "nothing to send to"),
        ("http:x", None, "there must be //"),
        ("http:///x", None, "no host"),
        ("http://169.254.169.254\\@example.com/", None, "backslash"),
        ("http://x.example/a b", None, "space"),
        ("http://x.example/a\nb", None, "space"),
        ("http://a@b@c/", None, "two @"),
        ("http://x.example#@127.0.0.1/", None, "after #"),
        ("http://x.example:99999/", None, 'bad port "99999"'),
        ("http://x.example:/", None, "bad port"),
        ("http://x.example:0/", None, "bad port"),
        ("http://[::1]x/", None, "bad port"),
        ("http://" + "a" * 300 + ".example/", None, "too long"),
        ("http://" + "@" * 10_000, None, "over 8 KiB"),
        ("http://x.example/" + "a" * 9000, None, "over 8 KiB"),
        ("http://a..b/", None, "an empty part"),
    ],
)
def test_a_bad_target_gets_one_clear_sentence(text: str, kind: str | None, why: str) -> None:
    with pytest.raises(ValueError, match=why) as caught:
        parse_target(text, kind=kind)
    sentence = str(caught.value)
    assert len(sentence) < 250
    assert sentence.isprintable()


@pytest.mark.parametrize(
    "text",
    [
        "https://discord.com/api/webhooks/1/CANARY",
        "https://x.example/CANARY b",
        "https://bo:CANARY@x.example:99999/",
        "bo:CANARY@x.example/hook",
        "x.example/CANARY",
        "https://x.example/#CANARY",
        "https://a:CANARY@b@c/",
    ],
)
def test_what_may_be_secret_is_not_repeated(text: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        parse_target(text, kind="slack")
    assert "CANARY" not in str(caught.value)


STARTS = st.sampled_from(["", "https://", "http://", "mailto:"])


@given(STARTS, st.text(st.characters(), max_size=60))
def test_any_text_is_a_target_or_a_sentence(start: str, text: str) -> None:
    try:
        said = parse_target(start + text).shown
    except UnicodeError:
        raise
    except ValueError as error:
        said = str(error)
    assert not any(unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") for letter in said)


def test_a_host_that_cannot_be_shown_in_letters_can_be_sent_to() -> None:
    target = parse_target("https://xn--53h.example/hook")
    assert (target.kind, target.shown) == ("webhook", "https://xn--53h.example/hook")
