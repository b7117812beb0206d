"""Texts that are not UTF-8 and say nothing of their encoding, or nothing right."""

import pytest

from ingester.text.detection import detected, is_western
from ingester.text.encoding import decode
from tests.growth import grows_no_faster_than_its_input

TURKISH = "Liman işçileri salı sabahı greve çıktı, gemiler dışarıda bekliyor."
CZECH = "Přístav zůstává zavřený, říká ředitel, a lodě čekají před molem."
HUNGARIAN = "Az őrség szerint a kikötő hétfőig zárva marad, a hajók kint időznek."
POLISH = "Załoga portu wróciła, ale łódź została; żołnierze wyszli, mówią władze."
ROMANIAN = "Portul rămâne închis până marţi, iar vapoarele aşteaptă în larg, fără ştiri."
CROATIAN = "Luka ostaje zatvorena, kaže ravnatelj, a brodovi čekaju još četiri dana."
LITHUANIAN = "Uostas lieka uždarytas iki antradienio, todėl laivai laukia šalia įplaukos."
LATVIAN = "Osta paliek slēgta līdz otrdienai, tāpēc kuģi gaida ārpusē, saka priekšnieks."
RUSSIAN = "Порт снова откроют на будущей неделе, сообщил директор."
UKRAINIAN = "Порт знову відкриють наступного тижня, повідомив її директор."
GREEK = "Το λιμάνι μένει κλειστό ως την Τρίτη και τα πλοία περιμένουν έξω."
HEBREW = "הנמל יישאר סגור עד יום שלישי והאוניות ממתינות בחוץ."
ARABIC = "وقعت الاتفاقية اليوم في العاصمة، والمدارس مغلقة غدا."
THAI = "ลงนามอนุสัญญาแล้ววันนี้ โรงเรียนหยุดเรียนพรุ่งนี้"
CHINESE = "台风明天登陆,学校停课。"
TAIWANESE = "颱風明天登陸,學校停課。"
JAPANESE = "台風は明日上陸し、学校は休みになる。"
KOREAN = "태풍이 내일 상륙하여 학교가 쉰다."
FRENCH = "Où êtes-vous passé, Noël déjà fêté ? Le traité a été signé à Hanoï."
GERMAN = "Über die Straße: Größe, Maß und Fußgänger ärgern."
SWEDISH = "Källan säger att mötet på ön började vid åtta."
ICELANDIC = "Höfnin verður lokuð þar til á þriðjudag og skipin bíða úti, segir það."
WESTERN = (FRENCH, GERMAN, SWEDISH, ICELANDIC, "¿Quién pagará el año próximo?", "È così, però.")
ALBANIAN = "Drejtori tha se porti do të jetë i mbyllur të premten, që anijet të mos "
ALBANIAN += "hyjnë në gji; çdo gjë do të hapet sërish pasi të bjerë era, thanë ata në mbrëmje."
CASES = [
    *((TURKISH, name) for name in ("cp1254", "iso8859-9")),
    *((text, name) for text in (CZECH, POLISH, HUNGARIAN) for name in ("cp1250", "iso8859-2")),
    *((text, "cp1250") for text in (ROMANIAN, CROATIAN)),
    *((text, "cp1257") for text in (LITHUANIAN, LATVIAN)),
    *((RUSSIAN, name) for name in ("cp1251", "koi8-r", "cp866")),
    *((UKRAINIAN, name) for name in ("cp1251", "koi8-u")),
    (GREEK, "cp1253"),
    (HEBREW, "cp1255"),
    (ARABIC, "cp1256"),
    (THAI, "cp874"),
    (CHINESE, "gb18030"),
    (TAIWANESE, "big5"),
    *((JAPANESE, name) for name in ("shift_jis", "euc_jp", "iso2022_jp")),
    (KOREAN, "cp949"),
    *((text, "cp1252") for text in WESTERN),
]


@pytest.mark.parametrize(("text", "encoding"), CASES)
def test_what_says_nothing_is_read_as_it_was_written(text: str, encoding: str) -> None:
    decoded = decode(text.encode(encoding))
    assert decoded.text == text
    assert decoded.guessed


@pytest.mark.parametrize(("text", "encoding"), CASES)
@pytest.mark.parametrize("said", ["utf-8", "iso-8859-1"])
def test_what_a_program_says_that_was_told_nothing_is_not_believed_of_other_letters(
    text: str, encoding: str, said: str
) -> None:
    head = f'<meta charset="{said}"><script>var news = 1;</script><p>'
    assert decode(f"{head}{text}".encode(encoding)).text == head + text
    body = text.encode(encoding)
    assert decode(body, content_type=f"text/html; charset={said}").text == text


