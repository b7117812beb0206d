"""Which words are other spellings of a name of one word, whoever looks for it."""

from dataclasses import replace

import pytest

from rules.evaluate.another_word import is_no_form
from rules.evaluate.lone_names import Said, is_said_so
from rules.matcher import RuleMatcher, by_brute_force
from rules.patterns.pattern import Slot
from storage.model import Variant
from tests.builders import a_rule, a_source, an_article


def _found(name: str, text: str, language: str, written_in: tuple[str, ...] = ()) -> bool:
    rules = [replace(a_rule(name), written_in=written_in)]
    article = an_article("x", text=f"({text})", language=language)
    matches = by_brute_force(rules, article, a_source())
    assert RuleMatcher(rules).matches(article, a_source()) == matches
    return bool(matches)


@pytest.mark.parametrize(
    ("name", "other", "language"),
    [
        ("Amiens", "Miens", "de"),
        ("Oldenburg", "Ldenburg", "fr"),
        ("Merson", "Emerson", "fr"),
        ("Emerson", "Мерсон", "ru"),
        ("O'Brien", "Brien", "fr"),
        ("O’Neill", "Neill", "fr"),
        ("O'Neill", "Neill", ""),
        ("O'Connor", "Коннор", "ru"),
    ],
)
def test_what_lacks_the_vowel_that_begins_a_name_is_another(
    name: str, other: str, language: str
) -> None:
    assert not _found(name, other, language)


@pytest.mark.parametrize(
    ("name", "same", "language"),
    [
        ("Stockholm", "Estocolmo", "es"),
        ("Mbappe", "Embape", "es"),
        ("Jerusalem", "Иерусалим", "ru"),
        ("Huntsville", "Untsville", "fr"),
        ("Wellington", "Уэллингтон", "ru"),
        ("Emerson", "Эмерсон", "ru"),
        ("O'Connor", "ОКоннор", "ru"),
        ("O'Connor", "OConnor", "de"),
        ("O'Connor", "오코너는", "ko"),
    ],
)
def test_other_languages_may_begin_with_a_vowel(name: str, same: str, language: str) -> None:
    assert _found(name, same, language)


@pytest.mark.parametrize(("language", "is_found"), [("", False), ("pt", True)])
def test_of_what_lists_have_nothing_is_guessed_where_the_language_is_not_known(
    language: str, *, is_found: bool
) -> None:
    listed = Variant(language="pl", text="Mołdawia", of="Moldova", kind="name")
    rules = [a_rule("Moldova", variants=(listed,))]
    article = an_article("x", text="We went to Maldova.", language=language)
    matches = by_brute_force(rules, article, a_source())
    assert RuleMatcher(rules).matches(article, a_source()) == matches
    assert bool(matches) == is_found


@pytest.mark.parametrize(
    ("name", "other", "language"),
    [
        ("Krauss", "Cross", "de"),
        ("Kerner", "Corners", "nl"),
        ("Patino", "Putin", "es"),
        ("Pelaez", "Policija", "lv"),
        ("Carman", "Jerman", "ms"),
        ("Gorman", "Кирнан", "ru"),
        ("Crouch", "Креста", "ru"),
        ("Theroux", "Treks", "lv"),
        ("Schaller", "সালে", "bn"),
        ("Farley", "法律", "zh"),
        ("Schiff", "西弗", "zh"),
        ("Crider", "Шредер", "mk"),
        ("Jarmon", "Германия", "ru"),
        ("Mosier", "Μιζούρι", "el"),
        ("Vassallo", "Васила", "bg"),
        ("Biden", "Баден", "ru"),
        ("Terrace", "テレサ", "ja"),
        ("Rousey", "Russia", "it"),
        ("Mallet", "Мало", "ru"),
        ("Paquin", "Пекин", "ru"),
        ("Gragg", "Грег", "ru"),
        ("Peery", "Πέρι", "el"),
        ("Weinstein", "Feinstein", "de"),
        ("Feinstein", "Вайнштейн", "ru"),
        ("Weinstein", "Файнстайн", "bg"),
        ("Scholz", "Schools", "sv"),
        ("Newsom", "News", "pl"),
        ("Nadal", "Nad", "et"),
        ("Jack Ma", "Jackman", "de"),
    ],
)
def test_what_shares_little_but_consonants_is_another(name: str, other: str, language: str) -> None:
    assert not _found(name, other, language)


