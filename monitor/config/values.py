"""How settings are written: what turns a value of a file or of the environment into ours.

Each raises ValueError that says what was expected.
"""

import ipaddress
import re
import zoneinfo
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from common.mail_address import is_mail_address
from common.patterns import pattern
from monitor.base.errors import clipped
from monitor.base.times import parse_duration
from monitor.base.zones import zone_named

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


SHORTEST_KEPT = timedelta(days=1)
SMALLEST_KEPT = 10 * 1024**2
LONGEST_COUNT = 9
"""So many digits a number of articles has at most."""


def wrong(expected: str, value: object) -> ValueError:
    """Return the error for a value that is something else than what was expected."""
    shown = clipped(value) if isinstance(value, str) else clipped(repr(value))
    return ValueError(f'expected {expected}; got "{shown}"')


def text_of(value: object) -> str:
    """Return one line of text, without the space around it."""
    if not isinstance(value, str):
        raise wrong("text in quotes", value)
    if any(ord(letter) < 0x20 or ord(letter) == 0x7F for letter in value):
        raise wrong("one line of text", value)
    return value.strip()


def secret(value: object) -> str:
    """Return one line of text as it is; no error repeats it."""
    if not isinstance(value, str) or any(ord(letter) < 0x20 for letter in value):
        raise ValueError("expected one line of text in quotes")  # the value is not shown
    return value


def path(value: object) -> Path:
    """Return an absolute path; ~ is the home of whoever runs us."""
    text = text_of(value)
    if not text or "\0" in text:
        raise wrong("a path", value)
    try:
        return Path(text).expanduser().absolute()
    except RuntimeError:
        raise wrong("a path whose ~ can be resolved", value) from None


def folder_or_none(value: object) -> Path | str:
    """Return a folder, "" for none."""
    return "" if value == "none" else path(value)


def folders(value: object) -> tuple[Path, ...]:
    """Return folders, given as a list or parted by commas; none for `none`."""
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, list):
        raise wrong("folders such as /usr/share/dictd, or none", value)
    given = [part.strip() if isinstance(part, str) else part for part in parts]
    return () if given == ["none"] else tuple(path(part) for part in given)


def networks(value: object) -> tuple[Network, ...]:
    """Return networks, given as a list or parted by commas; an address is a network of one."""
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, list):
        raise wrong("networks such as 127.0.0.0/8, 192.168.1.5", value)
    networks = []
    for part in (str(part).strip() for part in parts):
        try:
            networks.append(ipaddress.ip_network(part, strict=False))
        except ValueError:
            raise wrong("networks such as 127.0.0.0/8, 192.168.1.5", part) from None
    return tuple(networks)


def zone(value: object) -> zoneinfo.ZoneInfo:
    """Return a time zone by its name."""
    return zone_named(text_of(value))


def whole_number(low: int, high: int) -> Callable[[object], int]:
    """Return what reads a whole number between two, both included."""

    def parse(value: object) -> int:
        if isinstance(value, str) and re.fullmatch(r"[0-9]{1,9}", value.strip()):
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise wrong(f"a whole number from {low} to {high}", value)
        return value

    return parse


def one_of(*words: str) -> Callable[[object], str]:
    """Return what reads one of some words, in whatever capitals."""

    def parse(value: object) -> str:
        word = value.strip().lower() if isinstance(value, str) else value
        if word not in words:
            raise wrong(" or ".join(words), value)
        return str(word)

    return parse


def mail_address(value: object) -> str:
    """Return one e-mail address."""
    if not isinstance(value, str) or not is_mail_address(value.strip()):
        shown = clipped(value) if isinstance(value, str) else clipped(repr(value))
        raise ValueError(f'expected one e-mail address; "{shown}" is not one e-mail address')
    return value.strip()


def host(value: object) -> str:
    """Return the name of a host, or its address."""
    text = text_of(value)
    if not re.fullmatch(r"[A-Za-z0-9._-]{1,253}", text) and not _is_ipv6(text):
        raise wrong("a host name such as smtp.example.org, without a scheme or port", value)
    return text


def _is_ipv6(text: str) -> bool:
    try:
        ipaddress.IPv6Address(text)
    except ValueError:
        return False
    return True


def header_text(value: object) -> str:
    """Return what goes out in a header, where other letters have no agreed form."""
    text = text_of(value)
    if not text.isascii():
        raise wrong("an address or URL in plain ASCII", value)
    return text


