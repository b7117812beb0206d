"""Draws one alert, more of its story, and a digest as each kind of channel shows them.

    python -m bench.making.pictures docs/img

E-mail is what a browser makes of it; the chats are drawn from the bytes that are sent, by rules
that approximate what their vendors document. Needs `chromium`.
"""

import argparse
import html
import json
import re
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from notifiers.channels.kinds import KINDS
from notifiers.content.content import (
    AlertContent,
    Content,
    DigestContent,
    Envelope,
    Newcomer,
    UpdateContent,
)
from storage.model import Alert, Article, Evidence, Rule, Source

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

STYLE = """
body{margin:16px;background:#eceff1;font:14px/1.45 'Noto Sans',sans-serif;
     columns:3 380px;column-gap:16px}
figure{break-inside:avoid;margin:0 0 16px;background:#fff;border-radius:6px;padding:10px 14px}
figcaption{font-size:11px;color:#78909c;margin-bottom:6px}
a{color:#1264a3;text-decoration:none}
blockquote{margin:4px 0;padding-left:8px;border-left:4px solid #cfd8dc}
p{margin:2px 0}
hr{border:0;border-top:1px solid #e0e0e0}
.small{font-size:12px;color:#616161}
.bar{border-left:4px solid #2b6cb0;padding-left:10px}
.dark{background:#313338;color:#dbdee1}
.dark a{color:#00a8fc}
.dark .small{color:#b5bac1}
.bubble{background:#eaf7e0;border-radius:10px;padding:8px 10px}
.card{border:1px solid #e0e0e0;border-radius:8px;padding:10px}
.tint{background:#f5f5f5;padding:6px 8px}
.button{display:inline-block;border:1px solid #bdbdbd;border-radius:4px;padding:1px 10px;
        margin-top:6px}
"""


def source(name: str) -> Source:
    return Source(
        id=name,
        kind="feed",
        url="https://news.example/rss",
        name=name,
        every=timedelta(minutes=15),
        added_at=NOON,
    )


def alert(
    title: str, text: str, words: str, outlet: str, language: str, layer: str
) -> AlertContent:
    """An alert about an article that holds these words."""
    start = text.index(words)
    evidence = Evidence(
        field="text",
        start=start,
        end=start + len(words),
        text=words,
        term="Hanoi Convention",
        layer=layer,
        language=language,
    )
    article = Article(
        id=outlet,
        source_id=outlet,
        story_id="story",
        url=f"https://news.example/{language}",
        title=title,
        text=text,
        language=language,
        published_at=NOON - timedelta(hours=2),
        first_seen_at=NOON,
    )
    raised = Alert(
        id="k3v9qd" + language,
        rule_id="rule",
        story_id="story",
        article_id=article.id,
        raised_at=NOON,
        score=0.9,
        evidence=(evidence,),
    )
    rule = Rule(id="rule", name="Hanoi Convention", query="Hanoi Convention", created_at=NOON)
    return AlertContent(alert=raised, rule=rule, article=article, source=source(outlet))


FIRST = replace(
    alert(
        "Sextio länder skriver under avtal mot it-brott",
        "Ministrar från sextio länder möttes i helgen. Den nya Hanoi-konventionen ska göra det "
        "lättare att dela bevis över gränserna, säger *arrangörerna*.",
        *("Hanoi-konventionen", "Dagens Prov", "sv", "compound"),
    ),
    articles=12,
    outlets=9,
    languages=("sv", "vi", "de", "fr", "es", "ja", "ar"),
    priority="high",
)
OTHERS = (
    FIRST,
    alert(
        "Việt Nam nộp văn kiện phê chuẩn",
        "Lễ nộp lưu chiểu Công ước Hà Nội diễn ra hôm qua.",
        *("Công ước Hà Nội", "Báo Thử", "vi", "lexicon"),
    ),
    alert(
        "La Convention de Hanoï entre en vigueur",
        "La Convention de Hanoï entre en vigueur ce matin.",
        *("Convention de Hanoï", "Le Courrier d’Essai", "fr", "cognate"),
    ),
)
RTL = alert(
    "وزراء من ستين دولة يوقعون اتفاقية هانوي",
    "اجتمع وزراء من ستين دولة في نهاية الأسبوع. "
    "ستسهل اتفاقية هانوي الجديدة تبادل الأدلة بين الدول.",
    *("اتفاقية هانوي", "صحيفة الاختبار", "ar", "lexicon"),
)
CONTENTS: Mapping[str, Content] = {
    "alert": FIRST,
    "thread": UpdateContent(
        alert=FIRST,
        new=tuple(Newcomer(article=each.article, source=each.source) for each in OTHERS[1:]),
    ),
    "digest": DigestContent(alerts=OTHERS, name="desk", left_out=4, since=NOON - timedelta(days=1)),
}


