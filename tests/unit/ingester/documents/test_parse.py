"""Documents of every shape read as entries."""

import json
from datetime import UTC, datetime
from pathlib import Path
from textwrap import fill

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingester.documents import office, parse
from ingester.documents.names import OFFICE, TEXTS, is_readable, suffix_of
from ingester.documents.parse import read_document
from ingester.entry import DocumentContent, Entry
from tests.places import SHARED

FILED_AT = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
SENTENCE = "The harbour was closed on Monday morning after a crane had fallen onto the quay."


def read(content: str | bytes, name: str = "note.txt") -> DocumentContent:
    data = content if isinstance(content, bytes) else content.encode()
    return read_document(data, name, modified_at=FILED_AT, now=NOW)


def one(content: str | bytes, name: str = "note.txt") -> Entry:
    document = read(content, name)
    assert document.notices == ()
    (entry,) = document.entries
    return entry


# --- title ---------------------------------------------------------------------------------------


JAPANESE = "港が閉鎖された。原因は調査中。\n続報を待つ。"
QUESTION = "What now? asked the mayor of the town in the harbour. Nobody knew.\nThe end."
INITIALS = "Den 3. maj sade N. N. Berg att hamnen i A. stängs helt. Sedan for han.\nSlut."


@pytest.mark.parametrize(
    ("text", "title", "body"),
    [
        pytest.param(f"Harbour closed\n\n{SENTENCE}", "Harbour closed", SENTENCE, id="headline"),
        pytest.param(f"Closed!\n{SENTENCE}", "Closed!", SENTENCE, id="headline without a gap"),
        pytest.param(f"{SENTENCE}\n\nMore.", SENTENCE[:-1], f"{SENTENCE}\n\nMore.", id="sentence"),
        pytest.param(f"{SENTENCE} More.", SENTENCE[:-1], f"{SENTENCE} More.", id="one line"),
        pytest.param("Harbour closed", "Harbour closed", "Harbour closed", id="nothing but a line"),
        pytest.param(JAPANESE, "港が閉鎖された", JAPANESE, id="no spaces"),
        pytest.param(QUESTION, QUESTION[:52], QUESTION, id="a question inside"),
        pytest.param(INITIALS, INITIALS[:54], INITIALS, id="initials and ordinals"),
    ],
)
def test_a_title_is_a_headline_or_the_first_sentence(text: str, title: str, body: str) -> None:
    entry = one(text)
    assert (entry.title, entry.text) == (title, body)


def test_a_text_that_was_wrapped_is_whole_again() -> None:
    said = f"{SENTENCE} {SENTENCE} {SENTENCE}"
    wrapped = f"Harbour closed\n\n{fill(said, 60)}\n\n{fill(said, 60)}\n"
    assert one(wrapped).text == f"{said}\n\n{said}"
    assert one(f"Subject: Harbour closed\n\n{wrapped}", "note.eml").text.endswith(said)


def test_a_long_first_sentence_is_clipped_at_a_word() -> None:
    entry = one("word " * 60 + "end. Second sentence.\nSecond line.")
    assert len(entry.title) <= 120
    assert entry.title.endswith("word…")


# --- source line ---------------------------------------------------------------------------------

SOURCE_LINES = {
    "Swedish": "Källa: {}",
    "Vietnamese": "Nguồn: {}",
    "Chinese": "来源：{}",
    "French": "Source : {}",
    "Arabic, with marks of direction": "\u200fالمصدر: \u200e{}\u200e",
    "Hebrew": "מקור: {}",
    "Japanese in brackets": "（出典：{}）",
    "Khmer colon": "ប្រភព៖ {}",
    "two words": "Bài gốc: {}",
    "publisher between": "Quelle: Beispielblatt, {}",
    "publisher and dash": "Fonte: O Exemplo – {}",
    "in angle brackets": "Kilde: <{}>",
    "full stop behind": "Lähde: {}.",
    "no colon": "Via {}",
    "alone": "{}",
    "label above": "Forrás:\n{}",
}


