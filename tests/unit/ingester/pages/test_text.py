"""Texts of pages: the article whole, and nothing of what stands around it."""

import json

import pytest

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
        "<div><h3><a href='/b'>The captain's winter</a></h3><p>He went ice-fishing.</p></div>",
        "<article><div><h2><a href='/b'>What he did</a></h2></div><p>Ice-fishing.</p></article>",
        "<h3><a href='/b'>What the captain did all winter long</a></h3>",
        "<ul><li><a href='/b'>The captain's winter</a></li><li><a href='/c'>The inn</a></li></ul>",
        "<div class='newsletter-box newsletter'><p>The best of the week in your inbox.</p></div>",
        "<div class='related-articles'><p>What the captain did all winter long.</p></div>",
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
        "<h3>More of this</h3>",
    ],
)
def test_what_closes_a_page_is_not_text(after: str) -> None:
    assert article(TEXT + after) == PROSE


def test_a_headline_that_links_its_own_page_is_no_other_storys() -> None:
    head = "<h2><a href='/a'>Ferry returns to the island</a></h2>"
    assert lines(f"<body><div>{head}<p>{PROSE[0]}</p></div></body>") == PROSE[:1]


def test_what_a_headline_links_on_the_same_page_stays() -> None:
    said = "The captain says that the ice is thick enough to walk to the island this evening."
    entry = f"<div><h3><a href='/a#19'>19:04 Ice</a></h3><p>{said}</p></div>"
    assert said in article(f"{TEXT}{entry}<p>{PROSE[0][:-1]} once more.</p>")


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
    plone = named.replace("<p class='lead'>", "<p class='documentDescription description'>")
    assert lines(f"<body>{plone}<article>{TEXT}</article></body>") == [lead, *PROSE]
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


def test_a_site_that_calls_its_whole_page_related_keeps_its_text() -> None:
    assert lines(f"<body><div class='related'>{TEXT}</div></body>") == PROSE


OTHERS = [
    f"Elsewhere on the coast harbour number {number} waits for spring, as it did in other years, "
    f"and its {number} boats lie on the beach with their keels up until the ice has gone."
    for number in range(20)
]


def test_other_stories_are_not_taken_because_an_article_is_short() -> None:
    teasers = "".join(
        f"<section><h2>Harbour {number}</h2><p>{line}</p></section>"
        for number, line in enumerate(OTHERS)
    )
    body = f"<h1>Ferry returns to the island</h1><article>{TEXT}</article><div>{teasers}</div>"
    assert lines(f"<body><main>{body}</main></body>") == PROSE


TEASERS = {
    "heading": '<div><h3><a href="/n/{0}">{1}</a></h3><p>{2}</p></div>',
    "article in a link": '<article><a href="/n/{0}"><h3>{1}</h3><p>{2}</p></a></article>',
    "item": '<li><a href="/n/{0}">{1}</a><p>{2}</p></li>',
    "picture": (
        '<div><a href="/n/{0}"><img src="a.jpg"></a>'
        '<div><a href="/n/{0}"><span>{1}</span></a><div>{2}</div></div></div>'
    ),
    "more": '<section><h2>{1}</h2><p>{2}</p><a href="/n/{0}">Read more</a></section>',
    "link": '<a href="https://www.news.example/n/{0}"><div>{1}</div><div>{2}</div></a>',
    "row": '<tr><td><a href="/n/{0}">{1}</a></td><td>{2}</td></tr>',
    "paragraph": '<p><b><a href="/n/{0}">{1}</a></b><br>{2}</p>',
}
PAGES = {
    "beside": "<article><h1>Ferry returns to the island</h1>{0}</article><div>{1}</div>",
    "below": "<div><h1>Ferry returns to the island</h1><div>{0}</div><div>{1}</div></div>",
    "inside": "<article><h1>Ferry returns to the island</h1><div>{0}</div><div>{1}</div></article>",
    "before": "<div><div>{1}</div><div><h1>Ferry returns to the island</h1>{0}</div></div>",
}


