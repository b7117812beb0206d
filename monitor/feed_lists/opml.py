"""OPML: lists of feeds as people really have them, in and out.

Two of three published lists are not well-formed XML, mostly for a bare "&" in an address, so the
file is read tag by tag: whatever is around an outline, what it says is understood. Nothing in it
is fetched and no entity is expanded.
"""

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from xml.sax.saxutils import quoteattr

from common.records import dataclass
from ingester.kinds import FEED, KINDS, spec_of
from storage.model import Source

MAX_BYTES = 64 << 20
MAX_DEPTH = 100
LONGEST_TAG = 60
_LONGEST_CATEGORY = 4_096

_TAG = re.compile(
    r"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)"
    r"|<(?P<end>/?)\s*(?P<name>outline|opml|body)\b"
    r"""(?P<rest>(?:[^<>"']|"[^"]*"|'[^']*')*+)>""",
    re.I | re.S,
)
_OPENS = re.compile(r"<\s*opml\b(?![^<>]*/>)", re.I)
_CLOSES = re.compile(r"</\s*opml\b", re.I)
_ATTRIBUTE = re.compile(
    # It begins where a name begins and gives nothing back: megabytes of letters are one try.
    r"""(?<![\w:.-])([\w:.-]++)\s*+=\s*+(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""",
    re.S,
)
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_BLANKS = re.compile(r"\s+")
_KINDS = {spec.opml_type: name for name, spec in KINDS.items() if spec.opml_type}


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A feed that a list names.

    Attributes:
        url: As the list has it; it may be no URL at all.
        title: What the list calls it, or "".
        tags: The folders around it, outermost first, then its categories; each once.
        kind: "feed", or what our own export says.
    """

    url: str
    title: str = ""
    tags: tuple[str, ...] = ()
    kind: str = FEED


class NoListError(Exception):
    """The text is no OPML; the message says what is missing."""


def read_opml(text: str) -> list[Listed]:
    """Return the feeds that a list names, in its order, however broken its XML is.

    Raises:
        NoListError: There is no <opml> and no outline in it.
    """
    if not _TAG.search(text):
        raise NoListError("no OPML: it has neither <opml> nor an <outline>")
    return list(_listed(text))


def is_cut_off(text: str) -> bool:
    """Whether a list stops in the middle: of a tag, or before the <opml> that it opens ends."""
    opened, closed = text.rfind("<"), text.rfind(">")
    return opened > closed or bool(_OPENS.search(text) and not _CLOSES.search(text))


def _listed(text: str) -> Iterator[Listed]:
    folders: list[str] = []
    for match in _TAG.finditer(text):
        if match["name"] is None or match["name"].lower() != "outline":
            continue
        if match["end"]:
            if folders:
                folders.pop()
            continue
        rest = match["rest"].rstrip()
        said = _attributes(rest)
        title = said.get("title") or said.get("text") or ""
        if url := said.get("xmlurl", ""):
            tags = (*filter(None, folders), *_categories(said.get("category", "")))
            kind = said.get("type", "").lower()
            yield Listed(
                url=url,
                title=title,
                tags=tuple(dict.fromkeys(tags)),
                kind=_KINDS.get(kind, FEED),
            )
        if not rest.endswith("/") and len(folders) < MAX_DEPTH:
            folders.append(_tag(title))


def _attributes(text: str) -> dict[str, str]:
    attributes: dict[str, str] = {}
    for name, *values in _ATTRIBUTE.findall(text):
        value = _REFERENCE.sub(
            lambda reference: html.unescape(reference[0]), next(filter(None, values), "")
        )
        attributes.setdefault(name.lower(), _BLANKS.sub(" ", value).strip())
    return attributes


def _categories(text: str) -> Iterator[str]:
    """Yield the tags of a category attribute: "/Tech/AI,daily" says Tech, AI and daily."""
    for path in text[:_LONGEST_CATEGORY].split(","):
        for part in path.split("/"):
            if part.strip():
                yield _tag(part)


def _tag(text: str) -> str:
    return " ".join(text.replace(",", " ").replace("/", " ").split())[:LONGEST_TAG]


def are_listed(sources: Iterable[Source]) -> list[Source]:
    """Return those that may stand in a list; folders of documents are places on this machine."""
    return [source for source in sources if spec_of(source.kind).opml_type]


def write_opml(
    sources: Iterable[Source], *, made_at: str, sites: Mapping[str, str]
) -> Iterator[str]:
    """Yield the lines of a list: one folder for each first tag, and all tags as categories.

    Args:
        sources: Such as `are_listed` returns.
        made_at: When, as RFC 822 writes it.
        sites: As `monitor.feed_lists.sites.front_pages` returns them.
    """
    folders: dict[str, list[Source]] = {}
    for source in sources:
        folders.setdefault(source.tags[0] if source.tags else "", []).append(source)
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<opml version="2.0">'
    yield f"<head><title>Sources of the news monitor</title><dateCreated>{made_at}</dateCreated>"
    yield "</head>"
    yield "<body>"
    for name in sorted(folders):
        indent = "  " if name else ""
        if name:
            yield f"<outline {_said({'text': name, 'title': name})}>"
        for source in folders[name]:
            yield f"{indent}<outline {_said(_of_source(source, sites.get(source.id, '')))}/>"
        if name:
            yield "</outline>"
    yield "</body>"
    yield "</opml>"


def _of_source(source: Source, site: str) -> Mapping[str, str]:
    said = {
        "type": spec_of(source.kind).opml_type,
        "text": source.name,
        "title": source.name,
        "xmlUrl": source.url,
        "htmlUrl": site,
        "category": ",".join(source.tags),
    }
    return {name: value for name, value in said.items() if value}


def _said(attributes: Mapping[str, str]) -> str:
    return " ".join(f"{name}={quoteattr(value)}" for name, value in attributes.items())
