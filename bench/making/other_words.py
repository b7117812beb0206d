"""Makes rules/data/other_words.tsv: frequent words that look like forms of rarer ones.

    python -m bench.making.other_words FOLDER

FOLDER is that of `bench.making.loose_forms`. Swedish "fick" (got) has the letters of a form of
"ficka" (pocket), and stands in a text two hundred times more often: a word that is ten times more
frequent than what the lexicon's form is in its language, and so much than the English word beyond
what is usual, is another one. Left out is what people who read the list know for a form
(regular_forms.tsv): федерации of федерация, which a name makes frequent. Added is what they found
among what rules had found (found_other_words.tsv): Greek δήλωσε, said, is no δήλωση, statement.
"""

import argparse
import math
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from bench.making.loose_forms import KINDS, RARE, Frequencies, frequencies, how_frequent, usual
from common.neighbours import may_be_in
from rules.data.tables import has_tones
from rules.languages.inflection import alternating, are_forms, may_have_prefix, prefixes, stems
from rules.languages.scripts import normal
from rules.lexicons import news_source
from rules.lexicons.news_packed import parted
from rules.lexicons.news_source import Concept
from rules.text.folding import fold

_MORE, _MORE_THAN_FORM = 0.95, 1.0
"""How much more frequent a word must be, as logarithms to the base of 10."""
_FREQUENT = -4.9
_SHORTEST_REST = 3
_ENGLISH = "en"
_NOUNS_HAVE_CAPITALS = frozenset({"de"})

_HEAD = (
    "# language	form of the lexicon	"
    "frequent words that are none of it, all folded; by bench.making.other_words"
)

Pair = tuple[str, str]


def others(every: Frequencies) -> Iterator[tuple[str, str, str]]:
    """Yield the language, the lexicon's form and the word that is none of it, both folded."""
    concepts = list(news_source.lines())
    known = [each for each in concepts if each.kind in KINDS]
    for language in sorted(every):
        beyond = usual(known, language, every)
        if beyond is None or has_tones(language):
            continue
        own = folded_frequencies(every[language])
        said, same = _forms(concepts, language, every)
        for word, form in _pairs(own, said, language):
            is_more = own[word] - said[form] - beyond >= _MORE
            is_other = own[word] - own.get(form, RARE) >= _MORE_THAN_FORM
            if is_more and is_other and not same[form] & same.get(word, set()):
                yield language, form, word
        for word, form in _same_letters(concepts, language, every, beyond):
            yield language, form, word


def folded_frequencies(frequent: Mapping[str, float]) -> dict[str, float]:
    """Return how frequent words are that are the same when they are folded."""
    found: dict[str, float] = defaultdict(float)
    for word, chance in frequent.items():
        if (folded := fold(word)) and all(unicodedata.category(sign)[0] in "LM" for sign in word):
            found[folded] += 10**chance
    return {word: math.log10(chance) for word, chance in found.items()}


def _forms(
    concepts: list[Concept], language: str, every: Frequencies
) -> tuple[dict[str, float], dict[str, set[str]]]:
    """Return how frequent the English of each form is, and the concepts of each.

    A neighbour's forms are looked for in a language, too: Indonesian ones in Malay.
    """
    said: dict[str, float] = {}
    same: dict[str, set[str]] = defaultdict(set)
    for concept in concepts:
        near = [
            each for each in concept.forms if may_be_in(frozenset({normal(each)}), normal(language))
        ]
        here = how_frequent(concept, every[_ENGLISH])
        for _, form in (parted(form) for each in near for form in concept.forms[each]):
            is_name = form[:1].isupper() and language not in _NOUNS_HAVE_CAPITALS
            if " " not in form and not is_name:
                folded = fold(form)
                said[folded] = max(said.get(folded, here), here)
                same[folded].add(concept.id)
    return said, same


def _same_letters(
    concepts: list[Concept], language: str, every: Frequencies, beyond: float
) -> Iterator[Pair]:
    """Yield forms and frequent words of the same letters with other marks: skål, skal."""
    by_letters: dict[str, list[str]] = defaultdict(list)
    own = every[language]
    for word, chance in own.items():
        if chance >= _FREQUENT and word.islower():
            by_letters[fold(word)].append(word)
    for concept in concepts:
        here = how_frequent(concept, every[_ENGLISH])
        for _, form in map(parted, concept.forms.get(language, ())):
            written = form.lower()
            for word in by_letters.get(fold(form), ()) if not form[:1].isupper() else ():
                is_more = own[word] - here - beyond >= _MORE
                is_other = own[word] - own.get(written, RARE) >= _MORE_THAN_FORM
                if is_more and is_other:
                    yield word, written


def _pairs(own: dict[str, float], said: dict[str, float], language: str) -> Iterator[Pair]:
    """Yield each frequent word with each form of the lexicon of which it may be one."""
    endings = alternating(language)
    by_stem: dict[str, list[Pair]] = defaultdict(list)
    for form in said:
        for stem, ending in stems(form, endings, named=True):
            by_stem[stem].append((form, ending))
    for frequent in [word for word, chance in own.items() if chance >= _FREQUENT]:
        for word in _bare(frequent, language):
            for stem, ending in stems(word, endings, named=True):
                for form, last in by_stem.get(stem, ()):
                    is_one = endings.get(last, 0) & endings.get(ending, 0) and form != word
                    if (
                        word in own
                        and is_one
                        and are_forms(word, last, stem, language, is_name=False)
                    ):
                        yield word, form


def _bare(word: str, language: str) -> Iterator[str]:
    yield word
    for prefix in prefixes(language) if may_have_prefix(word) else ():
        if word.startswith(prefix) and len(word) - len(prefix) >= _SHORTEST_REST:
            yield word.removeprefix(prefix)


def read(name: str) -> list[list[str]]:
    """Return the cells of a table that stands beside the makers."""
    lines = Path(__file__).with_name(name).read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")]


def main(folder: str) -> None:
    """Write the table."""
    regular = {tuple(cells) for cells in read("regular_forms.tsv")}
    table = Path("rules/data/other_words.tsv")
    table.write_text(f"{_HEAD}\n", "utf-8")  # the old one says of its pairs that they are none
    by_form: dict[Pair, set[str]] = defaultdict(set)
    for language, form, word in others(frequencies(Path(folder))):
        if (language, form, word) not in regular:
            by_form[language, form].add(word)
    for language, form, words in read("found_other_words.tsv"):
        by_form[language, form].update(words.split())
    lines = (f"{of}\t{form}\t{' '.join(sorted(by_form[of, form]))}" for of, form in sorted(by_form))
    table.write_text("\n".join((_HEAD, *lines)) + "\n", "utf-8")


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("folder", help="lists of frequent words")
    main(options.parse_args().folder)
