"""Markdown and front matter of a document made plain."""

import json
import re
import tomllib
from collections.abc import Mapping

from ingester.documents.records import is_known_name, meaning_of_label
from ingester.text.dates import parse_date
from ingester.text.layout import COLONS
from ingester.text.shown import shown
from ingester.text.text import is_markup, markup_to_text

_FENCE = re.compile(r"^ {0,3}(```+|~~~+).*$")
_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(?P<text>.*?)[ \t]*#*[ \t]*$")
_UNDERLINE = re.compile(r"^ {0,3}(=+|-{2,})[ \t]*$")
_RULE = re.compile(r"^ {0,3}(?:[-*_][ \t]*){3,}$")
_QUOTE_OR_LIST = re.compile(r"^[ \t]*(?:>[ \t]?|[-*+][ \t]+(?:\[[ xX]\][ \t]+)?|\d{1,9}[.)][ \t]+)")
_LINK_LINE = re.compile(
    r"^(?P<label>[^\[\]()]{0,60}?)\[(?P<text>[^\[\]]{1,200})\]"
    r"\((?P<url>https?://[^\s()]+)[^()]{0,100}\)[ .]*$"
)
_LINK_ALONE = re.compile(
    r"^ {0,3}[*_]{0,3}\[(?P<text>[^\s\[\]]+(?: [^\s\[\]]+){0,2})\]"
    r"\((?P<url>https?://[^\s()]+)[^()]{0,100}\)[*_. ]*$"
)
_IMAGE = re.compile(r"!\[[^\[\]]*\](?:\([^()\n]*\)|\[[^\[\]]*\])")
_LINK = re.compile(r"\[(?P<text>[^\[\]]+)\](?:\([^()\n]*\)|\[[^\[\]]*\])")
_DEFINITION = re.compile(r"^ {0,3}\[(?!\^)[^\]]+\]:\s*\S+.*$")
_FOOTNOTE = re.compile(r"^ {0,3}\[\^[^\]\s]{1,60}\]:\s*|\[\^[^\]\s]{1,60}\]")
_AUTOLINK = re.compile(r"<(https?://[^<>\s]+)>")
_STRONG = re.compile(r"(\*\*\*|\*\*|\*|~~|`{1,8})(?=\S)(.{1,1000}?)(?<=\S)\1")
_STRONG_UNDERSCORE = re.compile(r"(?<!\w)(___|__|_)(?=\S)(.{1,1000}?)(?<=\S)\1(?!\w)")
"""Emphasis is short: looked for to the end of a line, what nobody closes took quadratic time."""
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!~|<>])")

_FRONT = re.compile(
    r"\s*(?P<fence>---|\+\+\+)[ \t]*\r?\n(?P<head>.*?)\r?\n(?:(?P=fence)|\.\.\.)[ \t]*(?:\r?\n|$)",
    re.S,
)
_KEY = re.compile(r"^(?P<key>[A-Za-z][\w .-]{0,40}?)[ \t]*:(?:[ \t]+(?P<value>.*))?$")
_OPENING = re.compile(
    r"\s*(?P<fence>---|\+\+\+)[ \t]*\r?\n(?P<head>[^\s#].*?)(?:\r?\n[ \t]*(?=\r?\n|#)|$)", re.S
)
_ANY_KEY = re.compile(r"^(?P<key>[A-Za-z][\w .-]{0,40}?)[ \t]*[:=]")
_HEADER = re.compile(
    rf"(?:[^\W\d_][^\n{COLONS}]{{0,30}}[{COLONS}][ \t]*\S[^\n]*(?:\r?\n|\Z)){{1,10}}"
    r"(?=[ \t]*(?:\r?\n|\Z))"
)
_HEADLINE = re.compile(r"[^\n]{1,200}\n(?:[ \t]*\r?\n)?")
_AT_COLON = re.compile(f"[{COLONS}]")
_CLOSING = {"[": "]", "{": "}", '"': '"', "'": "'"}
_FRONT_MATTER_LENGTH = 20_000


class BadFrontMatter(Exception):
    """Front matter cannot be read; the text says why.

    Attributes:
        rest: The text behind it.
    """

    def __init__(self, text: str, *, rest: str) -> None:
        super().__init__(text)
        self.rest = rest


def split_front_matter(text: str) -> tuple[Mapping[str, object], str]:
    """Return the values between `---` (YAML) or `+++` (TOML) lines at the start, and the rest.

    Of YAML only what front matter is made of is read: `key: value`, lists in brackets or one
    item a line, quotes, folded text. What is not front matter stays in the text.

    Raises:
        BadFrontMatter: It names values that we look for, and cannot be read.
    """
    if text.startswith("{"):
        return _json(text)
    match = _FRONT.match(text[:_FRONT_MATTER_LENGTH])
    if match is None:
        return _unclosed(text)
    rest = text[match.end() :]
    try:
        values = _toml(match["head"]) if match["fence"] == "+++" else _yaml(match["head"])
    except ValueError as error:
        if _names_values(match["head"]):
            raise BadFrontMatter(str(error), rest=rest) from error
        return {}, text  # two rules with text between them
    return (values, rest) if values else ({}, text)


