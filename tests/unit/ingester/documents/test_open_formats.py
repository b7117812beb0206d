"""OpenDocument and rich text, as offices without Word write their releases."""

import io
import zipfile
from datetime import UTC, datetime

import pytest

from ingester.documents.parse import read_document
from ingester.entry import DocumentContent
from tests.growth import grows_no_faster_than_its_input

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
TITLE = "Ferry line opens again"
BODY = "The ferry between the islands sails again from Monday, the ministry said."
URL = "https://press.example.org/2026/ferry-line-opens"
SPACES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)
PARAGRAPHS = (
    "<text:tracked-changes><text:deletion><text:p>never</text:p></text:deletion>"
    f'</text:tracked-changes>\n<text:h text:outline-level="1">{TITLE}</text:h>\n'
    "<text:p>The ferry between <text:span>the\n  islands</text:span> sails<text:s/>again"
    "<text:note><text:note-body><text:p>aside</text:p></text:note-body></text:note>"
    f" from Monday, the ministry said.</text:p>\n<text:p>Source:<text:tab/>{URL}</text:p>"
)


def odt(paragraphs: str = PARAGRAPHS, *, head: str = "", manifest: str = "<manifest/>") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("META-INF/manifest.xml", manifest)
        body = f"<office:body><office:text>{paragraphs}</office:text></office:body>"
        document = f"<office:document-content {SPACES}>{body}</office:document-content>"
        archive.writestr("content.xml", f"{head}{document}")
    return file.getvalue()


def read(data: bytes, name: str) -> DocumentContent:
    return read_document(data, name, modified_at=NOON, now=NOON)


def test_an_open_document_is_read_without_what_was_deleted_and_what_stands_aside() -> None:
    document = read(odt(), "release.odt")
    (entry,) = document.entries
    assert document.notices == ()
    assert (entry.title, entry.text, entry.url) == (TITLE, BODY, URL)


def test_rich_text_is_read_without_pictures_fonts_and_what_is_said_of_it() -> None:
    picture = r"{\pict\pngblip " + "89504e47" * 100 + "}"
    link = r'{\field{\*\fldinst{HYPERLINK "https://x.example"}}{\fldrslt the islands}}'
    rtf = (
        r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset204 Arial Cyr;}}"
        r"{\info{\title other}}" + picture + rf"\f0 {TITLE}\par"
        "\n"
        + rf"{BODY.replace('the islands', link)} \'e5 \f1\'cf\f0  \u8364? \u-10179?\u-8694?\par}}"
    )
    (entry,) = read(rtf.encode(), "release.rtf").entries
    assert (entry.title, entry.text) == (TITLE, f"{BODY} å П € \U0001f60a")


@pytest.mark.parametrize(
    ("data", "name", "says"),
    [
        (b"PK\x03\x04 broken", "a.odt", "a.odt: is no OpenDocument text that can be read"),
        (odt(""), "a.odt", "a.odt: holds no text"),
        (odt(manifest="<encryption-data/>"), "a.odt", "a.odt: is protected by a password"),
        (odt(" " * (65 << 20)), "a.odt", "a.odt: holds over 64 MiB"),
        (odt("<text:p/>" * 1_600_000), "a.odt", "a.odt: holds too many pieces"),
        (rb"{\rtf1 " + b"{" * 1_000_001, "a.rtf", "a.rtf: holds too many pieces"),
        (b"No rich text.", "a.rtf", "a.rtf: is no rich text that can be read"),
        (rb"{\rtf1 \uc words}", "a.rtf", "a.rtf: is no rich text that can be read"),
        (
            rb"{\rtf1{\fonttbl" + rb"\f1\fcharset1" * 100 + b"}words}",
            "a.rtf",
            "a.rtf: is no rich text that can be read",
        ),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(data: bytes, name: str, says: str) -> None:
    document = read(data, name)
    assert document.entries == ()
    [notice] = document.notices
    assert notice.startswith(says)


def test_entities_of_an_open_document_stay_unresolved() -> None:
    head = '<!DOCTYPE x [<!ENTITY a "hahaha"><!ENTITY b SYSTEM "file:///etc/hostname">]>'
    (entry,) = read(odt("<text:p>Words &a;&b; here</text:p>", head=head), "a.odt").entries
    assert "haha" not in entry.text
    assert entry.text.startswith("Words")


@pytest.mark.parametrize(
    "piece",
    [r'{\field{\*\fldinst{HYPERLINK "x" ', r"{\b ", r"\'e9", r"{\fonttbl\f1\f1\f1;"],
)
def test_rich_text_that_is_made_to_hurt_takes_linear_time(piece: str) -> None:
    assert grows_no_faster_than_its_input(
        lambda size: read(rb"{\rtf1 " + piece.encode() * size, "a.rtf"), 500
    )
