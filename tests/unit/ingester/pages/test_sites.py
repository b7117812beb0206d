"""Pages as programs of many kinds build them: tables, elements of their own, slides, data."""

import json
from datetime import UTC, datetime

import pytest
from lxml.html import fromstring, tostring

from ingester.entry import Entry
from ingester.pages.kind import read_page
from ingester.pages.paragraphs import name_holder, part_at_breaks

PROSE = [
    "The evening ferry between the old quay and the island sails again, its captain said.",
    "For a winter nobody had crossed the strait after dark, and the inn on the island stood empty.",
    "Now the lamps are lit again, and the first passengers brought their own blankets with them.",
    "The line is paid for by the county, which wants to look at the numbers again in the spring.",
]
TEXT = "".join(f"<p>{line}</p>" for line in PROSE)
TITLE = "Ferry returns to the island"


def page(body: str, title: str = TITLE) -> Entry:
    html = f"<html><head><title>{title}</title></head><body>{body}</body></html>"
    return read_page(
        html.encode(), url="https://harbourpost.example/a", content_type="text/html; charset=utf-8"
    )


def lines(body: str) -> list[str]:
    return [line for line in page(f"<h1>{TITLE}</h1>{body}").text.split("\n") if line]


@pytest.mark.parametrize(
    "words",
    [
        "مردم این دو محله سال‌هاست برای رسیدن به بازار باید چهار کیلومتر راه بروند و می‌گویند که "
        "این پل به آن‌ها کمک می‌کند تا زودتر به خانه برسند.",
        "ශ්‍රී ලංකාවේ අගනුවර කොළඹ නගරයේ නව පාලම ජනතාවට විවෘත කළ බව රජයේ ප්‍රවෘත්ති "
        "දෙපාර්තමේන්තුව ප්‍රකාශයක් නිකුත් කරමින් පවසයි.",
    ],
)
def test_signs_without_a_form_of_their_own_stay_in_the_words_spelt_with_them(words: str) -> None:
    assert lines(f"<article><p>{words}</p><p>{words[::-1]}</p></article>")[0] == words


def test_a_table_that_lays_out_a_page_is_none_of_its_text() -> None:
    menu = "<td><a href='/'>Start</a><br><a href='/b'>Shipping</a><br><a href='/c'>Weather</a></td>"
    beside = "<td><font size='1'>Rain</font></td>"
    body = f"<table><tr>{menu}<td>{'<p>'.join(PROSE)}</td>{beside}</tr></table>"
    assert lines(body) == PROSE
    figures = "<table><tr><td>2025</td><td>12</td></tr><tr><td>2026</td><td>19</td></tr></table>"
    assert "| 2026 | 19 |" in lines(f"<article>{TEXT}{figures}</article>")
    both = lines(f"<table><tr><td>{TEXT}{figures}</td></tr></table>")
    assert both[:4] == PROSE
    assert "| 2026 | 19 |" in both


def test_a_notice_of_an_authority_has_its_title_in_its_table() -> None:
    facts = "<tr><th>Dept</th><td>Shipping</td><th>Date</th><td>2026-11-26</td></tr>"
    body = (
        f"<table><caption>News</caption><tr><th colspan='4'>{TITLE}</th></tr>{facts}"
        f"<tr><td colspan='4'>{TEXT}</td></tr></table>"
    )
    found = page(body, "Harbour County")
    assert (found.title, found.text.split("\n")) == (TITLE, PROSE)
    assert found.published_at == datetime(2026, 11, 26, tzinfo=UTC)


@pytest.mark.parametrize(
    "offer",
    [
        "<div class='paywall'><h3>Go on with Plus</h3><p>First month free.</p><button>Buy</button>"
        "<ul><li>All articles on all devices</li></ul></div>",
        "<section class='abo-box offer'><p>Ten weeks for ten crowns, then thirty a month.</p>"
        "<a href='/login'>Were you here before?</a></section>",
    ],
)
def test_what_is_for_sale_in_front_of_an_article_is_no_text(offer: str) -> None:
    assert lines(f"<article>{TEXT}{offer}</article>") == PROSE


