"""The process that sends through Apprise: it asks before each connection, and says how it ended.

It is told what to do in a line of JSON, and speaks in lines of JSON: `connect` asks whether an
address may be connected to, and waits for yes or no; `done` is the last. Whatever the library
prints goes nowhere: it may quote the URL.
"""

import json
import os
import sys
from typing import IO, Any


def main() -> None:
    """Send one message."""
    ask, say = sys.stdin, os.fdopen(os.dup(1), "w", encoding="utf-8")
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    asked = json.loads(ask.readline())
    try:
        import apprise
    except ImportError:
        _tell(say, missing=True)
        return
    sender = apprise.Apprise()
    if not sender.add(asked["url"]):
        _tell(say, done=False, unknown=True)
        return
    _guard(ask, say)
    taken = sender.notify(title=asked["title"], body=asked["body"], body_format="text")
    _tell(say, done=bool(taken))


def _guard(ask: IO[str], say: IO[str]) -> None:
    """Have every connection of this process asked for; an audit hook cannot be taken away."""

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if event not in ("socket.connect", "socket.sendto"):
            return
        address = args[1]
        if not isinstance(address, tuple):
            raise PermissionError("only addresses of the internet may be connected to")
        _tell(say, connect=[str(address[0]), int(address[1])])
        if ask.readline().strip() != "yes":
            raise PermissionError("this address may not be connected to")

    sys.addaudithook(hook)


def _tell(say: IO[str], **what: object) -> None:
    say.write(json.dumps(what) + "\n")
    say.flush()
