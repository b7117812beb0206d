"""How the chats lay a message out: lines with marks around what matched, cut until they fit."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from common.clip import clip_words
from notifiers.content.excerpt import Excerpt
from notifiers.content.wording import Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Markup:
    """What one chat makes of text.

    Attributes:
        heading: Returns the first line of an escaped title, with the link, which may be "".
        escape: Returns text from outside so that nothing in it is markup.
        bold: What stands on either side of matched words.
        limit: The longest message, in what `size` counts.
    """

    heading: Callable[[str, str], str]
    escape: Callable[[str], str]
    bold: str
    limit: int
    size: Callable[[str], int] = len


def fitted(words: Wording, link: str, markup: Markup) -> str:
    """Return the message, shortened until it fits; never its link, which is whole or absent.

    Args:
        link: As the chat writes it in a title.
    """
    for room in (300, 200, 100, 40):
        text = "\n".join(_lines(words, link, markup, room))
        if markup.size(text) <= markup.limit:
            return text
    # Only a link of some thousand characters comes here: look the alert up by its code.
    text = f"{markup.escape(clip_words(words.title.text, 100))}\n{words.code}"
    longer = f"{text}\n{words.link}"
    return longer if markup.size(longer) <= markup.limit else text


def escape_markdown(text: str) -> str:
    """Return the text with everything that Markdown could act on behind a backslash."""
    return re.sub(r"([\\`*_~|<>\[\]#@])", r"\\\1", text)


def _lines(words: Wording, link: str, markup: Markup, room: int) -> list[str]:
    def line(text: str) -> str:
        return markup.escape(clip_words(text, room))

    lines = [markup.heading(line(words.title.text), link)]
    if words.byline:
        lines.append(line(f"{words.byline} · {words.carried}"))
    if words.proof:
        lines.append("> " + _marked(words.proof, markup, room))
    lines += [line(text) for text in (*words.lines[:10], *words.why)]
    lines.append(line(" ".join(filter(None, (words.rule, words.code)))))
    return lines


def _marked(excerpt: Excerpt, markup: Markup, room: int) -> str:
    pieces = []
    for text, is_marked in excerpt.parts():
        piece = markup.escape(clip_words(text, room))
        pieces.append(f"{markup.bold}{piece}{markup.bold}" if is_marked else piece)
    return "".join(pieces)
