"""URLs to post to, as people write them: checked, and masked."""

import difflib
import re
from collections.abc import Mapping, Sequence

import httpx

from notifiers.content.sanitize import quoted

LONGEST_URL_BYTES = 8 * 1024

_PUBLIC_WORDS = frozenset(
    (
        *("alert", "alerts", "api", "automations", "direct", "hook", "hooks", "in", "ingest"),
        *("invoke", "manual", "news", "notify", "paths", "powerautomate", "services", "sink"),
        *("triggers", "v1", "v2", "webhook", "webhookb2", "webhooks", "workflows"),
    )
)
"""Parts of a path that are the same for everybody; any other may be a token."""


def web_url(text: str, schemes: Mapping[str, str]) -> httpx.URL:
    """Return the URL as the client that sends will read it.

    Args:
        schemes: What else a target may begin with, each with an example of one.

    Raises:
        ValueError: It is not an http(s) URL that can be sent to; the sentence shows nothing of
            what follows the host.
    """
    if len(text.encode("utf-8", "replace")) > LONGEST_URL_BYTES:
        raise ValueError("the URL is over 8 KiB: shorten it")
    text = text.strip(" \t\r\n")
    if not text:
        raise ValueError(f"nothing to send to: write {', '.join(schemes.values())} or a URL")
    scheme, rest = _scheme_and_rest(text)
    if scheme.lower() not in ("http", "https"):
        raise ValueError(_unknown(scheme, ("http", "https", *reversed(tuple(schemes)))))
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


def _scheme_and_rest(text: str) -> tuple[str, str]:
    if re.match(r"\$\w|\$?\{", text):
        raise ValueError("a variable is not filled in here: write the URL itself")
    scheme, colon, rest = text.partition(":")
    is_scheme = re.fullmatch(r"[A-Za-z][A-Za-z0-9+-]*", scheme) and not rest[:1].isdigit()
    if not (colon and is_scheme):
        start = quoted(re.split(r"[/?#]", text)[0].rpartition("@")[2])
        raise ValueError(f"no scheme: did you mean https://{start[1:-1]}/... ?")
    return scheme, rest


def _unknown(scheme: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(scheme.lower(), known)
    hint = f'; did you mean "{near[0]}:"?' if near else ""
    names = f"{', '.join(known[:-1])} and {known[-1]}"
    return f"unknown scheme {quoted(scheme)}: only {names} are known{hint}"


_NO_HOST = re.compile(r"[\x00-\x2c/:-@\[-^`{-\x7f]")
"""What of ASCII is no letter, digit, dot, hyphen or underscore; other letters become punycode."""


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
    if not bracket and _NO_HOST.search(name):
        raise ValueError(
            "the host name holds a sign that none can hold; of a variable write the value"
        )
    if ".." in name or name.startswith("."):
        raise ValueError("the host name has an empty part between two dots")


def host_of(url: httpx.URL) -> str:
    """Return the host as it is asked for, in ASCII; `url.host` raises where it cannot be shown."""
    return url.raw_host.decode("ascii", "replace")


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


def with_query(url: str, query: Mapping[str, str]) -> str:
    """Return the URL with these parameters added; one that cannot be read as it is."""
    if not query:
        return url
    try:
        return str(httpx.URL(url).copy_merge_params(query))
    except httpx.InvalidURL:
        return url  # refused when it is used