def markdown(text: str) -> str:
    """Return what bold, links, quotes and escapes become."""
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(html.escape(match[1]))
        return f"\x00{len(kept) - 1}\x00"

    text = html.escape(re.sub(r"\\(.)", keep, text), quote=False)
    text = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", text)
    text = re.sub(r"\[(.+?)\]\((?:&lt;)?(.+?)(?:&gt;)?\)", r'<a href="\2">\1</a>', text)
    lines = [
        f"<blockquote>{line[5:]}</blockquote>" if line.startswith("&gt; ") else f"<p>{line}</p>"
        for line in text.split("\n")
    ]
    return re.sub("\x00(\\d+)\x00", lambda match: kept[int(match[1])], "".join(lines))


def runs(elements: list[dict[str, Any]]) -> str:
    """Return Slack's text and link elements."""
    made = ""
    for run in elements:
        text = html.escape(run["text"]).replace("\n", "<br>")
        text = f"<b>{text}</b>" if run.get("style", {}).get("bold") else text
        made += f'<a href="{html.escape(run["url"])}">{text}</a>' if "url" in run else text
    return made


def slack(body: dict[str, Any]) -> str:
    made = ""
    for block in body["blocks"]:
        if block["type"] == "context":
            made += f'<p class="small">{html.escape(block["elements"][0]["text"])}</p>'
            continue
        [section] = block["elements"]
        tag = "blockquote" if section["type"] == "rich_text_quote" else "p"
        made += f"<{tag}>{runs(section['elements'])}</{tag}>"
    return made


def discord(body: dict[str, Any]) -> str:
    [embed] = body["embeds"]
    title = markdown(embed["title"]).removeprefix("<p>").removesuffix("</p>")
    title = (
        f'<a href="{html.escape(embed.get("url", ""))}">{title}</a>' if "url" in embed else title
    )
    return (
        f'<div class="bar" style="border-color:#{embed["color"]:06x}"><p><b>{title}</b></p>'
        f"{markdown(embed.get('description', ''))}"
        f'<p class="small">{html.escape(embed["footer"]["text"])}</p></div>'
    )


def attachment(body: dict[str, Any]) -> str:
    [made] = body.get("props", body)["attachments"]
    title = html.escape(made.get("title", ""))
    return (
        f'<div class="bar" style="border-color:{made["color"]}">'
        f'<p><b><a href="{html.escape(made.get("title_link", ""))}">{title}</a></b></p>'
        f'{markdown(made["text"])}<p class="small">{html.escape(made["footer"])}</p></div>'
    )


def teams(body: dict[str, Any]) -> str:
    card = body["attachments"][0]["content"]
    made = ""
    for block in card["body"]:
        tinted = block["type"] == "Container"
        line = ""
        for run in (block["items"][0] if tinted else block)["inlines"]:
            text = html.escape(run["text"])
            text = f"<b>{text}</b>" if run.get("weight") == "Bolder" else text
            text = f'<a href="#">{text}</a>' if "selectAction" in run else text
            line += f'<span class="small">{text}</span>' if run.get("isSubtle") else text
        made += f'<div class="{"tint" if tinted else ""}">{line}</div>'
    buttons = [f'<span class="button">{each["title"]}</span>' for each in card.get("actions", ())]
    return f'<div class="card">{made}{"".join(buttons)}</div>'


