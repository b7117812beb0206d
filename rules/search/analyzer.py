"""What the search index keeps of an article: its words, folded as rules fold them.

A token is a folded word, or a pair of neighbouring letters of a run and its last letter. Beside
these there are:

* two words as one that a hyphen or the like joins;
* `=` and a word of which folding hides how it sounds, with the letters that say it: `=kovač`;
* `^` and a token of the title;
* `~` and the last letters of a long word, last letter first, in languages that write several
  words as one.

They are told in lines, each of what begins in 64 letters of the text, so that the index knows what
stands near what; what is long stands in each that it touches.

White space and ASCII signs inside a folded word are left out, and what is longer is cut: for
tokens as for what is looked for, so that equal words, and beginnings of words, stay so.

Whatever changes the tokens of an article needs another `monitor.pipeline.indexing.VERSION`.
"""

import re
from collections.abc import Collection, Iterable, Iterator

from rules.languages.compounds import SHORTEST_TAIL, joins
from rules.languages.inflection import may_have_prefix
from rules.patterns.word_index import only_joints
from rules.search.plain_tokens import PlainTokens
from rules.search.sounding import as_it_sounds
from rules.text.folding import fold
from rules.text.lookalikes import in_one_script
from rules.text.tokenizer import WORD, grams
from storage.model import Article

TITLE, TAIL, SOUNDING = "^", "~", "="

WORDS = (("0", TITLE), ("_", TAIL), ("\x7f", ""))
"""From where to where tokens are words, or pairs of letters of runs."""

_LONGEST = 40
"""Letters of a token; further ones are cut off."""

_LONGEST_TAIL = 12
_SHORTEST_WITH_TAIL = SHORTEST_TAIL + 3
LINE, LONG = 64, 32  # as in `tokens.c`
"""Letters of a line; and of what stands only in the line in which it begins, at most."""

_BEFORE, _BEHIND = 16, 64
_ROUND = 64
"""So many lines one after the other are all that the index tells apart."""

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
        """Return the article's tokens, line by line, with white space between two of them."""
        tails = joins(article.language)
        title = in_one_script(article.title)
        text = f"{title}\n{in_one_script(article.text)}"
        tokens, odd = self._plain(text, title=len(title), tails=tails)
        if not odd:
            return tokens
        known = self._known_with_tails if tails else self._known
        lines = tokens.split("\n")
        lines += [""] * (len(text) // LINE + 1 - len(lines))
        for start, end in odd:
            for line, piece in _in_lines(text, start, end, known):
                lines[line] += " ".join(piece) + " "
                if start < len(title):
                    lines[line] += " ".join(TITLE + each for each in piece if each[0] != TAIL) + " "
        return "\n".join(lines)


class _Pieces(dict[str, list[str]]):
    """The tokens of pieces of text without white space.

    Attributes:
        tails: Whether ends of words are wanted, too.
    """

    def __init__(self, *, tails: bool) -> None:
        super().__init__()
        self.tails = tails

    def __missing__(self, piece: str) -> list[str]:
        tokens = list(tokens_of(piece, tails=self.tails))
        if len(piece) <= _LONGEST_KEPT:
            if len(self) > _MOST_KEPT:
                self.clear()
            self[piece] = tokens
        return tokens


def _in_lines(
    text: str, start: int, end: int, known: _Pieces
) -> Iterator[tuple[int, Collection[str]]]:
    """Yield the tokens of a piece of text, and in which lines they stand."""
    every = known[_trimmed(text[start:end])]
    first, last = start // LINE, (end - 1) // LINE
    if end - start <= LONG or first == last:
        yield first, every
        return
    left = set(every)
    long = {each for each in every if len(each) > LONG}
    for line in range(first, last + 1):
        # Whatever begins in it is whole there, as far as tokens go.
        around = text[max(start, line * LINE - _BEFORE) : min(end, (line + 1) * LINE + _BEHIND)]
        in_it = set(tokens_of(_trimmed(around), tails=known.tails))
        here = [each for each in every if each in in_it]
        left -= in_it
        yield line, here
    if left or long:
        for line in range(first, min(last + 1, first + _ROUND)):
            yield line, [each for each in every if each in left or each in long]


def _trimmed(piece: str) -> str:
    return piece.translate(_TYPOGRAPHY).strip(_AROUND)


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
        sounding = word_token(as_it_sounds(match[0]))
        if sounding:
            tokens[SOUNDING + sounding] = None
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
