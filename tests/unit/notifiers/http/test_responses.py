"""What a receiver's response means, whoever it is."""

from datetime import timedelta

import pytest

from notifiers.api import DeliveryError, Failure
from notifiers.http.responses import (
    HELD_AFTER,
    check,
)
from tests.unit.notifiers.samples import NOON, response

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_every_2xx_is_a_success(status: int) -> None:
    check(response(status), now=NOON)


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
        check(response(status), now=NOON)
    assert caught.value.failure is failure
    assert caught.value.after is None


@pytest.mark.parametrize("status", [301, 401, 403, 404])
def test_what_is_at_the_wrong_place_is_held_after_a_day(status: int) -> None:
    with pytest.raises(DeliveryError) as caught:
        check(response(status), now=NOON)
    assert caught.value.hold_after == HELD_AFTER


@pytest.mark.parametrize("status", [429, 503, 500, 408])
def test_a_named_time_makes_it_a_wait(status: int) -> None:
    with pytest.raises(DeliveryError) as caught:
        check(response(status, retry_after="7"), now=NOON)
    assert (caught.value.failure, caught.value.after) == (Failure.WAIT, 7 * SECOND)


@pytest.mark.parametrize("value", ["0", "-1", "soon", "Sun, 01 Mar 2026 11:59:00 GMT"])
def test_a_time_that_asks_for_nothing_leaves_it_to_the_schedule(value: str) -> None:
    with pytest.raises(DeliveryError) as caught:
        check(response(503, retry_after=value), now=NOON)
    assert (caught.value.failure, caught.value.after) == (Failure.RETRY, None)


@pytest.mark.parametrize("value", ["1000000000", "1e999", "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_no_receiver_is_waited_for_longer_than_a_day(value: str) -> None:
    with pytest.raises(DeliveryError) as caught:
        check(response(503, retry_after=value), now=NOON)
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
        check(response(302, location=location), now=NOON)
    assert says in str(caught.value)
    assert "T0KEN" not in str(caught.value)
    assert "://" not in str(caught.value)


def test_the_receivers_own_words_are_repeated_but_not_our_secrets() -> None:
    url = "https://hook.example/in/s3cr3t-t0ken?key=hidden-value"
    said = f"timestamp too old\x1b[31m for {url} s3cr3t-t0ken hidden-value bo@example.org"
    with pytest.raises(DeliveryError) as caught:
        check(response(400, said, content_type="text/plain"), now=NOON, secrets=(url,))
    text = str(caught.value)
    assert text == "HTTP 400: timestamp too old\\x1b[31m for *** *** *** <address>"
    for secret in ("s3cr3t", "hidden", "bo@", "\x1b"):
        assert secret not in text


def test_a_page_of_html_is_not_repeated() -> None:
    with pytest.raises(DeliveryError) as caught:
        check(response(500, "<html>...", content_type="text/html"), now=NOON)
    assert str(caught.value) == "HTTP 500"


def test_a_long_answer_is_clipped() -> None:
    with pytest.raises(DeliveryError) as caught:
        check(response(400, "no " * 20_000), now=NOON)
    assert len(str(caught.value)) < 200
