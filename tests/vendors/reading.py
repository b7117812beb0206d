"""What people see of a message: text, links, bold words, and markup that nobody meant."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

_MENTIONS = re.compile(r"@(everyone|here|channel|all|[A-Za-z]\w*)|<[!@#][^>]*>")


@dataclass(kw_only=True)
class Read:
    """A message as it is shown.

    Attributes:
        bold: Pieces in bold, in order.
        links: Where what is clickable leads to, in order.
        mentions: Who would be notified.
        stray: Markup that is none of a message's own: a lone mark, a tag that is not known.
    """

    text: str = ""
    bold: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    mentions: list[str] = field(default_factory=list)
    stray: list[str] = field(default_factory=list)

    def __add__(self, other: "Read") -> "Read":
        return Read(
            text=f"{self.text}\n{other.text}",
            bold=self.bold + other.bold,
            links=self.links + other.links,
            mentions=self.mentions + other.mentions,
            stray=self.stray + other.stray,
        )


def plain(text: str, *, mentions: bool = False) -> Read:
    """Read text in which nothing is markup."""
    found = [match[0] for match in _MENTIONS.finditer(text)] if mentions else []
    return Read(text=text.replace("\u200b", ""), mentions=found)


def markdown(text: str, *, mentions: bool = True) -> Read:
    """Read Markdown: bold, links, quotes, escapes; any other mark is stray."""
    read = Read()
    for line in text.split("\n"):
        _markdown_line(re.sub(r"^(> |• )", "", line), read)
        read.text += "\n"
    read.mentions = [match[0] for match in _MENTIONS.finditer(read.text)] if mentions else []
    read.text = read.text.replace("\u200b", "")
    return read


def _markdown_line(line: str, read: Read) -> None:
    if re.match(r"\s*([-+] |#|\d+[.)] |=+\s*$|-{3,})", line):
        read.stray.append(line)
    bold: int | None = None
    place = 0
    while place < len(line):
        link = re.match(r"\]\(<?([^)>]*)>?\)", line[place:])
        if line[place] == "\\" and place + 1 < len(line):
            read.text += line[place + 1]
            place += 2
        elif line.startswith("**", place):
            if bold is None:
                bold = len(read.text)
            else:
                read.bold.append(read.text[bold:])
                bold = None
            place += 2
        elif link is not None:
            read.links.append(link[1])
            place += link.end()
        elif line[place] == "[":
            place += 1
        else:
            if line[place] in "*_~`|<>":
                read.stray.append(line[place:])
            read.text += line[place]
            place += 1
    if bold is not None:
        read.stray.append(line)


class _Html(HTMLParser):
    def __init__(self, known: frozenset[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.read = Read()
        self.open: list[str] = []
        self._known = known
        self._bold: list[int] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self._known:
            self.read.stray.append(tag)
        if tag == "br":
            self.read.text += "\n"
            return
        self.open.append(tag)
        if tag in ("b", "strong"):
            self._bold.append(len(self.read.text))
        self.read.links += [value or "" for name, value in attrs if name == "href"]

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.read.stray.append(f"/{tag}")
        if tag in ("b", "strong") and self._bold:
            self.read.bold.append(self.read.text[self._bold.pop() :])

    def handle_data(self, data: str) -> None:
        self.read.text += data

    def handle_comment(self, data: str) -> None:
        self.read.stray.append(data)

    def handle_decl(self, decl: str) -> None:
        self.read.stray.append(decl)

    def unknown_decl(self, data: str) -> None:
        self.read.stray.append(data)

    def handle_pi(self, data: str) -> None:
        self.read.stray.append(data)


def html(text: str, known: frozenset[str], *, mentions: bool = False) -> Read:
    """Read HTML of these tags; what is left open, or not known, is stray."""
    parser = _Html(known)
    parser.feed(text)
    parser.close()
    parser.read.stray += parser.open
    if mentions:
        found = (match[0] for match in _MENTIONS.finditer(parser.read.text))
        parser.read.mentions = [name for name in found if name.startswith("@")]
    parser.read.text = parser.read.text.replace("\u200b", "")
    return parser.read
