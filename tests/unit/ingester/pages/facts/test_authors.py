"""Authors of pages: people's names, each for itself, without what stands around them."""

import pytest

from ingester.pages.facts.names import people
from ingester.pages.kind import read_page
from tests.growth import grows_no_faster_than_its_input

TEXT = "<p>The evening ferry between the old quay and the island sails again, they said.</p>" * 5


def authors(head: str, body: str = "", after: str = "") -> tuple[str, ...]:
    html = (
        f"<html><head>{head}</head><body><h1>Ferry returns</h1>{body}"
        f"<article>{TEXT}</article>{after}</body></html>"
    )
    url = "https://www.harbourpost.example/2026/ferry"
    return read_page(html.encode(), url=url, content_type="text/html; charset=utf-8").authors


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("By Ann Bee", ["Ann Bee"]),
        ("By Ann Bee and Carl Dee", ["Ann Bee", "Carl Dee"]),
        ("Von Ann Bee und Carl Dee", ["Ann Bee", "Carl Dee"]),
        ("Par Ann Bee, Carl Dee et Eve Eff", ["Ann Bee", "Carl Dee", "Eve Eff"]),
        ("Por Ann Bee y Carl Dee", ["Ann Bee", "Carl Dee"]),
        ("di Ann Bee e Carl Dee", ["Ann Bee", "Carl Dee"]),
        ("Ann Bee og Carl Dee", ["Ann Bee", "Carl Dee"]),
        ("Text: Ann Bee", ["Ann Bee"]),
        ("Kommentar von Ann Bee", ["Ann Bee"]),
        ("Tác giả: Nguyễn Văn A", ["Nguyễn Văn A"]),
        ("作者：李四", ["李四"]),
        ("記者李小四／高雄報導", ["李小四"]),
        ("本报记者 李四 报道", ["李四"]),
        ("文／李小四", ["李小四"]),
        ("文・高梨 沙織", ["高梨 沙織"]),
        ("글·김철수", ["김철수"]),
        ("김철수 (kim@post.example)", ["김철수"]),
        ("โดย ณัฐพร ศรีวงศ์", ["ณัฐพร ศรีวงศ์"]),
        ("מאת נועה לוי", ["נועה לוי"]),
        ("گزارش: مینا رستگار", ["مینا رستگار"]),
        ("Haber: Elif Kaya", ["Elif Kaya"]),
        ("김철수 기자 kim@post.example", ["김철수"]),
        ("Írta: Szabó Éva", ["Szabó Éva"]),
        ("Teksti: Aino Laine", ["Aino Laine"]),
        ("Kirjoittanut Aino Laine", ["Aino Laine"]),
        ("Yazan: Elif Kaya", ["Elif Kaya"]),
        ("Της Ελένης Νικολάου", ["Ελένης Νικολάου"]),
        ("بقلم: ليلى حسن", ["ليلى حسن"]),
        ("מאת: נועה לוי", ["נועה לוי"]),
        ("लेखक: सीता वर्मा", ["सीता वर्मा"]),
        ("PV Lê Thu", ["Lê Thu"]),
        ("By Ann Bee in Oslo", ["Ann Bee"]),
        ("Reporting by Ann Bee; Editing by Carl Dee", ["Ann Bee"]),
        ("Ann Bee, PhD", ["Ann Bee, PhD"]),
        ("Ann Bee (with Carl Dee and Eve Eff)", ["Ann Bee (with Carl Dee and Eve Eff)"]),
        ("Ann Bee (https://ann.example/)", ["Ann Bee"]),
        ("Ann Bee ann@post.example", ["Ann Bee"]),
        ("Veröffentlicht am", []),
        ("admin", []),
        ("Ludwig von Berg", ["Ludwig von Berg"]),
        ("Davina Byrne", ["Davina Byrne"]),
        ("", []),
    ],
)
def test_a_byline_is_taken_apart(byline: str, names: list[str]) -> None:
    assert people(byline) == names


