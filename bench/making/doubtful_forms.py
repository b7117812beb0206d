"""Makes rules/data/doubtful_forms.tsv: what may be a form of a short word, and is mostly another.

    python -m bench.making.doubtful_forms FOLDER

FOLDER is that of `bench.making.loose_forms`. Where words take endings (elsewhere some of them,
short_forms.tsv), a stem of three letters and an ending say enough alone: Russian "суда" is of суд
(court), "визы" of виза (visa). Not so where the lexicon has another word for it that is as frequent
(вина, guilt, is none of вино, wine), or where it is far more frequent than the word itself: such a
form counts beside another word. Of words that are not everyday ones
(rules/data/everyday_words.tsv) nobody needs to say it. Added is what people found with a dictionary
of forms (found_doubtful_forms.tsv): Polish "ważnym" (important) is none of wąż (snake).
"""

import argparse
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from bench.making.loose_forms import KINDS, RARE, Frequencies, frequencies
from bench.making.other_words import folded_frequencies, read
from rules.data.tables import has_cases
from rules.languages.everyday import everyday_words
from rules.languages.inflection import (
    alternating,
    are_forms,
    are_short_forms,
    has_short_forms,
    has_short_stem,
    shortest_stem,
    stems,
)
from rules.languages.scripts import normal
from rules.lexicons import news_source
from rules.lexicons.news_packed import parted
from rules.lexicons.news_source import Concept
from rules.text.folding import fold

_SHORT = 3
_MORE = 0.8
_HEAD = (
    "# language\ta word with a stem of three letters, and everyday words that have it "
    "and an ending, and are mostly others, all folded; by bench.making.doubtful_forms"
)

_Homes = Mapping[str, list[tuple[str, str]]]


class _Words(NamedTuple):
    """Words of the lexicon in a language, folded.

    Attributes:
        concepts: What each says.
        adjectives: Those that are made of other words, often of the same stem.
    """

    concepts: dict[str, set[str]]
    adjectives: set[str]


def doubtful(every: Frequencies) -> Iterator[tuple[str, str, list[str]]]:
    """Yield the language, the word and what looks like its forms, both folded."""
    concepts = [each for each in news_source.concepts() if each.kind in KINDS]
    for language in sorted(each for each in every if has_cases(each) or has_short_forms(each)):
        frequent, words = folded_frequencies(every[language]), _words(concepts, language)
        everyday = frequent.keys() & everyday_words(language)
        by_word: dict[str, list[str]] = defaultdict(list)
        for form, homes in _homes(words.concepts, everyday, language).items():
            for word, stem in homes:
                is_short = len(stem) == _SHORT < shortest_stem(word) and (
                    has_cases(language)
                    or are_short_forms(stem, word[_SHORT:], form[_SHORT:], language)
                )
                if (
                    is_short
                    and has_short_stem(word, word)
                    and _is_doubtful(form, word, {home for home, _ in homes}, words, frequent)
                ):
                    by_word[word].append(form)
        for word in sorted(by_word):
            yield language, word, sorted(set(by_word[word]))


def _words(concepts: Iterable[Concept], language: str) -> _Words:
    words = _Words(defaultdict(set), set())
    for concept in concepts:
        for code, forms in concept.forms.items():
            for signs, form in map(parted, forms if normal(code) == normal(language) else ()):
                if "~" not in signs and " " not in form and not form[:1].isupper():
                    words.concepts[fold(form)].add(concept.id)
                    if concept.kind == "adjective":
                        words.adjectives.add(fold(form))
    return words


def _is_doubtful(
    form: str, word: str, homes: Collection[str], words: _Words, frequent: Mapping[str, float]
) -> bool:
    """Whether a form is another word, far more frequent, or rather of another home."""
    said, here = words.concepts, frequent.get(word, RARE)
    if (form in said and not said[form] & said[word]) or frequent[form] > here + _MORE:
        return True
    others = [each for each in homes if not said[each] & said[word]]
    return any(frequent.get(each, RARE) >= here for each in others if each not in words.adjectives)


def _homes(words: Mapping[str, object], frequent: Collection[str], language: str) -> _Homes:
    """Return of which of the words each frequent one may be a form, with the stem they share."""
    endings = alternating(language)
    by_stem: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for word in words:
        for stem, ending in stems(word, endings, named=True):
            by_stem[stem].append((word, ending))
    homes: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for form in frequent:
        for stem, ending in stems(form, endings, named=True):
            for word, last in by_stem.get(stem, ()):
                if (
                    word != form
                    and endings.get(last, 0) & endings.get(ending, 0)
                    and are_forms(form, last, stem, language, is_name=False)
                ):
                    homes[form].append((word, stem))
    return homes


def main(folder: str) -> None:
    """Write the table."""
    forms: dict[tuple[str, str], set[str]] = defaultdict(set)
    for language, word, doubted in doubtful(frequencies(Path(folder))):
        forms[language, word].update(doubted)
    for language, line in read("found_doubtful_forms.tsv"):
        word, *doubted = line.split()
        forms[language, word].update(doubted)
    lines = (f"{of}\t{word} {' '.join(sorted(forms[of, word]))}" for of, word in sorted(forms))
    table = Path("rules/data/doubtful_forms.tsv")
    table.write_text("\n".join((_HEAD, *lines)) + "\n", "utf-8")


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("folder", help="lists of frequent words")
    main(options.parse_args().folder)
