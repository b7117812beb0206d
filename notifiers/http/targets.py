"""Where messages may go: addresses and URLs as people write them, checked and masked."""

import difflib
import re
from dataclasses import dataclass

import httpx

from common.mail_address import LONGEST_ADDRESS, is_mail_address
from notifiers.content.sanitize import shown

LONGEST_URL_BYTES = 8 * 1024

_PUBLIC_WORDS = frozenset(
    (
        *("alert", "alerts", "api", "automations", "direct", "hook", "hooks", "in", "ingest"),
        *("invoke", "manual", "news", "notify", "paths", "powerautomate", "services", "sink"),
        *("triggers", "v1", "v2", "webhook", "webhookb2", "webhooks", "workflows"),
    )
)
"""Parts of a path that are the same for everybody; any other may be a token."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """A chat service that is known by its host.

    Attributes:
        hosts: A pattern of the whole host name.
    """

    kind: str
    name: str
    hosts: str


CHATS = (
    Chat(kind="slack", name="Slack", hosts=r"hooks\.slack(-gov)?\.com"),
    Chat(kind="discord", name="Discord", hosts=r"((canary|ptb)\.)?discord(app)?\.com"),
    Chat(
        kind="teams",
        name="Teams",
        hosts=r"(.+\.)?(webhook\.office\.com|outlook\.office(365)?\.com|logic\.azure\.com"
        r"|api\.powerplatform\.com|api\.powerautomate\.com)",
    ),
    Chat(kind="telegram", name="Telegram", hosts=r"api\.telegram\.org"),
)

_MATTERMOST_PATH = re.compile(r"/hooks/[a-z0-9]{26}")


def quoted(text: str) -> str:
    """Return what somebody wrote, in quotes, safe and short enough for an error."""
    safe = "".join(shown(letter) if letter == " " else _visible(letter) for letter in text[:200])
    return f'"{safe if len(safe) <= 80 else safe[:77] + "..."}"'


def _visible(letter: str) -> str:
    if shown(letter) == letter:
        return letter
    code = ord(letter)
    return {10: "\\n", 13: "\\r", 9: "\\t"}.get(code) or (
        f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
    )


def one_address(text: str) -> str:
    """Return the address, trimmed.

    Raises:
        ValueError: It is not one plain address, in one sentence.
    """
    address = text.strip(" ")
    if is_mail_address(address):
        return address
    hint = "write it as name@example.org"
    if len(address) > LONGEST_ADDRESS:
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
    found = [one_address(part) for part in text.split(",")]
    return tuple(dict.fromkeys(found))


def web_address(text: str) -> httpx.URL:
    """Return the URL as the client that sends will read it.

    Raises:
        ValueError: It is not an http(s) URL that can be sent to; the sentence shows nothing of
            what follows the host.
    """
    if len(text.encode("utf-8", "replace")) > LONGEST_URL_BYTES:
        raise ValueError("the URL is over 8 KiB: shorten it")
    text = text.strip(" \t\r\n")
    if not text:
        raise ValueError("nothing to send to: write console:, mailto:name@example.org or a URL")
    scheme, colon, rest = text.partition(":")
    is_scheme = re.fullmatch(r"[A-Za-z][A-Za-z0-9+-]*", scheme) and not rest[:1].isdigit()
    if not (colon and is_scheme):
        start = quoted(re.split(r"[/?#]", text)[0].rpartition("@")[2])
        raise ValueError(f"no scheme: did you mean https://{start[1:-1]}/... ?")
    if scheme.lower() not in ("http", "https"):
        near = difflib.get_close_matches(scheme.lower(), ["http", "https", "mailto", "console"])
        hint = f'did you mean "{near[0]}:"?' if near else "local files go in the seed folder"
        raise ValueError(
            f"unknown scheme {quoted(scheme)}: only http, https, mailto and console are known; "
            f"{hint}"
        )
    if any(letter.isspace() or ord(letter) < 0x20 or letter in "\\\x7f" for letter in text):
        raise ValueError("the URL holds a space, a backslash or a control character: remove it")
    if not rest.startswith("//"):
        raise ValueError(f"after {scheme.lower()}: there must be // and a host")
    _check_place(re.split(r"[/?#]", rest[2:])[0])
    if "#" in text:
        raise ValueError("the URL has a part after #, which is never sent: remove it")
    try:
        url = httpx.URL(text)
        host = host_of(url)
    except (httpx.InvalidURL, UnicodeError, ValueError):
        raise ValueError("the URL cannot be read: copy it again, whole") from None
    if not host:
        raise ValueError("the URL has no host")
    return url


def _check_place(place: str) -> None:
    """Check `user:password@host:port` before any parser sees it.

    Raises:
        ValueError: Something is wrong with it.
    """
    if place.count("@") > 1:
        raise ValueError("the URL has two @ before its path: which is the host?")
    host = place.rpartition("@")[2]
    name, bracket, rest = host.partition("]") if host.startswith("[") else ("", "", "")
    if not bracket:
        name, _, port = host.partition(":")
        has_port = ":" in host
    else:
        port, has_port = rest.removeprefix(":"), bool(rest)
    if has_port and not (re.fullmatch(r"[0-9]{1,5}", port) and 0 < int(port) < 65536):
        raise ValueError(f"bad port {quoted(port)}: a number from 1 to 65535")
    if len(name) > 253 or any(len(label) > 63 for label in name.split(".")):
        raise ValueError("the host name is too long")
    if ".." in name or name.startswith("."):
        raise ValueError("the host name has an empty part between two dots")


def host_of(url: httpx.URL) -> str:
    """Return the host as it is asked for, in ASCII; `url.host` raises where it cannot be shown."""
    return url.raw_host.decode("ascii", "replace")


def chat_of(url: httpx.URL) -> Chat | None:
    """Return the chat service whose host this is, if any."""
    host = host_of(url).rstrip(".").lower()
    return next((each for each in CHATS if re.fullmatch(each.hosts, host)), None)


def looks_like_mattermost(url: httpx.URL) -> bool:
    """Whether the path is one that only Mattermost makes; its hosts are anybody's."""
    return _MATTERMOST_PATH.fullmatch(url.path.rstrip("/")) is not None


def masked(url: httpx.URL) -> str:
    """Return the URL as it may be shown: name kept, password, tokens and query hidden."""
    user = (
        f"{url.userinfo.decode('utf-8', 'replace').partition(':')[0]}:***@"
        if (url.userinfo)
        else ""
    )
    name = host_of(url)
    host = f"[{name}]" if ":" in name else name
    port = "" if url.port is None else f":{url.port}"
    parts = [part for part in url.path.split("/") if part]
    public = 0
    while public < len(parts) and parts[public].lower() in _PUBLIC_WORDS:
        public += 1
    shown_parts = parts[:public] + (["***"] if public < len(parts) else [])
    path = "".join(f"/{part}" for part in shown_parts) or ("/" if url.path == "/" else "")
    return f"{url.scheme}://{user}{host}{port}{path}{'?***' if url.query else ''}"
