"""Files without a word about their encoding."""

import codecs

import pytest

from ingester.documents.file_text import NotText, file_text

SWEDISH = "Källan säger att mötet på ön började vid åtta. Därefter röstade församlingen."
RUSSIAN = "Конвенция была подписана вчера вечером, сообщили участники церемонии в столице."
JAPANESE = "各国の代表が条約に署名した。これから議会での審議が始まる。"


@pytest.mark.parametrize(
    ("data", "text", "guessed"),
    [
        pytest.param(SWEDISH.encode(), SWEDISH, False, id="UTF-8"),
        pytest.param(codecs.BOM_UTF8 + SWEDISH.encode(), SWEDISH, False, id="UTF-8 with mark"),
        pytest.param(SWEDISH.encode("utf-16"), SWEDISH, False, id="UTF-16 with mark"),
        pytest.param(SWEDISH.encode("utf-16-le"), SWEDISH, True, id="UTF-16 without mark"),
        pytest.param(SWEDISH.encode("utf-16-be"), SWEDISH, True, id="UTF-16 BE without mark"),
        pytest.param(SWEDISH.encode("cp1252"), SWEDISH, True, id="Windows-1252"),
        pytest.param(RUSSIAN.encode("koi8-r"), RUSSIAN, True, id="KOI8-R"),
        pytest.param(RUSSIAN.encode("cp1251"), RUSSIAN, True, id="Windows-1251"),
        pytest.param(JAPANESE.encode("cp932"), JAPANESE, True, id="Shift-JIS"),
        pytest.param(
            b'<meta charset="windows-1251">' + RUSSIAN.encode("cp1251"),
            '<meta charset="windows-1251">' + RUSSIAN,
            False,
            id="declared in HTML",
        ),
        pytest.param(b"", "", False, id="empty"),
    ],
)
def test_bytes_become_the_text_that_was_meant(data: bytes, text: str, guessed: bool) -> None:
    decoded = file_text(data)
    assert (decoded.text, decoded.guessed) == (text, guessed)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        pytest.param(b"\x7fELF\x02\x01\x00\x00\x00\x01", "NUL", id="a program"),
        pytest.param(b"text\x00more text of a file", "NUL", id="text with a NUL"),
        pytest.param(b"a text\x00" * 30, "NUL", id="text with a NUL now and then"),
        pytest.param(bytes(range(1, 32)) * 40, "control", id="control characters"),
        pytest.param(b"<meta charset=utf-7>+ADw-script+AD4-", "UTF-7", id="UTF-7"),
    ],
)
def test_what_is_no_text_is_refused_with_the_reason(data: bytes, why: str) -> None:
    with pytest.raises(NotText, match=why):
        file_text(data)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le"])
@pytest.mark.parametrize("text", [RUSSIAN, "Hội nghị bế mạc.\r\nTiêu đề: Ký kết ở Hà Nội.\r\n"])
def test_a_text_of_two_bytes_a_letter_is_read_by_its_mark(encoding: str, text: str) -> None:
    # In these scripts half of the bytes are those of control characters.
    decoded = file_text(("\ufeff" + text).encode(encoding))
    assert (decoded.text, decoded.guessed) == (text, False)


def test_a_program_behind_a_mark_is_no_text() -> None:
    with pytest.raises(NotText, match="control"):
        file_text(codecs.BOM_UTF16_LE + bytes(range(1, 32)) * 2 + b"\x00\x00\x01\x00" * 40)