def test_people_go_before_the_site_itself() -> None:
    head = (
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Ferry returns",'
        '"author": {"@type": "Organization", "name": "Harbour Post"},'
        '"publisher": {"name": "Harbour Post"}}</script>'
    )
    assert authors(head, '<p class="byline">By Ann Bee | 24 Nov 2026</p>') == ("Ann Bee",)
    assert authors(head) == ("Harbour Post",)
    named = '<title>Ferry returns | The Boatman</title><meta name="author" content="The Boatman">'
    assert authors(named, '<a rel="author" href="/a">Ann Bee</a>') == ("Ann Bee",)
    assert authors(named) == ("The Boatman",)


def test_an_author_is_looked_up_by_the_id_that_the_article_gives() -> None:
    graph = (
        '{"@graph": [{"@type": "Article", "headline": "Ferry", "author": {"@id": "#/person/1"}},'
        '{"@type": "Person", "@id": "#/person/1", "name": "Ann Bee"}]}'
    )
    assert authors(f'<script type="application/ld+json">{graph}</script>') == ("Ann Bee",)


def test_the_list_with_more_names_is_believed() -> None:
    head = (
        '<script type="application/ld+json">{"@type": "Article", "headline": "Ferry",'
        '"author": {"@type": "Person", "name": "Ann Bee"}}</script>'
        '<meta name="author" content="Ann Bee,Carl Dee">'
    )
    assert authors(head) == ("Ann Bee", "Carl Dee")


def test_addresses_are_no_names_and_labels_tell_whose_name_follows() -> None:
    assert authors('<meta property="article:author" content="https://post.example/ann">') == ()
    head = '<meta name="twitter:label1" content="Written by">'
    assert authors(head + '<meta name="twitter:data1" content="Ann Bee">') == ("Ann Bee",)


def test_authors_that_stand_side_by_side_are_all_named() -> None:
    line = '<p><a rel="author" href="/a">Ann Bee</a>, <a rel="author" href="/c">Carl Dee</a></p>'
    again = '<div><p><a rel="author" href="/e">All articles of Eve Eff</a></p></div>'
    assert authors("", line, again) == ("Ann Bee", "Carl Dee")


@pytest.mark.parametrize(
    "elsewhere",
    [
        '<div class="comments"><b class="author">Ann Bee</b></div>',
        '<div class="related"><span class="author">Ann Bee</span></div>',
        '<footer><a rel="author">Ann Bee</a></footer>',
    ],
)
def test_who_wrote_a_comment_or_another_article_did_not_write_this_one(elsewhere: str) -> None:
    assert authors("", "", elsewhere) == ()


def test_a_name_at_the_right_below_the_article_signs_it() -> None:
    signed = '<p style="text-align: right;"><strong>Anh Tú</strong></p>'
    assert authors("", "", signed) == ("Anh Tú",)
    assert authors("", "", signed.replace("Anh Tú", "Read the rest tomorrow")) == ()


def test_a_line_near_the_heading_names_the_author() -> None:
    assert authors("", "<h4>By Ann Bee | 12/10/2026</h4>") == ("Ann Bee",)
    assert authors("", "<div>By the way, nobody knows.</div>") == ()


@pytest.mark.parametrize(
    ("byline", "name"),
    [
        ("By Aja Bee Dec 12, 2019, 3:00pm EST", "Aja Bee"),
        ("Aja Bee Dec. 3rd, 2019", "Aja Bee"),
        ("Aja BeeDec 12, 2019", "Aja Bee"),
        ("Aja Bee on Dec. 12", "Aja Bee"),
        ("Aja Bee Thursday 12 December 2019", "Aja Bee"),
        ("Aja Bee December 2019", "Aja Bee"),
        ("Jean Bee Publié le 12 décembre 2019 à 12h30", "Jean Bee"),
        ("Von Aja Bee August 2, 2020", "Aja Bee"),
        ("By Theresa May 12 December 2019", "Theresa May"),
        ("Von Theresa Mai 12.03.2020", "Theresa Mai"),
    ],
)
def test_a_month_that_begins_a_date_is_no_part_of_a_name(byline: str, name: str) -> None:
    assert authors("", f'<div class="byline">{byline}</div>') == (name,)


