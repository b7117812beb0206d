"""What the guard refuses to mail and to libraries may be allowed in a moment, for a day."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from monitor.net.for_notifiers import check_address, mail_connection
from monitor.net.guard import AddressGuard
from notifiers.api import DeliveryError, Failure

ASKING: list[Callable[[AddressGuard], object]] = [
    lambda guard: check_address(guard, "10.0.0.5", 8443),
    lambda guard: mail_connection(guard, "mail.example", 587, 5.0),
]


@pytest.mark.parametrize("ask", ASKING, ids=["library", "mail"])
def test_an_address_that_is_not_public_is_asked_again_for_a_day(
    ask: Callable[[AddressGuard], object],
) -> None:
    guard = AddressGuard(resolve=lambda host, timeout: ["10.0.0.5"])
    with pytest.raises(DeliveryError, match=r"address 10\.0\.0\.5 is not public") as caught:
        ask(guard)
    assert (caught.value.failure, caught.value.hold_after) == (Failure.RETRY, timedelta(days=1))
