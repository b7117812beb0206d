"""How often the name of one person or place is found where another stands.

    python -m bench.names LINES.jsonl.gz

Reads translated documents (`language` `document` `line` `text`, the English among them). Each name
of one word that the English side has, and that no list has, is a rule, and meets all documents.
A find is right if the English document has the name. Prints, by language, what share of the
documents that should have it a name is found in, and false finds of a rule in 1,000 documents.
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
from rules.matcher import RuleMatcher
from tests.builders import an_article

ENGLISH = "en"
_WITHIN = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{3,}\b")
_WORD = re.compile(r"[^\W\d_]+")

Documents = dict[tuple[str, int | str], str]


def documents(path: Path) -> Documents:
    """Return the texts of all documents, by language and document."""
    found: defaultdict[tuple[str, int | str], list[tuple[int, str]]] = defaultdict(list)
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for each in map(json.loads, file):
            found[each["language"], each["document"]].append((each["line"], each["text"]))
    return {key: "\n".join(text for _, text in sorted(lines)) for key, lines in found.items()}


def names_in(texts: Iterable[str]) -> Iterator[str]:
    """Give each word that has a capital inside sentences, and never stands without."""
    every = list(texts)
    small = {word for text in every for word in _WORD.findall(text) if word.islower()}
    for name in dict.fromkeys(word for text in every for word in _WITHIN.findall(text)):
        if name.lower() not in small:
            yield name


def main() -> None:
    """Read the documents, and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("lines", type=Path, metavar="LINES")
    every = documents(parser.parse_args().lines)
    english = {
        document: text for (language, document), text in every.items() if language == ENGLISH
    }
    having = {document: set(_WORD.findall(text)) for document, text in english.items()}
    names = list(names_in(english.values()))
    saved = zip(names, rules_of(names, "all"), strict=True)
    rules = [replace(rule, id=name) for name, rule in saved if not rule.variants]
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
    print(f"{len(names)} names, {len(english)} documents\n")
    print("| language | found | false in 1,000 |\n|---|---|---|")
    for language in sorted(met, key=lambda each: -wrong[each] / met[each]):
        share = right[language] / wanted[language]
        print(f"| {language} | {share:.3f} | {wrong[language] / met[language] * 1_000:.2f} |")


if __name__ == "__main__":
    main()
