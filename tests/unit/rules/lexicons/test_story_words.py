"""Words that stories alone know: how they are read, and that their files are sound."""

import unicodedata
from pathlib import Path

import pytest

from rules.data.tables import languages, primary
from rules.lexicons import news_source, story_words
from rules.lexicons.news import packed_from_lines
from rules.lexicons.news_source import BETWEEN, Concept, number_of
from rules.lexicons.story_words import WORD, commonplaces, joined
from tests.places import ROOT

FOLDER = ROOT / "rules" / "data" / "story_words"
LEXICON = ROOT / "rules" / "data" / "lexicon"
FILES = sorted(FOLDER.glob("*.tsv"))
LEAST_LANGUAGES = 2


def test_a_concept_gets_the_forms_of_its_id_and_stays_what_it_is() -> None:
    arrest = Concept("arrest", "noun", "-", {"en": ("arrest",), "de": ("Festnahme",)})
    verb = Concept("arrest", WORD, "-", {"en": ("arrest", "arrested"), "fr": ("arrêté",)})
    say = Concept("say", WORD, "-", {"en": ("say",)})
    forms = {"en": ("arrest", "arrested"), "de": ("Festnahme",), "fr": ("arrêté",)}
    assert joined([arrest], [verb, say]) == [arrest._replace(forms=forms), say]


def test_files_add_up_but_for_what_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.tsv").write_text("# id\ten\tde\nsay\tsay | said\t-\n", encoding="utf-8")
    (tmp_path / "b.tsv").write_text("# id\tde\tfr\nsay\tsagen\t\n", encoding="utf-8")
    (tmp_path / "left_out.txt").write_text("march-month\n", encoding="utf-8")
    monkeypatch.setattr(story_words, "folder", lambda: tmp_path)
    march = Concept("march-month", "noun", "the month", {"en": ("~March",)})
    (say,) = joined([march], story_words.lines())
    assert say == Concept("say", WORD, "-", {"en": ("say", "said"), "de": ("sagen",)})


def test_no_rule_looks_for_them() -> None:
    news = packed_from_lines()
    assert "warnen" in dict(_forms_of("warning"))["de"]
    assert news.named("warnen", ["de"]) == []
    assert "warnen" not in {
        form for named in news.named("warning") for form in named.concept.forms["de"]
    }


def _forms_of(id_: str) -> list[tuple[str, tuple[str, ...]]]:
    return [each for line in story_words.lines() if line.id == id_ for each in line.forms.items()]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_is_sound(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.endswith("\n")
    assert unicodedata.is_normalized("NFC", text)
    header, *lines = (line.split("\t") for line in text.splitlines())
    assert header[0] == "# id"
    assert [code for code in header[1:] if primary(code) not in languages()] == []
    assert len({*header}) == len(header)
    assert [line for line in lines if len(line) != len(header)] == []
    ids = [line[0] for line in lines]
    assert len({*ids}) == len(ids)
    forms = [form for line in lines for cell in line[1:] for form in cell.split(BETWEEN)]
    assert [form for form in forms if form != form.strip() or "|" in form] == []


def test_each_word_is_known_in_several_languages() -> None:
    """Else no article in another language could share it."""
    known = joined([], story_words.lines())
    news = packed_from_lines()
    lexicon = {news.concept(number).id for number in range(len(news))}
    alone = [
        each.id for each in known if len(each.forms) < LEAST_LANGUAGES and each.id not in lexicon
    ]
    assert alone == []


def test_commonplaces_are_in_the_lexicon_each_once() -> None:
    *others, callings, places = commonplaces()
    every = [number for numbers in others for number in numbers]
    assert len(every) == len({*every})
    assert len(callings) == len({*callings})
    assert {*places} < {*commonplaces().naming}
    assert {*every, *callings} <= {number_of(concept.id) for concept in news_source.concepts()}


def test_what_is_left_out_is_known_to_rules_and_not_to_stories() -> None:
    left_out = (FOLDER / "left_out.txt").read_text(encoding="utf-8").split()
    every = list(news_source.concepts())
    named = [id_.removesuffix(".*") for id_ in left_out if id_.endswith(".*")]
    english = [LEXICON / f"{name}.en.tsv" for name in named]
    lines = [line for path in english for line in path.read_text(encoding="utf-8").splitlines()]
    left_out = [
        *(id_ for id_ in left_out if not id_.endswith(".*")),
        *(line.split("\t")[0] for line in lines if line[0] != "#"),
    ]
    assert "ballerina" in left_out
    assert {*left_out} <= {concept.id for concept in every}
    assert {*left_out}.isdisjoint(concept.id for concept in joined(every, story_words.lines()))
    numbers = {number_of(id_) for id_ in left_out}
    assert numbers.isdisjoint(number for numbers in commonplaces() for number in numbers)