def test_what_is_behind_a_paywall_and_shown_all_the_same_is_text() -> None:
    assert lines(f"<article><div class='paywall'>{TEXT}</div></article>") == PROSE
    first, rest = f"<p>{PROSE[0]}</p>", "".join(f"<p>{line}</p>" for line in PROSE[1:])
    assert lines(f"<article>{first}<div class='paywall'>{rest}</div></article>") == PROSE


def test_elements_of_a_site_s_own_are_called_what_they_are() -> None:
    cards = "".join(
        f"<story-card><a href='/{n}'><h3>What they did in the winter of {n}</h3>"
        f"<p>The best of the week in your inbox, every morning.</p></a></story-card>"
        for n in (2024, 2025)
    )
    body = f"<article-body>{TEXT}</article-body><related-stories>{cards}</related-stories>"
    assert lines(body) == PROSE


def test_a_story_told_beneath_its_slides_is_told() -> None:
    slides = "".join(
        f"<figure class='slide'><img src='{n}.png'><figcaption>{line}</figcaption></figure>"
        for n, line in enumerate(PROSE)
    )
    lead = "The strait in pictures."
    body = f"<article class='gallery'><p>{lead}</p><div class='slides'>{slides}</div></article>"
    assert lines(body) == [lead, *PROSE]
    assert lines(body.replace("'gallery'", "'a'").replace("'slides'", "'carousel'"))[1:] == PROSE


def test_a_korean_lead_is_as_long_as_what_it_says() -> None:
    lead = "20년 넘게 비어 있던 부지를 시가 매입해 2029년 개관을 목표로 설계 공모에 들어간다."
    first = "시는 26일 옛 공장 부지를 410억 원에 매입해 시립미술관을 건립한다고 밝혔다. " * 2
    body = f"<h2 class='sub'>{lead}</h2><article>{f'<p>{first}</p>' * 3}</article>"
    assert lines(body)[0] == lead


def test_data_may_say_when_in_milliseconds() -> None:
    story = {
        "headline": TITLE,
        "publishedAt": 1795686120000,
        "body": [{"type": "paragraph", "text": line} for line in PROSE],
    }
    script = f'<script id="__NEXT_DATA__" type="application/json">{json.dumps(story)}</script>'
    found = page(f'<div id="__next"></div>{script}')
    assert found.published_at == datetime(2026, 11, 26, 9, 42, tzinfo=UTC)
    assert found.text.split("\n\n") == PROSE


TEASER = (
    "<li><a href='/b'><h3>Ice closes the canal</h3></a><p>Barges wait in both harbours for a thaw "
    "that nobody has promised them before the end of the month.</p></li>"
)
STORY = {
    "title": TITLE,
    "publishedAt": "2026-11-26T09:42:00Z",
    "authors": [{"name": "Ann Bee"}, {"name": "Cid Dee"}],
    "content": TEXT,
}


def pushed(*parts: str) -> str:
    scripts = (f"<script>self.__next_f.push({json.dumps([1, part])})</script>" for part in parts)
    return "".join(scripts)


def test_an_article_that_only_data_have_is_read_beside_what_the_page_shows_of_others() -> None:
    shown = f"<h1>{TITLE}</h1><div class='skeleton'></div><ul>{TEASER * 3}</ul>"
    text = "\u2009".join(PROSE)
    sent = json.dumps({**STORY, "content": "$1f"})
    row = f"1f:T{len(text.encode()):x},{text}5:{sent}\n"
    for data in (
        f"<script type='application/json'>{json.dumps({'props': STORY})}</script>",
        pushed(f"5:{json.dumps(STORY)}\n"),
        pushed(row[:90], row[90:]),
    ):
        found = page(shown + data)
        assert all(line in " ".join(found.text.split()) for line in PROSE)
        assert "thaw" not in found.text
        assert found.authors == ("Ann Bee", "Cid Dee")
        assert found.published_at == datetime(2026, 11, 26, 9, 42, tzinfo=UTC)
        assert "thaw" in page(shown + data.replace(TITLE, "Quay shut by storm")).text
    table = [{"title": 1, "content": 2, "author": 3}, TITLE, TEXT, {"name": 4}, "Ann Bee"]
    data = f"<script type='application/json' id='__NUXT_DATA__'>{json.dumps(table)}</script>"
    assert page(shown + data).authors == ("Ann Bee",)
    whole, part = json.dumps(STORY), json.dumps({**STORY, "content": TEXT[:150]})
    data = f"<script type='application/json'>[{whole}, {part}]</script>"
    assert PROSE[-1] in page(shown + data).text