@pytest.mark.parametrize(
    ("name", "same", "language"),
    [
        ("Khamenei", "Chamenei", "de"),
        ("Netanyahu", "Netanjahu", "pl"),
        ("Mirziyoyev", "Mirzioïev", "fr"),
        ("Weinstein", "Вайнштейн", "ru"),
        ("Guardiola", "Гвардиола", "ru"),
        ("Novak", "Νόβακ", "el"),
        ("Villarreal", "ვილიარეალი", "ka"),
        ("Warren", "沃伦", "zh"),
        ("Victoria", "维多利亚", "zh"),
    ],
)
def test_what_differs_as_transcriptions_do_is_the_same(name: str, same: str, language: str) -> None:
    assert _found(name, same, language)


@pytest.mark.parametrize(
    ("name", "text", "language", "expected"),
    [
        pytest.param("Shinan", "中国西南部的一个农村", "zh", False, id="a common word"),
        pytest.param("Tranne", "美国总统特朗普都希望", "zh", False, id="cut out of a name"),
        pytest.param("Grutstin", "歌手克里斯汀说", "zh", False, id="other vowels"),
        pytest.param("Seville", "西班牙城市塞维利亚的农民", "zh", True, id="cut off, but like it"),
        pytest.param("Merkel", "前总理默克尔上台后表示", "zh", True, id="beside other words"),
        pytest.param("Verstappen", "车手维斯塔潘赢得比赛", "zh", True, id="nearly spelled so"),
        pytest.param("Shethat", "自転車道で襲撃し", "ja", False, id="Japanese has katakana"),
        pytest.param("Hosthu", "番組のホストである", "ja", False, id="a borrowed word"),
        pytest.param(
            "Chouszong", "脱により、クッション、", "ja", False, id="another borrowed word"
        ),
        pytest.param("Kerala", "州はケララと呼ばれる", "ja", True, id="a name in katakana"),
        pytest.param("Putin", "도쿄에서 푸틴 말했다", "ja", True, id="another script there"),
    ],
)
def test_a_name_in_han_or_katakana_is_no_other_word(
    name: str, text: str, language: str, *, expected: bool
) -> None:
    assert _found(name, text, language) is expected


def test_one_sign_says_no_name_however_like_it_is() -> None:
    assert not is_said_so(Said("唐", "Dionne", 0.99, "zh", is_only_said=True), ())
    assert not _found("Doyle", "내일 될 일", "ko")
    assert is_said_so(Said("维多利亚", "Victoria", 0.99, "zh"), ())


@pytest.mark.parametrize(
    ("name", "less", "language"),
    [
        pytest.param("Hans", "igår kom han hem", "sv", id="a small word"),
        pytest.param("Hans", "Han kom hjem i går", "da", id="with the capital of a sentence"),
        pytest.param("Tara", "hun tar toget hjem", "no", id="a common word"),
        pytest.param("Sigi", "hann hvílir sig í dag", "is", id="where names have cases"),
    ],
)
def test_a_common_word_with_less_in_it_is_no_form_of_a_name(
    name: str, less: str, language: str
) -> None:
    assert not _found(name, less, language)


@pytest.mark.parametrize(
    ("name", "form", "language"),
    [
        pytest.param("Olof", "vi läste Olofs brev", "sv", id="with an ending"),
        pytest.param("Anna", "dopis od Anny přišel", "cs", id="a capital where names have cases"),
        pytest.param("Dalmira", "w domu Dalmiry", "pl", id="no common word"),
    ],
)
def test_forms_of_a_name_are_found(name: str, form: str, language: str) -> None:
    assert _found(name, form, language)


@pytest.mark.parametrize(
    ("name", "text", "language", "expected"),
    [
        pytest.param("Roku", "Bylo to v minulém roku.", "cs", False, id="the very letters"),
        pytest.param("Roku", "Hlásí to Roku dnes.", "cs", True, id="with a capital"),
        pytest.param("Roku", "V MINULEM ROKU A DNES.", "cs", True, id="in capitals"),
        pytest.param("Marca", "O dia 29 de março.", "pt", False, id="with other endings"),
        pytest.param("Ariane", "Lo dice Ariana Bassi.", "it", False, id="another name"),
        pytest.param("Ariane", "To trpi Ariani danas.", "sr", True, id="where names lose a vowel"),
        pytest.param("Kane", "Bunu Kanye söyledi.", "tr", False, id="where they never do"),
        pytest.param("Kane", "Bunu Kane'in annesi söyledi.", "tr", True, id="but have endings"),
        pytest.param("Houthis", "Der Angriff der Houthi.", "de", True, id="a plural"),
        pytest.param("Zoster", "Zosters Gewinn wächst.", "de", True, id="a sentence begins so"),
        pytest.param("Modernna", "Het is modernna hier.", "nl", True, id="no word"),
    ],
)
def test_a_common_word_with_the_letters_of_a_name_is_no_form_of_it(
    name: str, text: str, language: str, expected: bool
) -> None:
    assert _found(name, text, language, ("en",)) is expected


