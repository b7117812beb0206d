"""Makes rules/data/loose_forms.tsv: forms of the news lexicon that are first of all another word.

    python -m bench.making.loose_forms FOLDER

FOLDER holds lists of words with the logarithm of how likely each is, topwords-CODE.txt.gz: those of
the package langidentify-full-model (Apache License 2.0), made of Wikipedia, and, for what it lacks
(Greek, Hebrew, Hindi, Bengali, Tamil, Chinese, Japanese, Korean), such as `of_wordfreq` makes of
the package wordfreq. French calls the summer "été", and writes that twenty times as often for been:
a form that is ten times more frequent in its language than the English word is in English, beyond
what is usual between the two, is another word nine times of ten. It then counts beside another word
of the rule, as what the lexicon's writers mark so, and alone only when its owner accepts it. What
sounds like the English word is left out: it is borrowed; and so is what people who read the list
know for the usual word that says nothing else (sure_forms.tsv): Hungarian "miniszterelnök", which
its news has oftener than English news has "prime minister".

Where the words of a text have no spaces between them, or one between their syllables, a form counts
no more alone either whose letters the lexicon has ten times as often inside words of other things
(in Thai thirty times), each as often as English writes it: Vietnamese cáo, a fox, is a half of
"report" and "accuse". What English calls by the same word is no other thing.
"""

import argparse
import gzip
import itertools
import math
import re
import statistics
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from rules.data.tables import has_tones
from rules.languages.scripts import normal
from rules.lexicons import news_source
from rules.lexicons.news_packed import parted
from rules.lexicons.news_source import Concept
from rules.patterns.cognates import likeness

_MORE = 1.0
"""How much more frequent a form must be than usual, as a logarithm to the base of 10."""
RARE = -6.5
"""Likewise, how frequent the words are that a list has not."""
_USUAL = -5.0
_ALIKE = 0.75
_ENGLISH = "en"
_PARTS = {"th": (4, 1.5), "vi": (1, 1.0)}
"""By language, how long a part of words of other things is at most, in letters or in Vietnamese in
syllables, and how much more frequent these must be, as a logarithm; of Chinese and Japanese such
parts say what they say alone, too."""
KINDS = ("noun", "adjective")
_LISTED_AS = {"no": "nb", "nn": "nn"}
"""Languages that the lexicon has by another code than articles."""
_FILE = re.compile(r"topwords-(\w+)\.txt\.gz")

Row = tuple[str, str, str]
Frequencies = Mapping[str, Mapping[str, float]]


def frequencies(folder: Path) -> Frequencies:
    """Return how frequent the words of each language are, as a logarithm to the base of 10."""
    by_language: dict[str, dict[str, float]] = {}
    for path in folder.iterdir():
        if found := _FILE.fullmatch(path.name):
            text = gzip.decompress(path.read_bytes()).decode()
            rows = (line.rpartition(" ") for line in text.splitlines() if line[:1] != "#")
            own = {word: float(chance) / math.log(10) for word, _, chance in rows}
            by_language[_LISTED_AS.get(found[1], normal(found[1]))] = own
    return by_language


def of_wordfreq(language: str, file: Path) -> None:
    """Write such a list of the package wordfreq, which must be there."""
    from wordfreq import available_languages, get_frequency_dict  # type: ignore[import-not-found]

    size = "best" if language in available_languages("best") else "small"
    every = get_frequency_dict(language, size)
    lines = (f"{word} {math.log(chance):.6f}\n" for word, chance in every.items() if chance)
    file.write_bytes(gzip.compress("".join(lines).encode(), mtime=0))


def sure() -> frozenset[Row]:
    """Return the rows of the table that people know better than lists of frequent words."""
    lines = Path(__file__).with_name("sure_forms.tsv").read_text("utf-8").splitlines()
    return frozenset((language, id_, form) for language, id_, form in map(_split, lines))


def _split(line: str) -> list[str]:
    return line.split("\t")


