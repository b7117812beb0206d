"""The text of what press offices write: Word documents and PDF."""

import io
import re
import threading
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from typing import TYPE_CHECKING

from lxml import etree

from common.scripts import WITHOUT_SPACES, letters

if TYPE_CHECKING:
    import pypdfium2

MOST_XML_BYTES = 64 << 20
MOST_PAGES = 300
ENOUGH_CHARS = 400_000
"""No further page is read behind so much text: less of it is kept."""

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SIGNS = {f"{_WORD}p": "\n", f"{_WORD}br": "\n", f"{_WORD}cr": "\n", f"{_WORD}tab": "\t"}
_SIGNS[f"{_WORD}noBreakHyphen"] = "-"
_OF_OFFICE_97 = b"\xd0\xcf\x11\xe0"

_HYPHENATED = re.compile(
    r"(?<=[^\W\d_])(?:[-\u00ad\u2010]\n|[\x02\ufffe])(?=[^\W\d_])(?=[^A-Z])"
    r"(?!(?:und|oder|bis|sowie|and|or|to)\b)"
)
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
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            part = archive.getinfo("word/document.xml")
            if part.file_size > MOST_XML_BYTES:
                raise NoOfficeText(f"holds over {MOST_XML_BYTES >> 20} MiB of text; split it")
            with archive.open(part) as file:
                xml = file.read(MOST_XML_BYTES)
        parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
        root = etree.fromstring(xml, parser)
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, OSError) as error:
        raise NoOfficeText(_broken("Word document")) from error
    except etree.XMLSyntaxError as error:
        raise NoOfficeText(_broken("Word document")) from error
    if root is None:
        raise NoOfficeText(_broken("Word document"))
    for again in list(root.iter(_FALLBACK)):
        again.getparent().remove(again)  # the same once more, for older programs
    pieces = (
        (element.text or "") if element.tag == f"{_WORD}t" else _SIGNS[element.tag]
        for element in root.iter(f"{_WORD}t", *_SIGNS)
    )
    return "".join(pieces)


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
    return _HYPHEN.sub(lambda found: "- " if found[1] else "-", _HYPHENATED.sub("", text))


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


_READERS: Mapping[str, Callable[[bytes], str]] = {".docx": _docx, ".pdf": _pdf}