@pytest.mark.parametrize("order", [1, -1])
def test_where_a_sentence_begins_a_capital_says_nothing(order: int) -> None:
    """And what is remembered of a word there is not what counts inside another sentence."""
    matcher = RuleMatcher([replace(a_rule("Zara"), written_in=("en",))])
    texts = {"Září začalo.": False, "Psal o tom. «Září» ví.": False, "Tak to Září ví.": True}
    for text, expected in [*texts.items()][::order]:
        article = an_article("", text=text, language="cs")
        assert bool(matcher.matches(article, a_source())) is expected, text


@pytest.mark.parametrize(
    ("name", "text", "language", "expected"),
    [
        ("Politico", "Днес Политика пише за това.", "bg", False),
        ("Politico", "Днес Политико пише за това.", "bg", True),
        ("Strumica", "Во Струмица врне.", "mk", True),
    ],
)
def test_what_lists_call_something_else_is_no_name(
    name: str, text: str, language: str, expected: bool
) -> None:
    assert _found(name, text, language) is expected


def test_what_is_a_common_word_in_the_language_of_a_rule_is_no_name() -> None:
    slot = Slot(frozenset({1}), 1, written="Visions")
    assert not is_no_form("vision", 4, "une vision", slot, "fr", ["en"])
    assert is_no_form("vision", 4, "une vision", slot, "fr", [])


@pytest.mark.parametrize(
    ("name", "written", "language", "is_name", "known_in", "expected"),
    [
        pytest.param("Szeged", "szegedi", "hu", False, (), False, id="frequent there"),
        pytest.param("Roku", "roku", "cs", False, (), True, id="a word"),
        pytest.param("Roku", "roku", "cs", True, ("cs",), False, id="listed there as a name"),
        pytest.param("Roku", "roku", "cs", True, ("pl",), True, id="listed elsewhere"),
    ],
)
def test_what_lists_have_as_a_name_has_its_forms(
    name: str,
    written: str,
    language: str,
    is_name: bool,
    known_in: tuple[str, ...],
    expected: bool,
) -> None:
    known = frozenset(known_in)
    slot = Slot(frozenset({1}), 1, written=name, is_name=is_name, known_in=known)
    assert is_no_form(written, 4, f"Das {written}", slot, language, ["en"]) is expected


@pytest.mark.parametrize(("word", "language"), [("Меркель", "ru"), ("Меркел", "bg")])
def test_a_known_name_is_no_spelling_of_another(word: str, language: str) -> None:
    assert not _found("Merck", word, language)
    assert _found("Merck", "Мерк", language)
    assert _found("Merkel", word, language)


@pytest.mark.parametrize(
    ("name", "word"), [("Putin", "Путина"), ("Netanjahu", "Нетаньяху"), ("Makron", "Макрону")]
)
def test_a_known_name_is_found_in_its_cases_by_whoever_spells_it(name: str, word: str) -> None:
    assert _found(name, word, "ru")


@pytest.mark.parametrize(
    ("name", "written", "language", "is_name"),
    [
        ("Bongostna", "버나스톤에", "ko", False),
        ("Burnaston", "버나스톤에", "ko", True),
        ("Voukoudor", "부과될", "ko", False),
        ("Zorkhit", "صرحت", "ar", False),
        ("Zorica", "زوريكا", "ar", True),
        ("Jorkchit", "সুরক্ষিত", "bn", False),
        ("Bellenglise", "বেলেঙ্গ্লিস", "bn", True),
    ],
)
def test_a_name_is_written_with_the_letters_that_write_names(
    name: str, written: str, language: str, *, is_name: bool
) -> None:
    assert _found(name, written, language) is is_name
