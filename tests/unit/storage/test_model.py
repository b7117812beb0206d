"""Ids that are made of what they name."""

import gc

from storage.model import digest_of, stable_id


def test_what_texts_are_known_by_is_not_remembered() -> None:
    text = "".join(["a long ", "text"])
    before = len(gc.get_referrers(text))
    assert digest_of("said", text) == stable_id("said", "a long text")
    assert len(gc.get_referrers(text)) == before