@pytest.mark.parametrize("line", SOURCE_LINES.values(), ids=SOURCE_LINES)
@pytest.mark.parametrize("place", ["end", "start"])
def test_a_source_line_names_the_url_in_any_language(line: str, place: str) -> None:
    url = "https://www.example.com/news/harbour-closed-after-fall"
    source = line.format(url)
    body = f"{SENTENCE}\n\nSecond paragraph of the text, which is a sentence too."
    text = f"{body}\n\n{source}\n" if place == "end" else f"{source}\n\nHarbour closed\n\n{body}"
    entry = one(text)
    assert entry.url == url
    assert entry.text == body
    assert entry.title == ("Harbour closed" if place == "start" else SENTENCE[:-1])


@pytest.mark.parametrize(
    "line",
    ["[Source]({})", "*[Bài gốc]({})*", '[Källa]({} "Tidningen").'],
    ids=["-", "em", "ti"],
)
def test_a_link_that_is_the_last_line_of_markdown_names_the_source(line: str) -> None:
    url = "https://www.example.com/news/harbour-closed-after-fall"
    entry = one(f"# Harbour closed\n\n{SENTENCE}\n\n{line.format(url)}\n\n", "note.md")
    assert (entry.url, entry.text) == (url, SENTENCE)


def test_a_link_that_is_one_of_a_list_or_a_headline_is_not_the_source() -> None:
    for last in ("- [Harbour](https://a.example.com/x-y-z)", "[A whole new day](https://a.com/x)"):
        entry = one(f"# Harbour closed\n\n{SENTENCE}\n\n{last}\n", "note.md")
        assert entry.url == ""
        assert entry.text.startswith(SENTENCE)


def test_a_source_without_scheme_is_completed() -> None:
    assert one(f"{SENTENCE}\nKälla: www.example.com/a-b-c").url == "https://www.example.com/a-b-c"
    assert one(f"{SENTENCE}\nKälla: example.com/a/b/c").url == "https://example.com/a/b/c"


def test_links_inside_the_text_are_not_the_source() -> None:
    filler = "\n".join(f"Paragraph {n} is a sentence about the harbour." for n in range(20))
    linked = f"{SENTENCE}\n{filler}\nRead: https://a.example.com/x-y-z\n{filler}\nThe end of it."
    entry = one(linked)
    assert entry.url == ""
    assert "https://a.example.com/x-y-z" in entry.text
    in_sentence = one(
        f"{SENTENCE}\nSee https://example.com/a-b-c and https://example.com/d for it."
    )
    assert in_sentence.url == ""


@pytest.mark.parametrize("order", [1, -1], ids=["first", "last"])
def test_of_several_links_at_the_end_the_one_of_an_article_is_taken(order: int) -> None:
    tail = [
        "Källa: https://example.com/news/harbour-closed-20260228.html",
        "Facebook: https://social.example.com/harbour",
        "Läs mer: https://example.com/",
    ]
    entry = one("\n".join([SENTENCE, "", *tail[::order], "Dela"]))
    assert entry.url == "https://example.com/news/harbour-closed-20260228.html"
    assert "Källa" not in entry.text
    assert "Dela" not in entry.text


def test_labels_and_links_behind_the_source_line_are_no_text() -> None:
    tail = "Source: https://example.com/a-b-c\nShare: https://social.example.com/x\n#harbour #news"
    assert one(
        f"{SENTENCE}\n\n{tail}\n© 2026 The Example. All rights are reserved by it."
    ).text == (SENTENCE)


def test_a_link_between_sentences_gives_way_to_the_source_line() -> None:
    related = "Läs också: https://example.com/other-news-of-today"
    entry = one(f"{SENTENCE}\n{related}\n{SENTENCE}\nKälla: https://example.com/home")
    assert entry.url == "https://example.com/home"
    assert related in entry.text


def test_the_front_page_of_a_site_is_no_article() -> None:
    entry = one(f"{SENTENCE}\nWebsite: https://example.com/")
    assert entry.url == ""
    assert one(f"{SENTENCE}\nKälla: https://example.com/?p=12").url == "https://example.com/?p=12"


def test_a_bare_link_between_sentences_is_not_the_source() -> None:
    lines = [SENTENCE] * 6 + ["https://example.com/a-b-c"] + [SENTENCE] * 3
    assert one("\n".join(lines)).url == ""


