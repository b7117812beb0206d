"""The tags of an HTML document, in its order, as a browser's tokenizer sees them.

For what a page says of itself in <link>, <base> and <a>, where a tree would already be a guess:
what stands in comments, scripts, titles and templates is no tag, however it looks. Linear time.
"""

import html
import re
from collections.abc import Iterator, Mapping
from html.entities import html5

from common.records import dataclass

_MARKUP = re.compile(r"<(?:(/?)([a-zA-Z][^\t\n\f\r />]*)|!--|!\[CDATA\[|[!?/])")
_ATTRIBUTE = re.compile(
    r"""[\s/]*(?:(>)|(=?[^\s/>=]+)(?:\s*=\s*(?:"([^"]*)("?)|'([^']*)('?)|([^\s>]*)))?|=)""",
    re.ASCII,
)
_COMMENT_ENDS = re.compile(r"--!?>")
_COMMENT_ENDED = re.compile(r"--[\t\n\f\r ]{1,99}>")
_REFERENCE = re.compile(r"&(?:#[xX][0-9a-fA-F]{1,8};?|#[0-9]{1,9};?|[A-Za-z][A-Za-z0-9]{0,40};?)=?")
_XHTML = re.compile(r"//DTD XHTML|xmlns\s*=\s*[\"']http://www\.w3\.org/1999/xhtml", re.I)
_XHTML_PREFIX = re.compile(
    r"xmlns:([\w.-]{1,40})\s*=\s*[\"']http://www\.w3\.org/1999/xhtml[\"']", re.I
)
_LOOKED_AT = 65_536
_MOST_ATTRIBUTES = 200

_TEXT_ONLY = frozenset(("script", "style", "xmp", "iframe", "noembed", "noframes"))
"""Nothing in them is a tag."""
_TEXT_IF_CLOSED = frozenset(("title", "textarea"))
"""The same, but one that is never closed is a slip whose author meant the rest to count."""


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag.

    Attributes:
        name: In lower case; "" for tags of other vocabularies with a prefix.
        attributes: Names in lower case; of two with one name the first.
        start, end: Where it stands in the text.
    """

    name: str
    attributes: Mapping[str, str]
    is_end: bool
    start: int
    end: int


def tags(text: str, names: frozenset[str]) -> Iterator[Tag]:
    """Yield the tags with these names, but for those that only look like tags."""
    head = text[:_LOOKED_AT]
    is_xhtml = bool(_XHTML.search(head))
    prefixes = {f"{prefix.lower()}:" for prefix in _XHTML_PREFIX.findall(head)}
    position, inert = 0, 0
    unclosed: set[str] = set()
    while match := _MARKUP.search(text, position):
        closes, name = match.groups()
        if name is None:
            position = _after(text, match, unclosed)
            continue
        name = _plain(name.lower(), prefixes)
        read = _attributes(text, match.end())
        if read is None:
            return  # the document stops in the middle of a tag
        attributes, position, is_empty = read
        if name == "template" and not is_empty:
            inert = max(0, inert - 1) if closes else inert + 1
        elif name in names and not inert:
            yield Tag(name, attributes, bool(closes), match.start(), position)
        if not closes and not (is_empty and is_xhtml):
            position = _after_text(name, text, position, unclosed)


def attribute_value(raw: str) -> str:
    """Return an attribute's value as written with its character references read.

    As browsers have it: in `?a=1&section=2` the `&sect` without a semicolon is no reference.
    """
    if "&" not in raw:
        return raw
    return _REFERENCE.sub(_referred, raw)


def _referred(match: re.Match[str]) -> str:
    said = match[0]
    rest = "=" if said.endswith("=") else ""
    reference = said.removesuffix("=")
    if reference[1] == "#":
        return html.unescape(reference) + rest
    known = html5.get(reference[1:])
    if known is None or (rest and not reference.endswith(";")):
        return said
    return known + rest


def _plain(name: str, prefixes: set[str]) -> str:
    prefix, colon, local = name.partition(":")
    if not colon:
        return name
    return local if prefix + colon in prefixes else ""


def _after(text: str, match: re.Match[str], unclosed: set[str]) -> int:
    """Return where a comment, declaration or section ends; the end of the text if it never does.

    Args:
        unclosed: What is known to have no end further on; nothing is looked for twice.
    """
    begin = match.end()
    if match[0] == "<!--":
        if text.startswith((">", "->"), begin):  # <!--> and <!---> are whole comments
            return text.index(">", begin) + 1
        # As SGML had it, blanks may stand before the end; browsers know that no more.
        for ending in (_COMMENT_ENDS, _COMMENT_ENDED):
            if ending.pattern not in unclosed and (ends := ending.search(text, begin)):
                return ends.end()
            unclosed.add(ending.pattern)
        return len(text)
    if match[0] == "<![CDATA[" and "]]>" not in unclosed:
        end = text.find("]]>", begin)
        if end >= 0:
            return end + 3
        unclosed.add("]]>")
    end = text.find(">", begin - 1)
    return end + 1 if end >= 0 else len(text)


def _after_text(name: str, text: str, begin: int, unclosed: set[str]) -> int:
    """Return where tags count again behind a start tag: at its end tag where all else is text.

    Args:
        unclosed: What is known to have no end further on; nothing is looked for twice.
    """
    if name == "plaintext":
        return len(text)
    if name not in _TEXT_ONLY and name not in _TEXT_IF_CLOSED:
        return begin
    ends = None
    if name not in unclosed:
        ends = re.compile(rf"</{name}(?=[\t\n\f\r />])", re.I).search(text, begin)
    if ends is not None:
        return ends.start()
    unclosed.add(name)
    return len(text) if name in _TEXT_ONLY else begin


def _attributes(text: str, position: int) -> tuple[dict[str, str], int, bool] | None:
    """Return a tag's attributes, where it ends, and whether it ends in a slash."""
    read: dict[str, str] = {}
    while match := _ATTRIBUTE.match(text, position):
        closes, name, double, double_ends, single, single_ends, bare = match.groups()
        if closes:
            return read, match.end(), text[match.end() - 2] == "/"
        if (double is not None and not double_ends) or (single is not None and not single_ends):
            return None
        if name and len(read) < _MOST_ATTRIBUTES:
            value = next((quoted for quoted in (double, single, bare) if quoted is not None), "")
            read.setdefault(name.lower(), attribute_value(value))
        position = match.end()
    return None
