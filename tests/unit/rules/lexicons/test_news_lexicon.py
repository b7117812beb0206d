"""The news lexicon: how it is looked up, and that its files are sound."""

import unicodedata
from pathlib import Path

import pytest

from monitor.lexicons.packed import packed_news
from rules.data.tables import languages, primary
from rules.languages.scripts import letters, normal, scripts_of
from rules.lexicons import news_source
from rules.lexicons.news import NewsLexicon
from rules.lexicons.news_source import BETWEEN, NONE, SIGNS, Concept
from tests.places import ROOT

FOLDER = ROOT / "rules" / "data" / "lexicon"
ENGLISH = sorted(FOLDER.glob("*.en.tsv"))
OTHERS = sorted(path for path in FOLDER.glob("*.tsv") if path not in ENGLISH)
MOST, MOST_OF_ACTS = 6, 8
KINDS = {"noun", "adjective", "institution", "place", "name", "surname", "act"}
BEGUN = {"south", "west", "steppe", "beyond"}
"""Groups of languages of which only the most frequent concepts are written yet."""


def rows(path: Path) -> list[list[str]]:
    text = path.read_text(encoding="utf-8")
    assert text.endswith("\n")
    return [line.split("\t") for line in text.splitlines()]


def forms_of(cell: str) -> list[str]:
    return [] if cell == NONE else cell.split(BETWEEN)


def found(term: str) -> set[str]:
    return {form.text for form in NewsLexicon(packed_news).forms(term)}


def test_a_term_is_found_by_any_of_its_names_and_in_its_endings() -> None:
    assert "floods" not in found("flooding")
    assert "flood" in found("flooding")
    assert found("FLOODINGS") >= {"flood"}
    assert found("ads") >= {"advertisement", "Werbung"}
    assert found("fl") == found("") == found("-") == set()


def acronyms(term: str) -> set[tuple[str, str]]:
    forms = NewsLexicon(packed_news).forms(term)
    return {(form.language, form.text) for form in forms if form.kind == "acronym"}


def test_the_english_acronym_of_an_institution_counts_where_a_language_has_none() -> None:
    of_the_bank = acronyms("European Central Bank")
    assert {("en", "ECB"), ("sv", "ECB"), ("ja", "ECB"), ("de", "EZB")} <= of_the_bank
    assert not {("de", "ECB"), ("fr", "ECB")} & of_the_bank
    assert ("nl", "WHO") in acronyms("World Health Organization")


def test_serbian_is_known_in_latin_letters_too() -> None:
    assert {"земљотрес", "zemljotres"} <= found("earthquake")
    assert "Beograd" in found("Belgrade")


def test_german_and_nordic_words_are_known_without_the_letters_that_others_lack() -> None:
    assert {"Österreich", "Oesterreich"} <= found("Austria")
    assert {"Jordbävning", "jordskælv", "jordskaelv"} & found("earthquake") >= {"jordskaelv"}


def test_uzbek_words_are_known_with_any_apostrophe_and_in_cyrillic_letters() -> None:
    known = {"iqlim o'zgarishi", "iqlim oʻzgarishi", "иқлим ўзгариши"}
    assert known <= found("climate change")


def test_hindi_words_are_known_with_their_nasals_spelled_either_way() -> None:
    assert any("न्त" in form for form in found("international law"))
    assert any("ंत" in form for form in found("international law"))


@pytest.mark.parametrize("name", ["Зеленский", "Лебедев", "Müller"])
def test_a_surname_is_no_word_that_it_looks_like(name: str) -> None:
    assert not found(name)


def test_a_topic_with_a_capital_is_found_in_its_endings_and_its_marks() -> None:
    assert "election" in found("Выборы")
    assert "shop" in found("Магазин")
    assert "coffee" in found("Café")


def test_the_form_that_is_most_like_a_term_is_looked_up() -> None:
    assert "Flüchtling" in found("refugees")
    assert "Sieg" not in found("wines")


