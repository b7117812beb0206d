"""The text of what press offices write: Word, OpenDocument and rich text, and PDF."""

import io
import re
import threading
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from typing import TYPE_CHECKING

from lxml import etree

from common.scripts import WITHOUT_SPACES, letters
from ingester.text.wrapping import HYPHENATED

if TYPE_CHECKING:
    import pypdfium2

MOST_XML_BYTES = 64 << 20
MOST_TAGS = 1_500_000
"""Beyond it no tree is built, which would take half a gigabyte; a book of 1,000 pages has fewer."""
MOST_GROUPS = 1_000_000
"""The same of rich text."""
MOST_PAGES = 300
ENOUGH_CHARS = 400_000
"""No further page is read behind so much text: less of it is kept."""

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SIGNS = {f"{_WORD}p": "\n", f"{_WORD}br": "\n", f"{_WORD}cr": "\n", f"{_WORD}tab": "\t"}
_SIGNS[f"{_WORD}noBreakHyphen"] = "-"
_OF_OFFICE_97 = b"\xd0\xcf\x11\xe0"

_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_ODT_SIGNS = {f"{_TEXT}p": "\n", f"{_TEXT}h": "\n", f"{_TEXT}line-break": "\n", f"{_TEXT}tab": "\t"}
_ODT_SIGNS[f"{_TEXT}s"] = " "
_ASIDE = frozenset(
    (
        *(f"{_TEXT}tracked-changes", f"{_TEXT}note", f"{_TEXT}table-of-content"),
        *(f"{_OFFICE}annotation", f"{_OFFICE}forms"),
    )
)
"""What was taken out of a text, notes below it and at its side, and its table of contents."""
_LOCKED = b"encryption-data"

_PICTURE = re.compile(r"[0-9A-Fa-f\r\n]{400,}")
_FIELD = re.compile(r"\\fldinst(?=\{)", re.I)
_LONG_FONT = re.compile(r"[^;]{300}")

_HYPHEN = re.compile(r"[\x02\ufffe](?=([^\W\d_A-Z])?)")
"""What PDFium writes for a hyphen at the end of a line."""
_NUMBERS = re.compile(r"\d+")
_EDGE = 2
"""Lines at the top and the foot of a page among which its headers and numbers are."""
_NEARLY_FULL = 0.7
"""Share of the longest line of its page that a line has whose last word may be cut."""
_WIDE = f"[{letters(WITHOUT_SPACES)}]"
_CUT_WORD = re.compile(rf"{_WIDE}\W{{0,2}}$"), re.compile(_WIDE)
_ONE_AT_A_TIME = threading.Lock()
"""PDFium is not made for threads."""


_NO_ARCHIVE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    KeyError,
    NotImplementedError,
    RuntimeError,
    OSError,
)
"""What reading a part of an archive raises that is damaged, locked, or packed in another way."""

_TOO_MUCH = "holds too many pieces to be read; split it"


class NoOfficeText(ValueError):
    """The document cannot be read; the text says why and what to do."""


def office_text(data: bytes, suffix: str) -> str:
    """Return the text of a document, a paragraph (of PDF, a line) on a line of its own.

    Raises:
        NoOfficeText: It is broken, locked, or holds no text.
    """
    text = _READERS[suffix](data)
    if not text.strip():
        raise NoOfficeText(
            "holds no text, perhaps only pictures of it (a scan); save its text as .txt"
        )
    return text


def _docx(data: bytes) -> str:
    if data.startswith(_OF_OFFICE_97):
        raise NoOfficeText(
            "is protected by a password, or was written by an old Word; "
            "save it as .docx without a password"
        )
    root = _xml_of(data, "word/document.xml", "Word document")
    for again in list(root.iter(_FALLBACK)):
        again.getparent().remove(again)  # the same once more, for older programs
    pieces = (
        (element.text or "") if element.tag == f"{_WORD}t" else _SIGNS[element.tag]
        for element in root.iter(f"{_WORD}t", *_SIGNS)
    )
    return "".join(pieces)


def _odt(data: bytes) -> str:
    if _LOCKED in _part_of(data, "META-INF/manifest.xml", "OpenDocument text"):
        raise NoOfficeText("is protected by a password; save it without one")
    root = _xml_of(data, "content.xml", "OpenDocument text")
    body = root.find(f"{_OFFICE}body/{_OFFICE}text")
    pieces: list[str] = []
    aside: etree._Element | None = None
    for event, element in () if body is None else etree.iterwalk(body, events=("start", "end")):
        if event == "start" and aside is None:
            if element.tag in _ASIDE:
                aside = element
            elif isinstance(element.tag, str):
                pieces += (_ODT_SIGNS.get(element.tag, ""), _blanks_apart(element.text))
        elif event == "end":
            aside = None if element is aside else aside
            if aside is None and element is not body:
                pieces.append(_blanks_apart(element.tail))
    return "".join(pieces)


