"""Short texts in the encodings from before UTF-8, told by the shape of their bytes."""

import pytest

from ingester.documents.byte_shapes import escaped_encoding, shaped_encoding
from ingester.documents.file_text import file_text

CHINESE = ("公约今天签字。", "台风明天登陆,学校停课。", "代表们在会议上说,港口(port)下周恢复。")
TAIWANESE = ("颱風明天登陸,學校停課。", "港口下週恢復營運。")
JAPANESE = ("条約が署名された。", "台風は明日上陸し、学校は休みになる。", "ハノイで開かれた会議。")
KOREAN = ("협약이 오늘 서명되었다.", "태풍이 내일 상륙하여 학교가 쉰다.")
RUSSIAN = ("Договор подписан вчера.", "Порт снова откроют на будущей неделе.")
UKRAINIAN = ("Порт знову вiдкриють наступного тижня.",)
THAI = ("ลงนามอนุสัญญาแล้ววันนี้ โรงเรียนหยุดเรียนพรุ่งนี้",)
ARABIC = ("وقعت الاتفاقية اليوم في العاصمة، والمدارس مغلقة غدا.",)
GREEK = ("Η σύμβαση υπογράφηκε σήμερα, τα σχολεία κλείνουν αύριο.",)
POLISH = ("Załoga portu wróciła, ale łódź została.", "Żołnierze wyszli, mówią władze.")
FRENCH = ("Le traité a été signé à Hanoï.", "Où êtes-vous passé, Noël déjà fêté ?")
GERMAN = ("Über die Straße: Größe, Maß und Fußgänger ärgern.",)
CASES = [
    *((text, "gb18030") for text in CHINESE),
    *((text, "big5") for text in TAIWANESE),
    *((text, encoding) for text in JAPANESE for encoding in ("euc_jp", "iso2022_jp")),
    *((text, "cp949") for text in KOREAN),
    *((text, "koi8_r") for text in RUSSIAN),
    *((text, "cp1251") for text in (*RUSSIAN, *UKRAINIAN)),
    *((text, "cp874") for text in THAI),
    *((text, "cp1256") for text in ARABIC),
    *((text, "cp1253") for text in GREEK),
    *((text, "cp1250") for text in POLISH),
    *((text, "cp1252") for text in (*FRENCH, *GERMAN)),
]


@pytest.mark.parametrize(("text", "encoding"), CASES)
def test_a_line_is_read_as_it_was_written(text: str, encoding: str) -> None:
    decoded = file_text(text.encode(encoding))
    assert decoded.text == text
    assert decoded.guessed


@pytest.mark.parametrize("text", [*FRENCH, *GERMAN, *POLISH])
def test_accents_before_letters_are_no_characters_of_two_bytes(text: str) -> None:
    for encoding in ("cp1252", "cp1250"):
        assert shaped_encoding(text.encode(encoding, "ignore")) is None


@pytest.mark.parametrize(
    "data", [b"", b"\xb0\xa1", b"plain", b"\xff" * 50, b"\xb0", b"\x1b$B\xff", b"\x1b$B$"]
)
def test_of_too_little_nothing_is_told(data: bytes) -> None:
    assert shaped_encoding(data) is None
    assert escaped_encoding(data) is None


def test_a_sample_may_end_within_a_character() -> None:
    assert shaped_encoding((CHINESE[1] * 3).encode("gb18030")[:-1]) in (None, "gb18030")
    whole = (KOREAN[1] * 3).encode("cp949")
    assert shaped_encoding(whole + whole[:1]) == "cp949"