def test_japanese_is_known_in_the_spelling_of_its_press() -> None:
    assert {"ランサムウェア", "ランサムウエア"} <= found("ransomware")


def test_korean_acronyms_take_particles() -> None:
    forms = NewsLexicon(packed_news).forms("European Central Bank")
    assert [form.kind for form in forms if (form.language, form.text) == ("ko", "ECB")] == ["word"]


@pytest.mark.parametrize(
    ("term", "written"), [("AIDS", "СПИД"), ("Ministry of Foreign Affairs", "МИД")]
)
def test_russian_acronyms_that_are_read_as_words_take_endings(term: str, written: str) -> None:
    forms = NewsLexicon(packed_news).forms(term)
    assert {form.kind for form in forms if form.text == written} == {"word"}


def test_swedish_words_lose_a_vowel_before_others_in_a_compound() -> None:
    assert {"lärare", "lärar-"} <= found("teacher")


def test_an_acronym_keeps_its_case_and_a_place_has_a_capital() -> None:
    kinds = {
        form.text: form.kind for form in NewsLexicon(packed_news).forms("World Health Organization")
    }
    assert kinds["WHO"] == "acronym"
    assert "Kiev" in found("Kyiv")
    assert found("kyiv") == set()
    assert "Black Sea" in found("mer Noire")
    assert found("mer noire") == set()
    assert ("", "Berlin") in {
        (f.language, f.text) for f in NewsLexicon(packed_news).forms("Берлин")
    }


def test_a_surname_of_the_news_counts_alone_and_a_first_name_does_not() -> None:
    lexicon = NewsLexicon(packed_news)
    forms = {(form.language, form.text): form for form in lexicon.forms("Obama")}
    assert not forms["ar", "أوباما"].ambiguous
    assert forms["ka", "ობამა"].kind == "name"
    assert not any(form.ambiguous for form in lexicon.forms("Обама") if form.language == "zh")
    assert all(form.ambiguous for name in ("Boris", "Борис") for form in lexicon.forms(name))


def test_what_is_typed_without_its_capital_is_no_brand() -> None:
    lexicon = NewsLexicon(packed_news)
    for term, is_ambiguous in (("visa", False), ("Visa", True)):
        forms = {(form.language, form.text): form.ambiguous for form in lexicon.forms(term)}
        assert forms["de", "Visum"] == is_ambiguous
    assert any(form.text == "Майкрософт" for form in lexicon.forms("microsoft"))


@pytest.mark.parametrize(
    ("term", "language", "form"),
    [
        ("gas", "ru", "газ"),
        ("gas", "de", "Erdgas"),
        ("politics", "fi", "politiikka"),
        ("kidnapper", "ko", "납치범"),
        ("rally", "de", "Kundgebung"),
        ("Republican", "pl", "republikanie"),
    ],
)
def test_a_frequent_word_counts_alone_in_what_the_news_mean(
    term: str, language: str, form: str
) -> None:
    forms = NewsLexicon(packed_news).forms(term, ("en",))
    assert any(f.text == form and f.language == language and not f.ambiguous for f in forms)


def test_a_word_of_several_senses_is_ambiguous() -> None:
    assert all(form.ambiguous for form in NewsLexicon(packed_news).forms("depression"))
    assert not all(form.ambiguous for form in NewsLexicon(packed_news).forms("flood"))


@pytest.mark.parametrize(
    ("term", "german"),
    [
        ("damage", {"Schaden"}),
        ("strike", {"Streik", "Luftangriff"}),
        ("settlement", {"Siedlung", "Einigung"}),
        ("plant", {"Fabrik", "Kraftwerk", "Pflanze"}),
        ("deal", {"Abkommen"}),
        ("mine", {"Bergwerk", "Landmine"}),
        ("certain", set()),
    ],
)
def test_an_english_word_counts_in_all_senses_that_are_marked_so(
    term: str, german: set[str]
) -> None:
    forms = NewsLexicon(packed_news).forms(term, ("en",))
    known = {form.text for form in forms if form.language == "de" and not form.ambiguous}
    assert known >= german
    assert bool(known) is bool(german)


