"""The text of an XML feed, bounded and mended before any parser sees it.

One pass over the tags, linear in the text whatever it holds. It leaves out what is never needed
(DOCTYPEs and the entities that they define: none is ever expanded), refuses depth, cuts what is too
long, and ends a feed that stops in the middle after its last whole item. A feed that needs none of
this leaves as it came.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import field

from common.records import dataclass
from ingester.entry import ParseError
from ingester.feeds.conventions import counted
from ingester.text.characters import readable_xml

MAX_ITEMS = 2_000
MAX_ITEM_CHARS = 1024 * 1024
MAX_DEPTH = 256
MAX_CATEGORIES = 200
MAX_TAGS = 500_000
"""Each costs feedparser about 10 µs; real feeds have a few thousand."""

# feedparser looks for an e-mail address in authors with a pattern that is quadratic, and for each
# category among those before it; the others are bounded because nobody reads on.
_PEOPLE = "author creator managingeditor webmaster name email contributor publisher owner"
_MAX_CHARS = dict.fromkeys(_PEOPLE.split(), 300) | dict.fromkeys(
    ["title", "link", "guid", "id", "comments", "category", "subject", "keywords", "pubdate"],
    16_384,
)
FEED_ROOTS = frozenset({"rss", "rdf:rdf", "rdf", "feed", "atom:feed", "channel"})
_CATEGORIES = frozenset({"category", "subject"})
_ITEMS = frozenset({"item", "entry"})
_NO_CONTENT = "br img hr input meta area base col embed source track wbr param"
_VOID = frozenset(_NO_CONTENT.split())
_OPTIONAL_END = frozenset({"p", "li", "td", "tr", "th", "dt", "dd", "option"})

_TOKEN = re.compile(
    # What a name has taken is not given back: of a tag that never ends each letter is seen once.
    r"<(?:(?P<end>/?)(?P<name>[^\W\d][^\s<>/]*+)(?P<rest>[^<>]*+)>|(?P<other>!--|!\[CDATA\[|\?|!))"
)
_DECLARATION = re.compile(
    # In it, and in its [subset], signs between quotes and in comments mean nothing.
    r"""<!(?:[^<>\["']|"[^"]*"|'[^']*')*+"""
    r"""(?:\[(?:[^\]<"']|"[^"]*"|'[^']*'|<!--(?:[^-]|-(?!->))*+-->|<(?!!--))*+\][^<>]*)?>"""
)
_ALTERNATE = re.compile(r"""rel\s*=\s*["']alternate""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounded:
    """A feed's text that is safe to parse.

    Attributes:
        root: Local name of the outermost element, lower case, or "".
        notices: What was cut, in words.
        truncated: The text stops in the middle.
        items: How many entries there are, those that were left out too.
        left_out: How many of them were left out because they are too long.
        prefix: What stands before the names of its first entry and those in it ("rss:"), or "".
    """

    text: str
    root: str
    notices: tuple[str, ...] = ()
    truncated: bool = False
    items: int = 0
    left_out: int = 0
    prefix: str = ""


@dataclass(slots=True)
class _OpenElement:
    name: str
    start: int
    chars: int = 0


@dataclass(slots=True)
class _OpenItem:
    start: int
    depth: int
    inner: int = 0
    categories: int = 0
    removed: int = 0
    longest: tuple[int, int] = (0, 0)
    own_link: bool = False
    other_links: list[tuple[int, int]] = field(default_factory=list)
    edits: list[tuple[int, int]] = field(default_factory=list)


def bounded(text: str, *, max_tags: int = MAX_TAGS) -> Bounded:
    """Bound and mend the text of a feed.

    Raises:
        ParseError: Its elements are nested deeper than 256.
    """
    return _Scan(readable_xml(text), max_tags).run()


class _Scan:
    """One walk over the tags of a text."""

    def __init__(self, text: str, max_tags: int) -> None:
        self.text = text
        self.max_tags = max_tags
        self.stack: list[_OpenElement] = []
        self.open: Counter[str] = Counter()
        self.root = ""
        self.item: _OpenItem | None = None
        self.items = 0
        self.left_out = 0
        self.edits: list[tuple[int, int]] = []
        self.notices: list[str] = []
        self.prefix = ""
        self.whole_until = 0
        self.closers = ""

    def run(self) -> Bounded:
        """Walk to the end and put together what is left."""
        position = tags = 0
        while match := _TOKEN.search(self.text, position):
            tags += 1
            if tags > self.max_tags:
                break
            self._text(position, match.start())
            if match["other"]:
                position = self._other(match)
            elif match["end"]:
                position = match.end()
                self._end(match["name"].lower(), match.end())
            else:
                position = match.end()
                self._start(match)
        truncated = bool(self.stack) and self.root in FEED_ROOTS
        if truncated:
            self._cut_tail()
            self.notices.append(self._why_cut(too_many=tags > self.max_tags))
        self._count()
        return Bounded(
            text=_without(self.text, self.edits) + self.closers,
            root=self.root.rpartition(":")[2],
            notices=tuple(self.notices),
            truncated=truncated and tags <= self.max_tags,
            items=self.items,
            left_out=self.left_out,
            prefix=self.prefix,
        )

    def _why_cut(self, *, too_many: bool) -> str:
        kept = min(self.items, MAX_ITEMS)
        if too_many:
            return f"the feed has over {self.max_tags:,} tags: its first {kept} entries were read"
        return (
            f"the feed stops in the middle (truncated): {counted(kept)} came whole; "
            "it is fetched in full at the next poll"
        )

    def _text(self, start: int, end: int) -> None:
        if self.item is None or not self.stack or start == end:
            return
        element = self.stack[-1]
        limit = _MAX_CHARS.get(element.name.rpartition(":")[2])
        before = element.chars
        element.chars += end - start
        if limit is not None and element.chars > limit:
            self._remove(self._safe_cut(start + max(0, limit - before)), end)
        elif end - start > self.item.longest[1] - self.item.longest[0]:
            self.item.longest = (start, end)

    def _safe_cut(self, position: int) -> int:
        """Return the position, or that of the reference (&amp;) that it would cut in two."""
        reference = self.text.rfind("&", position - 12, position)
        return position if reference < 0 or ";" in self.text[reference:position] else reference

    def _remove(self, start: int, end: int) -> None:
        assert self.item is not None
        self.item.edits.append((start, end))
        self.item.removed += end - start

    def _other(self, match: re.Match[str]) -> int:
        """Step over a comment, CDATA, instruction or declaration; return where it ends."""
        kind, start = match["other"], match.start()
        if kind == "!":
            return self._declaration(start)
        closing = {"!--": "-->", "![CDATA[": "]]>", "?": "?>"}[kind]
        end = self.text.find(closing, match.end())
        if end < 0:
            return len(self.text)
        if kind == "![CDATA[":
            self._text(match.end(), end)
        return end + len(closing)

    def _declaration(self, start: int) -> int:
        """Step over a declaration; what it defines before the first element is left out."""
        whole = _DECLARATION.match(self.text, start)
        end = whole.end() if whole else self.text.find(">", start) + 1 or len(self.text)
        if not self.root:
            self.edits.append((start, end))
        return end

    def _start(self, match: re.Match[str]) -> None:
        name = match["name"].lower()
        local = name.rpartition(":")[2]
        if not self.root:
            self.root = name
        if local in _ITEMS and self.stack:
            self.prefix = self.prefix or match["name"].removesuffix(match["name"][-len(local) :])
            self._start_item(match.start())
        if self.item is not None:
            self._note(self.item, name, local, match)
        if match["rest"].endswith("/"):
            if self.item is not None and self.item.start == match.start():
                self._close_item(match.end())
            return
        if name in _VOID or (name in _OPTIONAL_END and self.stack and self.stack[-1].name == name):
            return
        self.stack.append(_OpenElement(name, match.start()))
        self.open[name] += 1
        if len(self.stack) > MAX_DEPTH:
            raise ParseError(f"nested too deep: more than {MAX_DEPTH} elements inside each other")

    def _note(self, item: _OpenItem, name: str, local: str, match: re.Match[str]) -> None:
        if local in _CATEGORIES:
            item.categories += 1
        elif name == "link":
            item.own_link = True
            if self.root == "rss" and "uri=" in match["rest"] and not match["rest"].endswith("/"):
                item.edits.append(match.span("rest"))  # feedparser would take it for the link
        elif local == "link" and self.root != "feed" and match["rest"].endswith("/"):
            item.other_links.append(match.span())

    def _start_item(self, start: int) -> None:
        if self.item is not None:
            if len(self.stack) > self.item.depth + 1:
                self.item.inner += 1  # feedparser makes an entry of it
                return
            self._close_item(start)  # the one before was never closed
            self._leave(len(self.stack) - 1)
        self.item = _OpenItem(start, len(self.stack))

    def _end(self, name: str, end: int) -> None:
        if not self.open[name]:
            return
        depth = max(at for at, element in enumerate(self.stack) if element.name == name)
        element = self.stack[depth]
        self._leave(depth)
        if self.item is None:
            return
        if depth <= self.item.depth:
            self._close_item(end)
        elif name.rpartition(":")[2] in _CATEGORIES and self.item.categories > MAX_CATEGORIES:
            self._remove(element.start, end)

    def _leave(self, depth: int) -> None:
        for element in self.stack[depth:]:
            self.open[element.name] -= 1
        del self.stack[depth:]

    def _close_item(self, end: int) -> None:
        item, self.item = self.item, None
        assert item is not None
        self.items += 1 + item.inner
        self.whole_until = end
        if item.own_link and self.root in ("rss", "rdf:rdf"):
            # feedparser takes the last link it meets; RSS's own is the one that is meant.
            item.edits += [span for span in item.other_links if _ALTERNATE.search(self.text, *span)]
        size = end - item.start - item.removed
        if self.items > MAX_ITEMS:
            self.edits.append((item.start, end))
            return
        if size > MAX_ITEM_CHARS:
            item.edits = self._shorten(item, end, size)
        self.edits += item.edits

    def _shorten(self, item: _OpenItem, end: int, size: int) -> list[tuple[int, int]]:
        where = f"entry {self.items} is {size:,} characters, over {MAX_ITEM_CHARS:,}"
        start, stop = item.longest
        if size - (stop - start) > MAX_ITEM_CHARS:
            self.left_out += 1
            self.notices.append(f"{where}: left out")
            return [(item.start, end)]
        self.notices.append(f"{where}: its longest text was cut")
        cut = self._safe_cut(stop - (size - MAX_ITEM_CHARS))
        return sorted([*item.edits, (max(start, cut), stop)])

    def _cut_tail(self) -> None:
        if self.item is not None:
            self.edits.append((self.item.start, len(self.text)))
            del self.stack[self.item.depth :]
        elif self.items:
            self.edits.append((self.whole_until, len(self.text)))
            del self.stack[self._depth_after_items() :]
        self.closers = "".join(f"</{self._written(element)}>" for element in reversed(self.stack))

    def _depth_after_items(self) -> int:
        return sum(1 for element in self.stack if element.start < self.whole_until)

    def _written(self, element: _OpenElement) -> str:
        return self.text[element.start + 1 : element.start + 1 + len(element.name)]

    def _count(self) -> None:
        if self.items > MAX_ITEMS:
            self.notices.append(
                f"the feed lists {self.items:,} entries: the first {MAX_ITEMS:,} were read"
            )


def _without(text: str, edits: Iterable[tuple[int, int]]) -> str:
    pieces = []
    position = 0
    for start, end in sorted(edits):
        if end <= position:
            continue
        pieces.append(text[position : max(start, position)])
        position = end
    pieces.append(text[position:])
    return "".join(pieces)
