"""Hosts in URLs: one ASCII spelling for each, or a sentence that says why there is none."""

import functools
import ipaddress
import re
from urllib.parse import unquote_to_bytes

import idna

from common.patterns import pattern

_LABEL = pattern(r"[a-z0-9_-]+")
_DOTS = pattern("[.。．｡]")
_NUMBER = pattern(r"0x[0-9a-f]*|[0-9]+")

_BYTE = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_ORDINARY = re.compile(
    rf"{_BYTE}(?:\.{_BYTE}){{3}}"
    r"|(?:[a-z0-9_-]{1,63}\.)*(?!0x[0-9a-f]*\Z|[0-9]+\Z)[a-z0-9_-]{1,63}"
)
"""An address as it is usually written, or a name of which nothing is written otherwise."""

MAX_HOST = 253
MAX_LABEL = 63


@functools.lru_cache(maxsize=4096)
def ascii_host(host: str) -> str:
    """Return a host as DNS and the address parser know it: lower case, punycode, no final dot.

    IPv4 addresses in any spelling that resolvers take (`0x7f.1`, `2130706433`, `①②⑦.⓪.⓪.①`)
    become the usual one; IPv6 addresses keep their brackets and are shortened.

    Raises:
        ValueError: It is no host; the text is one sentence.
    """
    if len(host) <= MAX_HOST and _ORDINARY.fullmatch(host):
        return host
    if host.startswith("["):
        return _ipv6(host)
    if "%" in host:
        host = unquote_to_bytes(host.encode("utf-8", "replace")).decode("utf-8", "replace")
    # Before anything else looks at it: IDNA is quadratic in the length of a label.
    _check_lengths(host)
    host = host.lower() if host.isascii() else _punycode(host)
    host = host.removesuffix(".")
    _check_lengths(host)
    labels = host.split(".")
    for label in labels:
        if not _LABEL.fullmatch(label):
            raise ValueError("the host name is empty" if not host else "bad host name")
    if _NUMBER.fullmatch(labels[-1]):
        return _ipv4(labels)
    return host


def _check_lengths(host: str) -> None:
    if len(host) <= MAX_LABEL:
        return
    if len(host) > MAX_HOST + 1 or any(len(label) > MAX_LABEL for label in _DOTS.split(host)):
        raise ValueError("host name too long")


def _punycode(host: str) -> str:
    try:
        mapped = idna.uts46_remap(host, std3_rules=False, transitional=False)
        labels = [_punycode_label(label) for label in mapped.split(".")]
    except (idna.IDNAError, UnicodeError):
        raise ValueError("bad host name") from None
    return ".".join(labels)


def _punycode_label(label: str) -> str:
    if label.isascii():
        return label
    try:
        return idna.alabel(label).decode("ascii")
    except idna.IDNAError:
        # Names with symbols (☕.example) are registered and resolve, though IDNA 2008 forbids them.
        return "xn--" + label.encode("punycode").decode("ascii")


def _ipv4(labels: list[str]) -> str:
    """Return the address that `inet_aton` reads: up to four numbers, decimal, octal or hex."""
    if len(labels) > 4:
        raise ValueError("bad IPv4 address")
    try:
        numbers = [_number(label) for label in labels]
    except ValueError:
        raise ValueError("bad IPv4 address") from None
    last = numbers.pop()
    if any(number > 255 for number in numbers) or last >= 256 ** (4 - len(numbers)):
        raise ValueError("bad IPv4 address")
    value = last + sum(number << 8 * (3 - place) for place, number in enumerate(numbers))
    return str(ipaddress.IPv4Address(value))


def _number(label: str) -> int:
    if not label.isalnum():
        raise ValueError  # "-1" and "1_0" are numbers to Python and to nobody else
    if label.startswith("0x"):
        return int(label[2:] or "0", 16)
    if label.startswith("0"):
        return int(label, 8)
    return int(label)


def _ipv6(host: str) -> str:
    try:
        address = ipaddress.IPv6Address(host[1:-1])
    except ValueError:
        raise ValueError("bad IPv6 address") from None
    if not host.endswith("]") or address.scope_id is not None:
        raise ValueError("bad IPv6 address")
    return f"[{address.compressed}]"
