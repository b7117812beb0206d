"""Makes rules/data/english_words.tsv: English words that the lexicon has only in other languages.

    python -m bench.making.english_words FOLDER WORDNET

FOLDER holds lists of words with the logarithm of how likely each is, as `loose_forms` reads them;
WORDNET the files data.noun and so on of WordNet (its licence lets everyone use them). A keyword
`dating` is no Tagalog word for "former", nor `kent` a Turkish city: what English has as a word, or
writes often, and no language that knows it writes much more often, is English when nothing else of
a rule says otherwise.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

from bench.making.loose_forms import RARE, Frequencies, frequencies
from rules.languages.inflection import alternate_with, alternating, stems
from rules.lexicons.news import NewsLexicon

_ENGLISH = "en"
_KNOWN, _LESS = -6.2, -1.5
"""How frequent a word of the dictionary is at least, in English and beside any other language."""
_KNOWN_AS_NAME, _LESS_AS_NAME = -5.0, -1.0
"""Likewise, what no dictionary has: names, which the lists have in small letters, too."""
_SHORTEST = 2
_ON_A_LINE = 12
_PARTS_OF_SPEECH = ("noun", "verb", "adj", "adv")
_NOTES = "  "
"""What the lines of the licence begin with."""
_HEAD = (
    "# language\twords of English that the lexicon has in other languages only; "
    "by bench.making.english_words"
)


def lemmas(wordnet: Path) -> set[str]:
    """Return the words that the dictionary has in small letters."""
    found = set()
    for part in _PARTS_OF_SPEECH:
        for line in (wordnet / f"data.{part}").read_text("utf-8").splitlines():
            if not line.startswith(_NOTES):
                _, _, _, count, *cells = line.split()
                found |= {word.partition("(")[0] for word in cells[: 2 * int(count, 16) : 2]}
    return {word for word in found if word.isalpha() and word.islower()}


def _is_form(word: str, known: set[str]) -> bool:
    endings = alternating(_ENGLISH)
    return word in known or any(
        stem + other in known
        for stem, ending in stems(word, endings, named=True)
        for other in alternate_with(ending, _ENGLISH)
    )


def english_words(every: Frequencies, known: set[str]) -> Iterator[str]:
    """Yield the words."""
    lexicon = NewsLexicon()
    for word, chance in sorted(every[_ENGLISH].items()):
        if chance < _KNOWN or len(word) < _SHORTEST or not (word.isascii() and word.isalpha()):
            continue
        languages = lexicon.languages(word)
        if not languages or _ENGLISH in languages:
            continue
        if _ENGLISH in lexicon.languages(word.capitalize()) and lexicon.forms(word, (_ENGLISH,)):
            continue  # september
        others = (own.get(word, RARE) for of, own in every.items() if of != _ENGLISH)
        less = chance - max(others)
        is_word = less >= _LESS and _is_form(word, known)
        if is_word or (chance >= _KNOWN_AS_NAME and less >= _LESS_AS_NAME):
            yield word


def main(folder: str, wordnet: str) -> None:
    """Write the table."""
    found = list(english_words(frequencies(Path(folder)), lemmas(Path(wordnet))))
    lines = (found[at : at + _ON_A_LINE] for at in range(0, len(found), _ON_A_LINE))
    text = "\n".join((_HEAD, *(f"{_ENGLISH}\t{' '.join(line)}" for line in lines)))
    Path("rules/data/english_words.tsv").write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("folder", help="lists of frequent words")
    options.add_argument("wordnet", help="folder of WordNet's files")
    given = options.parse_args()
    main(given.folder, given.wordnet)
