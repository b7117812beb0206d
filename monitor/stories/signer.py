"""Who says what articles are known by, made of all that is known about words."""

from collections.abc import Callable
from pathlib import Path

from ingester.stories.signature import Signer
from monitor.lexicons.packed import packed_news
from rules.languages.everyday import everyday_words
from rules.languages.phonemes import han_sounds
from rules.lexicons.story_words import commonplaces
from rules.lexicons.whole_words import is_misread
from rules.text.folding import fold


def make_signer(cache: Path, *, tell: Callable[[str], None]) -> Signer:
    """Return what says by which keys an article is known among others.

    Args:
        cache: The folder in which the packed lexicon is kept.
        tell: Gets a sentence for whoever waits, before it is packed.
    """
    words = packed_news(cache, tell=tell, apart=True).by_words
    return Signer(fold, words, everyday_words, *commonplaces(), is_misread, han_sounds())
