"""An article is known by its words, and by signs that are the same in every language."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ingester.stories import signature, spaceless, words
from ingester.stories.names import Sounds
from ingester.stories.signature import Signature, Signer
from ingester.stories.signs import Told, number_sign, signs_of_pairs, word_signs
from rules.lexicons.concepts import Concepts, pack_concepts
from rules.lexicons.news_source import Concept
from rules.lexicons.story_words import WORD
from rules.text.folding import fold
from tests.builders import an_article

HANOI = Concept("hanoi", "place", "-", {"en": ("Hanoi",), "vi": ("Hà Nội",), "zh": ("河内",)})
UN = Concept(
    "un", "institution", "-", {"en": ("United Nations", "@UN"), "sv": ("Förenta nationerna", "@FN")}
)
STRIKE = Concept(
    "strike",
    "noun",
    "-",
    {"en": ("strike",), "sv": ("strejk",), "hr": ("štrajk",), "sr": ("штрајк",)},
)
DRUG = Concept("drug", "noun", "-", {"en": ("drug",), "th": ("ยา",)})
SAY = Concept("say", WORD, "-", {"en": ("say",), "sv": ("säga",)})
SCHOOL = Concept("school", "noun", "-", {"en": ("school",), "th": ("โรงเรียน",)})
COMMON = {"hi": frozenset({fold("उसका"), fold("सरकार")})}
SIGNER = Signer(
    fold,
    Concepts(pack_concepts([HANOI, UN, STRIKE, DRUG, SCHOOL, SAY])),
    lambda language: COMMON.get(language, frozenset()),
    han_sounds={"奥": "ao", "列": "le", "格": "g", "卡": "ka", "特": "t", "尔": "l"},
)


def known(title: str, language: str, text: str = "") -> Signature:
    return SIGNER.signature(an_article(title, language=language, text=text))


def test_what_is_said_of_any_event_counts_less() -> None:
    said = known("say strike", "en")
    counts = {said.shown(s): float(c) for s, c in zip(said.signs, said.sign_counts, strict=True)}
    assert set(counts) == {"say", "strike"}
    assert counts["say"] < counts["strike"]


def test_names_that_the_lexicon_does_not_know_are_told_from_those_it_does() -> None:
    said = known("In Hanoi Orvaskin met UN envoys of Kelmarsh over 12 strikes", "en")
    unknown = {said.shown(sign) for sign in said.signs[said.is_unknown].tolist()}
    assert unknown == {"Orvaskin", "Kelmarsh"}
    said = known("河内のOrvaskin", "zh")
    assert {said.shown(sign) for sign in said.signs[said.is_unknown].tolist()} == {"Orvaskin"}


def shared(one: Signature, other: Signature) -> set[str]:
    """What both are known by, as the first writes it."""
    both = set(one.signs.tolist()) & set(other.signs.tolist())
    return {one.shown(sign) for sign in both}


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        pytest.param(("in Hanoi", "en"), ("ở Hà Nội", "vi"), {"Hanoi"}, id="words of one concept"),
        pytest.param(("in Hanoi", "en"), ("在河内举行", "zh"), {"Hanoi"}, id="without spaces"),
        pytest.param(("a strike", "en"), ("Štrajk vozača", "sr"), {"strike"}, id="Serbian, Latin"),
        pytest.param(("a strike", "en"), ("Штрајк возача", "sr"), {"strike"}, id="Serbian"),
        pytest.param(("a strike", "en"), ("Štrajk vozača", "bs"), {"strike"}, id="Bosnian"),
        pytest.param(
            ("在河內舉行", "zh"), ("in Hanoi", "en"), {"河內"}, id="as the text writes it"
        ),
        pytest.param(
            ("ﷺ 在河內舉行", "zh"), ("in Hanoi", "en"), {"河内"}, id="folded, where signs were many"
        ),
        pytest.param(("the strike", "en"), ("strejk", "sv"), {"strike"}, id="endings"),
        pytest.param(
            ("the United Nations", "en"), ("i FN", "sv"), {"United Nations"}, id="acronym"
        ),
        pytest.param(("go to un", "en"), ("i FN", "sv"), set(), id="no acronym in small letters"),
        pytest.param(("of 72 states", "en"), ("72 stater", "sv"), {"72"}, id="numbers"),
        pytest.param(("of 7 states", "en"), ("7 stater", "sv"), set(), id="one digit says little"),
        pytest.param(("1,200 fled", "en"), ("3 200 flydde", "sv"), set(), id="other thousands"),
        pytest.param(
            ("82,000 fled", "en"), ("82 tusen flydde", "sv"), {"82,000"}, id="thousands in words"
        ),
        pytest.param(("in 2000", "en"), ("2 stater", "sv"), set(), id="a year is no thousands"),
        pytest.param(
            ("says Guterres", "en"), ("сказал Гутерриш", "ru"), {"Guterres"}, id="names by sound"
        ),
        pytest.param(
            ("laiva Valterista", "fi"), ("the Valter", "en"), {"Valterista"}, id="a name's case"
        ),
        pytest.param(("Valterista", "fi"), ("the Valter", "en"), set(), id="of no first word"),
        pytest.param(
            ("laiva Valter, Valterista", "fi"), ("the Valter", "en"), {"Valter"}, id="and without"
        ),
        pytest.param(("they walk", "en"), ("they walk", "sv"), set(), id="other words are no sign"),
        pytest.param(
            ("सरकार गुटेरेस", "hi"), ("सरकार गुटेरेस", "mr"), {"गुटेरेस"}, id="no common word is a name"
        ),
        pytest.param(
            ("the school", "en"), ("ไปโรงเรียนใหม่", "th"), {"school"}, id="a long Thai form"
        ),
        pytest.param(("the drug", "en"), ("นายกมายาวนาน", "th"), set(), id="a syllable of Thai"),
    ],
)
def test_signs_are_the_same_in_every_language(
    one: tuple[str, str], other: tuple[str, str], both: set[str]
) -> None:
    assert shared(known(*one), known(*other)) == both


@pytest.mark.parametrize(
    ("text", "language", "written"),
    [
        ("some 1,200 people", "en", "1,200"),
        ("rund 1.200 Menschen", "de", "1.200"),
        ("omkring 1 200 personer", "sv", "1 200"),
        ("environ 1\u202f200 personnes", "fr", "1\u202f200"),
        ("около 1\xa0200 человек", "ru", "1\xa0200"),
        ("etwa 1'200 Personen", "de", "1'200"),
        ("khoảng 1.200 người.", "vi", "1.200"),
        ("نحو ١٬٢٠٠ شخص", "ar", "١٬٢٠٠"),
        ("حدود ۱۲۰۰ نفر", "fa", "۱۲۰۰"),
        ("करीब १,२०० लोग", "hi", "१,२००"),
        ("约1,200人", "zh", "1,200"),
        ("約１，２００人", "ja", "1,200"),
        ("ราว ๑,๒๐๐ คน", "th", "1,200"),
    ],
)
def test_a_number_is_one_sign_however_its_thousands_are_set_apart(
    text: str, language: str, written: str
) -> None:
    numbers = known(text, language).signs
    numbers = numbers[numbers & 3 == Told.NUMBER]
    assert numbers.tolist() == [number_sign("1200")]
    assert known(text, language).shown(number_sign("1200")) == written


@pytest.mark.parametrize(
    ("text", "language", "numbers"),
    [
        pytest.param("1,20,000 people", "en", ["120000"], id="lakhs"),
        pytest.param("1,200,000 and 3.500.000", "en", ["1200000", "3500000"], id="millions"),
        pytest.param("1,200.50 euros", "en", ["1200", "50"], id="cents"),
        pytest.param("in rooms 12 200 and 14 200", "en", ["12", "200", "14"], id="two numbers"),
        pytest.param("on 12.11.2026", "de", ["12", "11", "2026"], id="a date"),
        pytest.param("the years 2024,2025", "en", ["2024", "2025"], id="four digits"),
        pytest.param("0.125 of it", "en", ["125"], id="a part"),
        pytest.param("1,2,3,400", "en", ["3400"], id="a list"),
        pytest.param("1,2000", "en", ["2000"], id="too many digits"),
        pytest.param("1200,30人", "zh", ["1200", "30"], id="without spaces"),
    ],
)
def test_what_only_looks_like_thousands_is_several_numbers(
    text: str, language: str, numbers: list[str]
) -> None:
    signs = known(text, language).signs
    found = sorted(signs[signs & 3 == Told.NUMBER].tolist())
    assert found == sorted(map(number_sign, numbers))


def test_korean_numbers_are_one_word_with_what_is_counted() -> None:
    assert known("1,200명", "ko").words.tolist() == known("1200명", "ko").words.tolist()


def test_the_title_counts_more_than_the_lead_and_the_lead_more_than_the_rest() -> None:
    text = "lead " + "and so on " * 40 + "rest"
    signature = known("title", "en", text)
    counts = dict(zip(signature.words.tolist(), signature.word_counts.tolist(), strict=True))
    of_word = {
        word: counts[known(word, "en").words.tolist()[0]] for word in ("title", "lead", "rest")
    }
    assert of_word["title"] > of_word["lead"] > of_word["rest"]


def test_short_words_may_be_common_ones() -> None:
    signature = known("the strike", "en")
    [the] = [sign for sign in signature.words.tolist() if sign & 1]
    assert [the] == known("the", "en").words.tolist()


def test_nothing_is_known_of_an_article_without_words() -> None:
    assert len(known("…", "").words) == len(known("…", "").signs) == 0


@pytest.mark.parametrize(("words", "are_two"), [(100, True), (200, False)])
def test_names_lose_cases_in_short_texts(words: int, *, are_two: bool) -> None:
    text = " ".join(["laiva"] * (words - 2))
    signs = known("laiva Valterista", "fi", text=text).signs
    assert np.count_nonzero(signs & 3 == Told.NAME) == 1 + are_two


@pytest.mark.parametrize(("letters", "is_heard"), [(spaceless.SHORT_TEXT, True), (400, False)])
def test_names_in_han_characters_are_heard_in_short_texts(letters: int, *, is_heard: bool) -> None:
    title = "奥列格·卡特尔"
    said = known(title, "zh", text="在" * (letters - len(title)))
    heard = shared(said, known("Mr Katell", "en"))
    assert heard == ({"卡特尔"} if is_heard else set())
    assert not shared(known(title, "ja"), known("Mr Katell", "en"))


@pytest.mark.parametrize(("one", "other"), [("Zelensky", "Зеленский")])
def test_names_sound_alike_in_all_scripts(one: str, other: str) -> None:
    [sounds, alike] = Sounds().bones([one, other])
    assert sounds == alike != ""


@pytest.mark.parametrize("letters", [1, 60, signature.LETTERS_AT_ONCE])
def test_many_read_at_once_are_known_by_what_each_is_alone(
    letters: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signature, "LETTERS_AT_ONCE", letters)
    articles = [
        an_article(title, language=language, text=text)
        for title, language, text in (
            ("The United Nations in Hanoi", "en", "Of 72 states. 5 Signed it in Hanoi! UN says"),
            ("", "en", ""),
            ("Förenta nationerna i Hanoi", "sv", "FN. " * 90 + "72 stater, Guterres"),
            ("在河内举行", "zh", "河内 72 Guterres 国" * 60),
            ("В Ханое", "ru", "сказал Гутерриш"),
            ("东京", "ja", ""),
            ("The United Nations in Hanoi", "en", "Of 72 states. 5 Signed it in Hanoi! UN says"),
        )
    ]
    for together, article in zip(SIGNER.signatures(articles), articles, strict=True):
        alone = SIGNER.signature(article)
        assert together.language == alone.language
        for one, other in (
            (together.words, alone.words),
            (together.word_counts, alone.word_counts),
            (together.signs, alone.signs),
            (together.sign_counts, alone.sign_counts),
            (together.print.title, alone.print.title),
            (together.print.body, alone.print.body),
            (together.print.pieces, alone.print.pieces),
        ):
            assert one.tolist() == other.tolist()
        shown = [[each.shown(sign) for sign in each.signs.tolist()] for each in (together, alone)]
        assert shown[0] == shown[1]
        assert all(shown[0])
    assert SIGNER.signatures([]) == []


def test_a_form_of_several_words_covers_the_words_in_it() -> None:
    signature = known("United Nations of the unions", "en")
    shown = {signature.shown(sign) for sign in signature.signs.tolist()}
    assert shown == {"United Nations", "Nations"}


def test_a_word_after_a_number_may_begin_a_sentence() -> None:
    # Where no sentence begins, what has a capital is a name besides.
    assert len(known("5 Strike", "en").signs) == len(known("Strike", "en").signs) == 1
    assert len(known("at 5 Strike", "en").signs) == len(known("at Strike", "en").signs) == 2


def test_words_are_forgotten_before_they_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "MOST_KEPT", 3)
    signer = Signer(fold, Concepts(pack_concepts([HANOI])))
    article = an_article("in Hanoi met", language="en", text="")
    for _ in range(3):
        assert (
            signer.signature(article).signs.tolist() == known("in Hanoi met", "en").signs.tolist()
        )


def test_what_is_remembered_of_words_is_not_much_larger_than_they_are() -> None:
    signer = Signer(fold, Concepts(pack_concepts([HANOI])))
    texts = [" ".join(f"w{n:x}z" for n in range(at, at + 300)) for at in range(0, 9_000, 300)]
    articles = [an_article("Hanoi", language="en", text=text) for text in texts]
    signer.signatures(articles[:10])  # more at once than there is room for
    for article in articles[10:]:
        signer.signature(article)
    remembered = signer._spaced._words
    assert len(remembered.written) > 8_500
    assert remembered.columns.shape[1] < 1.3 * len(remembered.written)
    assert remembered.columns.shape[1] == remembered.keys.shape[1]
    title = "in Hanoi met 5, w11z"
    again = signer.signature(an_article(title, language="en", text=""))
    assert again.signs.tolist() == known(title, "en").signs.tolist()


@given(
    st.lists(st.tuples(st.characters(exclude_categories=()), st.characters(exclude_categories=())))
)
@example([("a", "é"), ("河", "内"), ("𠀀", "ก"), ("\ud800", "z"), ("\x7f", "\uffff")])
def test_pairs_have_the_signs_of_words_of_two_letters(pairs: list[tuple[str, str]]) -> None:
    first, second = (np.array([ord(p[n]) for p in pairs], dtype=np.uint32) for n in (0, 1))
    words = [one + other for one, other in pairs]
    alone = word_signs(words, np.zeros(len(words), dtype=np.bool_)).tolist()
    assert signs_of_pairs(first, second).tolist() == alone


def test_what_numpy_has_for_masked_arrays_is_not_loaded() -> None:
    signer = "from ingester.stories.signature import Signer; Signer(str, None, everyday=[3, 1])"
    said = f"import sys; {signer}; print('numpy.ma' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", said], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == "False\n"
