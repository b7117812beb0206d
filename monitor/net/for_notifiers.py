"""What the guard does for notifiers that connect by themselves: mail, and libraries."""

import socket

from monitor.net.guard import AddressGuard, AddressRefused
from notifiers.api import DeliveryError, Failure
from notifiers.http.responses import HELD_AFTER


def mail_connection(guard: AddressGuard, host: str, port: int, seconds: float) -> socket.socket:
    """Connect to the mail server as to anything else; its port is the operator's own choice.

    A name may lead elsewhere for a moment, and would switch off every address at once.
    """
    try:
        return guard.connect(host, port, timeout=seconds, ports=frozenset({port}))
    except AddressRefused as error:
        text = f"the mail server cannot be used: {error}"
        raise DeliveryError(text, Failure.RETRY, hold_after=HELD_AFTER) from None


def check_address(guard: AddressGuard, address: str, port: int) -> None:
    """Check an address that a library is about to connect to; at which port is its service's.

    It may be another one in a moment, as for mail.
    """
    try:
        guard.check_address(address, port, ports=frozenset({port}))
    except AddressRefused as error:
        raise DeliveryError(str(error), Failure.RETRY, hold_after=HELD_AFTER) from None
