"""Case, tones and stop words as evidence: when the same letters are another word."""

from collections.abc import Collection
from dataclasses import replace

import pytest

from monitor.lexicons.packed import packed_news
from rules.evaluate.surroundings import surroundings_of
from rules.lexicons.api import Form
from rules.lexicons.news import NewsLexicon
from rules.matcher import RuleMatcher, by_brute_force
from rules.query.terms import content
from rules.text.folding import differs_in_marks, fold, is_other_word, settled
from storage.model import Variant
from tests.builders import a_rule, a_source, an_article, with_variants


class Places:
    """Knows one place, as a list of names would."""

    def __init__(self, name: str, elsewhere: str) -> None:
        self._name, self._elsewhere = name, elsewhere

    def languages(self, term: str, among: Collection[str] = ()) -> Collection[str]:
        return ()

    def forms(self, term: str, written_in: Collection[str] = ()) -> list[Form]:
        """Return the place's other name."""
        return [Form("", self._elsewhere, "a list", kind="name")] if term == self._name else []


def found(query: str, title: str, language: str, *, place: str = "") -> bool:
    rule = with_variants(a_rule(query), Places(query, place)) if place else a_rule(query)
    article = an_article(title, text="", language=language)
    return bool(RuleMatcher([rule]).matches(article, a_source()))


@pytest.mark.parametrize(
    ("title", "language", "expected"),
    [
        pytest.param("Lima wakes without water", "en", True, id="as a name"),
        pytest.param("WATER RETURNS TO LIMA", "en", True, id="all in capitals"),
        pytest.param("Pollo con lima y sal", "es", False, id="in lower case another word"),
        pytest.param("water returns to lima", "en", True, id="a text without capitals"),
        pytest.param("Die Klima AG", "de", False, id="no other word ends in a name"),
    ],
)
def test_the_case_of_a_known_name_is_evidence(title: str, language: str, expected: bool) -> None:
    assert found("Lima", title, language, place="Лима") is expected


_SMALL = "i ministri si vedono a vienna. la riunione dura due giorni e finisce domani."


@pytest.mark.parametrize(
    ("acronym", "text", "expected"),
    [
        pytest.param("OPEC", f"la opec riduce le quote. {_SMALL}", True, id="no capitals at all"),
        pytest.param("OPEC", "la opec riduce le quote", False, id="too short to need any"),
        pytest.param("OPEC", f"La opec riduce le quote. {_SMALL}", False, id="one elsewhere"),
        pytest.param("NATO", f"un bambino nato ieri. {_SMALL}", False, id="a word of the language"),
    ],
)
def test_an_acronym_may_be_small_where_nothing_is_a_capital(
    acronym: str, text: str, expected: bool
) -> None:
    article = an_article("", text=text, language="it")
    rule = a_rule(acronym, written_in=("en",))
    assert bool(RuleMatcher([rule]).matches(article, a_source())) is expected


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        pytest.param("carnevale a colonia", _SMALL, True, id="no capitals at all"),
        pytest.param("una colonia di gabbiani", "", False, id="too short to need any"),
        pytest.param(
            "una colonia di gabbiani", _SMALL[0].upper() + _SMALL[1:], False, id="in text"
        ),
        pytest.param("una casa sul mare", _SMALL, False, id="a word of the language"),
    ],
)
def test_a_listed_name_may_be_small_where_nothing_is_a_capital(
    title: str, text: str, expected: bool
) -> None:
    listed = "Casa" if "casa" in title else "Colonia"
    variant = Variant(language="it", text=listed, of="", kind="name", score=0.92)
    rule = a_rule("something else", variants=(variant,))
    article = an_article(title, text=text, language="it")
    assert bool(RuleMatcher([rule]).matches(article, a_source())) is expected


@pytest.mark.parametrize(
    ("title", "expected"), [("Gaza da Isra'ila", True), ("Gaza da isra'ila", False)]
)
def test_what_is_small_in_a_listed_name_may_be_small(title: str, expected: bool) -> None:
    variant = Variant(language="ha", text="Isra'ila", of="", kind="name", score=0.92)
    rule = a_rule("something else", variants=(variant,))
    article = an_article(title, text="A Gabas ta Tsakiya.", language="ha")
    assert bool(RuleMatcher([rule]).matches(article, a_source())) is expected


