"""Keywords are read word by word, with a verb and what belongs to it side by side."""

import pytest

from rules.query.parse import parse
from rules.query.tree import Keyword, Phrase
from rules.query.typed import as_read


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("大臣が辞任", "大臣 が 辞任"),
        ("北朝鮮がミサイルを発射", "北朝鮮 が ミサイル を 発射"),
        ("iPhoneが発売", "iPhone が 発売"),
        ("首相が辞める", "首相 が 辞める"),
        ("東京から大阪", "東京 から 大阪"),
        ("Gericht lehnt Antrag ab", "Gericht lehnt ab Antrag"),
        ("sagt Treffen ab", "sagt ab Treffen"),
        ("kabinet zegt hulp toe", "kabinet zegt toe hulp"),
        ("Bank hebt Zinsen an", "Bank hebt an Zinsen"),
    ],
)
def test_words_are_read_apart_and_verbs_whole(typed: str, read: str) -> None:
    assert as_read(typed) == read
    assert parse(typed) == Keyword(read, typed)


@pytest.mark.parametrize(
    "text",
    [
        "進撃の巨人",  # a name, which の belongs to
        "自由が丘駅",
        "霞が関",
        "母は強し",
        "ありがとう",
        "Minister tritt zurück",
        "Angriff auf Botschaft",
        "Reise nach Rom um",
        "police pull driver over",
        "rail strike",
        "中国经济",
    ],
)
def test_what_is_no_such_thing_is_read_as_it_is_typed(text: str) -> None:
    assert as_read(text) == text


@pytest.mark.parametrize(
    "typed", ["大臣が辞任", "Gericht lehnt Antrag ab", "大臣が辞任 AND (国会 OR 政府)"]
)
def test_a_query_is_written_as_it_was_typed(typed: str) -> None:
    query = parse(typed)
    assert str(query) == typed
    assert parse(str(query)) == query


def test_what_stands_in_quotes_is_left_as_it_is() -> None:
    assert parse('"大臣が辞任"') == Phrase("大臣が辞任")
