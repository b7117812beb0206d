"""Makes rules/data/borrowed_words.tsv: short English words that other languages have, too.

    python -m bench.making.borrowed_words

The news lexicon says so: Polish has "film" for a film, of which "filmach" is a form, though that is
among its common words. Icelandic has no "mill", so that "milli" (between) is no form of one. Only
words are listed that begin common ones, but for their last letter, and none that are common.
"""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from rules.languages.everyday import everyday_words
from rules.languages.scripts import normal
from rules.lexicons import news_source
from rules.lexicons.news_packed import parted
from rules.text.folding import fold

_LONGEST = 6
"""As `rules.evaluate.another_word` asks for no longer ones."""
_ENGLISH = "en"
_HEAD = "# language	short English words that it has, too; by bench.making.borrowed_words"


def borrowed() -> Iterator[tuple[str, str]]:
    """Yield languages and words, folded."""
    for concept in news_source.concepts():
        english = {fold(form) for form in _plain(concept.forms[_ENGLISH])}
        for language, forms in concept.forms.items():
            if language != _ENGLISH:
                for word in sorted(english.intersection(map(fold, _plain(forms)))):
                    common = everyday_words(normal(language))
                    if word not in common and any(each.startswith(word[:-1]) for each in common):
                        yield normal(language), word


def _plain(forms: tuple[str, ...]) -> list[str]:
    """Return the short common words that say nothing else."""
    every = (form for sign, form in map(parted, forms) if sign in ("", "^"))
    return [form for form in every if form.isalpha() and form.islower() and len(form) <= _LONGEST]


def main() -> None:
    """Write the table."""
    by_language: dict[str, set[str]] = defaultdict(set)
    for language, word in borrowed():
        by_language[language].add(word)
    lines = (f"{of}\t{' '.join(sorted(words))}" for of, words in sorted(by_language.items()))
    text = "\n".join((_HEAD, *lines))
    Path("rules/data/borrowed_words.tsv").write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
