"""Which language a text is in, and who decides."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingester.guessing.keyboards import at_home
from ingester.guessing.model import LanguageModel
from ingester.text.language import (
    BEGINNING,
    SURE,
    Declarations,
    Text,
    detect,
    language_of,
    primary,
)

TEXTS = {
    "sv": "Regeringen vill att kommunerna bygger fler cykelvägar innan nästa vinter.",
    "en": "The council wants to build more cycle paths before next winter arrives.",
    "vi": "Hội đồng thành phố muốn xây thêm đường dành cho xe đạp trước mùa đông.",
    "de": "Der Stadtrat möchte vor dem nächsten Winter weitere Radwege bauen lassen.",
    "fr": "Le conseil municipal veut construire davantage de pistes cyclables avant l'hiver.",
    "ru": "Городской совет хочет построить новые велодорожки до наступления зимы.",
    "zh": "市议会希望在明年冬天之前修建更多的自行车道，并增加停车位。",
    "ja": "市議会は来年の冬までに自転車道をさらに整備したいと考えている。",
    "ko": "시의회는 내년 겨울이 오기 전에 자전거 도로를 더 만들기를 원한다.",
    "th": "สภาเมืองต้องการสร้างทางจักรยานเพิ่มก่อนฤดูหนาวปีหน้า",
    "ar": "يريد مجلس المدينة بناء المزيد من مسارات الدراجات قبل الشتاء المقبل.",
    "no": "Kommunestyret vil bygge flere sykkelveier før neste vinter, sier ordføreren.",
}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("ئەنجوومەنی شار دەیەوێت پێش زستان ڕێگای پاسکیلی زۆرتر دروست بکات.", "ku"),
        ("Şäher geňeşi gyşdan öň welosiped ýollaryny köpeltmek isleýär.", "tk"),
        ("Belediye meclisi, Plzeň ve Třebíç'ten gelen konuklarla şehri gezdi.", "tr"),
        ("شورای شهر می‌خواهد پیش از زمستان مسیرهای دوچرخه بیشتری بسازد.", "fa"),
        ("Nový starosta chce před zimou postavit další cyklostezky ve čtvrti.", "cs"),
    ],
)
def test_languages_that_the_model_does_not_know_show_by_their_letters(
    text: str, language: str
) -> None:
    assert detect(text) == language
    assert language_of("en", " ".join([text] * 4)) == language


@pytest.mark.parametrize("language", TEXTS)
def test_a_sentence_shows_its_language(language: str) -> None:
    assert detect(TEXTS[language]) == language


@pytest.mark.parametrize(
    ("text", "language"), [("渔港因风暴关闭。", "zh"), ("Ferja innstilt i kveld", "no")]
)
def test_what_speaks_for_languages_of_one_code_speaks_for_one(text: str, language: str) -> None:
    assert detect(text) == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("شوراي شهر مي خواهد پيش از زمستان راه هاي دوچرخه بيشتري بسازد.", "fa"),
        ("كميته شهر هفته آينده در باره اين طرح را بررسي مي كند.", "fa"),
        ("یرید مجلس المدینة بناء المزید من مسارات الدراجات قبل الشتاء فی کل الأحیاء.", "ar"),
        ("شهر كي كونسل سرديوں سے پهلے مزيد سائيكل راستے بنانا چاهتي ہے۔".replace("ہ", "ه"), "ur"),
        ("شهر کی کونسل سردیوں سے پهلے مزید راستے بنانا چاهتی هے۔", "ur"),
    ],
)
def test_letters_of_a_neighbour_s_keyboard_are_those_of_the_language(
    text: str, language: str
) -> None:
    assert detect(text) == language


@pytest.mark.parametrize("text", ["زه غواړم چې ښوونځي ته لاړ شم او كار وكړم", "Bike paths", "我们"])
def test_letters_of_others_stay(text: str) -> None:
    assert at_home(text) == text


def test_of_languages_that_are_alike_one_is_said_where_each_alone_is_unlikely() -> None:
    text = "Vlada je usvojila novi zakon o radu"
    assert LanguageModel().classify([text])[0][1] < SURE
    assert detect(text) in ("bs", "hr", "sr")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "NASA",
        "12345 67 89",
        "https://www.example.com/en/news/of-the-day",
        "Anna B. 12",
        "한국",
        "xyzzy plugh foo bar baz quux",
    ],
)
def test_too_little_text_shows_no_language(text: str) -> None:
    assert detect(text) == ""


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("sv-SE", "sv"),
        ("zh_Hant", "zh"),
        ("EN", "en"),
        ("nb-NO", "no"),
        ("nn", "no"),
        ("yue", "zh"),
        ("wuu", "zh"),
        ("iw", "he"),
        ("swe", "sv"),
        ("sqi", "sq"),
        ("swh", "sw"),
        ("ekk", "et"),
        ("hbs", "sr"),
        ("ckb", "ku"),
        ("haw", "haw"),
        ("x-default", ""),
        ("und", ""),
        ("english", ""),
        ("", ""),
        ("de; DROP", ""),
    ],
)
def test_a_declared_tag_becomes_the_one_code_we_use(tag: str, expected: str) -> None:
    assert primary(tag) == expected


def test_a_declaration_holds_when_the_text_is_short() -> None:
    assert language_of("da", TEXTS["no"][:30]) == "da"
    assert language_of("tlh", TEXTS["en"] * 3) == "tlh"  # a language that the model cannot know


def test_a_declaration_gives_way_to_a_text_that_is_certainly_in_another_language() -> None:
    assert language_of("en", TEXTS["vi"] * 3) == "vi"


def test_a_declaration_holds_among_neighbours() -> None:
    assert language_of("da", TEXTS["no"] * 3) == "da"


def test_without_a_declaration_the_text_decides() -> None:
    assert language_of("", TEXTS["sv"]) == "sv"
    assert language_of("mul", TEXTS["sv"]) == "sv"


def test_many_threads_may_ask_at_once() -> None:
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(detect, TEXTS.values())) == list(TEXTS)


# --- texts that belong together ------------------------------------------------------------------


@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize("of_each", [True, False])
@pytest.mark.parametrize("together", [True, False])
def test_declarations_that_texts_bear_out_are_decided_as_if_each_text_were_read(
    language: str, of_each: bool, together: bool
) -> None:
    declarations = Declarations(language)
    texts = [Text(language if of_each else "", TEXTS[language] * 6)] * 5
    parts = [texts] if together else [[each] for each in texts]
    assert [found for part in parts for found in declarations.languages_of(part)] == [language] * 5


def test_what_is_declared_of_all_decides_nothing_by_itself() -> None:
    declarations = Declarations("sv")
    texts = [Text("", TEXTS["sv"] * 6)] * 5 + [Text("", "NASA"), Text("", TEXTS["en"] * 6)]
    assert declarations.languages_of(texts) == ["sv"] * 5 + ["", "en"]


@pytest.mark.parametrize("other", ["vi", "de", "ru"])
def test_a_text_in_another_language_is_noticed_after_many_that_are_as_declared(other: str) -> None:
    texts = [Text("en", TEXTS["en"] * 6)] * 5
    texts += [Text("en", TEXTS[other] * 6), Text("", TEXTS[other] * 6)]
    assert Declarations().languages_of(texts) == ["en"] * 5 + [other] * 2


def test_a_text_whose_beginning_does_not_show_what_is_declared_is_read_whole() -> None:
    beginning = "NASA 2026: " * 50
    assert len(beginning) > BEGINNING
    texts = [Text("en", beginning + TEXTS[other] * 6) for other in ("vi", "en")]
    assert Declarations().languages_of(texts) == ["vi", "en"]


@given(
    st.sampled_from(["", "sv", "en"]),
    st.lists(
        st.tuples(st.sampled_from(["", "sv", "en", "de"]), st.sampled_from(list(TEXTS.values()))),
        max_size=12,
    ),
)
def test_texts_together_are_decided_as_one_after_the_other(
    of_all: str, pairs: list[tuple[str, str]]
) -> None:
    texts = [Text(declared, text * 3) for declared, text in pairs]
    one_by_one = Declarations(of_all)
    each = [one_by_one.languages_of([text])[0] for text in texts]
    assert Declarations(of_all).languages_of(texts) == each


@pytest.mark.parametrize(
    "noise",
    [
        "https://a.example/x",
        "see:www.a.example/",
        "me@a.example",
        "@me",
        "#tag",
        "2026",
        "a#b://c@d",
    ],
)
def test_addresses_tags_and_numbers_say_nothing(noise: str) -> None:
    assert detect(f"{noise} {noise} {noise}") == ""


@pytest.mark.parametrize("language", TEXTS)
def test_places_where_a_line_may_end_say_nothing(language: str) -> None:
    assert detect("\u200b".join(TEXTS[language])) == language