def test_a_sentence_behind_the_source_line_stays() -> None:
    later = "The harbour opened again on Friday at noon."
    entry = one(f"{SENTENCE}\nSource: https://example.com/a-b-c\n{later}")
    assert entry.url == "https://example.com/a-b-c"
    assert entry.text.endswith(later)
    assert "Source" not in entry.text


# --- what is no text -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "caption",
    [
        "The crane on the quay (Photo: Example Press).",
        "Kranen på kajen (Foto: Exempelbyrån)",
        "Chiếc cần cẩu trên bến cảng (Ảnh: Hãng tin Ví Dụ).",
        "岸壁のクレーン（写真：例示通信）",
        "Кран на причале [Фото: Пример].",
        "(Photo: A. Sample/Example)",
    ],
)
def test_a_photo_caption_is_no_text(caption: str) -> None:
    assert (
        one(f"Harbour closed\n\n{SENTENCE}\n{caption}\n{SENTENCE}").text
        == f"{SENTENCE}\n\n{SENTENCE}"
    )


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("The vote was close (yes: 14).", "The vote was close (yes: 14)."),
        ("They won (1:0).", "They won (1:0)."),
        ("It is a crane (see the picture).", "It is a crane (see the picture)."),
        (
            "The mayor spoke first. Then the owner answered (Photo: Example Press).",
            "The mayor spoke first. Then the owner answered.",
        ),
    ],
)
def test_a_sentence_that_only_looks_like_a_caption_stays(line: str, kept: str) -> None:
    assert kept in one(f"Harbour closed\n\n{SENTENCE}\n{line}\n{SENTENCE}").text


def test_a_document_of_nothing_but_captions_keeps_their_words() -> None:
    assert one("The crane on the quay (Photo: Example Press).").text == "The crane on the quay."


@pytest.mark.parametrize(
    "trailer",
    [
        "Kommentar (0)",
        "Comments (1234)",
        "Bình luận (3)",
        "评论（5）",
        "Kommentare [2]",
        "Reacties: (4)",
    ],
)
def test_a_count_of_comments_at_the_end_is_no_text(trailer: str) -> None:
    assert one(f"Harbour closed\n\n{SENTENCE}\n\n\n{trailer}").text == SENTENCE


# --- time ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "published_at"),
    [
        pytest.param(f"Title\n{SENTENCE}", FILED_AT, id="the file's"),
        pytest.param(
            f"Title\n2026-02-27\n{SENTENCE}", datetime(2026, 2, 27, tzinfo=UTC), id="a line"
        ),
        pytest.param(
            f"Publicerad: 2026-02-27 17:48 +01:00\nTitle\n{SENTENCE}",
            datetime(2026, 2, 27, 16, 48, tzinfo=UTC),
            id="a line with a label, time and zone",
        ),
        pytest.param(
            f"{SENTENCE}\nSource: https://example.com/a-20260228153000.htm",
            datetime(2026, 2, 28, 15, 30, tzinfo=UTC),
            id="the URL's",
        ),
        pytest.param(
            f"2026-02-28\n{SENTENCE}\nSource: https://example.com/a-20260228153000.htm",
            datetime(2026, 2, 28, 15, 30, tzinfo=UTC),
            id="the URL says more than a line with the day only",
        ),
        pytest.param(
            f"---\ndate: 2026-02-20\n---\n{SENTENCE}\nSource: https://example.com/2026/02/28/a",
            datetime(2026, 2, 20, tzinfo=UTC),
            id="front matter",
        ),
    ],
)
def test_the_time_is_the_best_that_the_document_gives(text: str, published_at: datetime) -> None:
    entry = one(text)
    assert entry.published_at == published_at
    assert "2026" not in entry.text


# --- Markdown, HTML ------------------------------------------------------------------------------


def test_markdown_is_read_without_its_marks() -> None:
    entry = one(
        "# Harbour *closed*\n\nA **crane** fell on the [quay](https://example.com/q).\n\n"
        "![crane](c.png)\n\n> Nobody was hurt\n\n- one\n- two\n\n```\ncode_stays\n```\n"
        "snake_case_word\n\n**Källa:** [Exempel](https://example.com/harbour-closed-today)\n",
        "a.md",
    )
    assert entry.title == "Harbour closed"
    assert entry.url == "https://example.com/harbour-closed-today"
    assert entry.text == (
        "A crane fell on the quay.\n\nNobody was hurt\n\none\ntwo\n\ncode_stays\nsnake_case_word"
    )