@pytest.mark.parametrize("page", PAGES.values(), ids=list(PAGES))
@pytest.mark.parametrize("teaser", TEASERS.values(), ids=list(TEASERS))
@pytest.mark.parametrize("length", [1, 2, 4])
def test_no_story_brings_the_teasers_of_others_with_it(length: int, teaser: str, page: str) -> None:
    own = "".join(f"<p>{line}</p>" for line in PROSE[:length])
    others = [teaser.format(n, f"Harbour number {n} waits", line) for n, line in enumerate(OTHERS)]
    row = f"<table>{''.join(others)}</table>" if teaser.startswith("<tr") else "".join(others)
    assert lines(f"<body>{page.format(own, row)}</body>") == PROSE[:length]


def test_paragraphs_that_begin_with_a_link_among_others_are_text() -> None:
    linked = "".join(
        f"<p><a href='/n/{number}'>The captain of boat number {number}</a> sails at night.</p>"
        f"<p>{PROSE[number]}</p>"
        for number in range(4)
    )
    assert len(article(linked)) == 8


@pytest.mark.parametrize(
    "slide",
    [
        "<figure><img src='a.png'><figcaption>{}</figcaption></figure>",
        "<div class='slide'><img src='a.png'><div class='caption'><p>{}</p></div></div>",
        "<div class='media'><img src='a.png'><span class='image-caption'>{}</span></div>",
    ],
)
def test_captions_are_the_text_of_what_is_told_beneath_pictures(slide: str) -> None:
    told = "".join(slide.format(line) for line in PROSE)
    head = "<h1>Ferry returns to the island</h1><p>Pictures of a winter without it.</p>"
    found = article(f"{head}<div class='gallery'>{told}</div>")
    assert [line for line in found if line in PROSE] == PROSE


def test_captions_beside_a_text_and_headlines_beneath_pictures_are_none() -> None:
    few = "<figure><img src='a.png'><figcaption>The quay, seen from the inn.</figcaption></figure>"
    assert article(TEXT + 4 * few) == PROSE
    shown = "What everybody on the quay had come to see on that morning, long before the sun."
    within = f"<figure><img src='a.png'><figcaption>{shown}</figcaption></figure>"
    assert shown not in "".join(article(f"<p>{PROSE[0]}</p>{3 * within}"))
    card = "<figure><a href='/b/{}'><img src='a.png'></a><figcaption>{}</figcaption></figure>"
    other = "What the captain of the old ferry did all winter long, and with whom"
    linked = card.replace("</figcaption>", " <a href='/b/{}'>More</a></figcaption>")
    cards = "".join(linked.format(n, other, n) for n in range(5))
    assert other not in "".join(lines(f"<body><article>{TEXT}</article>{cards}</body>"))


def test_what_a_shadow_root_shows_is_text_and_a_template_is_not() -> None:
    shown = f"<x-story><template shadowrootmode='open'>{TEXT}</template></x-story>"
    hidden = "<template><p>Only programs read this sentence about boats.</p></template>"
    assert article(shown + hidden) == PROSE


def test_what_no_reader_sees_is_not_text() -> None:
    hidden = "<div style='display: none'><p>Only programs read this sentence about boats.</p></div>"
    assert article(TEXT + hidden + "<p hidden>Nor does anybody read this one.</p>") == PROSE


def test_a_page_that_one_search_reads_too_widely_is_read_as_two_others_do() -> None:
    whole = "".join(f"<p>{line} It was evening {n}.</p>" for n in range(6) for line in PROSE)
    below = "".join(f"<li>{line}</li>" for line in OTHERS[:8])
    head = "<h1>Ferry returns to the island</h1>"
    shown = article(f"{head}<div>{whole}</div><ul class='bottom'>{below}</ul>")
    assert len(shown) == 24, "the list is no part of the article"


