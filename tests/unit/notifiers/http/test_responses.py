"""What a receiver's answer means."""

from datetime import timedelta

import pytest

from notifiers.api import DeliveryError, Failure
from notifiers.http.responses import (
    HELD_AFTER,
    Answer,
    check,
    check_discord,
    check_mattermost,
    check_slack,
    check_teams,
    is_global,
)
from tests.unit.notifiers.samples import NOON

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)


def answer(status: int, text: str = "", **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status=status, headers=named, text=text, host="hook.example", scheme="http")


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_every_2xx_is_a_success(status: int) -> None:
    check(answer(status), now=NOON)


@pytest.mark.parametrize(
    ("status", "failure"),
    [
        *((status, Failure.RETRY) for status in (408, 425, 429, 500, 502, 503, 504, 599)),
        *((status, Failure.RETRY) for status in (301, 302, 304, 307, 308)),
        *((status, Failure.RETRY) for status in (401, 403, 404)),
        (410, Failure.DISABLED),
        *((status, Failure.PERMANENT) for status in (400, 402, 405, 409, 413, 415, 422, 451)),
    ],
)
def test_the_status_table(status: int, failure: Failure) -> None:
    with pytest.raises(DeliveryError, match=f"HTTP {status}") as caught:
        check(answer(status), now=NOON)
    assert caught.value.failure is failure
    assert caught.value.after is None


@pytest.mark.parametrize("status", [301, 401, 403, 404])
def test_what_is_at_the_wrong_place_is_held_after_a_day(status: int) -> None:
    with pytest.raises(DeliveryError) as caught:
        check(answer(status), now=NOON)
    assert caught.value.hold_after == HELD_AFTER


@pytest.mark.parametrize("status", [429, 503, 500, 408])
def test_a_named_time_makes_it_a_wait(status: int) -> None:
    with pytest.raises(DeliveryError) as caught:
        check(answer(status, retry_after="7"), now=NOON)
    assert (caught.value.failure, caught.value.after) == (Failure.WAIT, 7 * SECOND)


@pytest.mark.parametrize("value", ["0", "-1", "soon", "Sun, 01 Mar 2026 11:59:00 GMT"])
def test_a_time_that_asks_for_nothing_leaves_it_to_the_schedule(value: str) -> None:
    with pytest.raises(DeliveryError) as caught:
        check(answer(503, retry_after=value), now=NOON)
    assert (caught.value.failure, caught.value.after) == (Failure.RETRY, None)


@pytest.mark.parametrize("value", ["1000000000", "1e999", "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_no_receiver_is_waited_for_longer_than_a_day(value: str) -> None:
    with pytest.raises(DeliveryError) as caught:
        check(answer(503, retry_after=value), now=NOON)
    assert (caught.value.failure, caught.value.after) == (Failure.WAIT, DAY)


@pytest.mark.parametrize(
    ("location", "says"),
    [
        ("https://other.example/T0KEN/path", "at other.example"),
        ("https://hook.example/T0KEN", "that begins with https"),
        ("/T0KEN/", "another path on the same host"),
        ("http://127.0.0.1/T0KEN", "at 127.0.0.1"),
        ("http://[broken", "cannot be read"),
        ("", "another path"),
    ],
)
def test_a_redirect_says_where_to_but_not_more(location: str, says: str) -> None:
    with pytest.raises(DeliveryError, match="not followed") as caught:
        check(answer(302, location=location), now=NOON)
    assert says in str(caught.value)
    assert "T0KEN" not in str(caught.value)
    assert "://" not in str(caught.value)


def test_the_receivers_own_words_are_repeated_but_not_our_secrets() -> None:
    url = "https://hook.example/in/s3cr3t-t0ken?key=hidden-value"
    said = f"timestamp too old\x1b[31m for {url} s3cr3t-t0ken hidden-value bo@example.org"
    with pytest.raises(DeliveryError) as caught:
        check(answer(400, said, content_type="text/plain"), now=NOON, secrets=(url,))
    text = str(caught.value)
    assert text == "HTTP 400: timestamp too old\\x1b[31m for *** *** *** <address>"
    for secret in ("s3cr3t", "hidden", "bo@", "\x1b"):
        assert secret not in text


def test_a_page_of_html_is_not_repeated() -> None:
    with pytest.raises(DeliveryError) as caught:
        check(answer(500, "<html>...", content_type="text/html"), now=NOON)
    assert str(caught.value) == "HTTP 500"


def test_a_long_answer_is_clipped() -> None:
    with pytest.raises(DeliveryError) as caught:
        check(answer(400, "no " * 20_000), now=NOON)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (404, "no_service"),
        (410, "channel_is_archived"),
        (403, "action_prohibited"),
        (404, "channel_not_found\n"),
        (403, "invalid_token"),
    ],
)
def test_slack_closes_a_channel_with_a_word(status: int, text: str) -> None:
    with pytest.raises(DeliveryError) as caught:
        check_slack(answer(status, text), now=NOON)
    assert caught.value.failure is Failure.DISABLED
    assert text.strip() in str(caught.value)


