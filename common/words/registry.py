"""Which language messages are written in."""

from collections.abc import Mapping

from common.words import de, en, es, fr, ja, sv, vi, zh
from common.words.shape import Words

WORDS: Mapping[str, Words] = {
    module.WORDS.code: module.WORDS for module in (en, vi, sv, de, fr, es, ja, zh)
}
"""By BCP 47 primary subtag."""

ENGLISH = en.WORDS


def words_of(tag: str) -> Words:
    """Return the phrases of a language, those of "sv" for "sv-FI"; English where we have none."""
    return WORDS.get(tag.replace("_", "-").partition("-")[0].lower(), ENGLISH)