def json_ld(body: str, headline: str = "Ferry") -> str:
    said = {"@type": "NewsArticle", "headline": headline, "articleBody": body}
    return f'<script type="application/ld+json">{json.dumps(said)}</script>'


def test_the_sites_own_text_is_taken_where_the_page_shows_a_part_of_it() -> None:
    whole = "\n".join([*PROSE, *OTHERS])
    shown = lines(f"<body><article>{TEXT}</article></body>", json_ld(whole))
    assert shown == [*PROSE, *OTHERS]


@pytest.mark.parametrize(
    "said",
    [
        {"@type": "NewsArticle", "headline": "Ferry", "articleBody": [*PROSE, *OTHERS]},
        {"@type": "Review", "headline": "Ferry", "reviewBody": "\n".join([*PROSE, *OTHERS])},
        [
            {"@type": "NewsArticle", "headline": "Ferry"},
            {"@type": "Article", "headline": "Mill", "articleBody": "The mill burned. " * 90},
            {"@type": "Article", "headline": "Ferry", "articleBody": "\n".join([*PROSE, *OTHERS])},
        ],
    ],
)
def test_the_sites_own_text_is_found_in_whatever_says_it_of_the_article(said: object) -> None:
    data = f'<script type="application/ld+json">{json.dumps(said)}</script>'
    assert lines(f"<body><article>{TEXT}</article></body>", data) == [*PROSE, *OTHERS]


def test_the_sites_own_text_is_taken_where_the_page_shows_but_a_notice() -> None:
    notice = "<p>We and our partners store what you read on your device, and they do so, too.</p>"
    head = "<h1>Ferry returns to the island</h1>"
    said = json_ld("\n".join(OTHERS), "Ferry returns to the island")
    assert lines(f"<body>{head}<article>{notice * 4}</article></body>", said) == OTHERS


def test_the_sites_own_text_keeps_out_other_stories_that_are_longer() -> None:
    own = [f"{line} It was evening {number}." for number in range(6) for line in PROSE]
    teasers = [f"{line} And {number} more." for number in range(4) for line in OTHERS]
    shown = "".join(f"<p>{line}</p>" for line in [*own, *teasers])
    assert lines(f"<body><article>{shown}</article></body>", json_ld(" ".join(own))) == own


@pytest.mark.parametrize(
    "css",
    [
        "<style>.a{color:red}</style>",
        "<p>.a{color:red} .b &gt; p{margin:0;padding:1px}</p>",
        "<p>@media (max-width:600px){.a{color:red}}</p>",
        "<p>/* theme */ .a{color:red}</p>",
        "<p>:root{--main:red}</p>",
        "<p>h1, h2 > a{color:red}</p>",
        "<p>@import url('theme.css');</p>",
    ],
)
def test_style_sheets_are_not_text(css: str) -> None:
    paragraphs = [f"<p>{line}</p>" for line in PROSE]
    assert article(css.join(paragraphs)) == PROSE
    own = "\n".join([*PROSE, *OTHERS])
    data = json_ld(f".a{{color:red}} .b{{margin:0}} {own}")
    assert lines(f"<body><article>{TEXT}</article></body>", data) == [*PROSE, *OTHERS]


@pytest.mark.parametrize(
    "between",
    [
        '<p><strong>Read also:</strong> <a href="/x">Bakers ask for cheaper flour</a></p>',
        '<p>À lire aussi – <a href="/x">La farine est chère</a></p>',
        '<p>【関連記事】<a href="/x">粉が高い</a></p>',
        '<p>Related: <a href="/x">Bakers ask for flour</a> | <a href="/y">Museum reopens</a></p>',
        '<p>यह भी पढ़ें- <a href="/x">आटा महंगा</a></p>',
        "<p>ADVERTISEMENT</p>",
        "<p>Article continues below this advertisement</p>",
        "<p>Quảng cáo</p>",
        '<p class="Image">The ferry at the quay. Photo: Ann Writer</p>',
        '<table class="tplCaption"><tr><td>The ferry at the quay from above.</td></tr></table>',
    ],
)
def test_links_to_other_stories_adverts_and_captions_within_an_article_are_not_its_text(
    between: str,
) -> None:
    first, *others = PROSE
    rest = "".join(f"<p>{line}</p>" for line in others)
    assert article(f"<p>{first}</p>{between}{rest}") == PROSE


