"""A pattern is compiled when it is first used, and is then as quick as Python's own."""

import re

import pytest

from common.patterns import pattern


def test_it_does_what_the_regular_expression_does() -> None:
    words = pattern(r"[a-z]+", re.IGNORECASE)
    assert words.findall("One two") == ["One", "two"]
    assert words.sub("x", "One two") == "x x"
    assert words.fullmatch("One1") is None
    assert words.pattern == "[a-z]+"
    assert pattern(lambda: "a").search("ba") is not None


def test_it_is_compiled_only_once_it_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []
    compile_ = re.compile
    monkeypatch.setattr(
        re, "compile", lambda text, flags: (compiled.append(text), compile_(text))[1]
    )
    some = pattern("some")
    assert compiled == []
    assert some.match("some")
    assert some.match("none") is None
    assert compiled == ["some"]