def database(value: object) -> str:
    """Return the URL of a database, as `storage.admin.engine` takes it."""
    # The URL may hold a password, so no error repeats it.
    if not isinstance(value, str):
        raise ValueError("expected a database URL in quotes")
    scheme, colon, rest = value.strip().partition("://")
    if not colon or not rest:
        raise ValueError("expected sqlite:///PATH or postgresql://USER@HOST/NAME")
    if scheme in ("postgres", "postgresql"):
        hosts = rest.partition("/")[0].rpartition("@")[2].partition("?")[0]
        for port in re.findall(r":([^:\],]*)(?:,|$)", hosts):
            if port and not (re.fullmatch(r"[0-9]{1,5}", port) and 0 < int(port) < 65_536):
                raise ValueError(
                    "expected a port from 1 to 65535 behind the host; in a password write "
                    "/ as %2F, @ as %40 and : as %3A"
                )
        return f"postgresql://{rest}"
    if scheme != "sqlite":
        raise ValueError(f'unknown scheme "{clipped(scheme)}"; use sqlite or postgresql')
    if not rest.startswith("/") or rest == "/":
        raise ValueError("expected sqlite:///PATH, with three slashes (four for /an/absolute/path)")
    return value.strip()


def listen(value: object) -> str:
    """Return `HOST:PORT`, "" for none."""
    text = text_of(value)
    if text == "none":
        return ""
    match = re.fullmatch(r"(\[[0-9a-fA-F:]{2,39}\]|[A-Za-z0-9.-]{1,253}):([0-9]{1,5})", text)
    if match is None or not 0 < int(match[2]) <= 65_535:
        raise wrong("an address and a port such as 127.0.0.1:8420, or none", value)
    return text


def every_or_none(value: object) -> timedelta:
    """Return a duration; zero for none."""
    text = text_of(value)
    return timedelta(0) if text == "none" else parse_duration(text)


def kept(value: object) -> timedelta | int | None:
    """Return for how long something is kept, or how many; None for all."""
    text = text_of(str(value) if isinstance(value, int) else value)
    if text == "all":
        return None
    if text.isascii() and text.isdecimal():
        count = int(text)
        if not count or len(text) > LONGEST_COUNT:
            raise wrong("a number of articles from 1 on", value)
        return count
    try:
        span = parse_duration(text)
    except ValueError:
        wanted = "an age such as 400d, a number of articles such as 500000, or all"
        raise wrong(wanted, value) from None
    if span < SHORTEST_KEPT:
        raise wrong("at least 1d", value)
    return span


def size_or_all(value: object) -> int | None:
    """Return how many bytes something may have; None for any size."""
    text = text_of(value)
    return None if text == "all" else size_of(text)


def size_of(text: str) -> int:
    """Return how many bytes are meant; raise ValueError that says what was expected."""
    found = re.fullmatch(r"([0-9]{1,9}(?:\.[0-9]{1,3})?) ?([KMGT])(?:i?B)?", text.strip(), re.I)
    size = float(found[1]) * 1024 ** (1 + "KMGT".index(found[2].upper())) if found else 0
    if size < SMALLEST_KEPT:
        raise wrong("a size such as 500MB or 2GB, from 10MB on", text)
    return int(size)


def hosts(value: object) -> tuple[str, ...]:
    """Return names of hosts, given as a list or parted by commas, in small letters."""
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, list):
        raise wrong("host names such as news.example.org", value)
    return tuple(host(part).lower() for part in parts)


def translator(value: object) -> str:
    """Return the kind of translator, "" for none."""
    if isinstance(value, str) and not value.strip():
        return ""
    return one_of("libretranslate", "openai")(value)


def web_address(value: object) -> str:
    """Return a URL of http or https."""
    from ingester.urls.urls import check_feed_url  # which few installations need

    text = text_of(value)
    try:
        return check_feed_url(text)
    except ValueError as error:
        raise ValueError(f"expected a URL such as http://127.0.0.1:5000: {error}") from None


_LANGUAGE = pattern(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")


def languages(value: object) -> tuple[str, ...]:
    """Return codes of languages as they were given, each once: a list, or parted by commas."""
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, list):
        raise wrong("language codes such as sv,vi,zh-Hant", value)
    languages = [str(part).strip() for part in parts]
    for language in languages:
        if not _LANGUAGE.fullmatch(language):
            raise wrong("language codes such as sv,vi,zh-Hant", language)
    return tuple(dict.fromkeys(languages))


def languages_or_any(value: object) -> tuple[str, ...]:
    """Return languages that rules are looked for in, none for `any`."""
    from rules.languages.codes import code_of  # which is needed where somebody set it

    if value == "any":
        return ()
    codes = []
    for language in languages(value):
        code = code_of(language)
        if code is None:
            raise wrong("language codes such as sv,vi, or any", language)
        codes.append(code)
    return tuple(dict.fromkeys(codes))


def rule_language(value: object) -> str:
    """Return the code of a language that rules may be in."""
    from rules.languages.codes import code_of  # as above

    code = code_of(text_of(value))
    if code is None:
        raise wrong("a language code such as sv", value)
    return code
