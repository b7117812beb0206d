"""Word documents and PDF: what a press office's folder is full of."""

import io
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingester.discovery.inspect import inspect
from ingester.documents.parse import read_document
from ingester.entry import DocumentContent

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
TITLE = "Ferry line opens again"
BODY = "The ferry between the islands sails again from Monday, the ministry said."
URL = "https://press.example.org/2026/ferry-line-opens"

PARAGRAPHS = (
    f'<w:p><w:pPr><w:pStyle w:val="Title"/></w:pPr><w:r><w:t>{TITLE}</w:t></w:r></w:p><w:p/>'
    "<w:p><w:r><w:t>The ferry between </w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>the islands"
    "</w:t></w:r><w:r><w:t> sails again from Monday, the ministry said.</w:t></w:r>"
    "<w:r><w:delText>never</w:delText></w:r></w:p>"
    '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
    "<mc:Fallback><w:p><w:r><w:t>Again</w:t></w:r></w:p></mc:Fallback></mc:AlternateContent>"
    f"<w:p><w:r><w:t>Source:</w:t><w:tab/><w:t>{URL}</w:t></w:r></w:p>"
)


def docx(paragraphs: str = PARAGRAPHS, *, name: str = "word/document.xml") -> bytes:
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(name, f"<w:document {space}><w:body>{paragraphs}</w:body></w:document>")
    return file.getvalue()


def pdf(*lines: str) -> bytes:
    return pdf_of(lines)


def pdf_of(*pages: Sequence[str]) -> bytes:
    font = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"
    kids = " ".join(f"{3 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>",
    ]
    for number, lines in enumerate(pages):
        shown = "".join(f"({line}) Tj 0 -20 Td " for line in lines)
        stream = f"BT /F 12 Tf 72 720 Td {shown}ET"
        objects += [
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]"
            f"/Contents {4 + 2 * number} 0 R/Resources<</Font<</F {font}>>>>>>",
            f"<</Length {len(stream)}>>stream\n{stream}\nendstream",
        ]
    objects.append("<</Title (x) /Metadata <</rdf (<rdf:RDF xmlns:rdf=)>>>>")
    body, places = "%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += f"{number} 0 obj{content}endobj\n"
    entries = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    table = f"xref\n0 {size}\n0000000000 65535 f \n{entries}trailer<</Size {size}/Root 1 0 R>>"
    return f"{body}{table}\nstartxref\n{len(body)}\n%%EOF\n".encode("cp1252")


def read(data: bytes, name: str) -> DocumentContent:
    return read_document(data, name, modified_at=NOON, now=NOON)


def test_a_word_document_is_read_paragraph_by_paragraph() -> None:
    document = read(docx(), "release.docx")
    (entry,) = document.entries
    assert document.notices == ()
    assert (entry.title, entry.text, entry.url) == (TITLE, BODY, URL)


def test_what_stands_before_the_text_of_a_word_document_is_read_as_in_plain_text() -> None:
    lines = ("Date: 24 February 2026", f"Source: {URL}", "", TITLE, BODY)
    paragraphs = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in lines)
    (entry,) = read(docx(paragraphs), "release.docx").entries
    assert (entry.title, entry.text, entry.url) == (TITLE, BODY, URL)
    assert entry.published_at == datetime(2026, 2, 24, tzinfo=UTC)


def test_a_pdf_is_read_line_by_line() -> None:
    lines = (
        TITLE,
        "The ferry between the islands sails again from Mon-",
        "day, the ministry said.",
    )
    document = read(pdf(*lines, f"Source: {URL}"), "release.pdf")
    (entry,) = document.entries
    assert document.notices == ()
    assert (entry.title, entry.text, entry.url) == (TITLE, BODY, URL)


def test_what_stands_above_or_below_every_page_of_a_pdf_is_no_text() -> None:
    pages = [
        ["Press office of the islands", TITLE, *(f"Line {n} of the ferry." for n in range(9))],
        ["Press office of the islands", *(f"Line {n} of the harbour." for n in range(9))],
        ["Press office of the islands", "Last line of all, said the ministry."],
    ]
    numbered = [[*page, f"Page {number} of 3"] for number, page in enumerate(pages, 1)]
    (entry,) = read(pdf_of(*numbered), "release.pdf").entries
    assert entry.title == TITLE
    assert "Press office" not in entry.text
    assert "Page 2" not in entry.text
    assert "Line 8 of the harbour." in entry.text
    assert "Last line of all" in entry.text


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (("See the Mon-", "day paper."), "See the Monday paper."),
        (("Die Wasser-", "und Hafenämter sagen es."), "Die Wasser- und Hafenämter sagen es."),
        (("Die Nord-", "Linie kehrt zurück."), "Die Nord-Linie kehrt zurück."),
    ],
)
def test_a_word_that_a_pdf_parts_at_the_end_of_a_line_is_one(
    lines: tuple[str, ...], says: str
) -> None:
    (entry,) = read(pdf(TITLE, *lines), "release.pdf").entries
    assert says in " ".join(entry.text.split())


@pytest.mark.parametrize(
    ("data", "name", "says"),
    [
        (b"%PDF-1.4 broken", "a.pdf", "a.pdf: is no PDF that can be read"),
        (pdf(), "a.pdf", "a.pdf: holds no text, perhaps only pictures of it (a scan)"),
        (b"PK\x03\x04 broken", "a.docx", "a.docx: is no Word document that can be read"),
        (
            b"\xd0\xcf\x11\xe0",
            "a.docx",
            "a.docx: is protected by a password, or was written by an old",
        ),
        (docx(name="other.xml"), "a.docx", "a.docx: is no Word document that can be read"),
        (docx(""), "a.docx", "a.docx: holds no text"),
        (docx("<w:t>" + " " * (65 << 20) + "</w:t>"), "a.docx", "a.docx: holds over 64 MiB"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(data: bytes, name: str, says: str) -> None:
    document = read(data, name)
    assert document.entries == ()
    [notice] = document.notices
    assert notice.startswith(says)


def test_a_word_document_reads_no_other_file() -> None:
    head = '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
        words = "<w:p><w:t>Words &x; here</w:t></w:p>"
        archive.writestr("word/document.xml", f"{head}<w:document {space}>{words}</w:document>")
    (entry,) = read(file.getvalue(), "a.docx").entries
    assert entry.text.startswith("Words")
    assert Path("/etc/hostname").read_text().strip() not in entry.text


def test_office_documents_are_inspected_as_documents() -> None:
    for body, name in ((docx(), "release.docx"), (pdf(TITLE, BODY), "release.pdf")):
        inspected = inspect(body, name=name, now=NOON)
        assert inspected["kind"] == "document"
        assert inspected["article"]["title"] == TITLE