FRONT_MATTER = {
    "YAML": """---
title: "Closed: the harbour"
lang: sv-SE
authors: [Ann, "Bo B"]
url: https://e.example.com/x
---
""",
    "YAML, other spellings": """---
Title: 'Closed: the harbour'
language: sv-SE
author:
  - Ann
  - Bo B
link: https://e.example.com/x # ours
---
""",
    "TOML": """+++
title = "Closed: the harbour"
lang = "sv-SE"
authors = ["Ann", "Bo B"]
url = "https://e.example.com/x"
+++
""",
}


@pytest.mark.parametrize("front", FRONT_MATTER.values(), ids=FRONT_MATTER)
@pytest.mark.parametrize("name", ["a.md", "a.txt"])
def test_front_matter_speaks_first(front: str, name: str) -> None:
    entry = one(f"{front}\nA first line\n\n{SENTENCE}\n", name)
    assert entry.title == "Closed: the harbour"
    assert (entry.language, entry.authors) == ("sv-SE", ("Ann", "Bo B"))
    assert entry.url == "https://e.example.com/x"
    assert entry.text == f"A first line\n\n{SENTENCE}"


def test_two_rules_with_text_between_are_no_front_matter() -> None:
    text = one(f"---\nNote: this\nis a quotation\n---\n{SENTENCE}", "a.md").text
    assert "is a quotation" in text
    assert one(f"---\nNot a key\n---\n{SENTENCE}", "a.md").title == "Not a key"


@pytest.mark.parametrize(
    "front",
    [
        "---\ntitle: [Harbour\ndate: 2026-02-27\n---\n",
        '---\ntitle: "Harbour\n---\n',
        "---\ntitle: Harbour\n%% what is this\n---\n",
        "+++\ntitle = Harbour\n+++\n",
        "---\ntitle: Harbour\ndate: 2026-02-27\n\n",
    ],
    ids=["bracket", "quote", "no key", "TOML", "never closed"],
)
def test_front_matter_that_cannot_be_read_is_told_and_the_rest_is_taken(front: str) -> None:
    document = read(f"{front}# Heading in file\n\n{SENTENCE}\n", "a.md")
    (entry,) = document.entries
    assert (entry.title, entry.text) == ("Heading in file", SENTENCE)
    assert [notice[:27] for notice in document.notices] == ["a.md: front matter left out"]


def test_a_list_in_brackets_may_go_over_lines() -> None:
    entry = one(f"---\ntitle: T\ntags: [a,\n  b\n]\n---\n{SENTENCE}", "a.md")
    assert entry.categories == ("a", "b")


@pytest.mark.parametrize(
    ("date", "why"), [("2099-01-01", "2099-01-01 lies in the future"), ("soon", '"soon" is none')]
)
def test_a_date_that_cannot_be_is_told_and_the_time_of_the_file_is_taken(
    date: str, why: str
) -> None:
    document = read(f"---\ntitle: T\ndate: {date}\n---\n{SENTENCE}", "a.md")
    assert document.entries[0].published_at == FILED_AT
    (notice,) = document.notices
    assert why in notice


@pytest.mark.parametrize("year", [1970, 1994, 2199])
def test_a_file_whose_time_cannot_be_has_that_of_first_sight(year: int) -> None:
    modified_at = datetime(year, 12, 31, tzinfo=UTC)
    document = read_document(SENTENCE.encode(), "a.txt", modified_at=modified_at, now=NOW)
    assert document.entries[0].published_at == NOW


def test_a_heading_inside_of_markdown_stands_alone() -> None:
    text = one("# T\n\nOne.\n\n## Two\n- three\n- four\n\nFive\n----\nSix.", "a.md").text
    assert text == "One.\n\nTwo\n\nthree\nfour\n\nFive\n\nSix."


