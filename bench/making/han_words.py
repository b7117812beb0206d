"""Makes the table of Chinese words and names, rules/data/han_words.tsv.

    python -m bench.making.han_words DICT

DICT is `dict.txt` of the package jieba (MIT License): a word, how often it was counted, and what
part of speech it is, a line. Of its words of two to five characters the frequent ones are kept that
are no names, and what single characters cost as words; of its names those that are written by
sound (`rules/data/han_sounds.tsv`) as the foreign names of the news lexicon are. All these say how
often each character stands in a name.
"""

import argparse
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from statistics import fmean

from rules.languages.phonemes import han_sounds
from rules.languages.transcribed import writes_names
from rules.lexicons import news_source
from rules.text.folding import fold

_NAMES = frozenset({"nr", "nrt", "nrfg", "ns", "nt", "nz"})
_MAY_BE_FOREIGN = frozenset({"nr", "nrt", "ns"})
_LEAST_COUNTED = 50
_ALSO_IN_NAMES = "俄得堡"
"""Characters of names of places that say too little of a sound: 俄亥俄, 得克萨斯, 海德堡."""

_LENGTHS = range(2, 6)
_LENGTHS_OF_NAMES = range(3, 9)
_PLACE = "ns"
_KINDS_OF_PLACES, _LONG = frozenset("省州市县区邦国岛河山海湖湾峡港"), 3
_FIRST_HAN, _LAST_HAN = "\u3400", "\u9fff"
_USUAL_IN_NAMES, _NONE = 2.2, 9.0
"""So much each character of a foreign name costs at most, on average."""

_HALVES = 2
"""Costs are told in halves: a word of each is three times as frequent as one of the next."""

_TABLE = Path("rules/data/han_words.tsv")
_HEAD = (
    "# what\tits cost, the logarithm of one in so many, to the base of 10\twords of Chinese, folded"
)


def _counted(dictionary: Path) -> Iterator[tuple[str, int, str]]:
    for line in dictionary.read_text(encoding="utf-8").splitlines():
        word, count, part = line.split()
        yield fold(word), int(count), part


def _of_lexicon() -> Iterator[str]:
    for concept in news_source.concepts():
        if concept.kind in ("place", "surname"):
            for form in concept.forms.get("zh", ()):
                yield fold(form.lstrip(news_source.SIGNS))


def _cost(count: float, of: float) -> float:
    return -math.log10(count / of)


def _rounded(cost: float) -> float:
    return round(cost * _HALVES) / _HALVES


def _written_by_sound(names: Iterable[str]) -> list[str]:
    return [name for name in names if len(name) > 1 and all(map(_may_write_names, name))]


def _may_write_names(sign: str) -> bool:
    return writes_names(sign) or sign in _ALSO_IN_NAMES


def _signs(names: Iterable[str]) -> dict[str, float]:
    """Return what each character costs that writes names; one that is in none, as one in one."""
    counted = Counter(sign for name in names for sign in name)
    every = {sign: max(counted[sign], 1) for sign in (*han_sounds(), *_ALSO_IN_NAMES)}
    return {sign: _cost(count, sum(every.values())) for sign, count in every.items()}


def _foreign(names: Iterable[str], signs: Mapping[str, float]) -> set[str]:
    """Return the names that are written as those of foreigners mostly are."""
    whole = (name for name in _written_by_sound(names) if len(name) in _LENGTHS_OF_NAMES)
    return {name for name in whole if fmean(map(signs.__getitem__, name)) <= _USUAL_IN_NAMES}


def _is_own_place(word: str, part: str, signs: Mapping[str, float]) -> bool:
    """Whether a word names a place of China, or where things are: 西南, the south-west."""
    costs = [signs.get(sign, _NONE) for sign in _bare(word)]
    return part == _PLACE and len(word) > 1 and fmean(costs) > _USUAL_IN_NAMES


def _bare(name: str) -> str:
    """Return a name without what kind of place it says that it is: 泽兰, of 泽兰省, Zeeland."""
    return name[:-1] if len(name) >= _LONG and name[-1] in _KINDS_OF_PLACES else name


def _is_in_han(name: str) -> bool:
    return all(_FIRST_HAN <= sign <= _LAST_HAN for sign in name)


def table(counted: Iterable[tuple[str, int, str]]) -> list[tuple[str, float, str]]:
    """Return rows: `word`, `name` or `sign`, a cost, and words, each once, in order."""
    every = [*counted]
    whole = sum(count for _, count, _ in every)
    listed = {_bare(name) for name in _of_lexicon() if len(name) > 1 and _is_in_han(name)}
    known = _written_by_sound(listed)
    names = _foreign((word for word, _, part in every if part in _MAY_BE_FOREIGN), _signs(known))
    signs = _signs([*known, *names])
    by_row: dict[tuple[str, float], set[str]] = defaultdict(set)
    for word, count, part in every:
        is_frequent = len(word) == 1 or (len(word) in _LENGTHS and count >= _LEAST_COUNTED)
        if is_frequent and (part not in _NAMES or _is_own_place(word, part, signs)):
            by_row["word", _rounded(_cost(count, whole))].add(word)
    for sign, cost in signs.items():
        by_row["sign", _rounded(cost)].add(sign)
    by_row["name", _rounded(_cost(1, len(names)))] = names | listed
    return [(*row, " ".join(sorted(words))) for row, words in sorted(by_row.items())]


def main(dictionary: str) -> None:
    """Write the table."""
    lines = (
        f"{what}\t{cost}\t{words}\n" for what, cost, words in table(_counted(Path(dictionary)))
    )
    _TABLE.write_text(f"{_HEAD}\n{''.join(lines)}", encoding="utf-8")


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("dictionary", metavar="DICT")
    main(options.parse_args().dictionary)