def test_a_topic_written_with_a_capital_is_found_in_lower_case() -> None:
    assert found("Inflation", "Why inflation is back", "en")


def test_an_adjective_made_of_a_known_name_counts_in_lower_case() -> None:
    assert found("Genève", "Un juge genevois", "fr", place="Женева")
    assert not found("Lima", "Tres limas verdes", "es", place="Лима")


@pytest.mark.parametrize(
    ("one", "other"),
    [("hoà", "hòa"), ("Hoà", "Ho\u0300a"), ("thuý", "thúy"), ("khoẻ", "khỏe")],
)
def test_vietnamese_tones_may_stand_in_the_old_or_the_new_place(one: str, other: str) -> None:
    assert fold(one) == fold(other)
    assert settled(one) == settled(other)
    assert found(f"={one}", f"{other} bên", "vi")
    assert found(f'"{one}"', f"{other} bên", "vi")


def test_another_tone_is_another_word_but_no_tone_is_not() -> None:
    assert differs_in_marks("Họa", "Hòa")
    assert not found("Hòa Bình", "Họa Bình nói", "vi")
    assert found("Hòa Bình", "Hoa Binh noi", "vi")
    assert found("Hoa Binh", "Hòa Bình nói", "vi")


@pytest.mark.parametrize(
    ("listed", "language", "written", "expected"),
    [
        pytest.param("самолёт", "ru", "Самолет сел", True, id="Russian without ё"),
        pytest.param("самолет", "ru", "Самолёт сел", True, id="Russian with ё"),
        pytest.param("poliție", "ro", "Poliţie la fața locului", True, id="Romanian with cedilla"),
        pytest.param("נאט״ו", "he", 'נאט"ו הודיעה', True, id="Hebrew with a plain quote"),
        pytest.param("נאט״ו", "he", "נאטו הודיעה", True, id="Hebrew without a quote"),
        pytest.param("σεισμός", "el", "ΣΕΙΣΜΟΣ ΤΩΡΑ", True, id="Greek in capitals"),
        pytest.param("σεισμός", "el", "ισχυρος σεισμος τωρα", True, id="Greek typed in haste"),
        pytest.param("νόμος", "el", "νομός Αττικής", False, id="Greek: a law, a county"),
        pytest.param("lợn", "vi", "gia lợn hơi", True, id="a Vietnamese syllable"),
        pytest.param("lợn", "vi", "thanh pho lon", False, id="it may be any other without marks"),
        pytest.param("thịt lợn", "vi", "gia thit lon", True, id="two say enough"),
        pytest.param("Đức", "vi", "bong da Duc", True, id="as a name does"),
        pytest.param("أمن", "ar", "امن قومي", True, id="Arabic without hamza"),
        pytest.param("آتش", "fa", "اتش در بندر", True, id="Persian without madda"),
        pytest.param("sértés", "hu", "A sertés ára", False, id="Hungarian: an offence, a pig"),
    ],
)
def test_a_listed_word_may_be_written_with_the_same_letters_in_another_way(
    listed: str, language: str, written: str, expected: bool
) -> None:
    variant = Variant(language=language, text=listed, of="", kind="word", score=0.92)
    rule = a_rule("something else", variants=(variant,))
    article = an_article(written, text="", language=language)
    assert bool(RuleMatcher([rule]).matches(article, a_source())) is expected