@pytest.mark.parametrize("paragraphs", [1, 2, 6])
@pytest.mark.parametrize("heading", ["Titre de la page", "Page titre"])
def test_a_page_of_ones_own_is_called_what_its_one_heading_says(
    paragraphs: int, heading: str
) -> None:
    figure = "<figure><img src=a.png><figcaption>Une grue sur le quai</figcaption></figure>"
    body = f"<h1>{heading}</h1>{figure}" + f"<p>{SENTENCE}</p>" * paragraphs
    page = f"<!doctype html><title>Page titre - Journal</title><body>{body}</body>"
    entry = one(page, "a.html")
    assert entry.title == heading
    assert set(filter(None, entry.text.split("\n"))) == {SENTENCE}


def test_a_heading_that_is_the_name_of_the_site_is_no_title() -> None:
    page = f"<title>Harbour closed - Journal</title><h1>Journal</h1><p>{SENTENCE}</p>"
    assert one(f"<html>{page}", "a.html").title != ""
    two = "<h1>Harbour closed</h1>"
    assert one(f"<html>{page}{two}", "a.html").title == "Harbour closed"


def test_a_page_gives_what_its_head_says_and_its_article() -> None:
    page = (
        "<!doctype html><html lang=sv><title>Hamnen stängd | Bladet</title>"
        "<link rel=canonical href=https://e.example.com/x>"
        '<meta property="og:title" content="Hamnen stängd">'
        '<meta property="article:published_time" content="2026-02-27T10:00:00Z">'
        f"<body><nav>Meny</nav><article><h1>Hamnen stängd</h1>{f'<p>{SENTENCE}</p>' * 4}</article>"
    )
    for name in ("a.html", "a.htm", "saved-with-a-wrong-name.txt"):
        entry = one(page, name)
        assert (entry.title, entry.url) == ("Hamnen stängd", "https://e.example.com/x")
        assert (entry.language, entry.published_at) == ("sv", datetime(2026, 2, 27, 10, tzinfo=UTC))
        assert entry.text.startswith(SENTENCE)
        assert "Meny" not in entry.text


# --- JSON ----------------------------------------------------------------------------------------


def test_a_bad_line_is_named_and_the_others_are_taken() -> None:
    lines = [
        '{"title": "One", "text": "Text."}',
        "{bad",
        "[1]",
        "{}",
        "",
        "[" * 100_000,
        "9" * 5_000,
        '{"title": "Two\u2028", "text": "\\ud800"}',
    ]
    document = read("\r\n".join(lines), "news\n.jsonl")
    assert [entry.title for entry in document.entries] == ["One", "Two"]
    assert [notice.split(": ")[0] for notice in document.notices] == [
        f"news\\n.jsonl:{number}" for number in (2, 3, 4, 6, 7)
    ]
    assert all("\n" not in notice and len(notice) < 300 for notice in document.notices)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('"str"', 'not an object but the string "str"; write'),
        ("[1]", "not an object but a list of 1; write"),
        ("3", "not an object but the number 3; write"),
        ("null", "not an object but null; write"),
    ],
)
def test_what_is_no_object_is_named(line: str, why: str) -> None:
    assert why in read(line, "a.jsonl").notices[0]


def test_many_bad_lines_are_counted() -> None:
    document = read("{bad\n" * 1_000, "a.jsonl")
    assert len(document.notices) == 21
    assert document.notices[-1] == "a.jsonl: 980 more records cannot be read either"


@pytest.mark.parametrize(
    "record",
    [
        {"id": 7, "title": "T", "text": "X", "url": "https://e.example.com/x", "language": "sv",
         "published_at": "2026-02-27T10:00:00Z", "authors": ["Ann"]},
        {"guid": "7", "headline": "T", "body": "<p>X</p>", "link": "https://e.example.com/x",
         "lang": "sv", "pubDate": "Fri, 27 Feb 2026 10:00:00 GMT", "author": "Ann"},
        {"ID": "7", "Title": "T", "articleBody": "X", "source-url": "https://e.example.com/x?utm_id=1",
         "inLanguage": "sv", "datePublished": 1772186400, "byline": {"name": "Ann"}},
    ],
    ids=["ours", "feeds'", "schema.org's"],
)  # fmt: skip
def test_a_record_is_read_under_the_names_that_others_give(record: dict[str, object]) -> None:
    for name in ("a.jsonl", "a.json"):
        entry = one(json.dumps(record), name)
        assert (entry.id, entry.title, entry.text) == ("7", "T", "X")
        assert (entry.url, entry.language) == ("https://e.example.com/x", "sv")
        assert entry.published_at == datetime(2026, 2, 27, 10, tzinfo=UTC)
        assert entry.authors == ("Ann",)


