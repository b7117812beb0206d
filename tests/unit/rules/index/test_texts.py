"""Texts read by native code are what the analysis says, and each has one number."""

from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.neighbours import neighbours_of
from rules.index.anchors import text_of
from rules.index.memory.engine import Engine
from rules.index.term_table import _SLOT
from rules.index.texts import Counting, Texts, Written
from rules.matcher import RuleMatcher
from storage.model import Variant
from storage.variant_groups import BEFORE_EACH, BEHIND_LANGUAGE, each_of, languages_of
from tests.builders import a_rule, a_source, an_article

LANGUAGES = ("en", "de", "vi", "zh", "ja", "ar", "hi", "ko", "ru", "th", "")
WRITTEN = (
    *("rail", "Rail", "Oslo", "Zürich", "Straßenbahn", "G20", "U.N.", "FN:s", "it", "IT", "e-mail"),
    *("climate change", "Hoà Bình", "hòa bình", "đường sắt", "cyber security law", "die Bahn"),
    *("Baden Baden", "Le Pen", "rail and road", "one two three four", "OConnor's", "Ångström"),
    *("気候変動", "パリ協定", "カタカナ ゴ", "公约 公", "EU加盟", "HIV에", "기후", "기후 변화"),
    *("जलवायु", "تغير المناخ", "צה״ל", "การเปลี่ยนแปลง", "ἀρχή", "ἀρχή νέα", "…", "-", "", "😀"),
    *("a\u0301b", "x" * 300, "Nghiêng nghiếng", "rail\x1eroad", "\x1e"),
    *("N.K. rail", "צה״ל אש", "ሰላም", "ሰላም ነው", "τιμὴ δόξα", "中 rail", "rail 2030", "Ａｂ ｃ"),
)  # fmt: skip


def number_of(texts: Texts, written: Written) -> int:
    """The number that a text has by what the analysis says of it."""
    language, text, as_written = written
    said = text_of(text, language, as_written=as_written)
    return texts.of_terms([said])[hash(said)]


def said(variants: list[tuple[str, str]]) -> str:
    """What a group says, as variants are saved: without what would part them."""
    each = (f"{of}{BEHIND_LANGUAGE}{text.replace(BEFORE_EACH, ' ')}" for of, text in variants)
    return BEFORE_EACH + "".join(f"{one}{BEFORE_EACH}" for one in each)


def filed(groups: list[tuple[str, bool]], counting: Counting, texts: Texts | None = None) -> Texts:
    """Texts of which groups answer slots in some languages."""
    texts = texts or Texts(Engine())
    texts.learn_groups(groups)
    told = ((_SLOT, slot, 1, 1, 0, slot) for slot in range(len(groups)))
    texts._engine.tell("learn_terms", [*chain.from_iterable(told)])
    texts.file_slots(0, len(groups), counting)
    return texts


def numbered(texts: Texts, every: list[Written]) -> list[int]:
    """The numbers of texts, each in a group by itself; of no groups before these."""
    groups = [(said([(each.language, each.text)]), each.as_written) for each in every]
    found = filed(groups, Counting.in_texts_of(""), texts).known(every)
    return [number for number in found if number is not None]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("as_written", [False, True])
def test_a_text_is_read_as_the_analysis_reads_it(language: str, as_written: bool) -> None:
    texts = Texts(Engine())
    every = [Written(language, text, as_written) for text in WRITTEN]
    found = numbered(texts, every)
    assert found == [number_of(texts, each) for each in every]
    assert len(texts.letters) == len(set(found))


_PARTS = st.sampled_from([*WRITTEN, *"abcÄçñıĐơạΣςйآא한가ア中 -.'’&·\u0300\u0e31"])
_TEXTS = st.lists(_PARTS, max_size=5).flatmap(
    lambda parts: st.sampled_from(["", " ", "-"]).map(lambda between: between.join(parts))
)


@given(
    st.lists(st.builds(Written, st.sampled_from(LANGUAGES), _TEXTS, st.booleans()), max_size=5),
    st.booleans(),
)
def test_whoever_comes_first_texts_that_say_the_same_have_one_number(
    every: list[Written], analysed_first: bool
) -> None:
    texts = Texts(Engine())
    expected = [number_of(texts, each) for each in every] if analysed_first else []
    found = numbered(texts, every)
    assert found == (expected or [number_of(texts, each) for each in every])


def test_of_each_text_it_is_known_how_long_its_longest_word_is() -> None:
    texts = Texts(Engine())
    numbers = numbered(
        texts, [Written("en", each) for each in ("rail", "rail strikes", "x" * 300, "Baden Baden")]
    )
    assert [texts.letters[each] for each in numbers] == [4, 7, 255, 5]


def test_words_of_terms_have_their_numbers_though_few_are_remembered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("rules.index.texts._MOST_REMEMBERED", 2)
    texts = Texts(Engine())
    rail, road, strike, bus = (text_of(each, "en") for each in ("rail", "road", "strike", "bus"))
    assert texts.of_terms([rail, road]) == {hash(rail): 0, hash(road): 1}
    assert texts.of_terms([road, strike, bus]) == {hash(road): 1, hash(strike): 2, hash(bus): 3}
    assert set(texts._own) == {hash(road), hash(strike), hash(bus)}


