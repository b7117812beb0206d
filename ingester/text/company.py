"""The language of a text by those that stand beside it, where the text itself shows none."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain

from common.neighbours import neighbours_of

FEWEST = 3
"""So many others must show a language."""
NEARLY_ALL, MOST = 0.9, 0.66
"""So many of them the same one or one like it, and so many just the same."""
SHORT = 400
"""A text of no more characters does not tell languages apart that are alike."""
LETTERS_READ = 200


class Company:
    """The texts of one document, most of which are in one language, or none.

    Args:
        texts: Those that show a language or are said to be in one, with it; "" if one does not.
        said: What the document says that all of it is in, or "": a single one that shows it is
            enough then.
    """

    def __init__(self, texts: Sequence[tuple[str, str]], said: str = "") -> None:
        shown = Counter(language for language, _ in texts if language)
        self._language = _prevailing(shown, said)
        alike = neighbours_of(self._language)
        self._scripts = _scripts(text for language, text in texts if language in alike)

    @staticmethod
    def may_change(language: str, text: str) -> bool:
        """Whether what stands beside a text that shows a language, or "", may decide otherwise."""
        return not language or (len(text) <= SHORT and len(neighbours_of(language)) > 1)

    def language_of(self, language: str, text: str) -> str:
        """Return the language of a text that shows one, or "", given what prevails beside it."""
        ours = self._language
        if not ours or language == ours:
            return language
        if language:
            is_like = len(text) <= SHORT and language in neighbours_of(ours)
            return ours if is_like else language
        scripts = _scripts([text])
        return ours if scripts and scripts <= self._scripts else ""


def _prevailing(shown: Counter[str], said: str) -> str:
    total = shown.total()
    if not total:
        return ""
    ((language, count),) = shown.most_common(1)
    if total < FEWEST and language != said:
        return ""
    together = sum(shown[each] for each in neighbours_of(language))
    return language if together >= NEARLY_ALL * total and count >= MOST * total else ""


def _scripts(texts: Iterable[str]) -> set[str]:
    """Return the first words of the names of all letters: LATIN, CJK, HIRAGANA."""
    read = (text[:LETTERS_READ] for text in texts)
    every = {letter for letter in chain.from_iterable(read) if letter.isalpha()}
    return {unicodedata.name(letter, "").split(" ")[0] for letter in every}
