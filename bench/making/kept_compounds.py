"""Makes rules/data/kept_compounds.tsv: common compounds that are what their last word says.

    python -m bench.making.kept_compounds

A common word that ends in another one is mostly no kind of it: no Reich is a Königreich (kingdom),
no Haus a Krankenhaus (hospital). The news lexicon says which are: Finnish "pääministeri" is called
prime minister in English, which ends in what "ministeri" is called.
"""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from bench.making.loose_forms import KINDS
from rules.languages.compounds import joins
from rules.languages.everyday import is_form_of_everyday
from rules.languages.scripts import normal, scripts_of
from rules.lexicons import news_source
from rules.lexicons.news_packed import parted
from rules.text.folding import fold

_ENGLISH = "en"
_HEAD = (
    "# language	"
    "common compounds that are what their last word says; by bench.making.kept_compounds"
)


def kept() -> Iterator[tuple[str, str]]:
    """Yield languages and words, folded."""
    concepts = [each for each in news_source.lines() if each.kind in KINDS]
    named: dict[str, list[news_source.Concept]] = defaultdict(list)
    for concept in concepts:
        for english in _words(concept.forms[_ENGLISH]):
            named[english].append(concept)
    for concept in concepts:
        last = {english.rpartition(" ")[2] for english in _words(concept.forms[_ENGLISH])}
        heads = [head for word in last for head in named[word] if head.id != concept.id]
        for language, forms in concept.forms.items():
            if not joins(normal(language)) or "latin" not in scripts_of(normal(language)):
                continue
            parts = tuple({part for head in heads for part in _words(head.forms.get(language, ()))})
            for word in _words(forms):
                is_kind = word.endswith(parts) and word not in parts
                if is_kind and is_form_of_everyday(word, word, normal(language)):
                    yield normal(language), word


def _words(forms: tuple[str, ...]) -> Iterator[str]:
    return (fold(parted(form)[1]) for form in forms)


def main() -> None:
    """Write the table."""
    by_language: dict[str, set[str]] = defaultdict(set)
    for language, word in kept():
        by_language[language].add(word)
    lines = (f"{of}\t{' '.join(sorted(words))}" for of, words in sorted(by_language.items()))
    text = "\n".join((_HEAD, *lines))
    Path("rules/data/kept_compounds.tsv").write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