def loose(by_language: Frequencies) -> Iterator[Row]:
    """Yield the language, the concept and the form of what is first of all another word."""
    concepts = [each for each in news_source.lines() if each.kind in KINDS]
    for language, own in by_language.items():
        beyond = usual(concepts, language, by_language)
        if beyond is None:
            continue
        for concept in concepts:
            english = _english(concept)
            least = how_frequent(concept, by_language[_ENGLISH]) + beyond + _MORE
            for form in _plain(concept, language):
                if own.get(form.lower(), RARE) >= least and not _is_borrowed(
                    form, english, language
                ):
                    yield language, concept.id, form


def inside(by_language: Frequencies) -> Iterator[tuple[str, str, str]]:
    """Yield likewise what mostly stands inside the words of other things."""
    concepts = [each for each in news_source.lines() if each.kind in (*KINDS, "institution")]
    chances = {each.id: how_frequent(each, by_language[_ENGLISH]) for each in concepts}
    english = {each.id: _english(each) for each in concepts}
    for language, (_, more) in _PARTS.items():
        whole: dict[str, set[str]] = defaultdict(set)
        for concept in concepts:
            every = (*concept.forms.get(language, ()), *concept.verbs.get(language, ()))
            for part in {part for form in every for part in _parts(parted(form)[1], language)}:
                whole[part].add(concept.id)
        for concept in concepts:
            for form in _plain(concept, language) if concept.kind in KINDS else ():
                others = [
                    10 ** chances[other]
                    for other in whole[form.lower()] - {concept.id}
                    if not _is_kind(english[other], english[concept.id])
                ]
                if sum(others) >= 10 ** (chances[concept.id] + more):
                    yield language, concept.id, form


def _parts(form: str, language: str) -> Iterator[str]:
    """Yield what a form has in it: its syllables, or any letters that follow each other."""
    if has_tones(language):
        syllables = form.lower().split()
        yield from syllables if len(syllables) > 1 else ()
        return
    for start, end in itertools.combinations(range(len(form) + 1), 2):
        if end - start <= min(_PARTS[language][0], len(form) - 1):
            yield form[start:end]


def _is_kind(english: Iterable[str], of: Iterable[str]) -> bool:
    return any(word in other for other in english for word in of)


def usual(concepts: Iterable[Concept], language: str, every: Frequencies) -> float | None:
    """Return by how much more frequent its words usually are: less where each has many forms."""
    own, known = every[language], every[_ENGLISH]
    gaps = []
    for concept in concepts if language != _ENGLISH else ():
        found = [own[form.lower()] for form in _plain(concept, language) if form.lower() in own]
        here = how_frequent(concept, known)
        if found and here > _USUAL:
            gaps.append(max(found) - here)
    return statistics.median(gaps) if gaps else None


def _plain(concept: Concept, language: str) -> list[str]:
    """Return the forms of one word that count alone, of all signs those that say so."""
    forms = news_source.with_one_sure(concept).forms.get(language, ())
    return [form for sign, form in map(parted, forms) if sign in ("", "^") and " " not in form]


def _english(concept: Concept) -> list[str]:
    return [parted(form)[1].lower() for form in concept.forms[_ENGLISH]]


def how_frequent(concept: Concept, known: Mapping[str, float]) -> float:
    """Return it of the English words; of several words no list says it, and so no less is taken."""
    english = _english(concept)
    forms = {form for word in english for form in (word, f"{word}s", f"{word}es")}
    found = math.log10(sum(10 ** known[form] for form in forms if form in known) + 10**RARE)
    return found if english[0].isalpha() else max(found, _USUAL)


def _is_borrowed(form: str, english: Iterable[str], language: str) -> bool:
    return any(likeness(word, form, language) >= _ALIKE for word in english)


def main(folder: str) -> None:
    """Write the table."""
    head = "# language	concept	form that is first of all another word; by bench.making.loose_forms"
    every = frequencies(Path(folder))
    lines = ("\t".join(row) for row in sorted({*loose(every), *inside(every)} - sure()))
    text = "\n".join((head, *lines))
    Path("rules/data/loose_forms.tsv").write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("folder", help="lists of frequent words")
    main(options.parse_args().folder)