def test_who_asks_what_is_known_adds_nothing() -> None:
    texts = Texts(Engine())
    (rail,) = numbered(texts, [Written("en", "rail")])
    asked = [Written("en", each) for each in ("rail", "road", "rail road", "rail and road")]
    assert texts.known(asked) == [rail, None, None, None]
    assert len(texts.letters) == 1


_SAID = st.lists(st.tuples(st.sampled_from((*LANGUAGES, "nb", "da")), _TEXTS), max_size=4)


@given(st.lists(st.tuples(_SAID.map(said), st.booleans()), max_size=4), st.sampled_from(LANGUAGES))
def test_of_groups_those_texts_have_numbers_that_count_in_a_language(
    groups: list[tuple[str, bool]], language: str
) -> None:
    texts = filed(groups, Counting.in_texts_of(language))
    count = len(texts.letters)
    expected = [
        number_of(texts, Written(of, text, as_written))
        for said, as_written in groups
        for of, text in each_of(said)
        if BEHIND_LANGUAGE in said and (not language or of in neighbours_of(language))
    ]
    assert set(expected) == {*range(count)}


@given(st.lists(_SAID.map(said), max_size=4))
def test_of_groups_it_is_told_in_which_languages_they_are(groups: list[str]) -> None:
    texts = Texts(Engine())
    told = [texts.learn_groups([(each, False) for each in some])[1] for some in (groups, groups)]
    assert told == 2 * [[languages_of(said) - {""} for said in groups]]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        *(
            ("en", "house of cards"),
            ("en", "House of Cards"),
            ("en", "The House"),
            ("en", "of the"),
        ),
        *(("en", "vitamin d"), ("en", "d and vitamin"), ("en", "IT and WHO"), ("en", "It And Who")),
        *(
            ("en", "Ocean's of eleven"),
            ("en", "the-house of"),
            ("en", "al-Sharaa the"),
            ("en", "A"),
        ),
        *(
            ("fr", "ministre de l'eau"),
            ("fr", "ministre de l’eau"),
            ("fr", "Le Pen"),
            ("fr", "à ÇA"),
        ),
        *(
            ("pt", "O'Connell do Mar"),
            ("pl", "Anna O’Ébra i O'x"),
            ("es", "o O'Hara y O-Hara"),
        ),
        *(("pl", "Program Ds Wody"), ("pl", "do Rady"), ("no", "fisk og båt"), ("NB-no", "Og båt")),
        *(
            ("de", "Frei-und-Zeit"),
            ("de", "und-frei"),
            ("de", "DIE Zeit ist"),
            ("vi", "của the có"),
        ),
        *(
            ("ru", "мир и МИД"),
            ("ru", "И мир"),
            ("el", "το Νερό"),
            ("xx", "the of"),
            ("xx", "the fog"),
        ),
        *(
            ("ar", "من الماء"),
            ("he", "של מים"),
            ("hi", "पानी का"),
            ("ko", "물 및 불"),
            ("zh", "的 水 of"),
        ),
        *(
            ("sv", "it-brott i skola"),
            ("sv", "fem:s och"),
            ("sv", "och"),
            ("sv", "Och Och och och"),
        ),
    ],
)
def test_small_words_are_left_out_as_the_analysis_leaves_them_out(language: str, text: str) -> None:
    texts = filed([(said([(language, text)]), False)], Counting.in_texts_of(language))
    assert len(texts.letters) == 1
    assert number_of(texts, Written(language, text)) == 0


def test_groups_are_the_more_common_the_shorter_the_longest_words_of_their_texts_are() -> None:
    texts = Texts(Engine())
    pairs = [("en", "rail strike"), ("zh", "罢工"), ("sv", "x" * 300), ("de", "")]
    groups = [(said(pairs), False), (said([]), True), (said(pairs[1:2]), False)]
    common, languages = texts.learn_groups(groups)
    assert common == [2**-6 + 2**-2 + 2**-63 + 1, 0.0, 2**-2]
    assert languages == [{"en", "zh", "sv", "de"}, set(), {"zh"}]
    assert texts.learn_groups([]) == ([], [])


def test_groups_may_have_hundreds_of_languages_and_long_texts() -> None:
    codes = [f"{one}{other}" for one in "bcdfghjklmnpqrstvwxz" for other in "bcdfghjklmnpqxz"]
    pairs = [(of, of * number) for number, of in enumerate(codes, 1)]
    for of, text in (pairs[0], pairs[200], pairs[-1]):
        counting = Counting([0, len(of), *map(ord, of)], others=False)
        texts = filed([(said(pairs), False)], counting)
        assert len(texts.letters) == 1
        assert number_of(texts, Written(of, text)) == 0


@pytest.mark.parametrize("kind", ["translation", "name"])  # in its language, and in all
def test_what_python_reads_of_several_rules_answers_each_as_it_is_meant(kind: str) -> None:
    called = {"quarrel": "N.K. rail", "dispute": "M.T. road", "row": "B.D. ship"}
    variants = {of: Variant(language="sv", text=text, kind=kind) for of, text in called.items()}
    matcher = RuleMatcher(a_rule(of, id=of, variants=(each,)) for of, each in variants.items())
    for of, text in called.items():
        article = an_article("Untitled", text=f"x {text} y", language="sv")
        assert [match.rule_id for match in matcher.matches(article, a_source())] == [of]