def test_what_a_word_of_several_senses_is_one_name_of_is_not_found_by_it_alone() -> None:
    said = {
        form.text: form.ambiguous
        for term in ("Vereinbarung", "Schaden")
        for form in NewsLexicon(packed_news).forms(term, ("de",))
        if form.language == "en"
    }
    assert said["deal"] is True
    assert said["accord"] is said["damage"] is False


def test_only_english_words_are_marked_as_meaning_several_things() -> None:
    cells = [(path.name, cell) for path in OTHERS for row in rows(path)[1:] for cell in row[1:]]
    assert [cell for cell in cells if any(form[0] in "*+" for form in forms_of(cell[1]))] == []


def test_an_acronym_inside_a_name_may_be_written_out() -> None:
    assert "UN Security Council" in found("United Nations Security Council")
    assert "Weltraumorganisation" not in found("UNESCO committee")
    assert "United Nations Environment Programme" in found("UN Environment Programme")
    assert found("UNB Environment Programme") == set()


def test_a_form_that_says_less_than_the_term_is_ambiguous() -> None:
    forms = {
        form.text: form.ambiguous for form in NewsLexicon(packed_news).forms("tropical cyclone")
    }
    assert forms["cyclone"]
    assert not forms["Zyklon"]
    assert not {f.text: f.ambiguous for f in NewsLexicon(packed_news).forms("cyclone")}[
        "tropical cyclone"
    ]


def test_a_form_that_is_first_of_all_another_word_is_ambiguous() -> None:
    forms = {
        (form.language, form.text): form.ambiguous
        for form in NewsLexicon(packed_news).forms("premiere")
    }
    assert forms["it", "prima"]  # "before"
    assert not forms["de", "Uraufführung"]


def test_of_words_that_all_mean_something_else_too_the_first_counts_alone() -> None:
    by_language: dict[str, list[tuple[str, bool]]] = {}
    for form in NewsLexicon(packed_news).forms("policy"):
        by_language.setdefault(form.language, []).append((form.text, form.ambiguous))
    assert by_language["de"] == [("Politik", False)]
    assert by_language["tr"] == [("politika", False), ("siyaset", True)]
    wives = {form.text: form.ambiguous for form in NewsLexicon(packed_news).forms("wife")}
    assert wives["esposa"] is False
    assert wives["mujer"] is True


def test_a_word_that_names_one_thing_counts_alone_in_other_languages() -> None:
    for term, german in {"rain": "Regen", "eagle": "Adler", "mirror": "Spiegel"}.items():
        forms = {form.text: form.ambiguous for form in NewsLexicon(packed_news).forms(term)}
        assert forms[german] is False
    assert all(form.ambiguous for form in NewsLexicon(packed_news).forms("stage"))


def test_what_several_words_say_together_says_one_thing() -> None:
    lexicon = NewsLexicon(packed_news)
    for term, english in {
        "personnel soignant": {"health worker", "medical staff"},
        "legge di bilancio": {"budget", "state budget"},
    }.items():
        forms = {form.text: form.ambiguous for form in lexicon.forms(term)}
        assert {text for text in english if forms[text] is False} == english
    assert all(form.ambiguous for form in lexicon.forms("ma thuật", ("vi",)))  # magic, witchcraft


def test_what_persian_joins_is_also_written_apart() -> None:
    assert found("ceasefire") >= {"آتش\u200cبس", "آتش بس"}


def test_celtic_and_maltese_words_begin_otherwise_behind_others() -> None:
    assert found("government") >= {"llywodraeth", "lywodraeth"}
    assert found("president") >= {"uachtarán", "huachtarán", "nuachtarán", "tuachtarán"}
    assert found("court") >= {"cúirt", "chúirt", "gcúirt"}
    assert found("hospital") >= {"sptar", "isptar"}


