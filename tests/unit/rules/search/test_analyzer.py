"""What the search index keeps of an article."""

import hashlib

import pytest
from hypothesis import given, strategies

from monitor.pipeline.indexing import VERSION
from rules.search.analyzer import TAIL, TITLE, Analyser, tokens_of
from rules.text.lookalikes import in_one_script
from tests.builders import an_article


def tokens(text: str, language: str = "", title: str = "x") -> set[str]:
    analysed = Analyser()(an_article(title, text=text, language=language, id="a"))
    return set(analysed.split()) - {"x", "^x"}


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Hà Nội, Đà Nẵng", "vi", {"ha", "noi", "da", "=đa", "nang"}),
        ("河內公約。", "zh", {"河内", "内公", "公约", "约"}),
        ("約", "zh", {"约"}),
        ("河內河南河內", "zh", {"河内", "内河", "河南", "南河", "内"}),
        ("河𠀀内公約", "zh", {"河𠀀", "𠀀内", "内公", "公约", "约"}),
        ("ฮานอย", "th", {"ฮา", "าน", "นอ", "อย", "ย"}),
        ("The U.S. doesn't", "en", {"the", "us", "doesn", "t", "doesnt"}),
        ("cyber-security / C++", "en", {"cyber", "security", "cybersecurity", "c"}),
        ("Järnvägsstrejken", "sv", {"jarnvagsstrejken", "~nekjertssgav"}),
        ("Railwaymen", "en", {"railwaymen"}),
        ("\ufb2a \u0958", "", {"ש", "=ש\u05c1", *tokens_of("\u0915\u093c", tails=False)}),
        ("הNATO", "he", {"הnato", "nato"}),
        ("ﷺ ⑴ ゛か", "", {"صلياللهعليهوسلم", "=ﷺ", "1", "゙か", "か"}),
        ("a" * 100, "en", {"a" * 40}),
        ("x" * 39 + "é" * 9, "", {"x" * 39 + "e"}),
        ("_ - . , 🚀", "", {"🚀"}),
        ("", "", set()),
    ],
)
def test_tokens_are_folded_words_and_pairs(text: str, language: str, expected: set[str]) -> None:
    assert tokens(text, language) == expected


def test_tokens_of_the_title_are_marked_too() -> None:
    analysed = tokens("", "sv", title="Hamnstrejken, 公约")
    assert analysed == {
        *("hamnstrejken", "^hamnstrejken", "~nekjertsnmah"),
        *("公约", "^公约", "约", "^约"),
    }


def lines_of(text: str, title: str = "x") -> dict[str, list[int]]:
    analysed = Analyser()(an_article(title, text=text, language="de", id="a"))
    found: dict[str, list[int]] = {}
    for number, line in enumerate(analysed.split("\n")):
        for token in dict.fromkeys(line.split()):
            found.setdefault(token, []).append(number)
    return found


def test_tokens_are_told_in_lines_of_64_letters() -> None:
    found = lines_of("one " * 17 + "two U.S. " * 16 + "three")
    assert found["x"] == found["^x"] == [0]
    assert (found["one"], found["two"], found["us"]) == ([0, 1], [1, 2, 3], [1, 2, 3])
    assert found["three"] == [3]
    assert lines_of("公" * 61 + "约法三章")["约法"] == [0]
    assert lines_of("公" * 62 + "约法三章")["约法"] == [1]


@pytest.mark.parametrize("joint", ["", "-"])
def test_a_long_word_or_piece_stands_in_each_line_that_it_touches(joint: str) -> None:
    found = lines_of("so " * 15 + "a" * 10 + joint + "b" * 200)
    word = "b" * 40 if joint else "a" * 10 + "b" * 30
    assert found[word] == found["~" + "b" * 12] == [0, 1, 2, 3, 4]


def test_a_piece_of_text_is_the_same_whether_it_was_seen_before() -> None:
    analyser = Analyser()
    article = an_article("Đường-sắt", text="L'Été, l'été; d'été d’été", language="fr", id="a")
    assert set(analyser(article).split()) == set(analyser(article).split()) >= {"lete", "dete"}


SAMPLE = (
    "Việt Nam's đường sắt — Straße ŁÓDŹ İstanbul ΑΘΉΝΑ Ёлка דו\"ח האנוי اتفاقيّة ＡＢＣ １２３ ½ "
    "aзил Хав’єр об'єкт 啓示 "
    "한국어 カタカナ ﾊﾟ ひらがな 漢字 臺灣 ไทย ລາວ မြန်မာ ខ្មែរ देवनागरी தமிழ் O'Brien A.B.C. e-mail x_y"
)


PIECES = strategies.one_of(
    strategies.sampled_from(SAMPLE.split()),
    strategies.text(strategies.sampled_from(SAMPLE), max_size=6),
    strategies.text(strategies.characters(exclude_categories=["Cs"]), max_size=8),
    strategies.text(strategies.sampled_from("ab1бяב٣ाか漢ーß'’.-·&\"_,\u0301\u200d"), max_size=8),
)


@given(
    strategies.lists(PIECES, max_size=4),
    strategies.lists(PIECES),
    strategies.sampled_from(["", "de"]),
)
def test_native_code_finds_what_reading_piece_by_piece_finds(
    title: list[str], text: list[str], language: str
) -> None:
    article = an_article(" ".join(title), text="\n".join(text), language=language, id="a")
    tails, expected = language == "de", set[str]()
    for piece in in_one_script(article.title).split():
        of_title = set(tokens_of(piece, tails=tails))
        expected |= of_title | {TITLE + token for token in of_title if token[0] != TAIL}
    for piece in in_one_script(article.text).split():
        expected |= set(tokens_of(piece, tails=tails))
    assert set(Analyser()(article).split()) == expected


def test_who_changes_the_tokens_or_their_lines_changes_their_version() -> None:
    """Else the index of a database would keep tokens that nobody looks up."""
    analyser = Analyser()
    said = [
        " ".join(sorted(line.split()))
        for language in ("", "sv", "he")
        for line in analyser(an_article("x", text=SAMPLE, language=language, id="a")).split("\n")
    ]
    digest = hashlib.sha256("\n".join(said).encode()).hexdigest()[:16]
    assert {VERSION: digest} == {"7": "b56dcdfb9db2b3c2"}
