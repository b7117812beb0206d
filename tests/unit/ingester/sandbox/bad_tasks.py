"""Tasks for `ingester.sandbox.process` that misbehave in every way that a parser can."""

import os
import sys
import time
from typing import Any

from ingester.entry import ParseError


def echo(request: dict[str, Any], body: bytes) -> dict[str, Any]:
    return {"said": request["say"], "size": len(body), "pid": os.getpid()}


def refuse(request: dict[str, Any], body: bytes) -> dict[str, Any]:
    raise ParseError("not a page: application/pdf")


def stumble(request: dict[str, Any], body: bytes) -> dict[str, Any]:
    raise ValueError("of no interest")


def spin(request: dict[str, Any], body: bytes) -> dict[str, Any]:
    while True:
        pass


def sleep(request: dict[str, Any], body: bytes) -> dict[str, Any]:
    time.sleep(60)
    return {}


def hoard(request: dict[str, Any], body: bytes) -> dict[str, Any]:
    return {"kept": len(bytearray(2 << 30))}


def crash(request: dict[str, Any], body: bytes) -> dict[str, Any]:
    os.abort()


def leave(request: dict[str, Any], body: bytes) -> dict[str, Any]:
    os._exit(7)


def print_(request: dict[str, Any], body: bytes) -> dict[str, Any]:
    os.write(1, b"hello")
    sys.stdout.write("hello\n")
    sys.stdout.flush()
    return {"read": len(os.read(0, 10))}


def secrets(request: dict[str, Any], body: bytes) -> dict[str, Any]:
    return {"names": sorted(os.environ), "folder": os.getcwd()}


def scribble(request: dict[str, Any], body: bytes) -> dict[str, Any]:
    with open(request["path"], "w") as file:
        file.write("x")
    return {}


TASKS = {
    "echo": echo,
    "refuse": refuse,
    "stumble": stumble,
    "spin": spin,
    "sleep": sleep,
    "hoard": hoard,
    "crash": crash,
    "leave": leave,
    "print": print_,
    "secrets": secrets,
    "scribble": scribble,
}
