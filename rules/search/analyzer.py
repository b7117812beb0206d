"""What the search index keeps of an article: its words, folded as rules fold them.

A token is a folded word, or a pair of neighbouring letters of a run and its last letter. Beside
these there are:

* two words as one that a hyphen or the like joins;
* `^` and a token of the title;
* `~` and the last letters of a long word, last letter first, in languages that write several
  words as one.

White space and ASCII signs inside a folded word are left out, and what is longer is cut: for
tokens as for what is looked for, so that equal words, and beginnings of words, stay so.

Whatever changes the tokens of an article needs another `monitor.pipeline.indexing.VERSION`.
"""

import re
from collections.abc import Iterable

from rules.languages.compounds import SHORTEST_TAIL, joins
from rules.languages.inflection import may_have_prefix
from rules.patterns.word_index import only_joints
from rules.search.plain_tokens import PlainTokens
from rules.text.folding import fold
from rules.text.lookalikes import in_one_script
from rules.text.tokenizer import WORD, grams
from storage.api import LISTED
from storage.model import Article

TITLE, TAIL = "^", LISTED

_LONGEST = 40
"""Letters of a token; further ones are cut off."""

_LONGEST_TAIL = 12
_SHORTEST_WITH_TAIL = SHORTEST_TAIL + 3
_MOST_BYTES = 1_000_000
_WIDEST = 4  # bytes of a character
_MOST_KEPT = 200_000
_LONGEST_KEPT = 60

_AROUND = ".,;:!?()[]{}<>\"'*-/|"
_TYPOGRAPHY = str.maketrans({"’": "'", "–": "-", "—": "-"})
"""Signs that do to words what these of ASCII do: pieces with either are the same."""

_SIGNS = re.compile(r"[\s\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f]+")


class Analyser:
    """Turns articles into tokens. May be used by many threads.

    Most of a text needs no closer look, and is done in native code; what else stands between two
    white spaces is analysed once and remembered, since texts repeat it.
    """

    def __init__(self) -> None:
        self._plain = PlainTokens()
        self._known, self._known_with_tails = _Pieces(tails=False), _Pieces(tails=True)

    def __call__(self, article: Article) -> str:
        """Return the article's tokens with a space between two of them; a few come twice."""
        tails = joins(article.language)
        title = in_one_script(article.title)
        text = f"{title}\n{in_one_script(article.text)}"
        tokens, odd = self._plain(text, title=len(title), tails=tails)
        if odd:
            known = self._known_with_tails if tails else self._known
            more: dict[str, None] = {}
            for start, end in odd:
                piece = known[text[start:end].translate(_TYPOGRAPHY).strip(_AROUND)]
                more.update(dict.fromkeys(piece))
                if start < len(title):
                    more.update(dict.fromkeys(TITLE + each for each in piece if each[0] != TAIL))
            tokens = " ".join((*filter(None, (tokens,)), *more))
        if len(tokens) * _WIDEST > _MOST_BYTES:
            return _at_most(tokens, _MOST_BYTES)
        return tokens


class _Pieces(dict[str, list[str]]):
    """The tokens of pieces of text without white space."""

    def __init__(self, *, tails: bool) -> None:
        super().__init__()
        self._tails = tails

    def __missing__(self, piece: str) -> list[str]:
        tokens = list(tokens_of(piece, tails=self._tails))
        if len(piece) <= _LONGEST_KEPT:
            if len(self) > _MOST_KEPT:
                self.clear()
            self[piece] = tokens
        return tokens


def tokens_of(piece: str, *, tails: bool) -> Iterable[str]:
    """Return the tokens of a text without white space, each once."""
    tokens: dict[str, None] = {}
    before, end = "", 0
    for match in WORD.finditer(piece):
        folded = fold(match[0])
        if not folded:
            continue
        if match.lastgroup == "run":
            tokens.update(dict.fromkeys(_of_run(folded)))
            before = ""
            continue
        tokens.update(dict.fromkeys(_of_word(folded, tails=tails)))
        between = piece[end : match.start()]
        if before and between and only_joints(between):
            tokens[word_token(before + folded)] = None
        before, end = folded, match.end()
    return tokens


def _of_word(folded: str, *, tails: bool) -> list[str]:
    token = word_token(folded)
    if not token:
        return []
    tokens = [token]
    if tails and len(folded) >= _SHORTEST_WITH_TAIL:
        tokens.append(tail_token(folded))
    if may_have_prefix(folded):
        tokens += _without_prefix(folded)
    return tokens


def _of_run(folded: str) -> list[str]:
    """Return the tokens of a folded run: so that each of its letters begins one."""
    pairs = run_pairs(folded)
    return [*pairs, pairs[-1][-1]] if pairs else []


def _without_prefix(folded: str) -> list[str]:
    """Return the rest of a word that begins in a script that writes small words onto others."""
    letters = _SIGNS.sub("", folded)
    for place, letter in enumerate(letters):
        if not may_have_prefix(letter):
            return [word_token(letters[place:])]
    return []


def word_token(folded: str) -> str:
    """Return the token of a folded word, or of a beginning of one; "" if nothing is left."""
    if not folded.isalnum() or not folded.isascii():
        folded = _SIGNS.sub("", folded)
    return folded[:_LONGEST]


def tail_token(folded: str) -> str:
    """Return the token of a folded word, or of an end of one, read from its end."""
    return TAIL + _SIGNS.sub("", folded)[: -_LONGEST_TAIL - 1 : -1]


def run_pairs(folded: str) -> list[str]:
    """Return the overlapping pairs of letters of a folded run, or its only letter."""
    letters = _SIGNS.sub("", folded)
    return grams(letters) if letters else []


def _at_most(tokens: str, most_bytes: int) -> str:
    """Return as many of the tokens as fit, each once."""
    kept = []
    left = most_bytes
    for token in dict.fromkeys(tokens.split()):
        left -= len(token.encode()) + 1
        if left < 0:
            break
        kept.append(token)
    return " ".join(kept)
