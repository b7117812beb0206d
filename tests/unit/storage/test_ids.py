"""Ids that are made of what they name."""

import gc

import pytest

from storage.ids import beginning_of_digest, digest_of, stable_id


def test_what_texts_are_known_by_is_not_remembered() -> None:
    text = "".join(["a long ", "text"])
    before = len(gc.get_referrers(text))
    assert digest_of("said", text) == stable_id("said", "a long text")
    assert len(gc.get_referrers(text)) == before


@pytest.mark.parametrize(
    ("parts", "id_"),
    [
        (("article", "http://example.com/1"), "53dfzm3yyvx6fa6vdjg6tan3wg"),
        ((), "4oymiquy7qobjgx36tejs35zeq"),
        (("",), "v5kxb5nbqefxv54mv5f4octgb4"),
        (("x" * 300, "\ud800é"), "dav7f7oa3klkn4zye3fp3ahz4p"),
    ],
)
def test_what_is_stored_under_an_id_is_found_under_it_for_ever(
    parts: tuple[str, ...], id_: str
) -> None:
    assert stable_id(*parts) == digest_of(*parts) == id_
    assert beginning_of_digest(*parts) == id_[:12]
