"""Makes ingester/text/months.tsv, what months are called in languages that few feeds are in.

    python -m bench.making.months

Of CLDR, as Babel has it. A row is a month: its number, and its names as `ingester.text.months`
folds them, `_` where a name has two words. Left out are names that `MONTHS` has already, and those
that mean another month elsewhere (Croatian `listopada` is October, Polish November) or a day of
the week (`sam`).
"""

import argparse
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from babel import Locale

from ingester.text import months

_CODES = (
    "af ar ar_DZ ar_LB ar_MA as az be bg bn bs ca ceb cs cy da de de_AT el eo es et eu fa ff fi "
    "fil fo fr fy ga gd gl gu ha he hi hr hsb hu hy id ig is it ja jv ka kk km kn ko ku ky lb "
    "ln lo lt lv mg mi mk ml mr ms mt my nb ne nl nn om or pa pcm pl ps pt qu rm ro ru rw sc sd "
    "se si sk sl sn so sq sr sr_Latn su sv sw ta te tg th tk to tr tt ug uk ur uz vi wo xh yo "
    "zu"
)
LOCALES = _CODES.split()
WITHIN_DATES = {"he": "ב{}", "eu": "{}ren"}
"""How languages write a name within a date, which CLDR keeps in the pattern of the date."""

_FEWEST = 3
_PATH = Path(months.__file__).with_name("months.tsv")


def names_of(code: str) -> Iterator[tuple[int, str]]:
    """Yield (month, name) as a language has them, folded, words joined by "_"."""
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            for number, name in Locale.parse(code).months[context][width].items():
                words = months.words_of(months.fold(name))
                if any(word.isdecimal() for word in words):
                    continue
                for form in ("{}", WITHIN_DATES.get(code, "{}")):
                    yield number, form.format("_".join(words))


def weekdays() -> frozenset[str]:
    """Return the words, folded, that days of the week are called by."""
    return frozenset(
        word
        for code in LOCALES
        for context in ("format", "stand-alone")
        for width in ("wide", "abbreviated")
        for name in Locale.parse(code).days[context][width].values()
        for word in months.words_of(months.fold(name))
    )


def rows() -> list[str]:
    """Return the lines of the table."""
    meanings: dict[str, set[int]] = defaultdict(set)
    for code in LOCALES:
        for number, name in names_of(code):
            if len(name) >= (_FEWEST if name < "\u0590" else 2):
                meanings[name].add(number)
    days = weekdays()
    rare = {
        name: numbers.pop()
        for name, numbers in meanings.items()
        if len(numbers) == 1 and name not in months.COMMON and name not in days
    }
    return [
        f"{month}\t{' '.join(sorted(name for name, number in rare.items() if number == month))}"
        for month in range(1, 13)
    ]


if __name__ == "__main__":
    argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0]).parse_args()
    _PATH.write_text("\n".join(rows()) + "\n", encoding="utf-8")