@pytest.mark.parametrize(
    "around",
    [
        f'<div class="poll"><h4>What do you say?</h4><p>{PROSE[0]}</p><button>Vote</button></div>',
        '<div class="audio-player"><p>Listen to this article</p></div>',
        "<p><em>Sign up for our newsletter and miss nothing.</em></p>",
        "<p>Folgen Sie uns auf allen Kanälen</p>",
    ],
)
def test_polls_players_and_calls_at_the_end_are_not_text(around: str) -> None:
    assert article(TEXT + around) == PROSE


def test_the_first_paragraph_may_stand_bare() -> None:
    bare = "<p>".join(PROSE)
    assert lines(f"<body><h1>Ferry returns to the island</h1><font>{bare}</font></body>") == PROSE


def test_what_says_where_something_is_from_stays() -> None:
    source = 'The numbers are those of <a href="/x">the county</a>'
    assert len(article(f"{TEXT}<p>{source}</p>")) == len(PROSE) + 1


@pytest.mark.parametrize(
    "last",
    [
        "黑客未经授权访问了港口的系统，警方说。",
        "無断転載が相次ぎ、港の新聞社は訴えを起こした。",
        "Register for the crossing by Friday, the county tells all who want to come along.",
        "Theo dõi báo cáo của cảng, tỉnh sẽ quyết định vào mùa xuân.",
    ],
)
def test_a_last_paragraph_that_only_begins_as_what_closes_a_page_stays(last: str) -> None:
    assert article(f"{TEXT}<p>{last}</p>")[-1] == last


@pytest.mark.parametrize(
    "last",
    [
        "未经授权，不得转载。",
        "無断転載・複製を禁じます",
        "무단 전재 및 재배포 금지",
        "Theo dõi báo Bến Cảng trên Zalo",
    ],
)
def test_that_a_page_may_not_be_copied_is_not_text(last: str) -> None:
    assert article(f"{TEXT}<p>{last}</p>") == PROSE


def test_a_paragraph_beside_an_image_stays() -> None:
    line = "The captain, who is 71, wants to stay for one more summer and then to see the world."
    assert line in article(f"{TEXT}<p class='text with-image'>{line}</p>{TEXT}")


@pytest.mark.parametrize(
    "beside",
    [
        "<div class='card signup-card'><h2>The Post</h2><p>New letters, in your inbox.</p></div>",
        "<p>Read also: Lighthouse keeper looks back</p>",
        "<p>اقرأ أيضا: حارس المنارة يروي قصته</p>",
        "<p>延伸阅读：灯塔看守人的回忆</p>",
    ],
)
def test_what_asks_to_sign_up_or_names_another_story_is_not_the_articles(beside: str) -> None:
    parts = [f"<p>{line}</p>" for line in PROSE]
    inside = "".join((*parts[:2], beside, *parts[2:]))
    assert article(f"<h1>Ferry returns to the island</h1>{inside}") == PROSE


def test_a_line_of_advice_names_no_other_story() -> None:
    advice = "Recommended: update the ferry's radio to 5.2 before the next storm."
    assert advice in article(f"{TEXT}<p>{advice}</p>{TEXT}")


def test_a_lead_below_a_heading_of_less_rank_is_the_articles() -> None:
    rest = "".join(f"<p>{line}</p>" for line in PROSE[1:])
    heading = "<h2 class=title>Ferry returns to the island</h2>"
    lead = f"<span class=abstract><strong>{PROSE[0]}</strong></span>"
    assert lines(f"<body><div>{heading}{lead}<div class=testo>{rest}</div></div></body>") == PROSE
