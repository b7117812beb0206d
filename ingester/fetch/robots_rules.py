"""What a robots.txt allows: RFC 9309, read as leniently as search engines read it.

The longest rule that fits decides, and of equally long ones the one that allows. A group for our
own name counts instead of the one for everybody. Everything is linear in the file and bounded.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import field
from datetime import timedelta
from urllib.parse import urlsplit

from common.records import dataclass

LONGEST_LINE = 16_664
MOST_RULES = 10_000
LONGEST_DELAY = timedelta(hours=1)

_TOKEN = re.compile(r"[A-Za-z_-]*")
_ESCAPED = re.compile(r"%[0-9a-fA-F]{2}")
_KEYS = {
    "user-agent": ("user-agent", "useragent", "user agent"),
    "allow": ("allow",),
    "disallow": ("disallow", "dissallow", "dissalow", "disalow", "diasllow", "disallaw"),
    "sitemap": ("sitemap", "site-map"),
    "crawl-delay": ("crawl-delay", "crawldelay"),
}


@dataclass(frozen=True, slots=True)
class PathRule:
    """A line that allows or forbids what fits a pattern.

    Attributes:
        length: Of the pattern as written: longer ones count before shorter ones.
        parts: What stands between its stars; each must be found after the one before.
        to_end: Whether the last part must end the path ("$").
    """

    allows: bool
    length: int
    parts: tuple[str, ...]
    to_end: bool

    def fits(self, path: str) -> bool:
        """Whether a path (with its query) fits the pattern."""
        first, *others = self.parts
        if not path.startswith(first):
            return False
        at = len(first)
        for part in others[:-1]:
            place = path.find(part, at)
            if place < 0:
                return False
            at = place + len(part)
        if not others:
            return at == len(path) if self.to_end else True
        last = others[-1]
        if self.to_end:
            return len(path) - at >= len(last) and path.endswith(last)
        return path.find(last, at) >= 0


@dataclass(slots=True)
class _AgentGroup:
    rules: list[PathRule] = field(default_factory=list)
    delay: timedelta | None = None


@dataclass(frozen=True, slots=True)
class RobotsRules:
    """What one robots.txt says to one robot."""

    rules: tuple[PathRule, ...] = ()
    delay: timedelta | None = None
    sitemaps: tuple[str, ...] = ()

    def allows(self, url: str) -> bool:
        """Whether the robot may fetch a URL; /robots.txt itself it always may."""
        path = path_of(url)
        if path == "/robots.txt":
            return True
        best: tuple[int, bool] = (-1, True)
        for rule in self.rules:
            if (rule.length, rule.allows) > best and rule.fits(path):
                best = (rule.length, rule.allows)
        return best[1]


def read_robots(text: str, *, robot: str) -> RobotsRules:
    """Return what a robots.txt says to a robot.

    Args:
        robot: Its product token ("newsroom-monitor"); case does not matter.
    """
    own, everybody = _AgentGroup(), _AgentGroup()
    sitemaps: dict[str, None] = {}
    name = robot.lower()
    addressed: list[_AgentGroup] = []
    has_own = in_head = False
    for key, value in _lines(text):
        if key == "sitemap":
            sitemaps.setdefault(value)
        elif key == "user-agent":
            if not in_head:
                addressed = []
            in_head = True
            if value == "*" or value.startswith("* "):
                addressed.append(everybody)
            elif (token := _TOKEN.match(value)) and token[0].lower() == name:
                addressed.append(own)
                has_own = True
        else:
            in_head = False
            for group in addressed:
                _add(group, key, value)
    chosen = own if has_own else everybody
    return RobotsRules(tuple(chosen.rules), chosen.delay, tuple(sitemaps)[:100])


def path_of(url: str) -> str:
    """Return the path and query of a URL as patterns are compared with it."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "/"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return escaped(path if path.startswith("/") else "/" + path)


def escaped(pattern: str) -> str:
    """Return a path or pattern with its escapes in capitals and all else that needs one escaped."""
    if not pattern.isascii():
        pattern = "".join(c if c.isascii() else _percent(c) for c in pattern)
    return _ESCAPED.sub(lambda match: match[0].upper(), pattern) if "%" in pattern else pattern


def _percent(letter: str) -> str:
    return "".join(f"%{byte:02X}" for byte in letter.encode("utf-8", "replace"))


def _lines(text: str) -> Iterator[tuple[str, str]]:
    """Yield the lines that say something: what, and its value."""
    for line in re.split(r"\r\n|\r|\n", text.lstrip("\ufeff")):
        said = line[:LONGEST_LINE].partition("#")[0].strip()
        key, colon, value = said.partition(":")
        if not colon:
            words = said.split()
            if len(words) != 2:
                continue  # "disallow /" may be meant, "no robots here please" not
            key, value = words
        kind = _kind(key.strip().lower())
        if kind:
            yield kind, value.strip()


def _kind(key: str) -> str:
    for kind, beginnings in _KEYS.items():
        if key.startswith(beginnings):
            return kind
    return ""


def _add(group: _AgentGroup, key: str, value: str) -> None:
    if key == "crawl-delay":
        if re.fullmatch(r"\d{1,6}(?:\.\d+)?", value):
            group.delay = min(timedelta(seconds=float(value)), LONGEST_DELAY)
        return
    if not value or len(group.rules) >= MOST_RULES:
        return  # an empty Disallow forbids nothing
    allows = key == "allow"
    for pattern in _meant(value, allows=allows):
        group.rules.append(_rule(pattern, allows=allows))


def _meant(value: str, *, allows: bool) -> Iterable[str]:
    """Return the patterns that a value stands for: /news/index.html is /news/ as well."""
    pattern = escaped(value)
    head, slash, last = pattern.rpartition("/")
    if allows and slash and last.startswith("index.htm"):
        return (pattern, f"{head}/$")
    return (pattern,)


def _rule(pattern: str, *, allows: bool) -> PathRule:
    to_end = pattern.endswith("$")
    parts = (pattern[:-1] if to_end else pattern).split("*")
    return PathRule(allows, len(pattern), tuple(parts), to_end)