def split_header(text: str) -> tuple[Mapping[str, object], str]:
    """Return the values of a block of `Title: ...` lines at the start, and the text behind it.

    As mail and press releases begin: a title, or at least two lines, most of them named as values
    that we look for, one of them title, time or authors, and an empty line behind. A headline may
    stand before them. Anything else is text, and so are lines among them that say something else.
    """
    start = text.lstrip("\ufeff\r\n")[:_FRONT_MATTER_LENGTH]
    headline, head = None, _HEADER.match(start)
    if head is None and (headline := _HEADLINE.match(start)):
        head = _HEADER.match(start, headline.end())
    if head is None:
        return {}, text
    values: dict[str, object] = {}
    others: list[str] = []
    for line in head[0].removesuffix("\n").split("\n"):  # other breaks of lines part no lines here
        label, value = _AT_COLON.split(line, maxsplit=1)
        if not (meaning := meaning_of_label(label)):
            others.append(line)
            continue
        if meaning in values:
            return {}, text
        # A Vietnamese label tells the zone of the time behind it.
        with_label = f"{label} {value.strip()}"
        is_time = meaning == "published" and parse_date(with_label)
        values[meaning] = with_label if is_time else value.strip()
    is_header = values.keys() & {"title", "published", "authors"}
    fewest = 1 if "title" in values else 2
    if len(values) < max(fewest, len(others) + 1) or not is_header:
        return {}, text
    if headline is not None:
        if "title" in values or others:
            return {}, text
        others = [headline[0]]
    return values, "\n".join((*others, text.lstrip("\ufeff\r\n")[head.end() :]))


def _unclosed(text: str) -> tuple[Mapping[str, object], str]:
    match = _OPENING.match(text[:_FRONT_MATTER_LENGTH])
    if match is not None and _names_values(match["head"].partition("\n")[0]):
        why = f'the closing "{match["fence"]}" is missing'
        raise BadFrontMatter(why, rest=text[match.end() :])
    return {}, text


def _json(text: str) -> tuple[Mapping[str, object], str]:
    """Return what an object at the start says, if it names values that we look for."""
    try:
        values, end = json.JSONDecoder(strict=False).raw_decode(text[:_FRONT_MATTER_LENGTH])
    except (ValueError, RecursionError):
        return {}, text
    known = [name for name, value in values.items() if is_known_name(name) and value]
    return (values, text[end:]) if known and text[end:].strip() else ({}, text)


def _names_values(head: str) -> bool:
    keys = (_ANY_KEY.match(line) for line in head.splitlines())
    return any(key is not None and is_known_name(key["key"]) for key in keys)


def _toml(head: str) -> Mapping[str, object]:
    try:
        values = tomllib.loads(head)
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    return {
        key: value.isoformat() if hasattr(value, "isoformat") else value
        for key, value in values.items()
    }


def _yaml(head: str) -> Mapping[str, object]:
    written: dict[str, str | list[object]] = {}
    key = ""
    for line in head.splitlines():
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        match = _KEY.match(line)
        earlier = written.get(key)
        if match:
            key = match["key"]
            written[key] = (match["value"] or "").strip()
        elif stripped.startswith("- ") and key:
            items = earlier if isinstance(earlier, list) else []
            written[key] = [*items, _value(stripped[2:].strip())]
        elif key and (line[:1] in " \t" or stripped in ("]", "}")):
            if isinstance(earlier, str):
                begun = "" if earlier in (">", "|", ">-", "|-") else earlier
                written[key] = f"{begun} {stripped}".strip()
        else:
            raise ValueError(f'"{shown(stripped)}" is not "key: value"')
    return {
        name: _value(value) if isinstance(value, str) else value for name, value in written.items()
    }


def _value(written: str) -> object:
    start = written[:1]
    bare = re.sub(r"\s+#.*$", "", written)
    if start in _CLOSING and (len(bare) < 2 or bare[-1] != _CLOSING[start]):
        raise ValueError(f"{shown(written)} has no closing {_CLOSING[start]}")
    if start == "[":
        return [_unquoted(part.strip()) for part in bare[1:-1].split(",") if part.strip()]
    return _unquoted(written)


def _unquoted(written: str) -> str:
    if len(written) > 1 and written[0] == written[-1] and written[0] in "\"'":
        inside = written[1:-1]
        return inside.replace("''", "'") if written[0] == "'" else inside.replace('\\"', '"')
    return re.sub(r"\s+#.*$", "", written)


def markdown_to_text(text: str) -> tuple[str, str]:
    """Return the first heading, or "", and the text without marks; images say nothing."""
    heading = ""
    kept: list[str] = []
    fenced = False
    lines = text.rstrip().split("\n")
    if match := _LINK_ALONE.match(lines[-1]):
        # "[Source](https://...)" as a whole line is one of that name, as plain text would have it.
        lines[-1] = f"{match['text']}: {match['url']}"
    for line in lines:
        if _FENCE.match(line):
            fenced = not fenced
        elif fenced:
            kept.append(line)
        elif match := _HEADING.match(line):
            if not heading and not any(kept):
                heading = _plain(match["text"])
            else:
                kept += ["", _plain(match["text"]), ""]
        elif _UNDERLINE.match(line) and kept and kept[-1]:
            if not heading and not any(kept[:-1]) and "=" in line:
                heading = kept.pop()
            else:
                kept.append("")  # what stands below a heading is a paragraph of its own
        elif not _RULE.match(line) and not _DEFINITION.match(line):
            kept.append(_plain(line))
    plain = "\n".join(kept)
    return heading, markup_to_text(plain.replace("\n", "<br>")) if is_markup(plain) else plain


def _plain(line: str) -> str:
    while match := _QUOTE_OR_LIST.match(line):
        line = line[match.end() :]
    line = _FOOTNOTE.sub("", _IMAGE.sub("", line))
    for pattern in (_STRONG, _STRONG_UNDERSCORE):
        line = pattern.sub(r"\2", line)
    line = _AUTOLINK.sub(r"\1", line)
    if match := _LINK_LINE.match(line):
        # "Source: [The Paper](https://...)": the address is what the line is there for.
        has_label = match["label"].rstrip(" *_").endswith(tuple(COLONS))
        line = f"{match['label']}{match['url']}" if has_label else line
    return _ESCAPE.sub(r"\1", _LINK.sub(r"\g<text>", line)).strip()