def test_a_record_may_name_its_source_by_an_object() -> None:
    record = {"title": "T", "source": {"name": "N", "url": "https://e.example.com/x"}}
    assert one(json.dumps(record), "a.json").url == "https://e.example.com/x"


def test_a_json_file_holds_one_or_many() -> None:
    many = [{"title": "A"}, 3, {"title": "B"}]
    for value in (many, {"articles": many}):
        document = read(json.dumps(value, indent=1), "a.json")
        assert [entry.title for entry in document.entries] == ["A", "B"]
        assert document.notices[0].startswith("a.json: record 2: ")
    assert len(read('{"title": "A"}\n{"title": "B"}', "a.json").entries) == 2


# --- refusals and identity -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "is empty"),
        (b" \n\n", "is empty"),
        (b"\xef\xbb\xbf", "holds no text"),
        (b"\x00\x01\x02", "NUL"),
        (b"x" * (10 * 1024 * 1024 + 1), "file over 10 MiB"),
        (b"https://example.com/only-a-link", "holds no text"),
    ],
    ids=["empty", "blank", "only a mark", "binary", "huge", "only a link"],
)
@pytest.mark.parametrize("suffix", [".txt", ".md"])
def test_what_holds_no_article_gives_one_notice(data: bytes, why: str, suffix: str) -> None:
    document = read(data, f"-rf\x1b{suffix}")
    assert document.entries == ()
    (notice,) = document.notices
    assert notice.startswith(f"-rf\\x1b{suffix}: ")
    assert why in notice


def test_a_guessed_encoding_is_told_and_the_text_taken() -> None:
    document = read("Hamnen är stängd på grund av ett ras vid kajen i Hallå.".encode("cp1252"))
    assert document.entries[0].text.startswith("Hamnen är stängd på")
    assert "encoding guessed (cp1252)" in document.notices[0]


def test_the_same_words_under_two_names_are_one_identity_and_other_words_another() -> None:
    first, copy = one(SENTENCE), one(f"\ufeff{SENTENCE}\r\n", "copy.txt")
    assert first.id == copy.id != ""
    assert one(f"{SENTENCE} More.").id != first.id
    assert one(f"{SENTENCE}\nSource: https://example.com/a-b-c").id == ""


def test_the_ending_says_what_a_document_is() -> None:
    assert [suffix_of(name) for name in ("a.TXT", "b/c.d/e", ".txt", "a.tar.gz")] == [
        ".txt", "", "", ".gz",
    ]  # fmt: skip
    assert is_readable("x/Y.Markdown")
    assert not is_readable("x.doc")
    assert (parse._READERS.keys(), office._READERS.keys()) == (TEXTS, OFFICE)


@given(
    st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)),
    st.sampled_from(["a.txt", "a.md", "a.html", "a.jsonl", "a.json"]),
)
def test_no_bytes_raise_and_every_document_gives_an_entry_or_a_notice(
    data: bytes, name: str
) -> None:
    document = read(data, name)
    assert document.entries or document.notices
    for entry in document.entries:
        assert entry.title or entry.text or entry.summary
        (entry.title + entry.text + entry.url + entry.id).encode()


# --- the document that the product was made for --------------------------------------------------

SEEDS = SHARED / "seeds"


GIVEN = sorted(SEEDS.glob("000_*.txt"))

if GIVEN:  # only where that folder is: a test that cannot run is not there, rather than skipped

    @pytest.mark.parametrize("path", GIVEN, ids=[path.name for path in GIVEN])
    def test_the_given_document_is_read(path: Path) -> None:
        entry = one(path.read_bytes(), path.name)
        assert entry.url.startswith("https://dantri.com.vn/thoi-su/")
        assert entry.published_at == datetime(2025, 10, 26, 10, 48, 36, tzinfo=UTC)
        assert 40 < len(entry.title) <= 120
        assert entry.text.startswith(entry.title[:-1])
        assert not any(
            clutter in entry.text for clutter in ("https:", "Foto", "Kommentar", "Källa")
        )


