"""Words that Japanese borrowed and writes as it writes names: ホスト, a host."""

from collections.abc import Set
from functools import cache

from common.packed_texts import TextSet
from rules.data.tables import folder


def is_borrowed(folded: str, language: str) -> bool:
    """Whether a word of a text is a common one in katakana, and so hardly a name."""
    return language == "ja" and folded in _words()


@cache
def _words() -> Set[str]:
    return TextSet(folder().joinpath("katakana_words.txt").read_text(encoding="utf-8").split())
