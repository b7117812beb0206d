"""Makes the table of words that Japanese borrowed, rules/data/katakana_words.txt.

    python -m bench.making.katakana_words

Words in katakana that are no names, by the dictionary of the package unidic-lite (BSD License) and
the frequencies of the package wordfreq (CC BY-SA 4.0), which must be there, with fugashi. Left out
is what a rule would find that is a frequent American name, one of `rules/data/pronunciations.tsv`
or one of the news lexicon, and what that calls a name: ストーン is a stone, and Stone. A word of
the table is no other name by its sound.
"""

import argparse
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

from bench.base.made_up import SOURCE, rules_of
from rules.data.tables import rows
from rules.lexicons import news_source
from rules.matcher import RuleMatcher
from rules.text.folding import fold
from tests.builders import an_article

_LEAST = -6.7
"""So frequent, as a logarithm to the base of 10, are words that are kept."""

_KATAKANA = re.compile("[ァ-ヺー]{3,}")
_LONG = 3
_NAME = "固有名詞"
_NAMES = ("place", "surname", "name", "institution")
"""What concepts of the news lexicon are names."""

_TABLE = Path("rules/data/katakana_words.txt")


def of_wordfreq() -> Iterator[str]:
    """Yield the frequent words in katakana of which no part is a name."""
    import unidic_lite  # type: ignore[import-not-found]
    from fugashi import Tagger  # type: ignore[import-not-found]
    from wordfreq import get_frequency_dict  # type: ignore[import-not-found]

    tagger = Tagger(f"-d {unidic_lite.DICDIR}")
    for word, chance in get_frequency_dict("ja", "large").items():
        if chance and math.log10(chance) >= _LEAST and _KATAKANA.fullmatch(word):
            parts = tagger(word)
            if all(map(_is_common, parts)) and (len(parts) == 1 or _are_long(parts)):
                yield word


def _is_common(part: Any) -> bool:
    return not part.is_unk and part.feature.pos2 != _NAME


def _are_long(parts: Iterable[Any]) -> bool:
    """Whether parts say that they are words: マク and ロン of マクロン are none."""
    return all(len(part.surface) >= _LONG for part in parts)


def names() -> set[str]:
    """Return names in Latin letters whose spelling in katakana is to be found."""
    tables = ("english_names.tsv", "pronunciations.tsv")
    cells = (cell for table in tables for row in rows(table) for cell in row)
    every = (word for cell in cells for word in cell.split())
    listed = (
        form.lstrip(news_source.SIGNS)
        for concept in news_source.concepts()
        if concept.kind in _NAMES
        for form in concept.forms.get("en", ())
    )
    known = chain(every, listed)
    return {word.capitalize() for word in known if word.isascii() and word.isalpha()}


def no_names(words: Iterable[str], known: Iterable[str]) -> set[str]:
    """Return, folded, the words that are none of some names by their sound."""
    made = (replace(rule, strictness="all", written_in=("en",)) for rule in rules_of([*known], ""))
    matcher = RuleMatcher([*made])
    texts = {word: an_article("", text=f"「{word}」", language="ja") for word in words}
    return {fold(word) for word, text in texts.items() if not matcher.matches(text, SOURCE)}


def said_by_lists() -> set[str]:
    """Return what the news lexicon calls names in Japanese, folded: some are of no dictionary."""
    return {
        fold(form.lstrip(news_source.SIGNS))
        for concept in news_source.concepts()
        if concept.kind in _NAMES
        for form in concept.forms.get("ja", ())
    }


def main() -> None:
    """Write the table."""
    kept = sorted(no_names(of_wordfreq(), names()) - said_by_lists())
    _TABLE.write_text("".join(f"{word}\n" for word in kept), encoding="utf-8")


if __name__ == "__main__":
    argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0]).parse_args()
    main()
