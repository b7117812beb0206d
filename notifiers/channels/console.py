"""Alerts as lines on a terminal, or in whatever standard output goes to."""

import re
import threading
from collections.abc import Iterator
from typing import TextIO

from common.widths import cell_width, letter_width
from notifiers.api import DeliveryError, Failure, Message, Settings
from notifiers.content.wording import Content, Envelope, wording
from notifiers.spec import ChannelSpec, OwnScheme
from storage.model import DeliveryKind

WIDTH = 88
"""Columns that the text is broken at; what is sent is frozen, so no terminal is asked."""

_MARK = "**"
_LABELS = {DeliveryKind.TEST: "Test", DeliveryKind.NOTICE: "Notice"}


def render(content: Content, envelope: Envelope) -> bytes:
    """Return the message as plain lines, matched words between `**`; ends with an empty line."""
    words = wording(content, envelope)
    label = words.rule or _LABELS.get(getattr(content, "kind", None) or DeliveryKind.ALERT, "")
    title = words.title.marked(_MARK, _MARK)
    # Without its sign, which begins a comment where the code is pasted: in a shell.
    code = words.code.removeprefix("#")
    lines = [*wrapped(f"{label} {code}", indent=""), *wrapped(title)]
    if words.byline:
        lines += wrapped(f"{words.byline} · {words.carried}")
    if words.excerpt:
        lines += wrapped(words.excerpt.marked(_MARK, _MARK))
    for line in (*words.lines, *words.why):
        lines += wrapped(line)
    if words.link:
        lines.append(f"  {words.link}")
    return ("\n".join(lines) + "\n\n").encode("utf-8")


def wrapped(text: str, *, indent: str = "  ", width: int = WIDTH) -> list[str]:
    """Break at spaces; in scripts without them, and inside very long words, anywhere."""
    lines: list[str] = []
    line = ""
    for word in _pieces(text, width - len(indent)):
        if line and cell_width(line) + cell_width(word.rstrip()) > width - len(indent):
            lines.append(indent + line.rstrip())
            line = ""
        line += word
    return [*lines, indent + line.rstrip()]


def _pieces(text: str, width: int) -> Iterator[str]:
    """Yield words with the space that follows; longer ones, and wide letters, in pieces."""
    for word in re.findall(r"\S+\s*|\s+", text):
        if cell_width(word) <= width and not any(letter_width(letter) == 2 for letter in word):
            yield word
            continue
        piece = ""
        for letter in word:
            if (
                piece
                and letter_width(letter)
                and (letter_width(letter) == 2 or cell_width(piece) >= width)
            ):
                yield piece
                piece = ""
            piece += letter
        yield piece


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
                    text = _bold(text)
                self._stream.write(text)
                self._stream.flush()
            except (OSError, ValueError) as error:  # ValueError: the stream was closed
                failed = type(error).__name__
        if failed is not None:
            # Not for ever: the next start may have an output that somebody reads.
            raise DeliveryError(f"standard output cannot be written to ({failed})", Failure.RETRY)
        return None


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
)