@pytest.mark.parametrize(
    ("status", "text", "failure"),
    [
        (400, "invalid_payload", Failure.PERMANENT),
        (404, "<html>", Failure.RETRY),
        (500, "rollup_error", Failure.RETRY),
    ],
)
def test_slack_otherwise_means_what_others_mean(status: int, text: str, failure: Failure) -> None:
    with pytest.raises(DeliveryError) as caught:
        check_slack(answer(status, text), now=NOON)
    assert caught.value.failure is failure


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_discord_is_left_alone_at_once(status: int) -> None:
    said = '{"message": "Unknown Webhook", "code": 10015}'
    with pytest.raises(DeliveryError, match="10015") as caught:
        check_discord(answer(status, said, content_type="application/json"), now=NOON)
    assert caught.value.failure is Failure.DISABLED


@pytest.mark.parametrize(
    ("header", "body", "wait"),
    [
        pytest.param(None, '{"retry_after": 64.57, "global": false}', 64.57, id="the body's"),
        pytest.param("65", '{"retry_after": 64.57}', 65.0, id="the header's comes first"),
        pytest.param("garbage", '{"retry_after": 3}', 3.0, id="the body's when the header is odd"),
        pytest.param(None, '{"retry_after": "soon"}', None, id="neither"),
        pytest.param(None, '{"retry_after": 1e400}', 86400.0, id="for ever"),
        pytest.param(None, "[" * 5000, None, id="a trap"),
        pytest.param(None, "not json", None, id="no JSON"),
    ],
)
def test_discord_names_its_time_in_header_or_body(
    header: str | None, body: str, wait: float | None
) -> None:
    said = answer(429, body) if header is None else answer(429, body, retry_after=header)
    with pytest.raises(DeliveryError) as caught:
        check_discord(said, now=NOON)
    if wait is None:
        assert caught.value.failure is Failure.RETRY
    else:
        assert caught.value.failure is Failure.WAIT
        assert caught.value.after == timedelta(seconds=wait)


def test_discord_gives_the_id_of_the_message_as_receipt() -> None:
    assert check_discord(answer(200, '{"id": "123456789", "type": 0}'), now=NOON) == "123456789"
    assert check_discord(answer(204), now=NOON) is None


@pytest.mark.parametrize(
    ("said", "everywhere"),
    [
        (answer(429, '{"global": true}'), True),
        (answer(429, x_ratelimit_global="true"), True),
        (answer(429, x_ratelimit_scope="global"), True),
        (answer(429, '{"global": false}', x_ratelimit_scope="shared"), False),
        (answer(500, '{"global": true}'), False),
    ],
)
def test_discord_may_mean_all_of_it(said: Answer, everywhere: bool) -> None:
    assert is_global(said) is everywhere


@pytest.mark.parametrize(("status", "text"), [(200, "1"), (200, ""), (202, ""), (202, "anything")])
def test_teams_accepts(status: int, text: str) -> None:
    assert check_teams(answer(status, text), now=NOON) is None


@pytest.mark.parametrize(
    ("status", "text", "failure"),
    [
        pytest.param(
            200,
            "Webhook message delivery failed with error: Microsoft Teams endpoint returned "
            "HTTP error 429 with ContextId tcid=0",
            Failure.RETRY,
            id="a 429 in a 200",
        ),
        pytest.param(
            200,
            "... endpoint returned HTTP error 413 with ContextId",
            Failure.PERMANENT,
            id="a 413 in a 200",
        ),
        pytest.param(200, "<html>log in</html>", Failure.UNKNOWN, id="a page in a 200"),
        pytest.param(404, "", Failure.DISABLED, id="404"),
        pytest.param(410, "", Failure.DISABLED, id="410"),
        pytest.param(
            400, '{"error":{"code":"WorkflowTriggerIsNotEnabled"}}', Failure.DISABLED, id="off"
        ),
        pytest.param(400, "bad card", Failure.PERMANENT, id="400"),
        pytest.param(502, "", Failure.RETRY, id="502"),
    ],
)
def test_teams_means(status: int, text: str, failure: Failure) -> None:
    with pytest.raises(DeliveryError) as caught:
        check_teams(answer(status, text), now=NOON)
    assert caught.value.failure is failure


@pytest.mark.parametrize("status", [403, 404])
def test_mattermost_has_removed_the_webhook(status: int) -> None:
    with pytest.raises(DeliveryError) as caught:
        check_mattermost(answer(status), now=NOON)
    assert caught.value.failure is Failure.DISABLED
