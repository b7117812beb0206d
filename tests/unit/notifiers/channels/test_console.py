"""Alerts as lines on a terminal."""

import fcntl
import io
import os
import pty
import re
import struct
import termios
import threading

import pytest

from common.widths import cell_width
from notifiers.api import DeliveryError, Failure, Message
from notifiers.channels.console import (
    WIDTH,
    ConsoleNotifier,
    fitted,
    readable,
    render,
)
from notifiers.content.content import DigestContent
from storage.model import DeliveryKind
from tests.unit.notifiers.samples import ENVELOPE, LINK, TEST_NOTE, alert_content


def message(text: str = "hello\n") -> Message:
    return Message(id="msg_1", kind=DeliveryKind.ALERT, payload=text.encode())


def stream(encoding: str = "utf-8") -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(), encoding=encoding, newline="\n")


def written(to: io.TextIOWrapper) -> bytes:
    assert isinstance(to.buffer, io.BytesIO)
    return to.buffer.getvalue()


def test_an_alert_reads_well() -> None:
    said = render(alert_content(articles=2), ENVELOPE).decode()
    assert fitted(said, WIDTH) == (
        "Hanoi Convention a1b2c3\n"
        "  Sextio länder skriver under\n"
        "  Dagens Prov · Swedish · 2026-03-01 10:00 UTC · +1 article\n"
        "  …i helgen. Ministrar från sextio länder möttes i helgen. Den nya\n"
        "  **Hanoi-konventionen** mot it-brott ska göra det lättare att dela bevis. Flera\n"
        "  organisationer varnar för övervakning. Flera organisationer…\n"
        "  Hanoi-konventionen — compound, Swedish — for Hanoi Convention\n"
        f"  {LINK}\n"
        "\n"
    )


def test_an_alert_on_a_narrow_terminal_is_broken_there_and_its_link_stays_whole() -> None:
    to_read, to_write = pty.openpty()
    fcntl.ioctl(to_write, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 40, 0, 0))
    link = "https://example.org/" + "long-name-of-an-article/" * 4
    with os.fdopen(to_write, "w", encoding="utf-8") as terminal:
        said = render(alert_content(url=link, articles=2), ENVELOPE)
        ConsoleNotifier(terminal).send(
            Message(id="msg_1", kind=DeliveryKind.ALERT, payload=said), {}
        )
        shown = os.read(to_read, 65_536).decode().replace("\r\n", "\n")
    os.close(to_read)
    lines = re.sub(r"\x1b\[\d+m", "", shown).split("\n")
    assert f"  {link}" in lines
    assert all(cell_width(line) <= 40 for line in lines if line.strip() != link)
    assert len(lines) > 10


def test_a_test_says_so() -> None:
    lines = render(TEST_NOTE, ENVELOPE).decode().splitlines()
    assert lines == ["Test dddddd", '  Channel "desk" works', "  This is a test.", ""]


def test_a_digest_gives_each_reason_of_a_story_in_a_line_of_its_own() -> None:
    several = alert_content(reasons=("as it stands", "in Swedish"))
    beside = alert_content(rule="Treaty", reasons=("translated",))
    said = render(DigestContent(alerts=(several, beside)), ENVELOPE).decode()
    assert said.splitlines()[3:] == [
        "  • Sextio länder skriver under",
        "  Dagens Prov · Swedish · 2026-03-01 10:00 UTC · no other outlet yet · "
        "Hanoi Convention, Treaty · a1b2c3",
        "  as it stands",
        "  translated",
        f"  {LINK}",
        "",
    ]
    alone = render(DigestContent(alerts=(several,)), ENVELOPE).decode()
    assert alone.splitlines()[5:7] == ["  as it stands", "  in Swedish"]


def test_escapes_of_terminals_are_shown_and_not_sent() -> None:
    attack = "\x1b]0;owned\x07 \x9b31m red \x08\x08"
    said = render(alert_content(title=attack, source=attack, rule=attack), ENVELOPE)
    assert b"\\x1b]0;owned\\x07" in said
    assert not any(byte < 0x20 and byte != 0x0A for byte in said)
    assert "\x9b" not in said.decode()


@pytest.mark.parametrize(
    "text", ["word " * 100, "國" * 300, "x" * 300, "👩\u200d👧 " * 80, "ก็" * 200]
)
def test_no_line_is_wider_than_it_may_be(text: str) -> None:
    lines = fitted(text, WIDTH).split("\n")
    assert all(cell_width(line) <= WIDTH for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_matched_words_are_bold_on_a_terminal_only() -> None:
    class Terminal(io.TextIOWrapper):
        def isatty(self) -> bool:
            return True

    plain, terminal = stream(), Terminal(io.BytesIO(), encoding="utf-8")
    for output in (plain, terminal):
        ConsoleNotifier(output).send(message("a **b\nc** d\n"), {})
    assert written(plain) == b"a **b\nc** d\n"
    assert written(terminal) == b"a \x1b[1mb\nc\x1b[22m d\n"


@pytest.mark.parametrize(
    ("encoding", "text", "seen"),
    [
        ("ascii", "Dân trí — …", "Dan tri - ..."),
        ("latin-1", "länder 國", "länder Guo"),
        ("utf-8", "國", "國"),
        ("no-such-encoding", "é", "e"),
    ],
)
def test_what_cannot_be_written_is_spelt_in_ascii(encoding: str, text: str, seen: str) -> None:
    assert readable(text, encoding) == seen


def test_a_terminal_without_utf8_still_shows_the_alert() -> None:
    to = stream("ascii")
    ConsoleNotifier(to).send(message("Dân trí\n"), {})
    assert written(to) == b"Dan tri\n"


def test_a_closed_output_is_a_failure_that_is_tried_again() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    to = os.fdopen(writing, "w", encoding="utf-8", buffering=1)
    with pytest.raises(DeliveryError, match="BrokenPipeError") as caught:
        ConsoleNotifier(to).send(message(), {})
    assert caught.value.failure is Failure.RETRY
    with pytest.raises(BrokenPipeError):
        to.close()  # what could not be written is still in its buffer
    with pytest.raises(DeliveryError, match="ValueError"):
        ConsoleNotifier(to).send(message(), {})


def test_messages_from_many_threads_do_not_mix() -> None:
    to = stream()
    notifier = ConsoleNotifier(to)
    texts = [f"{number} " * 200 + "\n" for number in range(20)]
    threads = [threading.Thread(target=notifier.send, args=(message(text), {})) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(written(to).decode().splitlines(keepends=True)) == sorted(texts)