@pytest.mark.parametrize(
    ("keyword", "counted"),
    [
        ("To Lam", ["To", "Lam"]),
        ("Vo Van Thuong", ["Vo", "Van", "Thuong"]),
        ("Le Pen", ["Le", "Pen"]),
        ("The Hague", ["Hague"]),
        ("Ahmad al-Sharaa", ["Ahmad", "Sharaa"]),
        ("al-Qaeda", ["al", "Qaeda"]),
        ("Bank Of England", ["Bank", "England"]),
        ("UN Office on Drugs and Crime", ["UN", "Office", "Drugs", "Crime"]),
        ("war crimes", ["war", "crimes"]),
        ("prisoner of war camp", ["prisoner", "war", "camp"]),
        ("health care reform", ["health", "care", "reform"]),
        ("van attack", ["van", "attack"]),
        ("May elections", ["May", "elections"]),
        ("elections may fail", ["elections", "fail"]),
        ("ministerie van defensie", ["ministerie", "defensie"]),
        ("Krieg war gestern", ["Krieg", "gestern"]),
        ("krig på Balkan", ["krig", "Balkan"]),
        ("Hilfe für Ukraine", ["Hilfe", "Ukraine"]),
        ("νόμος για την ευθανασία", ["νόμος", "ευθανασία"]),
        ("fur farm", ["fur", "farm"]),
        ("polícia de São Paulo", ["polícia", "São", "Paulo"]),
        ("são tomé", ["são", "tomé"]),
        ("fête en été", ["fête", "été"]),
        ("las płonie", ["las", "płonie"]),  # no Spanish letters
        ("las dueñas", ["dueñas"]),
        ("su Łódź", ["Łódź"]),  # which no language of water writes
        ("ia en las aulas", ["ia", "aulas"]),  # ia says little
        ("most zawalił się", ["most", "zawalił", "się"]),
        ("most read book", ["read", "book"]),
        ("iş birliği", ["iş", "birliği"]),
        ("bei ya mafuta", ["bei", "mafuta"]),
        ("Bericht bei Tisch", ["Bericht", "Tisch"]),
        ("règle d'or", ["règle", "or"]),
        ("tài trợ", ["tài", "trợ"]),
    ],
)
def test_small_words_count_where_they_belong_to_a_name(keyword: str, counted: list[str]) -> None:
    assert [word.text for word in content(keyword)] == counted


def test_the_stem_of_a_name_may_be_short_where_names_take_endings() -> None:
    assert found("Рим", "В Риме прошли выборы", "ru")
    assert not found("Рим", "По риму гуляют", "ru")
    assert not found("Rom", "Romer Zoo", "en")


@pytest.mark.parametrize(
    ("query", "title", "expected"),
    [
        pytest.param("supreme court", "A court in Hull, supreme", False, id="a clause ends"),
        pytest.param("supreme court", "The court praised supreme effort", False, id="a verb"),
        pytest.param("supreme court", "Supreme appeals court sits", True, id="in its order"),
        pytest.param("Oslo Convention", "A convention signed in Oslo", True, id="a small word"),
    ],
)
def test_a_text_in_the_language_of_a_rule_turns_no_words_around_another(
    query: str, title: str, expected: bool
) -> None:
    rule = replace(a_rule(query), written_in=("en",))
    article = an_article(title, text="", language="en")
    assert bool(RuleMatcher([rule]).matches(article, a_source())) is expected


def test_its_own_language_does_not_turn_a_known_name() -> None:
    rule = replace(
        with_variants(a_rule("North Korea"), NewsLexicon(packed_news)), written_in=("en",)
    )
    for title, expected in (("Korea fans in North London", False), ("North Korea fires", True)):
        article = an_article(title, text="", language="en")
        assert bool(RuleMatcher([rule]).matches(article, a_source())) is expected


@pytest.mark.parametrize(
    ("name", "title", "language", "expected"),
    [
        pytest.param("Putin", "Слова Путина", "ru", True, id="in other letters"),
        pytest.param("Путин", "Putin travels", "en", True, id="the other way"),
        pytest.param("Modi", "Визит Моди", "ru", True, id="four letters that sound the same"),
        pytest.param("Khan", "Песни Канье", "ru", False, id="four letters that do not"),
        pytest.param("Costa", "Kosten steigen", "de", False, id="the same letters"),
        pytest.param("Stubb", "Чтобы жить", "ru", False, id="a common word begins a sentence"),
    ],
)
def test_a_brief_name_is_heard_only_where_other_letters_are_written(
    name: str, title: str, language: str, expected: bool
) -> None:
    rule = replace(a_rule(name), written_in=("ru",) if name == "Путин" else ("en",))
    article = an_article(title, text="", language=language)
    assert bool(RuleMatcher([rule]).matches(article, a_source())) is expected


BYLA = Variant(language="lt", text="byla", of="Process", kind="word", score=0.92)


def test_one_word_of_a_text_never_answers_two_words_of_a_rule() -> None:
    rule = a_rule("Bali Process", variants=(BYLA,))
    article = an_article("Sala była pełna", text="", language="pl")
    assert not RuleMatcher([rule]).matches(article, a_source())


