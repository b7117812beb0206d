"""What it means for a delivery that a request could not be made."""

from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest

from notifiers.api import DeliveryError, Failure
from notifiers.http.post import Answer, Asked, post

URL = "https://hooks.example/in"


class Refusing:
    """Makes no request."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def exchange(
        self, asked: Asked, *, seconds: float, most: int, sent: Callable[[], None]
    ) -> Answer:
        raise self._error


def failure_of(error: Exception) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        post(Refusing(error), URL, b"{}", {})
    return caught.value


def test_an_address_that_may_not_be_connected_to_is_asked_again_for_a_day() -> None:
    """A name may lead elsewhere for a moment, as behind a portal that asks for a login."""
    refused = httpx.UnsupportedProtocol("address 10.0.0.5 is not public")
    refused.__cause__ = PermissionError()
    failure = failure_of(refused)
    assert (failure.failure, failure.hold_after) == (Failure.RETRY, timedelta(days=1))
    assert str(failure) == "address 10.0.0.5 is not public"


def test_a_url_that_cannot_be_read_switches_the_channel_off() -> None:
    failure = failure_of(httpx.InvalidURL("no host"))
    assert (failure.failure, failure.hold_after) == (Failure.DISABLED, None)
