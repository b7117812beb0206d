"""Which encoding a document is in, whatever it says."""

import pytest

from ingester.text.encoding import decode

FRENCH = "L’été à Zürich – « déjà vu » 10 €"
RUSSIAN = "Конвенция была подписана вчера вечером"
VIETNAMESE = "Tổng Bí thư dự lễ mở ký Công ước Hà Nội"


@pytest.mark.parametrize("text", [FRENCH, RUSSIAN, VIETNAMESE, "caf\u00e9"])
@pytest.mark.parametrize(
    "charset", ["iso-8859-1", "windows-1252", "iso-8859-15", "windows-1251", "koi8-r", "tis-620"]
)
def test_utf8_that_is_declared_as_an_encoding_of_one_byte_is_utf8(text: str, charset: str) -> None:
    by_header = decode(text.encode(), content_type=f"text/html; charset={charset}")
    by_itself = decode(f'<meta charset="{charset}">{text}'.encode())
    assert by_header.text == text
    assert by_itself.text.endswith(f">{text}")
    assert (by_header.encoding, by_header.guessed) == ("utf-8", True)


def test_utf8_with_a_stray_byte_or_a_cut_letter_is_still_utf8() -> None:
    for body in ((RUSSIAN * 3).encode() + b"\xd0", b"\x96" + (RUSSIAN * 3).encode()):
        assert RUSSIAN in decode(body, content_type="text/html; charset=windows-1251").text


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        ("déjà vu à Zürich", "iso-8859-1"),
        (FRENCH, "windows-1252"),
        (RUSSIAN, "windows-1251"),
        (RUSSIAN, "koi8-r"),
        ("Ã©", "windows-1252; a page that shows what went wrong, among much: été"),
    ],
)
def test_what_is_declared_rightly_is_read_so(text: str, charset: str) -> None:
    name, _, more = charset.partition(";")
    decoded = decode((text + more).encode(name), content_type=f"text/html; charset={name}")
    assert (decoded.text, decoded.guessed) == (text + more, False)


def test_encodings_of_two_bytes_are_believed() -> None:
    text = "各国の代表が条約に署名した"
    for name in ("shift_jis", "euc-jp"):
        decoded = decode(text.encode(name), content_type=f"text/html; charset={name}")
        assert (decoded.text, decoded.guessed) == (text, False)


@pytest.mark.parametrize(
    ("content_type", "guessed"), [("", False), ("application/xml; charset=utf-16", True)]
)
def test_what_says_no_encoding_is_utf8_and_nothing_is_guessed(
    content_type: str, guessed: bool
) -> None:
    decoded = decode(f"<rss>{RUSSIAN}</rss>".encode(), content_type=content_type)
    assert RUSSIAN in decoded.text
    assert (decoded.encoding, decoded.guessed) == ("utf-8", guessed)