@pytest.mark.parametrize(
    ("before", "after"),
    [("", ""), ("<!--", "-->"), ("<![CDATA[", "]]>"), ("//<![CDATA[", "//]]>")],
)
def test_data_are_read_whatever_a_script_is_wrapped_in(before: str, after: str) -> None:
    data = '{"@type": "NewsArticle", "headline": "Ferry", "author": {"name": "Ann Bee"}}'
    wrapped = f"\n{before}\n{data}\n{after}\n"
    assert authors(f'<script type="application/ld+json">{wrapped}</script>') == ("Ann Bee",)


def test_a_day_in_what_a_page_says_of_its_author_is_no_name() -> None:
    head = '<meta name="author" content="Aja Bee Dec 12, 2019">'
    page = read_page(f"<html><head>{head}</head><body><p>It sails.</p></body></html>".encode())
    assert page.authors == ("Aja Bee",)


def test_a_weekday_and_time_beside_the_name_are_no_part_of_it() -> None:
    box = (
        '<div class="author-wrap"><a class="author-name">Lê Thu</a>'
        "<time>Thứ bảy, 07/11/2026 - 10:00</time></div>"
    )
    assert authors("", box) == ("Lê Thu",)


def test_rdfa_names_authors_as_microdata_does() -> None:
    named = '<span property="author" typeof="Person"><span property="name">Ann Bee</span></span>'
    assert authors("", named) == ("Ann Bee",)


def test_a_comma_too_many_does_not_hide_what_json_ld_says() -> None:
    data = '{"@type": "NewsArticle", "headline": "Ferry, [x,]", "author": {"name": "Ann Bee",},}'
    assert authors(f'<script type="application/ld+json">{data}</script>') == ("Ann Bee",)


@pytest.mark.parametrize(
    ("start", "again"), [('{"headline": "', '\\"'), ('{"@type":', ' "@type":  '), ("{", "}  ")]
)
def test_json_ld_that_is_none_takes_no_longer_than_its_length(start: str, again: str) -> None:
    def read(size: int) -> object:
        data = start + again * size
        return authors(f'<script type="application/ld+json">{data}</script>')

    assert grows_no_faster_than_its_input(read, 1_000)


def test_a_name_is_given_once_however_it_is_capitalised() -> None:
    data = '{"@type": "Article", "headline": "x", "author": ["Ann Bee", "ANN BEE", "Carl Dee"]}'
    assert authors(f'<script type="application/ld+json">{data}</script>') == ("Ann Bee", "Carl Dee")


def test_a_role_beside_a_box_with_a_name_is_no_part_of_it() -> None:
    roles = "".join(
        f'<p class="author"><b class="author-name">{name}</b> <i class="author-title">Reporter</i>'
        for name in ("Ann Bee", "Carl Dee")
    )
    assert authors("", f'<div class="byline">{roles}</div>') == ("Ann Bee", "Carl Dee")


@pytest.mark.parametrize("mark", ['rel="author"', 'class="author"'])
def test_looking_for_authors_in_a_box_of_other_stories_takes_no_longer_than_it_is(
    mark: str,
) -> None:
    def read(count: int) -> None:
        row = f"<div>{f'<span {mark}>Ann Bow</span>' * 50}</div>"
        box = f'<div class="related">{row * (count // 50)}</div>'
        read_page(f"<title>x</title>{box}<h1>Ferry sails</h1>".encode())

    assert grows_no_faster_than_its_input(read, 2_000)


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("<p class=info><time datetime=2026-11-24>24.11.</time> von Ann Bee</p>", "Ann Bee"),
        ("<dl><dd class=createdby>By <span itemprop=name>Ann Bee</span></dd></dl>", "Ann Bee"),
        ("<ul class=info><li>2026.11.24 10:20</li><li>이서연 기자</li></ul>", "이서연"),
    ],
)
def test_a_byline_may_stand_behind_a_time_or_around_a_name(body: str, name: str) -> None:
    assert authors("", body) == (name,)
    assert authors('<meta name="author" content="Super User">', body) == (name,)


def test_plone_calls_the_author_that_of_a_document() -> None:
    line = '<div class="documentByLine"><span class="documentAuthor">Ann Bee</span></div>'
    assert authors("", line) == ("Ann Bee",)