def test_a_word_that_a_rule_has_twice_must_stand_twice() -> None:
    assert found("Bora Bora", "Wind over Bora Bora", "en")
    assert found("Bora Bora", "Ветер над Бора-Бора", "ru")
    assert not found("Bora Bora", "The bora blows in Trieste", "en")
    assert not found("Bora Bora", "Бора дует", "ru")


@pytest.mark.parametrize(
    ("title", "language", "expected"),
    [
        pytest.param("Meer mensen met hiv in China", "nl", True, id="small in Dutch"),
        pytest.param("Antallet med hiv øker", "no", True, id="small in Norwegian"),
        pytest.param("Más casos de hiv en China", "es", False, id="not so in Spanish"),
        pytest.param("Meer hivpatienten in China", "nl", False, id="inside another word"),
    ],
)
def test_an_acronym_is_written_small_where_the_press_does_so(
    title: str, language: str, expected: bool
) -> None:
    assert found("HIV", title, language) is expected


@pytest.mark.parametrize(
    ("title", "language"),
    [("הודיע כי הNATO תומכת", "he"), ("المتحدث باسم الNATO قال", "ar")],
)
def test_an_acronym_is_found_behind_what_is_written_onto_it(title: str, language: str) -> None:
    assert found("NATO", title, language)


def test_an_acronym_that_spells_a_common_word_is_none_when_small() -> None:
    assert not found("MAN", "De man kwam met de trein", "nl")


@pytest.mark.parametrize(
    ("query", "title", "expected"),
    [
        pytest.param("training center", "नए ट्रेनिंग सेंटर में", True, id="borrowed together"),
        pytest.param("training center", "नए सेंटर में ट्रेनिंग", False, id="apart and turned"),
        pytest.param("training center", "नए ट्रेनिंग में", False, id="one of them alone"),
    ],
)
def test_words_that_a_language_borrows_together_count_side_by_side(
    query: str, title: str, expected: bool
) -> None:
    rule = with_variants(a_rule(query), NewsLexicon(packed_news))
    article = an_article(title, text="", language="hi")
    matches = RuleMatcher([rule]).matches(article, a_source())
    assert matches == by_brute_force([rule], article, a_source())
    assert bool(matches) is expected


@pytest.mark.parametrize(
    ("title", "language", "expected"),
    [
        pytest.param("کسانی که رأی دادند", "fa", False, id="people in Persian"),
        pytest.param("ایک کسان نے کہا", "ur", True, id="a farmer in Urdu"),
    ],
)
def test_a_neighbours_word_is_none_that_the_language_has_itself(
    title: str, language: str, expected: bool
) -> None:
    rule = with_variants(a_rule("farmer"), NewsLexicon(packed_news))
    article = an_article(title, text="", language=language)
    matches = RuleMatcher([rule]).matches(article, a_source())
    assert matches == by_brute_force([rule], article, a_source())
    assert bool(matches) is expected


@pytest.mark.parametrize(
    ("query", "title", "language", "expected"),
    [
        pytest.param("рынок", "Цены рынка", "ru", True, id="a long word with a short stem"),
        pytest.param("lakko", "Lakon jälkeen: lakon loppu", "fi", True, id="in Finnish"),
        pytest.param("суд", "Решение суда", "ru", True, id="a stem of three letters"),
        pytest.param("daň", "Zvýšení daní", "cs", True, id="likewise in Latin letters"),
        pytest.param("muž", "To může být", "cs", False, id="mostly a form of another word"),
        pytest.param("веко", "В начале века", "ru", False, id="frequent, where the word is not"),
        pytest.param("museum", "Det nya museet", "sv", True, id="Latin endings in Swedish"),
        pytest.param("embargo", "Efter embargot", "sv", True, id="behind a vowel"),
        pytest.param("договір", "Нового договору", "uk", True, id="a vowel that alternates"),
        pytest.param("Konto", "Viele Konten", "de", True, id="Italian ones in German"),
        pytest.param("महापूर", "महापुरामुळे नुकसान", "mr", True, id="what Marathi joins"),
    ],
)
def test_forms_of_a_keyword_in_its_own_language(
    query: str, title: str, language: str, expected: bool
) -> None:
    rule = replace(a_rule(query), written_in=(language,))
    article = an_article(title, text="", language=language)
    matches = RuleMatcher([rule]).matches(article, a_source())
    assert matches == by_brute_force([rule], article, a_source())
    assert bool(matches) is expected


