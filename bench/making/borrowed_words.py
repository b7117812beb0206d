"""Makes rules/data/borrowed_words.tsv: English words that other languages have, too.

    python -m bench.making.borrowed_words

The news lexicon says so: Polish has "film" for a film, of which "filmach" is a form, though that is
among its common words. Icelandic has no "mill", so that "milli" (between) is no form of one. Left
out are long words for which a language has no others: nothing else is looked for there.
"""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from bench.making.loose_forms import KINDS
from rules.languages.scripts import normal, scripts_of
from rules.lexicons import news_source
from rules.lexicons.news_packed import parted
from rules.text.folding import fold

_SHORT = 6
"""As `rules.evaluate.another_word` has it: shorter ones are not what is only like them."""
_ENGLISH = "en"
_HEAD = "# language	English words that it has, too; by bench.making.borrowed_words"


def borrowed() -> Iterator[tuple[str, str]]:
    """Yield languages and words, folded."""
    for concept in filter(lambda concept: concept.kind in KINDS, news_source.lines()):
        english = set(_words(concept.forms[_ENGLISH]))
        for language, forms in concept.forms.items():
            if language != _ENGLISH and "latin" in scripts_of(normal(language)):
                own = set(_words(forms))
                for word in english & own:
                    if len(own) > 1 or len(word) <= _SHORT:
                        yield normal(language), word


def _words(forms: tuple[str, ...]) -> Iterator[str]:
    """Yield the common words, whatever else they say, folded."""
    every = (parted(form)[1] for form in forms)
    return (fold(form) for form in every if form.isalpha() and not form.isupper())


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
