"""Articles whose page marks neither its paragraphs nor what stands beside them."""

import pytest

from ingester.pages.kind import read_page

PROSE = [
    "The evening ferry between the old quay and the island sails again, its captain said.",
    "For a winter nobody had crossed the strait after dark, and the inn on the island stood empty.",
    "Now the lamps are lit again, and the first passengers brought their own blankets with them.",
    "The county pays.",
]
HEAD = "<title>Ferry returns to the island</title><meta name='author' content='Ann Bee'>"
TITLE = "<h1>Ferry returns to the island</h1>"
TEXT = "".join(f"<p>{line}</p>" for line in PROSE)


def lines(body: str) -> list[str]:
    html = f"<html lang='en'><head>{HEAD}</head><body>{body}</body></html>"
    page = read_page(html.encode(), url="https://news.example/a", content_type="text/html")
    return [line for line in page.text.split("\n") if line]


@pytest.mark.parametrize(
    "paragraph",
    ["<div>{}</div>", "<div class='x1'>{}</div>", "<section><span>{}</span></section>"],
)
def test_boxes_side_by_side_are_paragraphs(paragraph: str) -> None:
    linked = (line.replace("island", "<a href='/island'>island</a>") for line in PROSE)
    text = "".join(map(paragraph.format, linked))
    assert lines(f"{TITLE}<div class='x3'>{text}</div>") == PROSE


def test_a_box_named_media_that_holds_the_article_is_no_picture() -> None:
    article = [
        "法院周四裁定立即停止填埋工程，并责令施工单位在六个月内恢复原状，另行公告。",
        "法院认为环境影响报告书未提及三处饮用水井，公众参与程序也流于形式而已。",
    ]
    text = "".join(f"<section><span>{line}</span></section>" for line in article)
    assert lines(f"{TITLE}<div class='rich_media_content'>{text}</div>") == article


def test_the_lead_stands_between_the_heading_and_the_body() -> None:
    lead, *rest = PROSE
    body = "".join(f"<p>{line}</p>" for line in rest)
    for tag in ("div", "h2"):
        shown = f"<{tag} class='m__announce'>{lead}</{tag}>"
        assert lines(f"{TITLE}{shown}<div class='m-mediator-article'>{body}</div>") == PROSE


@pytest.mark.parametrize(
    "beside",
    [
        "<div class='b1'><p>Every Friday we send you what the week brought to the islands, free."
        "</p><form><input type='email'><button>Send</button></form></div>",
        "<div class='b2' role='dialog'><p>We keep what you read on our pages for ninety days, and "
        "tell it to our partners in the trade.</p></div>",
        "<div class='b3'><img src='a.png'><h4>Ann Bee</h4><p>Ann Bee writes of ships and of those "
        "who wait for them; she has lived on the island for eleven years.</p></div>",
        "<div class='b4'><h4><i>Ann</i> <i>Bee</i></h4><p>Ann Bee writes of ships and of those who "
        "wait for them; she has lived on the island for eleven years.</p></div>",
    ],
)
def test_what_stands_beside_is_told_by_what_it_is_made_of(beside: str) -> None:
    assert lines(f"<div class='a'>{TITLE}<div class='c'>{TEXT}{beside}</div></div>") == PROSE
    middle = "".join(f"<p>{line}</p>" + (beside if line == PROSE[1] else "") for line in PROSE)
    assert lines(f"<div class='a'>{TITLE}<div class='c'>{middle}</div></div>") == PROSE


def test_a_byline_above_the_words_of_an_article_is_no_box_of_its_author() -> None:
    assert lines(f"<div>{TITLE}<div><b>Ann Bee</b>{TEXT}</div></div>")[-4:] == PROSE
    first, *rest = TEXT.split("</p>")
    begins = f"<div>{TITLE}</div><div><div><b>Ann Bee</b>{first}</p></div>{'</p>'.join(rest)}</div>"
    assert lines(begins)[-4:] == PROSE


def test_what_holds_the_heading_is_the_article_whatever_else_it_holds() -> None:
    assert lines(f"<div role='dialog'>{TITLE}{TEXT}</div>") == PROSE
    form = "<form><input type='email'><button>Send</button></form>"
    assert lines(f"<div>{TITLE}<p>{PROSE[0]}</p>{form}</div>") == PROSE[:1]