def test_a_second_record_of_an_id_is_an_article_of_its_own() -> None:
    records = [
        {"id": "1", "title": "Harbour closed", "text": SENTENCE},
        {"id": "1", "title": "Bridge opened", "text": "The bridge was opened by the mayor."},
        {"id": "1", "title": "Harbour closed", "text": SENTENCE},
    ]
    for content, name in (
        ("\n".join(map(json.dumps, records)), "wire.jsonl"),
        (json.dumps(records), "wire.json"),
    ):
        document = read(content, name)
        first, second, third = document.entries
        assert (first.id, third.id) == ("1", "1")
        assert second.id.startswith("sha256:")
        assert document.notices == (
            f'{name}: the id "1" stands for articles that differ (1 such records); '
            "each was taken as its own",
        )


@pytest.mark.parametrize("said", ["0001-01-01", "0001-01-01T00:00:00Z", "1601-01-01", "1 Jan 0001"])
def test_the_zero_of_a_programs_calendar_is_no_date(said: str) -> None:
    document = read(json.dumps({"title": "Harbour closed", "published": said}), "wire.jsonl")
    assert [entry.published_at for entry in document.entries] == [FILED_AT]


@pytest.mark.parametrize(
    "lines",
    [
        "Title: Ferry returns\nDate: 24 February 2026\nAuthor: Ann Bee\nSource: {url}",
        "Rubrik: Ferry returns\nPublicerad: 2026-02-24\nFörfattare: Ann Bee\nKälla: {url}",
        "Tiêu đề: Ferry returns\nNgày đăng: 24/02/2026 07:00\nTác giả: Ann Bee\nNguồn: {url}",
        "标题：Ferry returns\r\n日期：2026年2月24日\r\n作者：Ann Bee\r\n来源：{url}",
        "العنوان: Ferry returns\nالتاريخ: 24 فبراير 2026\nالكاتب: Ann Bee\nالمصدر: {url}",
    ],
)
def test_lines_that_say_what_they_are_before_the_text_are_no_text(lines: str) -> None:
    said = lines.format(url="https://post.example/2026/ferry")
    entry = one(f"{said}\r\n\r\nThe old ferry sails again.\r\n")
    assert (entry.title, entry.authors) == ("Ferry returns", ("Ann Bee",))
    assert entry.published_at == datetime(2026, 2, 24, tzinfo=UTC)
    assert entry.url == "https://post.example/2026/ferry"
    assert entry.text == "The old ferry sails again."


@pytest.mark.parametrize("sign", [*"\u2028\u2029\x0b\x0c\x1c\x85\r"])
@pytest.mark.parametrize("title", ["Ferry{} returns", "Ferry returns{}"])
def test_what_else_breaks_lines_parts_no_lines_before_a_text(sign: str, title: str) -> None:
    entry = one(f"Title: {title.format(sign)}\nDate: 24 February 2026\n\nIt sails again.")
    assert entry.title == "Ferry returns"
    assert entry.published_at == datetime(2026, 2, 24, tzinfo=UTC)
    assert entry.text == "It sails again."


@pytest.mark.parametrize(
    "start",
    [
        "Weather: calm\nDate: 24 February 2026\n\n",
        "Title: Ferry returns\nDate: 24 February 2026\n",
        "Weather: calm\nTide: low\nTitle: Ferry returns\nDate: 24 February 2026\n\n",
    ],
)
def test_lines_that_say_something_else_stay_in_the_text(start: str) -> None:
    entry = one(f"{start}The old ferry sails again.")
    assert start.splitlines()[0] in f"{entry.title}\n{entry.text}"
    assert entry.published_at == datetime(2026, 2, 24, tzinfo=UTC)
    spoken = one("Ann: We sail.\nCarl: When?\n\nThe old ferry sails again.")
    assert (spoken.title, spoken.text.split("\n")[0]) == ("Ann: We sail", "Ann: We sail.")