def test_an_adjective_of_a_place_stands_for_adjectives() -> None:
    forms = {form.text: form.ambiguous for form in NewsLexicon(packed_news).forms("Scottish")}
    assert forms["szkocki"] is False
    assert forms["Szkocja"] is True
    forms = {form.text: form.ambiguous for form in NewsLexicon(packed_news).forms("Scotland")}
    assert forms["szkocki"] is True
    assert forms["Szkocja"] is False


def test_every_concept_has_an_id_of_its_own_and_a_kind() -> None:
    concepts: list[Concept] = list(news_source.concepts())
    assert len(concepts) > 3_500
    assert len({concept.id for concept in concepts}) == len(concepts)
    assert {concept.kind for concept in concepts} == KINDS


@pytest.mark.parametrize("path", OTHERS, ids=lambda path: path.stem)
def test_a_file_of_other_languages_is_sound(path: Path) -> None:
    domain, group, _ = path.name.split(".")
    header, *lines = rows(path)
    codes = header[1:]
    assert header[0] == "# id"
    assert tuple(codes) == news_source.groups()[group].languages
    assert {primary(code) for code in codes} <= languages().keys()
    named = "*" if domain == news_source.BESIDE else domain
    english = [rows(path)[1:] for path in sorted(FOLDER.glob(f"{named}.en.tsv"))]
    known = dict.fromkeys(row[0] for lines_of_it in english for row in lines_of_it)
    ids = [line[0] for line in lines]
    assert ids == [id_ for id_ in known if id_ in set(ids)], "in the order of the English file"
    assert [line[0] for line in lines if len(line) != len(header)] == []
    most = MOST if domain not in ("actions", news_source.BESIDE) else MOST_OF_ACTS
    problems = [
        f"{line[0]} {code}: {form!r} {problem}"
        for line in lines
        for code, cell in zip(codes, line[1:], strict=True)
        for form, problem in _problems(code, cell, most)
    ]
    assert problems == []


@pytest.mark.parametrize("path", sorted(FOLDER.glob("verbs.*.tsv")), ids=lambda path: path.stem)
def test_what_verbs_say_stands_in_their_own_file(path: Path) -> None:
    verbs = {tuple(row) for row in rows(path)[1:]}
    others = [each for each in FOLDER.glob(f"*.{path.name.split('.')[1]}.tsv") if each != path]
    nouns = {tuple(row) for each in others for row in rows(each)[1:]}
    assert verbs & nouns == set(), "what is done is called otherwise than who did it says"


@pytest.mark.parametrize("path", sorted(FOLDER.glob("beside.*.tsv")), ids=lambda path: path.stem)
def test_what_counts_beside_another_word_is_marked_so(path: Path) -> None:
    cells = [cell for row in rows(path)[1:] for cell in row[1:]]
    assert [form for cell in cells for form in forms_of(cell) if form[0] != "~"] == []


def _problems(code: str, cell: str, most: int) -> list[tuple[str, str]]:
    problems = []
    forms = forms_of(cell)
    if not cell or (not forms and cell != NONE):
        problems.append((cell, "is empty: write -"))
    if len({form.lstrip("*+~").lower() for form in forms}) != len(forms):
        problems.append((cell, "says something twice"))
    if len(forms) > most:
        problems.append((cell, f"has more than {most} forms"))
    for form in forms:
        text = form[1:] if form[0] in SIGNS else form
        if text != " ".join(text.split()) or unicodedata.normalize("NFC", text) != text:
            problems.append((form, "has stray spaces or is not NFC"))
        if not text or text[0] in SIGNS or any(sign in text for sign in '|()[]{}/;"'):
            problems.append((form, "has signs that are no part of a word"))
        scripts = {script for _, script in letters(text)}
        if not scripts <= set(scripts_of(normal(code))) | {"latin"}:
            problems.append((form, f"is not written in {code}"))
    return problems


