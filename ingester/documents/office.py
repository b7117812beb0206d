"""The text of what press offices write: Word documents, and PDF where pypdf is installed."""

import importlib.util
import io
import logging
import re
import zipfile
import zlib
from collections.abc import Callable, Mapping

from lxml import etree

MOST_XML_BYTES = 64 << 20
MOST_PAGES = 300
ENOUGH_CHARS = 400_000
"""No further page is read behind so much text: less of it is kept."""

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SIGNS = {f"{_WORD}p": "\n", f"{_WORD}br": "\n", f"{_WORD}cr": "\n", f"{_WORD}tab": "\t"}
_HYPHENATED = re.compile(r"(?<=[^\W\d_])[-\u00ad\u2010]\n(?=[^\W\d_])(?=[^A-Z])")


class NoOfficeText(ValueError):
    """The document cannot be read; the text says why and what to do."""


def is_office(suffix: str) -> bool:
    """Whether a file with this ending is a document that `office_text` knows."""
    return suffix in _READERS


def missing_for(suffix: str) -> str:
    """Return what must be installed before such documents can be read, in words, or ""."""
    if suffix == ".pdf" and importlib.util.find_spec("pypdf") is None:
        return "pip install 'newsroom-monitor[pdf]'"
    return ""


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
    import pypdf
    from pypdf.errors import DependencyError, FileNotDecryptedError, PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it tells each slip of a file
    pages: list[str] = []
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        for page in reader.pages[:MOST_PAGES]:
            pages.append(page.extract_text())
            if sum(map(len, pages)) > ENOUGH_CHARS:
                break
    except (FileNotDecryptedError, DependencyError) as error:
        raise NoOfficeText("is protected by a password; save it without one") from error
    except (PyPdfError, *_TRIPS) as error:
        # What a reader of a loose format raises on input that nobody thought of.
        raise NoOfficeText(_broken("PDF")) from error
    return _HYPHENATED.sub("", "\n".join(pages))


_TRIPS = (
    *(ArithmeticError, AssertionError, AttributeError, LookupError, NotImplementedError, OSError),
    *(RecursionError, TypeError, ValueError, zlib.error),
)


def _broken(kind: str) -> str:
    return f"is no {kind} that can be read; save it again, or its text as .txt"


_READERS: Mapping[str, Callable[[bytes], str]] = {".docx": _docx, ".pdf": _pdf}
