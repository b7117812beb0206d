"""Links as sources write them: made absolute, and only those that may be followed."""

import re
from urllib.parse import urljoin, urlsplit

MAX_CHARS = 8_192

_IGNORED = re.compile(r"[\t\n\r]")  # what browsers take out of a link, so java&#10;script: is one
_ABSOLUTE = re.compile(r"https?://[A-Za-z0-9.-]*[A-Za-z0-9](?::\d+)?(?:[/?#][^\s?#]+)*/?")
_PLAIN = re.compile(
    r"https?://[A-Za-z0-9.-]*[A-Za-z0-9](?::\d+)?(?:[/?#][!-\"$->@-~]++)*+/?", re.ASCII
)
"""Those of ASCII, of which nothing is taken out: what most feeds write, told in half the time."""
_BARE_HOST = re.compile(r"www\.[\w-]+\.[^\W\d_]{2,}(?:[./:?#]|\Z)", re.I)
"""What nobody calls a file: people write it who leave the scheme out."""
_TAG = re.compile(r"<[A-Za-z][^<>]*>")
_RELATIVE = re.compile(
    r"""(\s(?:href|src|poster|cite)\s*=\s*)"""
    r"""(?:"(?!https?://)([^"<>]*)"|'(?!https?://)([^'<>]*)'|((?!https?://)[^\s"'<>]+))""",
    re.I,
)


def absolute_link(link: str, base: str) -> str:
    """Return the link joined with a base, or "" if that is not an http(s) URL of at most 8 KiB."""
    if len(link) <= MAX_CHARS and _PLAIN.fullmatch(link):
        return link
    plain = _IGNORED.sub("", link).strip()
    if not plain or len(plain) > MAX_CHARS:
        return ""
    if _ABSOLUTE.fullmatch(plain):
        return plain  # as most are; what follows would give the same
    if _BARE_HOST.match(plain):
        plain = f"https://{plain}"
    try:
        joined = urljoin(base, plain)
        parts = urlsplit(joined)
        return joined if parts.scheme in ("http", "https") and parts.hostname else ""
    except ValueError:  # [brackets] that hold no address
        return ""


def link_of_id(id_: str, base: str) -> str:
    """Return the link that an id is, if it is a URL or the path of one, else ""."""
    return absolute_link(id_, base if id_.startswith("/") else "")


def link_of(link: str, base: str) -> str:
    """Return `absolute_link`, but where no base is known a relative link as it is."""
    address = absolute_link(link, base)
    if address or base or ":" in link or link.startswith("//"):
        return address
    return _IGNORED.sub("", link).strip()[:MAX_CHARS]


def with_absolute_links(markup: str, base: str) -> str:
    """Return HTML with the links in its tags joined with a base; others stay as they are."""
    if not base or not _RELATIVE.search(markup):
        return markup
    return _TAG.sub(lambda tag: _RELATIVE.sub(lambda link: _joined(link, base), tag[0]), markup)


def _joined(match: re.Match[str], base: str) -> str:
    link = next(group for group in match.groups()[1:] if group is not None)
    joined = absolute_link(link.replace("&amp;", "&"), base)
    if not joined or ":" in link.partition("/")[0]:
        return match[0]
    quote = "'" if match[3] is not None else '"'
    return match[1] + quote + joined.replace("&", "&amp;") + quote
