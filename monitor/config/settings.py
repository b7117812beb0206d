"""Every setting there is: its name, what it may be, and what it is for.

The names are keys of monitor.toml; in the environment each is `MONITOR_` and the name in
capitals. What a setting's value means together with others is checked in `monitor.config.load`.
"""

import ipaddress
import re
import zoneinfo
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from common.mail_address import is_mail_address
from ingester.urls.urls import check_feed_url
from monitor.base.errors import clipped
from rules.languages.codes import code_of

SYSTEM = Path("/usr/share/dictd")
"""Where Debian and others install dictionaries."""


Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting.

    Attributes:
        parse: Turns what a file or the environment holds into the value; raises ValueError
            that says what was expected.
        purpose: One sentence for monitor.toml and docs/settings.md.
        example: As it is written in monitor.toml.
        default: In words; "" when there is none.
        secret: Never shown; may be read from a file named by `<name>_file`.
    """

    name: str
    parse: Callable[[object], object]
    purpose: str
    example: str
    default: str = ""
    secret: bool = False

    @property
    def variable(self) -> str:
        """The name in the environment."""
        return f"MONITOR_{self.name.upper()}"


def _wrong(expected: str, value: object) -> ValueError:
    shown = clipped(value) if isinstance(value, str) else clipped(repr(value))
    return ValueError(f'expected {expected}; got "{shown}"')


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise _wrong("text in quotes", value)
    if any(ord(letter) < 0x20 or ord(letter) == 0x7F for letter in value):
        raise _wrong("one line of text", value)
    return value.strip()


def _secret(value: object) -> str:
    if not isinstance(value, str) or any(ord(letter) < 0x20 for letter in value):
        raise ValueError("expected one line of text in quotes")  # the value is not shown
    return value


def _path(value: object) -> Path:
    text = _text(value)
    if not text or "\0" in text:
        raise _wrong("a path", value)
    try:
        return Path(text).expanduser().absolute()
    except RuntimeError:
        raise _wrong("a path whose ~ can be resolved", value) from None


def _folder_or_none(value: object) -> Path | str:
    """Return a folder, "" for none."""
    return "" if value == "none" else _path(value)


def _folders(value: object) -> tuple[Path, ...]:
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, list):
        raise _wrong("folders such as /usr/share/dictd, or none", value)
    given = [part.strip() if isinstance(part, str) else part for part in parts]
    return () if given == ["none"] else tuple(_path(part) for part in given)


def _networks(value: object) -> tuple[Network, ...]:
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, list):
        raise _wrong("networks such as 127.0.0.0/8, 192.168.1.5", value)
    networks = []
    for part in (str(part).strip() for part in parts):
        try:
            networks.append(ipaddress.ip_network(part, strict=False))
        except ValueError:
            raise _wrong("networks such as 127.0.0.0/8, 192.168.1.5", part) from None
    return tuple(networks)


def _zone(value: object) -> zoneinfo.ZoneInfo:
    name = _text(value)
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise _wrong("a time zone such as Europe/Stockholm", name) from None


def _whole_number(low: int, high: int) -> Callable[[object], int]:
    def parse(value: object) -> int:
        if isinstance(value, str) and re.fullmatch(r"[0-9]{1,9}", value.strip()):
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise _wrong(f"a whole number from {low} to {high}", value)
        return value

    return parse


def _one_of(*words: str) -> Callable[[object], str]:
    def parse(value: object) -> str:
        word = value.strip().lower() if isinstance(value, str) else value
        if word not in words:
            raise _wrong(" or ".join(words), value)
        return str(word)

    return parse


def _mail_address(value: object) -> str:
    if not isinstance(value, str) or not is_mail_address(value.strip()):
        shown = clipped(value) if isinstance(value, str) else clipped(repr(value))
        raise ValueError(f'expected one e-mail address; "{shown}" is not one e-mail address')
    return value.strip()


def _host(value: object) -> str:
    text = _text(value)
    if not re.fullmatch(r"[A-Za-z0-9._:-]{1,253}", text):
        raise _wrong("a host name such as smtp.example.org, without a scheme or port", value)
    return text


def _database(value: object) -> str:
    # The URL may hold a password, so no error repeats it.
    if not isinstance(value, str):
        raise ValueError("expected a database URL in quotes")
    scheme, colon, rest = value.strip().partition("://")
    if not colon or not rest:
        raise ValueError("expected sqlite:///PATH or postgresql://USER@HOST/NAME")
    if scheme in ("postgres", "postgresql"):
        hosts = rest.partition("/")[0].rpartition("@")[2]
        for port in re.findall(r":([0-9]+)(?:,|$)", hosts):
            if len(port) > 5 or int(port) > 65_535:
                raise ValueError("expected a port from 1 to 65535 behind the host")
        return f"postgresql://{rest}"
    if scheme != "sqlite":
        raise ValueError(f'unknown scheme "{clipped(scheme)}"; use sqlite or postgresql')
    if not rest.startswith("/") or rest == "/":
        raise ValueError("expected sqlite:///PATH, with three slashes (four for /an/absolute/path)")
    return value.strip()


def _listen(value: object) -> str:
    """Return `HOST:PORT`, "" for none."""
    text = _text(value)
    if text == "none":
        return ""
    match = re.fullmatch(r"(\[[0-9a-fA-F:]{2,39}\]|[A-Za-z0-9.-]{1,253}):([0-9]{1,5})", text)
    if match is None or not 0 < int(match[2]) <= 65_535:
        raise _wrong("an address and a port such as 127.0.0.1:8420, or none", value)
    return text


def _hosts(value: object) -> tuple[str, ...]:
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, list):
        raise _wrong("host names such as news.example.org", value)
    return tuple(_host(part).lower() for part in parts)


def _translator(value: object) -> str:
    """Return the kind of translator, "" for none."""
    if isinstance(value, str) and not value.strip():
        return ""
    return _one_of("libretranslate", "openai")(value)


def _web_address(value: object) -> str:
    text = _text(value)
    try:
        return check_feed_url(text)
    except ValueError as error:
        raise ValueError(f"expected a URL such as http://127.0.0.1:5000: {error}") from None


_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")


def _languages(value: object) -> tuple[str, ...]:
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, list):
        raise _wrong("language codes such as sv,vi,zh-Hant", value)
    languages = [str(part).strip() for part in parts]
    for language in languages:
        if not _LANGUAGE.fullmatch(language):
            raise _wrong("language codes such as sv,vi,zh-Hant", language)
    return tuple(dict.fromkeys(languages))


def _languages_or_any(value: object) -> tuple[str, ...]:
    """Return languages, none for `any`."""
    return () if value == "any" else _languages(value)


def _rule_language(value: object) -> str:
    code = code_of(_text(value))
    if code is None:
        raise _wrong("a language code such as sv", value)
    return code


SETTINGS = (
    Setting(
        name="home",
        parse=_path,
        purpose="The data folder: database, locks, secrets of channels and backups live in it.",
        example='"/var/lib/newsroom-monitor"',
        default="`data/` of the checkout under `./run`, else `newsroom-monitor/` in "
        "`$XDG_DATA_HOME` or `~/.local/share`",
    ),
    Setting(
        name="database_url",
        parse=_database,
        purpose="Where everything is kept: `sqlite:///PATH` or `postgresql://USER:PASSWORD@HOST/NAME`.",
        example='"postgresql://monitor@db.example.org/monitor"',
        default="`monitor.db` in the data folder",
        secret=True,
    ),
    Setting(
        name="seeds",
        parse=_folder_or_none,
        purpose="The seed folder, polled before everything else; `none` for no folder.",
        example='"/srv/seeds"',
        default="the sample documents that come with the program, while there are no rules and "
        "channels",
    ),
    Setting(
        name="allow_private",
        parse=_networks,
        purpose="Networks that are not public and may be connected to all the same, on any port.",
        example='["192.168.1.0/24", "127.0.0.0/8"]',
        default="none",
    ),
    Setting(
        name="smtp_host",
        parse=_host,
        purpose="The server that e-mail is handed to; one that is not public must be in "
        "allow_private.",
        example='"smtp.example.org"',
    ),
    Setting(
        name="smtp_port",
        parse=_whole_number(1, 65535),
        purpose="Its port.",
        example="587",
        default="587 for starttls, 465 for tls, 25 for none",
    ),
    Setting(
        name="smtp_security",
        parse=_one_of("starttls", "tls", "none"),
        purpose="How the connection is encrypted; `none` only towards an address in allow_private.",
        example='"starttls"',
        default="starttls (tls when the port is 465)",
    ),
    Setting(
        name="smtp_user",
        parse=_text,
        purpose="The name to log in with.",
        example='"alerts@example.org"',
        default="no login",
    ),
    Setting(
        name="smtp_password",
        parse=_secret,
        purpose="The password to log in with; better kept in a file, see smtp_password_file.",
        example='"${SMTP_PASSWORD}"',
        secret=True,
    ),
    Setting(
        name="smtp_from",
        parse=_mail_address,
        purpose="The sender of e-mail.",
        example='"alerts@example.org"',
        default="smtp_user when that is an address",
    ),
    Setting(
        name="fallback_channel",
        parse=_text,
        purpose="The channel that is told when a source or another channel does not work.",
        example='"console"',
        default="the oldest channel that works",
    ),
    Setting(
        name="user_agent_contact",
        parse=_text,
        purpose="An address or URL of yours in the User-Agent, for owners of sites that we poll.",
        example='"https://example.org/monitor"',
        default="none",
    ),
    Setting(
        name="translator",
        parse=_translator,
        purpose="Who proposes what a rule's terms are called in other languages, when it is "
        "saved: `libretranslate`, or `openai` for any endpoint that speaks its protocol.",
        example='"openai"',
        default="nobody",
    ),
    Setting(
        name="translator_url",
        parse=_web_address,
        purpose="Its address: LibreTranslate's server, or an API up to and with `/v1`.",
        example='"http://127.0.0.1:11434/v1"',
    ),
    Setting(
        name="translator_key",
        parse=_secret,
        purpose="The key that it asks for; better kept in a file, see translator_key_file.",
        example='"${TRANSLATOR_KEY}"',
        default="none",
        secret=True,
    ),
    Setting(
        name="translator_model",
        parse=_text,
        purpose="The model that `openai` shall use.",
        example='"qwen3:14b"',
    ),
    Setting(
        name="translator_languages",
        parse=_languages,
        purpose="The languages that it is asked for.",
        example='"sv,vi,zh,zh-Hant"',
        default="some fifty in which most news is written, see docs/translators.md",
    ),
    Setting(
        name="translator_timeout",
        parse=_whole_number(1, 600),
        purpose="How many seconds it gets for all the terms of a rule together.",
        example="60",
        default="30",
    ),
    Setting(
        name="translator_check_back",
        parse=_one_of("yes", "no"),
        purpose="Whether LibreTranslate's answers are translated back, and only proposed when "
        "the rule's words are not in that; twice the requests.",
        example='"yes"',
        default="no",
    ),
    Setting(
        name="dictionaries",
        parse=_folders,
        purpose="Folders with dictionaries in the format of dictd, which say what a rule's words "
        "are called in other languages; `none` for no dictionaries. See docs/lexicons.md.",
        example='"/usr/share/dictd, ~/dictionaries"',
        default="`/usr/share/dictd`, and `dictionaries/` in the data folder",
    ),
    Setting(
        name="zone",
        parse=_zone,
        purpose="The time zone in which people read and write times: messages, tables, `--since`. "
        "JSON is in UTC.",
        example='"Europe/Stockholm"',
        default="that of the machine",
    ),
    Setting(
        name="message_language",
        parse=_rule_language,
        purpose="The language that messages are written in: en, vi, sv, de, fr, es, ja, zh, else "
        "English. A channel may have one of its own.",
        example='"sv"',
        default="en",
    ),
    Setting(
        name="rule_language",
        parse=_rule_language,
        purpose="The language that rules are written in, unless their words are of another one "
        "or `--in` says so.",
        example='"sv"',
        default="en",
    ),
    Setting(
        name="watched_languages",
        parse=_languages_or_any,
        purpose="The languages of which add-rule and show-rule say in which words a rule is "
        "looked for, and what it has no word for; `any` for those of the newest articles.",
        example='"vi,th,ar"',
        default="any",
    ),
    Setting(
        name="web_listen",
        parse=_listen,
        purpose="Where the page and the API are served; `none` for nowhere. Where other machines "
        "can ask, everybody logs in or shows a token.",
        example='"127.0.0.1:8420"',
        default="127.0.0.1:8420",
    ),
    Setting(
        name="web_hosts",
        parse=_hosts,
        purpose="Names, besides those of the machine itself, under which the page may be asked "
        "for: that of the server that stands before it.",
        example='["news.example.org"]',
        default="none",
    ),
    Setting(
        name="poll_threads",
        parse=_whole_number(1, 64),
        purpose="How many sources are polled at the same time; twice as many more while they are "
        "slow to answer.",
        example="4",
        default="4",
    ),
    Setting(
        name="log_format",
        parse=_one_of("text", "json"),
        purpose="How log lines on stderr are written.",
        example='"json"',
        default="text",
    ),
    Setting(
        name="log_level",
        parse=_one_of("debug", "info", "warning", "error"),
        purpose="The least important log lines that are written.",
        example='"warning"',
        default="info",
    ),
)

BY_NAME = {setting.name: setting for setting in SETTINGS}
SECRET_FILES = {f"{setting.name}_file": setting for setting in SETTINGS if setting.secret}

VARIABLES = frozenset(
    {"MONITOR_CONFIG"}
    | {setting.variable for setting in SETTINGS}
    | {f"{setting.variable}_FILE" for setting in SETTINGS if setting.secret}
)
"""Every variable of the environment that is read."""
