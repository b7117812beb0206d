"""Names sound as a chain of replacements has it, however many are heard at once."""

import re
from zlib import crc32

import pytest
from anyascii import anyascii
from hypothesis import given
from hypothesis import strategies as st

from ingester.stories import names
from ingester.stories.names import LEAST, HanNames, Sounds, foreign_runs
from ingester.stories.signs import Told
from rules.languages.phonemes import han_sounds

SOUNDS = Sounds()
LETTERS = st.characters(exclude_categories=()) | st.sampled_from(
    "abcdfghjkpqstvwxyzß界éЩءوאוμπウィチッं"
)


def bones(word: str) -> str:
    """What is left of a name, one replacement after the other."""
    word = names._LABIAL.sub("b", word)
    latin = [names._SPELLED.get(letter, anyascii(letter)) for letter in word]
    for at, letter in enumerate(word):
        if "라" <= letter < "마":
            latin[at] = "r" + latin[at][1:]
    letters = re.sub("[^a-z]", "", "".join(latin).lower())
    if len(letters) < LEAST:
        return ""
    for written, sound in names._SOUNDS:
        letters = letters.replace(written, sound)
    letters = re.sub("[aeiouyhw]+", "", re.sub("^(?=[aeiouy])", "_", letters))
    letters = re.sub(r"(.)\1+", r"\1", letters)
    return letters if len(letters) >= LEAST else ""


@given(st.lists(st.text(LETTERS, max_size=12)))
def test_names_are_told_by_their_consonants(words: list[str]) -> None:
    wanted = [bones(word) for word in words]
    assert SOUNDS.bones(words) == wanted
    signs = [crc32(f"k{each}".encode()) & ~3 | Told.NAME if each else 0 for each in wanted]
    assert SOUNDS.signs(words).tolist() == signs


@pytest.mark.parametrize(
    "every",
    [
        "Marconi ماركوني מרקוני Маркони Μαρκόνι मारकोनी",
        "Lumumba لومومبا לומומבה Лумумба",
        "Orsini أورسيني אורסיני Орсини Ορσίνι ओर्सिनी オルシーニ",
        "Curbato كورباتو קורבטו Курбато Κουρμπάτο",
        "Martini مارتيني מרטיני マルティーニ マルチーニ",
        "Watanabe واتانابي Βατανάμπε",
        "Matteson ماتيسون マッテソン",
        "Santini सांतीनी সাংতিনি",
        "Wiesen ウィーゼン",
        "Ravnik רווניק Равник",
        "Kestrel 케스트럴",
        "Telegram 텔레그램 Телеграм",
        "Rotterdam 로테르담 ロッテルダム",
        "Trump 트럼프 Трамп",
    ],
)
def test_a_name_sounds_alike_in_all_scripts(every: str) -> None:
    heard = SOUNDS.bones(every.split())
    assert len(set(heard)) == 1, heard
    assert heard[0]


@pytest.mark.parametrize(
    ("katakana", "latin"),
    [
        ("ケストレル", "Kestrel"),
        ("ゼレンスキー", "Zelensky"),
        ("トランプ", "Tranp"),
        ("ミネラルズ", "Minerals"),
    ],
)
def test_what_katakana_write_alike_is_heard_with_an_r_and_with_an_l(
    katakana: str, latin: str
) -> None:
    runs = foreign_runs(f"米{katakana}社の")
    assert {written for written, _ in runs} == {katakana}
    heard = SOUNDS.bones([each for _, each in runs])
    assert SOUNDS.bones([latin])[0] in heard
    assert len(heard) == len(set(heard))


@pytest.mark.parametrize(
    ("text", "latin"),
    [
        ("副总统奥列格·马尔科夫辞职", "Oleg"),
        ("副总统奥列格·马尔科夫辞职", "Markov"),
        ("理查德·坎贝尔以微弱优势获胜", "Campbell"),
        ("“卡拉瓦尔”号渡轮触礁", "Karavar"),
    ],
)
def test_names_of_foreigners_are_heard_in_han_characters(text: str, latin: str) -> None:
    heard = [SOUNDS.bones([each])[0] for _, each in HanNames(han_sounds()).runs(text)]
    assert SOUNDS.bones([latin])[0] in heard


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("总统席琳达·卡特尔以微弱优势获胜", ["琳达", "卡特尔"]),
        ("阿里巴巴和马德里", []),
        ("“和平”协议", []),
    ],
)
def test_only_dots_and_quotes_show_where_a_name_is(text: str, runs: list[str]) -> None:
    found = dict(HanNames(han_sounds()).runs(text))
    assert [*found] == runs
    assert not HanNames({}).runs(text)