def test_data_that_say_less_than_the_page_take_nothing_from_it() -> None:
    story = json.dumps({**STORY, "content": f"<p>{PROSE[0]}</p>"})
    data = f"<script type='application/json'>{story}</script>"
    assert page(f"<h1>{TITLE}</h1><article>{TEXT}</article>{data}").text.split("\n") == PROSE


@pytest.mark.parametrize("tag", ["div", "section", "td"])
def test_lines_that_only_breaks_part_are_the_paragraphs_of_an_article(tag: str) -> None:
    menu = "<div><a href='/'>Start</a><a href='/b'>Shipping</a></div>"
    told = "<br><br>".join((*PROSE[:2], f"<b>{PROSE[2][:20]}</b>{PROSE[2][20:]}", PROSE[3]))
    below = "<div><b>Sam</b> 12:10<br>About time, too, I say, for it took them years.</div>"
    body = f"{menu}<h1>{TITLE}</h1><table><tr><{tag} class='x'>{told}<p></p></{tag}></table>{below}"
    assert page(body).text.split("\n") == PROSE
    assert lines(f"<div class='x'>{'<br>'.join(PROSE)}<h2>Figures</h2>Two ferries.</div>") == [
        *PROSE,
        "Figures",
        "Two ferries.",
    ]


def test_one_line_behind_a_break_is_no_paragraph() -> None:
    box = fromstring(f"<div><p>A</p><div><b>Sam</b> 12:10<br>{PROSE[0]}</div></div>")
    part_at_breaks(box)
    assert tostring(box).count(b"<p>") == 1
    poem = fromstring(f"<div><p>{PROSE[0]}<br>{PROSE[1]}</p></div>")
    part_at_breaks(poem)
    assert len(poem.findall(".//br")) == 1


def test_no_box_is_the_articles_where_two_hold_as_much() -> None:
    columns = f"<div class='x'>{TEXT}</div><div class='y'>{TEXT}</div>"
    tree = fromstring(f"<div>{columns}</div>")
    name_holder(tree)
    assert [box.get("class") for box in tree] == ["x", "y"]
    tree[1].drop_tree()
    name_holder(tree)
    assert tree[0].get("class") == "article-body"


def test_what_stands_apart_at_the_end_is_of_the_page() -> None:
    app = "<p>Have the news of the strait on your telephone, too: load our application.</p>"
    body = f"<div class='x'>{TEXT}</div><div><i>1</i>{app}</div><table><tr><td>Rain<td>3</table>"
    assert lines(body) == PROSE
    assert lines(f"<article>{body}</article>") == PROSE


def test_lists_of_an_article_in_boxes_of_any_name_are_read() -> None:
    items = "<h3>Ferries</h3><ul><li>the old one at nine</li><li>the new one at noon</li></ul>"
    page_end = "<div class='y'><p>The town had 6,812 inhabitants at the end of last year.</p></div>"
    found = lines(f"<div class='x'>{PROSE[0]}{items}{TEXT}</div>{page_end}")
    assert "- the new one at noon" in found
    assert found[-1] == PROSE[-1]


def test_a_form_around_a_whole_page_is_no_form() -> None:
    menu = "".join(f"<a href='/s{n}'>Section {n}</a>" for n in range(9))
    told = "".join(f"<div>{line}</div>" for line in PROSE)
    found = page(f"<form id=aspnetForm><div>{menu}</div><h1>Ferry sails</h1>{told}</form>", "Post")
    assert found.title == "Ferry sails"
    assert found.text.split("\n") == PROSE
