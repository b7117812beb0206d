"""Makes rules/data/loose_forms.tsv: forms of the news lexicon that are first of all another word.

    python -m bench.making.loose_forms FOLDER

FOLDER is that of `bench.making.common_words`. Italian calls a premiere "prima", and writes that a
hundred times more often for "before": a form that is far more frequent in its language than the
English word is in English says too little alone. It then counts beside another word of the rule, as
what the lexicon's writers mark so. What sounds like the English word is left out: it is borrowed.
"""

import argparse
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from bench.making.common_words import frequent_words
from rules.data.tables import has_tones
from rules.languages.scripts import normal
from rules.lexicons import news_source
from rules.lexicons.news_packed import parted
from rules.patterns.cognates import likeness
from rules.text.folding import fold

_FREQUENT = 400
_RARER, _SLACK = 15, 40
"""How many times rarer the English word must be, of a form that is among so many words."""
_UNKNOWN = 10_000
_ALIKE = 0.75
_ENGLISH = "en"
_KINDS = ("noun", "adjective")

Ranks = Mapping[str, Mapping[str, int]]


def ranks(folder: Path) -> Ranks:
    """Return at which place of its language's list each word stands, the most frequent first."""
    return {
        language: {_key(word, language): place for place, word in reversed(list(enumerate(words)))}
        for language, words in frequent_words(folder).items()
    }


def _key(word: str, language: str) -> str:
    """Return a word as its language tells it from others: with its marks where they do."""
    return word.lower() if has_tones(language) else fold(word)


def loose(by_language: Ranks) -> Iterator[tuple[str, str, str]]:
    """Yield the language, the concept and the form of what is first of all another word."""
    for concept in news_source.lines():
        if concept.kind not in _KINDS:
            continue
        english = [parted(form)[1] for form in concept.forms[_ENGLISH]]
        known = by_language[_ENGLISH]
        place = min(known.get(fold(word), _UNKNOWN) for word in english)
        for language, forms in concept.forms.items():
            own = by_language.get(normal(language), {})
            for sign, form in map(parted, forms):
                here = own.get(_key(form, language), _UNKNOWN)
                is_plain = sign in ("", "^") and language != _ENGLISH
                is_far = here < _FREQUENT and place > _RARER * (here + _SLACK)
                if is_plain and is_far and not _is_borrowed(form, english, language):
                    yield language, concept.id, form


def _is_borrowed(form: str, english: Iterable[str], language: str) -> bool:
    return any(likeness(word, form, language) >= _ALIKE for word in english)


def main(folder: str) -> None:
    """Write the table."""
    head = "# language	concept	form that is first of all another word; by bench.making.loose_forms"
    lines = ("\t".join(row) for row in sorted(loose(ranks(Path(folder)))))
    text = "\n".join((head, *lines))
    Path("rules/data/loose_forms.tsv").write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("folder", help="lists of frequent words")
    main(options.parse_args().folder)
