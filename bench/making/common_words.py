"""Makes the tables of common words, rules/data/common/ and further/, of a list of frequent words.

    python -m bench.making.common_words FOLDER

FOLDER holds files topwords-CODE.txt.gz, a word and its logarithm a line, the most frequent first:
those of the package langidentify (Apache License 2.0), made of Wikipedia. Left out is what many
families of languages share: names and international words, whose other spellings are to be found;
and, in scripts without capitals, what the news lexicon has as a part of a name. Further words are
what is left out of them and no name: the next most frequent ones in scripts without capitals, and
in others those that the lexicon has.
"""

import argparse
import gzip
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from bench.base.families import families
from rules.data.tables import languages, rows
from rules.languages.inflection import alternating, stems
from rules.languages.phonemes import VOWELS, phonemes_of, script, writes_no_vowels
from rules.languages.scripts import has_capitals, letters, scripts_of
from rules.lexicons import news_source
from rules.text.folding import fold
from rules.text.tokenizer import words

MOST = 3_000
_READ = 8_000
_FAMILIES = {4: 3, 3: 5}
"""So many families share an international word, by how many consonants it has, or more."""
_FAMILIES_OF_SHORT = 5
_LONG_WITH_VOWELS = 5
_FILE = re.compile(r"topwords-(\w+)\.txt\.gz")
_SHORTEST = 2
_COMMON_KINDS = ("noun", "adjective")

Words = Mapping[str, list[str]]


def frequent_words(folder: Path) -> dict[str, list[str]]:
    """Return the frequent words of each language that we know, the most frequent first."""
    by_language: dict[str, list[str]] = {}
    for path in sorted(folder.iterdir()):
        found = _FILE.fullmatch(path.name)
        code = found[1] if found else ""
        if code in languages():
            text = gzip.decompress(path.read_bytes()).decode()
            lines = (line for line in text.splitlines() if not line.startswith("#"))
            every = (line.partition(" ")[0] for line in lines)
            by_language[code] = [word for word in every if is_word(word, code)][:_READ]
    return by_language


def is_word(text: str, language: str) -> bool:
    """Whether a line of a list is one word in letters of the language."""
    used = {script for _, script in letters(text)}
    if len(text) < _SHORTEST or not used or not used <= scripts_of(language):
        return False
    return _is_one(text)


def _is_one(text: str) -> bool:
    return [word.text for word in words(text)] == [text] and not any(map(str.isdigit, text))


def of_lexicon() -> dict[str, list[str]]:
    """Return the single words of the news lexicon that are no names, of each language."""
    by_language: dict[str, list[str]] = {}
    for concept in news_source.concepts():
        if concept.kind in _COMMON_KINDS:
            for language, forms in concept.forms.items():
                plain = (form.lstrip("*+~^") for form in forms if form[0] not in "@&")
                kept = (form for form in plain if is_word(form, language))
                by_language.setdefault(language, []).extend(kept)
    return by_language


def by_hand() -> dict[str, list[str]]:
    """Return what was written by hand where no list was at hand."""
    return {language: line.split() for language, line in rows("everyday_words.tsv")}


def _sounds(word: str, language: str) -> str:
    return phonemes_of(word, language).text


def _consonants(sounds: str) -> str:
    return "".join(sound for sound in sounds if sound not in VOWELS)


def _key(sounds: str) -> str:
    """Return what two words share that are one in two languages: consonants, if they are many."""
    count = len(_consonants(sounds))
    if count >= max(_FAMILIES):
        return _consonants(sounds)
    return f"={sounds.rstrip(''.join(VOWELS)) if count >= min(_FAMILIES) else sounds}"


def shared_by(every: Words) -> dict[str, set[str]]:
    """Return which families have a word that sounds so."""
    family = families()
    by_key: dict[str, set[str]] = {}
    for language, own in every.items():
        for word in own:
            by_key.setdefault(_key(_sounds(word, language)), set()).add(family[language])
    return by_key


def names() -> dict[str, set[str]]:
    """Return the words of which the names in the news lexicon are made, by language, folded."""
    by_language: dict[str, set[str]] = {}
    for concept in news_source.concepts():
        if concept.kind not in _COMMON_KINDS:
            for language, forms in concept.forms.items():
                parts = {word.folded for form in forms for word in words(form)}
                by_language.setdefault(language, set()).update(parts)
    return by_language


def _is_shared(sounds: str, shared: Mapping[str, set[str]], *, cased: bool, vowels: bool) -> bool:
    count = len(_consonants(sounds))
    if not vowels and min(_FAMILIES) <= count < max(_FAMILIES):
        return False
    if count < min(_FAMILIES) and cased and len(sounds) < _LONG_WITH_VOWELS:
        return False
    most = _FAMILIES.get(min(count, max(_FAMILIES)), _FAMILIES_OF_SHORT)
    return len(shared.get(_key(sounds), ())) >= most


def common(
    frequent: Iterable[str],
    language: str,
    shared: Mapping[str, set[str]],
    names: set[str],
    most: int = MOST,
) -> set[str]:
    """Return, folded, the words that few families share and no name has.

    Where a capital tells names, very short words are shared by chance, and count.
    """
    kept: dict[str, None] = {}
    for word in frequent:
        cased = has_capitals(word)
        vowels = not writes_no_vowels(script(word))
        is_shared = _is_shared(_sounds(word, language), shared, cased=cased, vowels=vowels)
        if not is_shared and (cased or fold(word) not in names):
            kept.setdefault(fold(word))
        if len(kept) >= most:
            break
    return set(kept)


def of_whole_names() -> dict[str, set[str]]:
    """Return the names of one word in the news lexicon, by language, folded."""
    by_language: dict[str, set[str]] = {}
    for concept in news_source.concepts():
        if concept.kind not in _COMMON_KINDS:
            for language, forms in concept.forms.items():
                by_language.setdefault(language, set()).update(map(fold, forms))
    return by_language


def listed(frequent: Iterable[str], language: str, known: Iterable[str]) -> set[str]:
    """Return, folded, the words that are known of which some form is frequent."""
    endings = alternating(language)
    used = {stem for word in frequent for stem, _ in stems(fold(word), endings)}
    return used.intersection(map(fold, known))


def main(folder: str) -> None:
    """Write the tables."""
    lists = frequent_words(Path(folder))
    lexicon = of_lexicon()
    every = {code: [*lists.get(code, []), *lexicon.get(code, [])] for code in families()}
    shared, named = shared_by(every), names()
    hand = by_hand()
    whole = of_whole_names()
    for language in sorted(lists.keys() | hand.keys()):
        kept = common(lists.get(language, []), language, shared, named.get(language, set()))
        kept |= {fold(word) for word in hand.get(language, [])}
        known = lexicon.get(language, [])
        if language not in lists or not any(map(has_capitals, known)):
            kept |= {fold(word) for word in known}
        own = lists.get(language, [])
        if all(map(has_capitals, known)):
            further = listed(own, language, known) - whole.get(language, set())
        else:
            further = common(own, language, shared, named.get(language, set()), len(own))
        _write("common", language, kept)
        _write("further", language, further - kept)


def _write(folder: str, language: str, words: set[str]) -> None:
    lines = "".join(f"{word}\n" for word in sorted(words))
    if lines:
        Path(f"rules/data/{folder}/{language}.txt").write_text(lines, encoding="utf-8")


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("folder", help="lists of frequent words")
    main(options.parse_args().folder)
