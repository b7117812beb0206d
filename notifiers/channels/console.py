"""Alerts as lines on a terminal, or in whatever standard output goes to."""

import os
import re
import threading
from collections.abc import Iterator
from typing import TextIO

from common.widths import wrapped
from notifiers.api import DeliveryError, Failure, Message, Settings
from notifiers.content.content import Content, Envelope
from notifiers.content.layout import Line, templated
from notifiers.content.wording import Wording, wording
from notifiers.spec import ChannelSpec, OwnScheme
from storage.model import DeliveryKind

WIDTH = 88
"""Columns that lines are broken at on a terminal, or earlier where it has fewer."""
_NARROWEST = 20
_INDENT = "  "

_MARK = "**"


def render(content: Content, envelope: Envelope) -> bytes:
    """Return the message as plain lines, matched words between `**`; ends with an empty line.

    Lines are as long as they are: where they break is decided when they are shown.
    """
    words = wording(content, envelope)
    # Without its sign, which begins a comment where the code is pasted: in a shell.
    code = words.code.removeprefix("#")
    head = " ".join(filter(None, (_label(words), words.urgency and f"[{words.urgency}]", code)))
    lines = [words.title.marked(_MARK, _MARK)]
    if words.template:
        lines += [_marked(line) for line in templated(words)]
        return _message(head, lines)
    if words.source_line:
        lines.append(words.source_line)
    if words.excerpt:
        lines.append(words.excerpt.marked(_MARK, _MARK))
    lines += [*words.lines, *words.why]
    if words.link:
        lines.append(words.link)
    for story in words.stories:
        lines += _story(story)
    if words.more:
        lines.append(words.more)
    return _message(head, lines)


def _message(head: str, lines: list[str]) -> bytes:
    indented = "".join(f"{_INDENT}{line}\n" for line in lines)
    return f"{head}\n{indented}\n".encode()


def _marked(line: Line) -> str:
    """Return a line of a template; what is linked has its link in a line of its own."""
    return "".join(
        f"{_MARK}{run.text}{_MARK}" if run.bold and not run.link else run.text for run in line.runs
    )


def _label(words: Wording) -> str:
    labels = {
        DeliveryKind.TEST: words.words.test,
        DeliveryKind.NOTICE: words.words.notice,
        DeliveryKind.DIGEST: words.words.digest,
    }
    return labels.get(words.kind) or words.rule


def _story(story: Wording) -> Iterator[str]:
    yield f"• {story.title.marked(_MARK, _MARK)}"
    yield " · ".join(filter(None, (story.source_line, story.urgency, story.rule, story.code[1:])))
    yield from story.why
    if story.link:
        yield story.link


def fitted(text: str, width: int) -> str:
    """Return a message with its lines broken; a link stays whole, so that it can be followed."""
    lines: list[str] = []
    for line in text.split("\n"):
        indent = _INDENT if line.startswith(_INDENT) else ""
        if line.startswith((f"{_INDENT}http://", f"{_INDENT}https://")):
            lines.append(line)
        else:
            lines += wrapped(line.removeprefix(indent), indent=indent, width=width)
    return "\n".join(lines)


class ConsoleNotifier:
    """Implements `notifiers.api.Notifier`: writes to one stream, one message at a time."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    def send(self, message: Message, settings: Settings) -> str | None:
        """Write and flush. What the stream cannot encode is written in ASCII letters instead."""
        text = message.payload.decode("utf-8", "replace")
        failed = None
        with self._lock:
            try:
                text = readable(text, self._stream.encoding or "utf-8")
                if self._stream.isatty():
                    text = _bold(fitted(text, _width_of(self._stream)))
                self._stream.write(text)
                self._stream.flush()
            except (OSError, ValueError) as error:  # ValueError: the stream was closed
                failed = type(error).__name__
        if failed is not None:
            # Not for ever: the next start may have an output that somebody reads.
            raise DeliveryError(f"standard output cannot be written to ({failed})", Failure.RETRY)
        return None


def _width_of(stream: TextIO) -> int:
    try:
        return max(_NARROWEST, min(WIDTH, os.get_terminal_size(stream.fileno()).columns or WIDTH))
    except (OSError, ValueError):  # not a terminal, or nothing that the system knows
        return WIDTH


def readable(text: str, encoding: str) -> str:
    """Return the text in letters that the encoding has: its own, else the nearest ASCII ones."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        from anyascii import anyascii  # its tables are large, and most streams take UTF-8

        return "".join(letter if _fits(letter, encoding) else anyascii(letter) for letter in text)
    except LookupError:
        return readable(text, "ascii")
    return text


def _fits(letter: str, encoding: str) -> bool:
    try:
        letter.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _bold(text: str) -> str:
    return re.sub(r"\*\*(.+?)\*\*", "\x1b[1m\\1\x1b[22m", text, flags=re.DOTALL)


def _recipients(rest: str) -> tuple[str, ...]:
    if rest:
        raise ValueError("nothing may stand after console:")
    return ("",)


SPEC = ChannelSpec(
    kind="console",
    name="the console",
    target=OwnScheme(
        scheme="console", name="the console", example="console:", recipients=_recipients
    ),
    render=render,
    make=lambda tools: ConsoleNotifier(tools.stdout),
    settings=(),
    concurrency=1,
    by_story=False,
)