def _blanks_apart(text: str | None) -> str:
    """Return a text whose breaks of lines are those of the file, and mean a blank."""
    return re.sub(r"\s+", " ", text) if text else ""


def _xml_of(data: bytes, part: str, kind: str) -> etree._Element:
    """Return the root of a part of a document that is a ZIP file; entities stay unresolved."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    xml = _part_of(data, part, kind)
    if xml.count(b"<") > MOST_TAGS:
        raise NoOfficeText(_TOO_MUCH)
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        raise NoOfficeText(_broken(kind)) from error
    if root is None:
        raise NoOfficeText(_broken(kind))
    return root


def _part_of(data: bytes, part: str, kind: str) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if archive.getinfo(part).file_size > MOST_XML_BYTES:
                raise NoOfficeText(f"holds over {MOST_XML_BYTES >> 20} MiB of text; split it")
            with archive.open(part) as file:
                return file.read(MOST_XML_BYTES)
    except _NO_ARCHIVE as error:
        raise NoOfficeText(_broken(kind)) from error


def _rtf(data: bytes) -> str:
    from striprtf.striprtf import font_table_group, rtf_to_text

    if not data.lstrip().startswith(b"{\\rtf"):
        raise NoOfficeText(_broken("rich text"))
    if data.count(b"{") > MOST_GROUPS:
        raise NoOfficeText(_TOO_MUCH)
    # Pictures say nothing, and addresses behind links are sought in quadratic time.
    text = _FIELD.sub(r"\\fldinst ", _PICTURE.sub("", data.decode("cp1252", "replace")))
    fonts: str = font_table_group(text)  # type: ignore[no-untyped-call]
    if _LONG_FONT.search(fonts):
        raise NoOfficeText(_broken("rich text"))  # reading such names of fonts takes cubic time
    text = text.replace(fonts, fonts.replace(";", ";\n"), 1) if fonts else text
    try:
        plain: str = rtf_to_text(text, errors="replace")  # type: ignore[no-untyped-call]
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        raise NoOfficeText(_broken("rich text")) from error
    # Signs beyond 16 bits are written in two halves.
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _pdf(data: bytes) -> str:
    import pypdfium2

    try:
        with _ONE_AT_A_TIME, closing(pypdfium2.PdfDocument(data)) as document:
            pages = _pages(document)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise NoOfficeText("is protected by a password; save it without one") from error
        raise NoOfficeText(_broken("PDF")) from error
    text = "\n".join(map(_unbroken, _without_edges(pages)))
    return _HYPHEN.sub(lambda found: "- " if found[1] else "-", HYPHENATED.sub("", text))


def _pages(document: "pypdfium2.PdfDocument") -> list[list[str]]:
    """Return the lines of each page, those of the first pages if there are many."""
    pages: list[list[str]] = []
    count = 0
    for number in range(min(len(document), MOST_PAGES)):
        with closing(document[number]) as page, closing(page.get_textpage()) as shown:
            text = shown.get_text_bounded()
        pages.append([line for line in text.splitlines() if line.strip()])
        count += len(text)
        if count > ENOUGH_CHARS:
            break
    return pages


def _without_edges(pages: Sequence[list[str]]) -> list[list[str]]:
    """Return the pages without what stands above or below the text of most of them."""
    seen = Counter(
        line for page in pages for line in {_NUMBERS.sub("0", line) for line in _edges(page)}
    )
    often = {line for line, count in seen.items() if count > 1 and 2 * count > len(pages)}
    return [
        [
            line
            for number, line in enumerate(page)
            if _EDGE <= number < len(page) - _EDGE or _NUMBERS.sub("0", line) not in often
        ]
        for page in pages
    ]


def _edges(page: list[str]) -> list[str]:
    return page[:_EDGE] + page[_EDGE:][-_EDGE:]


def _unbroken(lines: list[str]) -> str:
    """Return the lines of a page; of scripts without blanks a word that two lines share is one."""
    enough = _NEARLY_FULL * max(map(len, lines), default=0)
    ends, starts = _CUT_WORD
    text = ""
    for line, following in zip(lines, [*lines[1:], ""], strict=False):
        is_cut = len(line) >= enough and ends.search(line) and starts.match(following)
        text += line if is_cut else f"{line}\n"
    return text


def _broken(kind: str) -> str:
    return f"is no {kind} that can be read; save it again, or its text as .txt"


_READERS: Mapping[str, Callable[[bytes], str]] = {
    ".docx": _docx,
    ".odt": _odt,
    ".rtf": _rtf,
    ".pdf": _pdf,
}
