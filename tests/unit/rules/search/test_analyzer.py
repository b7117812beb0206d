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
    return set(analysed.split(" ")) - {"x", "^x"}


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Hà Nội, Đà Nẵng", "vi", {"ha", "noi", "da", "nang"}),
        ("河內公約。", "zh", {"河内", "内公", "公约", "约"}),
        ("約", "zh", {"约"}),
        ("ฮานอย", "th", {"ฮา", "าน", "นอ", "อย", "ย"}),
        ("The U.S. doesn't", "en", {"the", "us", "doesn", "t", "doesnt"}),
        ("cyber-security / C++", "en", {"cyber", "security", "cybersecurity", "c"}),
        ("Järnvägsstrejken", "sv", {"jarnvagsstrejken", "~nekjertssgav"}),
        ("Railwaymen", "en", {"railwaymen"}),
        ("הNATO", "he", {"הnato", "nato"}),
        ("ﷺ ⑴ ゛か", "", {"صلياللهعليهوسلم", "1", "゙か", "か"}),
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


def test_an_article_of_too_many_tokens_keeps_what_fits() -> None:
    letters = [chr(0x20000 + number) for number in range(40_000)]
    text = "".join(letters + letters[::2] + letters[1::2])
    analysed = Analyser()(an_article("x", text=text * 3, id="a"))
    assert len(analysed.encode()) <= 1_000_000
    assert len(analysed.split(" ")) > 70_000


def test_a_piece_of_text_is_the_same_whether_it_was_seen_before() -> None:
    analyser = Analyser()
    article = an_article("Đường-sắt", text="L'Été, l'été; d'été d’été", language="fr", id="a")
    assert set(analyser(article).split()) == set(analyser(article).split()) >= {"lete", "dete"}


SAMPLE = (
    "Việt Nam's đường sắt — Straße ŁÓDŹ İstanbul ΑΘΉΝΑ Ёлка דו\"ח האנוי اتفاقيّة ＡＢＣ １２３ ½ "
    "aзил "
    "한국어 カタカナ ﾊﾟ ひらがな 漢字 臺灣 ไทย ລາວ မြန်မာ ខ្មែរ देवनागरी தமிழ் O'Brien A.B.C. e-mail x_y"
)


PIECES = strategies.one_of(
    strategies.sampled_from(SAMPLE.split()),
    strategies.text(strategies.sampled_from(SAMPLE), max_size=6),
    strategies.text(strategies.characters(exclude_categories=["Cs"]), max_size=8),
    strategies.text(strategies.sampled_from("ab1ב٣ाか漢ーß'’.-·&\"_,\u0301\u200d"), max_size=8),
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


def test_who_changes_the_tokens_changes_their_version() -> None:
    """Else the index of a database would keep tokens that nobody looks up."""
    by_language = [" ".join(sorted(tokens(SAMPLE, language))) for language in ("", "sv", "he")]
    digest = hashlib.sha256("\n".join(by_language).encode()).hexdigest()[:16]
    assert {VERSION: digest} == {"2": "d6e7d019b936fb43"}