@pytest.mark.parametrize(
    ("query", "title", "language", "expected"),
    [
        pytest.param("peace", "План мира", "ru", True, id="a stem of three letters"),
        pytest.param("war", "Kraj rata", "hr", True, id="an everyday form"),
        pytest.param("war", "Kraj rata", "bs", True, id="of a neighbour whose words it has"),
        pytest.param("husband", "To může být", "cs", False, id="mostly of another word"),
        pytest.param(
            "soil", "Kvalita půdy klesá", "cs", True, id="an everyday form of a rarer word"
        ),
        pytest.param("snake", "W ważnym meczu", "pl", False, id="an adjective that looks like one"),
        pytest.param("tax", "Nová daň z příjmů", "cs", True, id="small in another language"),
        pytest.param("tax", "Meer dan ooit", "nl", False, id="and there"),
        pytest.param("tax", "Meer dan ooit", "", False, id="or where no language is known"),
        pytest.param("bridge", "Novi most", "hr", True, id="English most is none"),
        pytest.param("bridge", "At most one", "", False, id="which a text may be"),
    ],
)
def test_short_and_small_words_of_lists_count_in_their_language(
    query: str, title: str, language: str, expected: bool
) -> None:
    rule = with_variants(a_rule(query), NewsLexicon(packed_news))
    article = an_article(title, text="", language=language)
    matches = RuleMatcher([rule]).matches(article, a_source())
    assert matches == by_brute_force([rule], article, a_source())
    assert bool(matches) is expected


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("貿易戰", "贸易战"),
        ("衞生", "卫生"),
        ("廣島", "広島"),
        ("самолёт", "самолет"),
        ("ازمة", "أزمة"),
        ("ایران", "إيران"),
        ("מִלְחָמָה", "מלחמה"),
        ("ﾊﾟﾘ協定", "パリ協定"),
        ("ΣΕΙΣΜΟΣ", "σεισμός"),
        ("SIĞINMA", "sığınma"),
        ("AİLE", "aile"),
        ("İltica", "iltica"),
        ("Işık", "ışık"),
        ("işık", "Işık"),
        ("ţară", "țară"),
        ("erõszak", "erőszak"),
    ],
)
def test_what_texts_write_in_two_ways_is_one_word(written: str, wanted: str) -> None:
    assert fold(written) == fold(wanted)
    assert not is_other_word(written, wanted)


@pytest.mark.parametrize(
    ("written", "wanted"),
    [("sértés", "sertés"), ("πότε", "ποτέ"), ("мой", "мои́"), ("bød", "böd"), ("kışı", "kişi")],
)
def test_a_word_with_other_accents_is_another(written: str, wanted: str) -> None:
    assert fold(written) == fold(wanted)
    assert is_other_word(written, wanted)


@pytest.mark.parametrize("text", ["貿易戰昨天開始", "贸易战昨天开始", "貿易戰爭"])
def test_what_a_list_has_is_found_in_both_kinds_of_chinese(text: str) -> None:
    variant = Variant(language="zh", text="贸易战")
    article = an_article("x", text=text, language="zh")
    assert RuleMatcher([a_rule("zzz", variants=(variant,))]).matches(article, a_source())


class _Unread(str):
    """A text of which nobody asks whether its letters have marks."""

    __slots__ = ()

    def isascii(self) -> bool:
        raise AssertionError("asked")


def test_marks_are_looked_for_where_they_make_other_words() -> None:
    texts = "Bầu cử", "in a month"

    assert surroundings_of("vi", texts).has_marks
    assert surroundings_of("", texts).has_marks
    assert not surroundings_of("vi", ("Bau cu", "in a month")).has_marks


@pytest.mark.parametrize("language", ["ar", "zh", "ru", "fr", "en"])
def test_no_letter_is_looked_at_where_they_make_none(language: str) -> None:
    """Looking took a third of a millisecond in a text of 3,000 letters that are not ASCII."""
    assert not surroundings_of(language, (_Unread("Bầu cử"), _Unread("выборы"))).has_marks
