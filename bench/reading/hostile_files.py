"""Files of mail programs and offices that are made to hurt their reader."""

import io
import zipfile
from collections.abc import Mapping

from bench.reading.hostile import MIB, MOST, Maker, filled

RICH = r"{\rtf1 "
MESSAGE = "From: a@news.example\nSubject: A dam is in danger\n"
MIXED = "Content-Type: multipart/mixed; boundary=b\n\n--b\n"
SPACES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)
BODY = f"<office:document-content {SPACES}><office:body><office:text>"


def packed(piece: str, size: int, *, head: str = "") -> Maker:
    """Return a maker of an OpenDocument text that repeats a piece until it is so large."""

    def make() -> bytes:
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("META-INF/manifest.xml", "<manifest/>")
            archive.writestr("content.xml", filled(piece, size, before=head + BODY)())
        return file.getvalue()

    return make


RICH_TEXTS: Mapping[str, Maker] = {
    "groups in groups": filled("{", before=RICH),
    "plain words": filled("The dam is in danger. ", before=RICH),
    "letters by number": filled(r"\'e9", before=RICH),
    "links without end": filled(r'{\field{\*\fldinst{HYPERLINK "x" ', before=RICH),
    "links apart": filled(r'{\field{\*\fldinst {HYPERLINK "x" ', before=RICH),
    "a font without end": filled(r"\f1\fcharset1", before=RICH + r"{\fonttbl"),
    "fonts without sets": filled(r"\f1\f1\f1\f1\f1\f1;", before=RICH + r"{\fonttbl"),
    "pictures in numbers": filled("89504e47", before=RICH + r"{\pict "),
    "pictures in bytes": filled(r"\pict\bin9 }", before=RICH),
}

MESSAGES: Mapping[str, Maker] = {
    "parts in parts": filled(MIXED, before=MESSAGE),
    "many parts": filled("--b\n\nx\n", before=MESSAGE + MIXED),
    "lines above it": filled("X: y\n", before=MESSAGE),
    "a subject of 10 MiB": filled("=?utf-8?q?a?= ", before="Subject: "),
    "a sender of 10 MiB": filled('(<",', before="Subject: x\nFrom: "),
    "parameters": filled("a*0=x;", before=f"{MESSAGE}Content-Type: text/plain; "),
    "a text that flows": filled(
        "a \n", before=f"{MESSAGE}Content-Type: text/plain; format=flowed\n\n"
    ),
    "no end of a line": filled("x", before=MESSAGE + "\n"),
}

OPEN_TEXTS: Mapping[str, Maker] = {
    "paragraphs in paragraphs": packed("<text:p>", 60 * MIB),
    "60 MiB of paragraphs": packed("<text:p>a</text:p>", 60 * MIB),
    "60 MiB of blanks": packed(" ", 60 * MIB),
    "quadratic entities": packed("&a;", MIB, head=f'<!DOCTYPE x [<!ENTITY a "{"x" * 70_000}">]>'),
    "no archive": filled("PK\x03\x04", MOST - 4096),
}
