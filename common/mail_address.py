"""What an e-mail address is: for settings, for channels and where mail is sent, the same."""

from common.patterns import pattern

LONGEST_ADDRESS = 254
"""Characters; RFC 5321 leaves room for no more in a path."""

_LOCAL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = pattern(rf"{_LOCAL}@{_LABEL}(?:\.{_LABEL})*")
_LONGEST_LOCAL = 64


def is_mail_address(text: str) -> bool:
    """Whether the text is exactly one plain e-mail address, without a name beside it."""
    return (
        len(text) <= LONGEST_ADDRESS
        and len(text.partition("@")[0]) <= _LONGEST_LOCAL
        and _ADDRESS.fullmatch(text) is not None
    )
