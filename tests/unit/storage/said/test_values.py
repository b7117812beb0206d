"""Values as a database keeps them."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.said.values import as_json, read_json

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=9)
ODD = st.sampled_from(['"', "\\", '","', "\n", "\x1f", "\x7f", "é", "\u2028", "", " "])


@given(st.lists(TEXTS | ODD).map(tuple) | st.tuples(TEXTS, st.integers() | st.none()))
def test_lists_are_kept_as_json_writes_them(value: tuple[Any, ...]) -> None:
    kept = as_json(value)
    assert kept == json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    assert read_json(kept) == list(value)


@pytest.mark.parametrize("wrong", ["a\0b", "\ud800"])
def test_lists_of_what_no_database_keeps_are_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="cannot be stored"):
        as_json(("plain", wrong))
