"""Where this program lies, and what to type to reach it."""

import shlex
import sys
from pathlib import Path


def own_checkout() -> Path | None:
    """Return the checkout whose `.venv` this is, so that `./run` and `.venv/bin/monitor` agree."""
    checkout = Path(__file__).resolve().parents[2]
    return checkout if Path(sys.prefix).resolve() == checkout / ".venv" else None


def command_name() -> str:
    """Return what to type to reach this program.

    Every sentence that says what to type next begins the command so: on a terminal, on the page,
    in a message. Where a sentence only names a command, it says no more than its name.
    """
    return "./run monitor" if own_checkout() else "monitor"


def shell_word(text: str) -> str:
    """Return text as one word of what is typed, as people would quote it.

    What has an apostrophe and nothing that a shell reads stands in double quotes: "l'air".
    """
    if "'" in text and not any(sign in text for sign in '"$`\\!'):
        return f'"{text}"'
    return shlex.quote(text)
