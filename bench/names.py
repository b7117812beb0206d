"""How often the name of one person or place is found where another stands.

    python -m bench.names [--nouns] LINES.jsonl.gz

Reads translated documents (`language` `document` `line` `text`, the English among them). Each name
of one word that the English side has, and that no list has, is a rule, and meets all documents.
A find is right if the English document has the name. Prints, by language, what share of the
documents that should have it a name is found in, and false finds of a rule in 1,000 documents.

With --nouns the rules are the lexicon's English nouns of one word that the English side has, and
each line is a document. Then what is not right is not all false: English has more words for it.
"""

import argparse
import gzip
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from bench.base.made_up import SOURCE, rules_of
from rules.lexicons.news_source import concepts
from rules.matcher import RuleMatcher
from tests.builders import an_article

ENGLISH = "en"
_WITHIN = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{3,}\b")
_WORD = re.compile(r"[^\W\d_]+")

Documents = dict[tuple[str, int | str], str]


def documents(path: Path, key: str = "document") -> Documents:
    """Return the texts of all documents, or of all lines, by language and document or line."""
    found: defaultdict[tuple[str, int | str], list[tuple[int, str]]] = defaultdict(list)
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for each in map(json.loads, file):
            found[each["language"], each[key]].append((each["line"], each["text"]))
    return {of: "\n".join(text for _, text in sorted(lines)) for of, lines in found.items()}


def names_in(texts: Iterable[str]) -> Iterator[str]:
    """Give each word that has a capital inside sentences, and never stands without."""
    every = list(texts)
    small = {word for text in every for word in _WORD.findall(text) if word.islower()}
    for name in dict.fromkeys(word for text in every for word in _WITHIN.findall(text)):
        if name.lower() not in small:
            yield name


def words_of(text: str, *, are_nouns: bool) -> set[str]:
    """Return the words of a text; of nouns also each that would be one with an s, in any case."""
    words = set(_WORD.findall(text.lower() if are_nouns else text))
    return words | {word.removesuffix("s") for word in words} if are_nouns else words


def nouns_in(texts: Iterable[str]) -> list[str]:
    """Return the nouns of one word that the lexicon has in English and some text has."""
    every = set().union(*(words_of(text, are_nouns=True) for text in texts))
    nouns = (each.forms[ENGLISH] for each in concepts() if each.kind == "noun")
    return sorted({word for forms in nouns for word in forms if word in every})


def main() -> None:
    """Read the documents, and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("lines", type=Path, metavar="LINES")
    parser.add_argument("--nouns", action="store_true", help="of everyday nouns, by line")
    given = parser.parse_args()
    every = documents(given.lines, "line" if given.nouns else "document")
    english = {
        document: text for (language, document), text in every.items() if language == ENGLISH
    }
    having = {of: words_of(text, are_nouns=given.nouns) for of, text in english.items()}
    names = list((nouns_in if given.nouns else names_in)(english.values()))
    saved = zip(names, rules_of(names, "all"), strict=True)
    rules = [replace(rule, id=name) for name, rule in saved if given.nouns or not rule.variants]
    matcher, names = RuleMatcher(rules), [rule.id for rule in rules]
    right, wrong, wanted, met = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for (language, document), text in every.items():
        article = an_article("", text=text, language=language)
        found = {match.rule_id for match in matcher.matches(article, SOURCE)}
        there = having[document] & set(names)
        right[language] += len(found & there)
        wrong[language] += len(found - there)
        wanted[language] += len(there)
        met[language] += len(names) - len(there)
    for counted in (right, wrong, wanted, met):
        counted["all but English"] = counted.total() - counted[ENGLISH]
    print(f"{len(names)} {'nouns' if given.nouns else 'names'}, {len(english)} documents\n")
    print("| language | found | false in 1,000 |\n|---|---|---|")
    for language in sorted(met, key=lambda each: -wrong[each] / met[each]):
        share = right[language] / wanted[language]
        print(f"| {language} | {share:.3f} | {wrong[language] / met[language] * 1_000:.2f} |")


if __name__ == "__main__":
    main()
