"""Pages as programs of many kinds build them: tables, elements of their own, slides, data."""

import json
from datetime import UTC, datetime

import pytest

from ingester.entry import Entry
from ingester.pages.kind import read_page

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