def google(body: dict[str, Any]) -> str:
    made = ""
    for section in body["cardsV2"][0]["card"]["sections"]:
        for widget in section["widgets"]:
            if "textParagraph" in widget:
                made += f"<p>{widget['textParagraph']['text']}</p>"
            else:
                [button] = widget["buttonList"]["buttons"]
                made += f'<span class="button">{html.escape(button["text"])}</span>'
        made += "<hr>"
    return f'<div class="card">{made.removesuffix("<hr>")}</div>'


def telegram(body: dict[str, Any]) -> str:
    # A quotation ends its line by itself.
    text = body["text"].replace("\n", "<br>").replace("</blockquote><br>", "</blockquote>")
    return f'<div class="bubble">{text}</div>'


def phone(body: dict[str, Any]) -> str:
    text = body["message"]
    if "extras" in body:
        shown = "".join(map(markdown, text.split("\n\n")))
    else:
        shown = f"<p>{html.escape(text).replace(chr(10), '<br>')}</p>"
    buttons = [f'<span class="button">{each["label"]}</span>' for each in body.get("actions", ())]
    return f"<p><b>{html.escape(body['title'])}</b></p>{shown}{''.join(buttons)}"


DRAWN: Mapping[str, Callable[[dict[str, Any]], str]] = {
    "slack": slack,
    "discord": discord,
    "teams": teams,
    "mattermost": attachment,
    "telegram": telegram,
    "google-chat": google,
    "matrix": lambda body: str(body["formatted_body"]),
    "ntfy": phone,
    "gotify": phone,
}


def rendered(kind: str, content: Content, language: str = "en") -> bytes:
    envelope = Envelope(
        id="msg_" + "d" * 26,
        at=NOON,
        recipient="you@example.org",
        sender="monitor@example.org",
        language=language,
    )
    return KINDS[kind].render(content, envelope)


def chats(content: Content) -> str:
    """Return a page with what every chat makes of it."""
    figures = []
    for kind, draw in DRAWN.items():
        dark = ' class="dark"' if kind == "discord" else ""
        shown = draw(json.loads(rendered(kind, content)))
        figures.append(f"<figure{dark}><figcaption>{kind}</figcaption>{shown}</figure>")
    return f"<!doctype html><meta charset=utf-8><style>{STYLE}</style>{''.join(figures)}"


def email(content: Content, language: str = "en") -> str:
    message = message_from_bytes(rendered("email", content, language), policy=policy.default)
    body = message.get_body(("html",))
    assert body is not None
    return str(body.get_content())


def picture(page: str, to: Path, *, width: int, height: int, dark: bool = False) -> None:
    """Take a picture of a page in a real browser."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "page.html"
        file.write_text(page)
        subprocess.run(
            [
                *("chromium", "--headless=new", "--no-sandbox", "--disable-gpu"),
                *("--hide-scrollbars", f"--window-size={width},{height}"),
                f"--blink-settings=preferredColorScheme={0 if dark else 1}",
                *(f"--screenshot={to.resolve()}", file.as_uri()),
            ],
            check=True,
            capture_output=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in CONTENTS.items():
        heights = {"alert": 870, "thread": 830, "digest": 1500}
        picture(chats(content), folder / f"{name}-chats.png", width=1260, height=heights[name])
        picture(email(content), folder / f"{name}-email.png", width=660, height=460)
    picture(email(FIRST), folder / "alert-email-dark.png", width=660, height=300, dark=True)
    picture(email(FIRST, "vi"), folder / "alert-email-phone.png", width=500, height=360)
    picture(email(RTL), folder / "alert-email-rtl.png", width=500, height=300, dark=True)
    print("\n".join(sorted(str(path) for path in folder.glob("*.png"))))


if __name__ == "__main__":
    main()