@pytest.mark.parametrize("text", WESTERN)
def test_iso_8859_1_is_believed_of_the_languages_that_it_is_for(text: str) -> None:
    for body in (text.encode("cp1252"), text.upper().replace("ẞ", "SS").encode("cp1252"), b"ASCII"):
        assert is_western(body)
        decoded = decode(body, content_type="text/html; charset=ISO-8859-1")
        assert (decoded.encoding, decoded.guessed) == ("cp1252", False)


def test_ordinals_of_numbers_are_in_western_texts() -> None:
    body = "A 2ª sessão do 1.º dia, a 3ª do 4º.".encode("cp1252")
    assert is_western(body)
    assert not is_western("marţi, 2 şi 3 ţări".encode("cp1250"))


def test_a_language_that_the_detector_does_not_know_is_told_by_its_letters() -> None:
    assert decode(ALBANIAN.encode("cp1252")).text == ALBANIAN


def test_what_the_document_says_counts_where_its_server_says_what_cannot_be() -> None:
    body = f'<meta charset="windows-1250">{CZECH}'.encode("cp1250")
    decoded = decode(body, content_type="text/html; charset=iso-8859-1")
    assert (decoded.text[29:], decoded.encoding, decoded.guessed) == (CZECH, "cp1250", True)


def test_iso_8859_with_control_characters_is_of_windows() -> None:
    body = f'<meta charset="iso-8859-2">„{POLISH}”'.encode("cp1250")
    assert decode(body).encoding == "cp1250"
    whole = decode(f'<meta charset="iso-8859-2">{POLISH}'.encode("iso-8859-2"))
    assert (whole.encoding, whole.guessed) == ("iso8859-2", False)


def test_what_is_cut_off_within_a_character_is_read_as_it_says() -> None:
    for text, name in ((CHINESE, "gb2312"), (KOREAN, "euc-kr"), (JAPANESE, "shift_jis")):
        body = f'<meta charset="{name}">'.encode() + (text * 20).encode(name)
        decoded = decode(body[:-3])
        assert text * 19 in decoded.text
        assert not decoded.guessed


def test_utf8_with_letters_of_another_encoding_here_and_there_is_utf8() -> None:
    body = RUSSIAN.encode() + b"\xe9 \x96 " + "été".encode()
    assert decode(body).text == f"{RUSSIAN}é – été"


@pytest.mark.parametrize(
    "data", [b"\xb0\xa1", b"\xff" * 50, b"\xb0", b"\x1b$B\xff", bytes(range(128, 256)) * 300]
)
def test_bytes_that_are_no_text_do_no_harm(data: bytes) -> None:
    assert decode(data).text
    assert data.decode(detected(data), "replace")


def test_markup_and_scripts_say_nothing_of_the_letters_beside_them() -> None:
    chrome = '<div class="menu"><a href="/home">Home</a></div><script>if (1) { go(); }</script>'
    body = f"{chrome * 2_000}<p>{HUNGARIAN}</p>{chrome * 2_000}".encode("cp1250")
    assert HUNGARIAN in decode(body).text


@pytest.mark.parametrize("said", ["", "; charset=iso-8859-1"])
def test_what_is_not_ascii_is_looked_at_however_far_behind_it_stands(said: str) -> None:
    filler = "A port and its ships. " * 60_000
    decoded = decode((filler + HUNGARIAN).encode("cp1250"), content_type="text/plain" + said)
    assert decoded.text.endswith(HUNGARIAN)
    body = (filler + RUSSIAN).encode() + b" caf\xe9"
    assert decode(body, content_type="text/plain" + said).text.endswith(f"{RUSSIAN} café")


def test_a_long_run_of_letters_takes_no_longer_than_its_length() -> None:
    run = bytes((number * 37) % 128 + 128 for number in range(997))

    def detect(size: int) -> None:
        detected((run * (size // len(run) + 1))[:size])

    assert grows_no_faster_than_its_input(detect, 4_000)


@pytest.mark.parametrize(
    "text", ["Güneş doğdu, şükür", "Çarşı bugün açık mı, müdür açıklamadı", "Eşsiz bir düğün"]
)
def test_a_line_of_turkish_that_is_said_to_be_western_is_turkish(text: str) -> None:
    head = b'<?xml version="1.0" encoding="iso-8859-1"?><t>'
    assert decode(head + text.encode("cp1254") + b"</t>").text.endswith(f"<t>{text}</t>")
