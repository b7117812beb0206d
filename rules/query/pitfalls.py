"""Queries that may not mean what their author thinks: from prose and other products."""

import re
from collections.abc import Iterator, Sequence

from common.clip import clip
from rules.data.tables import brands
from rules.query.tree import FIELDS, Keyword, Phrase, Query, Wildcard, walk
from rules.text.tokenizer import words

_SIGNS = re.compile(r"(?:^|\s)([-–—&])(?=\s|$)")
_NO_FIELD = re.compile(r"((?:[A-Za-z]{1,2}|[A-Z][a-z]{2,11}):)\w")
"""What looks like a field and was taken for text; other names of fields are refused."""
_SINGLE_QUOTES = re.compile(r"^['‘‚’].*['’‘]$")
# fmt: off
_OR = frozenset((
    "eller", "oder", "ou", "oppure", "lub", "albo", "nebo", "alebo", "или", "або", "hoặc", "veya",
    "vagy", "atau", "ή",
))
# fmt: on
"""What people of other languages write for it, where no language has it as another word."""
_SHORT = 4
_SHOWN = 60


def pitfalls(query: Query, *, strictness: str = "all") -> Iterator[str]:
    """Yield a sentence for each part that may be meant otherwise, in the order of the query."""
    for node in walk(query):
        match node:
            case Keyword(text):
                yield from _in_keyword(text, strictness)
            case Phrase(text) if re.search(r"\w[*?](?=\s|$)|(?:^|\s)[*?]\w", text):
                yield f'"{clip(text, _SHOWN)}": * and ? stand for letters only outside of quotes'
            case Wildcard(pattern) if re.fullmatch(r"[^*?]{2,}\?", pattern):
                word = clip(pattern[:-1], _SHOWN)
                yield (
                    f'"{clip(pattern, _SHOWN)}" is {word} and one more letter; for the word '
                    f"alone leave the ? out, or write {word}\\?"
                )
            case _:
                pass


def _in_keyword(text: str, strictness: str) -> Iterator[str]:
    shown = clip(text, _SHOWN)
    parts = text.split(" ")
    for word in dict.fromkeys(parts[1:-1]):
        if word in ("and", "or", "not", "near", *_OR):
            operator = "OR" if word in _OR else word.upper()
            yield f'"{shown}": "{word}" is a word like any other; the operator is {operator}'
    if parts[-1] == "AROUND":
        yield f'"{shown}": AROUND is a word like any other; for words near each other write NEAR/5'
    if len(parts) > 1 and any(re.search(r"[,;，、；]$", part) for part in parts[:-1]):
        yield f'"{shown}": a comma is no operator; write OR between alternatives'
    yield from _in_signs(text, parts)
    if text in brands() and text.istitle():
        word = text.lower()
        yield f'"{shown}" is looked for as a name, with its capitals; for the words write {word}'
    own_words = words(text)
    if strictness == "broad" and len(own_words) == 1 and len(own_words[0].folded) <= _SHORT:
        yield (
            f'"{shown}" is short, and with --match broad any word that sounds like it counts: '
            "add a word, or use --match all"
        )


def _in_signs(text: str, parts: Sequence[str]) -> Iterator[str]:
    shown = clip(text, _SHOWN)
    field = next(filter(None, map(_NO_FIELD.match, parts)), None)
    if field is not None:
        known = ", ".join(f"{name}:" for name in FIELDS)
        yield f'"{shown}" is looked for as it stands; "{field[1]}" is no field: these are {known}'
    sign = _SIGNS.search(text)
    if sign is not None:
        instead = "write AND between parts" if sign[1] == "&" else "to exclude a word write -word"
        yield f'"{shown}": {sign[1]} standing alone says nothing; {instead}'
    if _SINGLE_QUOTES.match(text):
        yield f'"{shown}": single quotes make no phrase; use double ones'
    plus = next((part for part in parts if re.match(r"\+[^\W\d]", part)), None)
    if plus is not None:
        yield (
            f'"{clip(plus, _SHOWN)}" looks for the sign + as well; words side by side are all '
            "needed anyway, so leave it out"
        )