def test_a_line_among_labels_that_says_something_else_is_text() -> None:
    entry = one(
        "Title: Ferry returns\nDate: 24 February 2026\nHarbour: Norvik\nAuthor: Ann Bee\n\n"
        "The old ferry sails again."
    )
    assert (entry.title, entry.authors) == ("Ferry returns", ("Ann Bee",))
    assert entry.text == "Harbour: Norvik\n\nThe old ferry sails again."


@pytest.mark.parametrize(
    "lines",
    [
        "Naslov: {0}\nObjavljeno: 24. veljače 2026.\nAutorica: {1}\nIzvor: {2}",
        "Наслов: {0}\nДатум: 24. фебруар 2026.\nАутор: {1}\nИзвор: {2}",
        "Naslov: {0}\nDatum objave: 24. 2. 2026\nAvtor: {1}\nVir: {2}",
        "Titlu: {0}\nData publicării: 24 februarie 2026\nAutor: {1}\nSursă: {2}",
        "Заглавие: {0}\nПубликувано: 24 февруари 2026 г.\nАвтор: {1}\nИзточник: {2}",
        "Título: {0}\nData de publicação: 24 de fevereiro de 2026\nAutora: {1}\nFonte: {2}",
        "Τίτλος: {0}\nΗμερομηνία: 24 Φεβρουαρίου 2026\nΣυντάκτης: {1}\nΠηγή: {2}",
        "제목: {0}\n작성일: 2026-02-24\n작성자: {1}\n출처: {2}",
        "כותרת: {0}\nתאריך: 24 בפברואר 2026\nמאת: {1}\nמקור: {2}",
        "शीर्षक: {0}\nदिनांक: 24 फरवरी 2026\nलेखक: {1}\nस्रोत: {2}",
        "หัวข้อ: {0}\nวันที่: 24 ก.พ. 2569\nผู้เขียน: {1}\nที่มา: {2}",
        "Pealkiri: {0}\nKuupäev: 24. veebruar 2026\nAutor: {1}\nAllikas: {2}",
        "Antraštė: {0}\nPaskelbta: 2026-02-24\nAutorius: {1}\nŠaltinis: {2}",
    ],
)
def test_labels_are_known_in_many_languages(lines: str) -> None:
    url = "https://post.example/2026/ferry"
    entry = one(lines.format("Ferry returns", "Ann Bee", url) + "\n\nThe old ferry sails again.")
    assert (entry.title, entry.authors, entry.url) == ("Ferry returns", ("Ann Bee",), url)
    assert entry.published_at == datetime(2026, 2, 24, tzinfo=UTC)
    assert entry.text == "The old ferry sails again."


@pytest.mark.parametrize(
    ("line", "time"),
    [
        ("24 February 2026", "00:00"),
        ("Tuesday, 24 February 2026, 07:00 UTC", "07:00"),
        ("Publicerad: tisdag 24 februari 2026 kl. 07.00", "07:00"),
        ("Norvik 24 Φεβρουαρίου 2026", "00:00"),
        ("Thứ ba, 24/02/2026 - 14:00", "07:00"),
        ("Tuesday 24.02.2026", "00:00"),
    ],
)
def test_a_line_that_is_a_date_in_words_dates_the_text(line: str, time: str) -> None:
    entry = one(f"Ferry returns\nBy Ann Bee, Harbour Post\n{line}\n\nThe old ferry sails again.")
    assert entry.published_at == datetime.fromisoformat(f"2026-02-24T{time}:00+00:00")
    assert entry.text == "By Ann Bee, Harbour Post\n\nThe old ferry sails again."


@pytest.mark.parametrize(
    "line",
    [
        "On 24 February 2026 it sailed.",
        "Ferry strike 24 February 2026",
        "Ferry strike 24/02/2026",
        "May 2026",
    ],
)
def test_a_line_that_says_more_than_a_date_is_text(line: str) -> None:
    assert line in one(f"Ferry returns\n{line}\n\nThe old ferry sails again.").text
    assert one(f"Ferries 24 February 2026\n\n{line}").title == "Ferries 24 February 2026"