def test_english_words_of_several_senses_say_which() -> None:
    senses: dict[str, list[tuple[str, str]]] = {}
    for concept in news_source.concepts():
        for written in concept.forms["en"]:
            if written[0] not in "@&":
                known = senses.setdefault(written.lstrip(SIGNS).lower(), [])
                known.append((concept.kind, concept.sense))
    unclear = {form for form, of in senses.items() if len(set(of)) < len(of)}
    assert unclear == set()


def test_cells_are_not_english_in_disguise() -> None:
    same: dict[str, int] = {}
    count = 0
    for concept in news_source.concepts():
        if concept.kind in ("noun", "adjective"):
            count += 1
            english = {form.lstrip(SIGNS).lower() for form in concept.forms["en"]}
            for language, forms in concept.forms.items():
                if english.issuperset(form.lstrip(SIGNS).lower() for form in forms):
                    same[language] = same.get(language, 0) + 1
    shares = {language: number / count for language, number in same.items() if language != "en"}
    assert shares.pop("tl") < 0.25  # whose press writes much of it in English
    assert max(shares.values()) < 0.1, shares


def test_every_language_has_nearly_every_concept() -> None:
    """But for `matters`, which is written a language after the other."""
    begun = {id_ for id_, *_ in rows(FOLDER / "matters.en.tsv")}
    concepts = [
        concept
        for concept in news_source.concepts()
        if concept.kind in ("noun", "adjective") and concept.id not in begun
    ]
    assert len(concepts) > 3_200
    for name, group in news_source.groups().items():
        for language in group.languages:
            if name != "en" and name not in BEGUN and language != "zh-Hant":
                written = sum(language in concept.forms for concept in concepts)
                assert written > 0.97 * len(concepts), language


@pytest.mark.parametrize("name", sorted(set(news_source.groups()) - {"en"}))
def test_languages_of_other_scripts_do_not_hide_english(name: str) -> None:
    group = news_source.groups()[name]
    lines = list(group.lines.values())
    assert lines
    for number, code in enumerate(group.languages):
        cells = [forms_of(line[number]) for line in lines]
        written = [form for cell in cells for form in cell if form[0] != "@"]
        latin = [f for f in written if {s for _, s in letters(f)} == {"latin"}]
        if written and "latin" not in scripts_of(normal(code)):
            assert len(latin) <= len(written) * 0.06, (code, latin[:20])


@pytest.mark.parametrize(
    ("term", "language", "form"),
    [
        ("crash", "de", "Absturz"),
        ("Suwalki Gap", "pl", "przesmyk suwalski"),
        ("Bologna Process", "ru", "Болонский процесс"),
        ("Lausanne Treaty", "tr", "Lozan Antlaşması"),
        ("Non-Proliferation Treaty", "de", "Atomwaffensperrvertrag"),
        ("Democratic Republic of Congo", "fr", "RDC"),
        ("al-Qaida", "ru", "Аль-Каида"),
        ("hacked", "no", "hacket"),
        ("hacked", "es", "hackeado"),
        ("hacked", "vi", "bị tin tặc tấn công"),
    ],
)
def test_what_treaties_places_and_events_are_called_elsewhere(
    term: str, language: str, form: str
) -> None:
    forms = NewsLexicon(packed_news).forms(term)
    assert form in {each.text for each in forms if each.language == language}


@pytest.mark.parametrize(
    ("term", "form"),
    [
        ("Canary Islands", "איים הקנריים"),
        ("Black Sea", "בים השחור"),
        ("foreign minister", "לשר החוץ"),
    ],
)
def test_hebrew_prepositions_swallow_an_article(term: str, form: str) -> None:
    forms = NewsLexicon(packed_news).forms(term)
    assert form in {each.text for each in forms if each.language == "he"}
