"""Texts of pages: the article whole, and nothing of what stands around it."""

import pytest

from ingester.pages import text
from ingester.pages.kind import read_page

PROSE = [
    "The evening ferry between the old quay and the island sails again, its captain said.",
    "For a winter nobody had crossed the strait after dark, and the inn on the island stood empty.",
    "Now the lamps are lit again, and the first passengers brought their own blankets with them.",
    "The line is paid for by the county, which wants to look at the numbers again in the spring.",
]
TEXT = "".join(f"<p>{line}</p>" for line in PROSE)


def lines(body: str, head: str = "") -> list[str]:
    html = f"<html><head><title>Ferry returns to the island</title>{head}</head>{body}</html>"
    page = read_page(html.encode(), url="https://news.example/a", content_type="text/html")
    return [line for line in page.text.split("\n") if line]


def article(inside: str) -> list[str]:
    return lines(f"<body><article>{inside}</article></body>")


def test_the_title_is_not_repeated_nor_what_stands_above_it() -> None:
    assert article(f"<h1>Ferry returns to the island</h1>{TEXT}") == PROSE
    crumbs = "<ul><li>News</li><li>Shipping</li></ul>"
    assert article(f"{crumbs}<h1>Ferry returns to the island</h1>{TEXT}") == PROSE


@pytest.mark.parametrize(
    "around",
    [
        "<figure><img src='a.png'><figcaption>A ferry at the old quay.</figcaption></figure>",
        "<div class='image-box image'><img src='a.png'><p>A ferry, seen from the quay.</p></div>",
        "<p><a href='/b'>Read what the captain did all winter long</a></p>",
        "<h3><a href='/b'>What the captain did all winter long</a></h3>",
        "<ul><li><a href='/b'>The captain's winter</a></li><li><a href='/c'>The inn</a></li></ul>",
        "<div class='newsletter-box newsletter'><p>The best of the week in your inbox.</p></div>",
        "<div class='related-articles'><p>What the captain did all winter long.</p></div>",
        "<p>Sign up for our weekly newsletter, and read it with your coffee.</p>",
        "<p>Melde dich für unseren Newsletter an.</p>",
    ],
)
def test_what_stands_between_paragraphs_is_not_text(around: str) -> None:
    half = len(TEXT) // 2
    middle = TEXT.index("<p>", half)
    assert article(TEXT[:middle] + around + TEXT[middle:]) == PROSE


@pytest.mark.parametrize(
    "after",
    [
        "<p>© 2026 Harbour Post</p>",
        "<p>ann@post.example</p>",
        "<p>Eve Eff and Carl Dee contributed to this report.</p>",
        "<h3>More of this</h3>",
    ],
)
def test_what_closes_a_page_is_not_text(after: str) -> None:
    assert article(TEXT + after) == PROSE


def test_a_link_in_a_sentence_and_a_list_with_one_stay() -> None:
    shown = article(
        f"{TEXT}<p>It sails daily, <a href='/t'>says the timetable</a>, but not at Christmas.</p>"
        "<ul><li>Quay, 18:30, where <a href='/l'>the lamps</a> have been lit since 1911</li></ul>"
        f"<p>{PROSE[0][:-1]} once more.</p>"
    )
    assert "It sails daily, says the timetable, but not at Christmas." in shown
    assert any("Quay, 18:30" in line for line in shown)


def test_the_lead_is_a_part_of_the_text() -> None:
    lead = "After a winter without boats the island is to be reached in the evening once more."
    said = f"<meta name='description' content='{lead}'>"
    body = f"<header><h1>Ferry returns to the island</h1><div>{lead}</div></header>"
    assert lines(f"<body>{body}<article>{TEXT}</article></body>", said)[0] == lead
    named = f"<header><h1>Ferry returns to the island</h1><p class='lead'>{lead}</p></header>"
    assert lines(f"<body>{named}<article>{TEXT}</article></body>") == [lead, *PROSE]
    unseen = lines(f"<body><article>{TEXT}</article></body>", said)
    assert unseen == PROSE, "what the page does not show is not put into its text"


def test_the_sites_own_text_decides_what_belongs_to_the_article() -> None:
    other = (
        "<p>Elsewhere on the coast the harbours wait for spring, as they did in other years.</p>"
    )
    data = (
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Ferry",'
        '"articleBody": "' + " ".join(PROSE) + '"}</script>'
    )
    assert lines(f"<body><article>{TEXT}{other}</article></body>", data) == PROSE
    clipped = data.replace(" ".join(PROSE), PROSE[0][:60])
    assert len(lines(f"<body><article>{TEXT}{other}</article></body>", clipped)) == 5


def test_the_text_of_another_article_decides_nothing() -> None:
    other = " ".join(
        f"The mill on hill number {number} burned in the night." for number in range(9)
    )
    data = (
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Mills burn",'
        '"articleBody": "' + other + '"}</script>'
    )
    assert lines(f"<body><article>{TEXT}</article></body>", data) == PROSE


def test_an_appeal_to_readers_in_the_news_stays() -> None:
    appeal = "Melden Sie sich bei der Polizei, wenn Sie die Fähre am Abend gesehen haben."
    html = f"<html><body><article>{TEXT}<p>{appeal}</p>{TEXT}</article></body></html>"
    assert appeal in read_page(html.encode(), content_type="text/html; charset=utf-8").text


def test_lines_that_only_breaks_part_are_paragraphs() -> None:
    link = "<a href='/b'>What the captain did all winter long</a>"
    inside = f"{PROSE[0]}<br><br>{PROSE[1][:9]}<b>{PROSE[1][9:20]}</b>{PROSE[1][20:]}<br>{link}<br>"
    shown = lines(f"<body><div id='c'>{inside}{PROSE[2]}<br><br>{PROSE[3]}</div></body>")
    assert shown == PROSE


def test_headings_and_lists_between_paragraphs_are_put_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(text, "extracted", lambda tree, url: "\n".join(PROSE))
    between = "<h3>What it carries</h3><ul><li>Bicycles</li><li>Sheep, in spring</li></ul>"
    elsewhere = "<div><h3>Read what else there is</h3></div>"
    parts = [f"<p>{line}</p>" for line in PROSE]
    html = f"{parts[0]}{between}{parts[1]}{elsewhere}{parts[2]}{parts[3]}"
    shown = article(html)
    assert shown == [PROSE[0], "What it carries", "- Bicycles", "- Sheep, in spring", *PROSE[1:]]


def test_an_article_of_many_boxes_is_taken_whole() -> None:
    parts = [[f"{line} It was evening {number}." for line in PROSE] for number in range(6)]
    boxes = "".join(
        "<div><article><div>"
        + "".join(f"<p>{line}</p>" for line in part)
        + "</div></article></div>"
        for part in parts
    )
    shown = lines(f"<body><main><h1>Ferry returns to the island</h1>{boxes}</main></body>")
    assert shown == [line for part in parts for line in part]


def test_a_site_that_calls_its_whole_page_related_keeps_its_text() -> None:
    assert lines(f"<body><div class='related'>{TEXT}</div></body>") == PROSE
