"""Word documents and PDF: what a press office's folder is full of."""

import importlib.util
import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingester.discovery.inspect import inspect
from ingester.documents.kind import FolderKind
from ingester.documents.parse import is_readable, read_document
from ingester.entry import DocumentContent
from tests.builders import a_source

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
    shown = "".join(f"({line}) Tj 0 -20 Td " for line in lines)
    stream = f"BT /F 12 Tf 72 720 Td {shown}ET"
    objects = (
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R"
        "/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>",
        f"<</Length {len(stream)}>>stream\n{stream}\nendstream",
        "<</Title (x) /Metadata <</rdf (<rdf:RDF xmlns:rdf=)>>>>",
    )
    body, places = "%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += f"{number} 0 obj{content}endobj\n"
    entries = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    table = f"xref\n0 {size}\n0000000000 65535 f \n{entries}trailer<</Size {size}/Root 1 0 R>>"
    return f"{body}{table}\nstartxref\n{len(body)}\n%%EOF\n".encode()


def read(data: bytes, name: str) -> DocumentContent:
    return read_document(data, name, modified_at=NOON, now=NOON)


def test_a_word_document_is_read_paragraph_by_paragraph() -> None:
    document = read(docx(), "release.docx")
    (entry,) = document.entries
    assert document.notices == ()
    assert (entry.title, entry.text, entry.url) == (TITLE, BODY, URL)


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


@pytest.mark.parametrize(
    ("data", "name", "says"),
    [
        (b"%PDF-1.4 broken", "a.pdf", "a.pdf: is no PDF that can be read"),
        (pdf(), "a.pdf", "a.pdf: holds no text, perhaps only pictures of it (a scan)"),
        (b"PK\x03\x04 broken", "a.docx", "a.docx: is no Word document that can be read"),
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


def test_without_the_package_a_pdf_waits_in_the_folder_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "release.pdf").write_bytes(pdf(TITLE, BODY))
    kind = FolderKind(now=lambda: NOON, pause=lambda _: None)
    source = a_source("seeds", kind="folder", url=str(tmp_path))
    with monkeypatch.context() as patch:
        patch.setattr(importlib.util, "find_spec", lambda name: None)
        assert not is_readable("release.pdf")
        polled = kind.poll(source, dict)
        [notice] = read(pdf(TITLE), "release.pdf").notices
    assert polled.entries == ()
    assert polled.notices == (
        "release.pdf: files of this kind (.pdf) are not read; to have them read: "
        "pip install 'newsroom-monitor[pdf]'",
    )
    assert "are read after pip install 'newsroom-monitor[pdf]'" in notice
    later = kind.poll(source, lambda: polled.remember)
    assert [entry.title for entry in later.entries] == [TITLE]
