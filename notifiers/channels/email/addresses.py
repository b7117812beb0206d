"""The e-mail addresses of a channel, as people write them."""

import re

from common.mail_address import LONGEST_ADDRESS, is_mail_address
from notifiers.content.sanitize import quoted


def one_address(text: str) -> str:
    """Return the address, trimmed.

    Raises:
        ValueError: It is not one plain address, in one sentence.
    """
    address = text.strip(" ")
    if is_mail_address(address):
        return address
    hint = "write it as name@example.org"
    parts = [part for part in re.split(r"[;<>\s]+", address) if is_mail_address(part)]
    if len(parts) > 1:
        hint = "put commas between several, as in ann@example.org,bo@example.org"
    elif parts:
        hint = f"write only {parts[0]}"
    elif len(address) > LONGEST_ADDRESS:
        hint = f"it is longer than {LONGEST_ADDRESS} characters"
    elif not address.isascii():
        local, _, domain = address.rpartition("@")
        ascii_form = f"{local}@{_in_ascii(domain)}"
        if is_mail_address(ascii_form):
            hint = f"write it as {ascii_form}"
        elif not local.isascii():
            hint = "only letters of ASCII may stand before the @"
    raise ValueError(f"{quoted(text)} is not one e-mail address: {hint}")


def _in_ascii(domain: str) -> str:
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return ""


def addresses(text: str) -> tuple[str, ...]:
    """Return the addresses in `a@b,c@d`, each once, in order.

    Raises:
        ValueError: One of them is not an address, or there is none.
    """
    checked = [one_address(part) for part in text.split(",")]
    return tuple(dict.fromkeys(checked))
