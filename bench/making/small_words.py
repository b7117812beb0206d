"""Makes the table of small words, rules/data/small_words.tsv, of lists of stop words.

    python -m bench.making.small_words FILE

FILE is stopwords-iso.json of the package stopwordsiso (MIT License): a list for each language. Kept
is what our table of common words has, too, which many languages do not share, with its marks. Left
out are English, whose list holds words of every kind, scripts without capitals, names that the news
lexicon has, and words of which the list has one with marks: puțin is Romanian, and Putin a name.
"""

import argparse
import json
from pathlib import Path

from rules.data.tables import has_tones
from rules.languages.everyday import everyday_words
from rules.languages.scripts import has_capitals
from rules.lexicons import news_source
from rules.text.folding import fold, settled

_LEFT_OUT = frozenset({"en"})
_SHORTEST = 2
_ABOUT = "small words as lists of stop words have them: in lower case, or where a sentence begins"


def names() -> dict[str, set[str]]:
    """Return the names of one word in the news lexicon, by language, in small letters."""
    by_language: dict[str, set[str]] = {}
    for concept in news_source.concepts():
        for language, forms in concept.forms.items():
            capital = (form for form in forms if form[:1].isupper() and not form.isupper())
            by_language.setdefault(language, set()).update(form.casefold() for form in capital)
    return by_language


def small(listed: list[str], language: str) -> set[str]:
    """Return, with their marks, the small words of a list that are common words."""
    cased = {settled(word).casefold() for word in listed if word and has_capitals(word)}
    marked = {fold(word) for word in cased if fold(word) != word}
    return {
        word
        for word in cased - marked
        if len(word) >= _SHORTEST and fold(word) in everyday_words(language)
    }


def main(file: str) -> None:
    """Write the table."""
    lists: dict[str, list[str]] = json.loads(Path(file).read_text(encoding="utf-8"))
    lines = [f"# language\t{_ABOUT}, they are no word of another language"]
    named = names()
    for language in sorted(lists.keys() - _LEFT_OUT):
        kept = set() if has_tones(language) else small(lists[language], language)
        kept -= named.get(language, set())
        if kept:
            lines.append(f"{language}\t{' '.join(sorted(kept))}")
    text = "\n".join(lines) + "\n"
    Path("rules/data/small_words.tsv").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("file", help="stopwords-iso.json")
    main(options.parse_args().file)
