"""Words with `*` and `?`, compared in linear steps: no pattern can hang."""

from common.records import dataclass
from rules.text.folding import fold


@dataclass(frozen=True, slots=True)
class WildcardPattern:
    """A folded wildcard word.

    Attributes:
        head: The letters before the first wildcard.
    """

    text: str
    head: str

    def fits(self, word: str) -> bool:
        """Whether the whole folded word is one that the pattern stands for."""
        if not word.startswith(self.head):
            return False
        return _fits(self.text, word)


def wildcard_pattern(text: str) -> WildcardPattern:
    """Return the pattern of a wildcard word as written."""
    pieces = []
    literal = ""
    for character in text:
        if character in "*?":
            pieces.append(fold(literal))
            pieces.append(character)
            literal = ""
        else:
            literal += character
    pieces.append(fold(literal))
    folded = "".join(pieces)
    while "**" in folded:
        folded = folded.replace("**", "*")
    head = folded.split("*")[0].split("?")[0]
    return WildcardPattern(folded, head)


def _fits(text: str, word: str) -> bool:
    """Greedy with one step back to the last star: at most len(text) * len(word) steps."""
    at = place = 0
    star, retry = -1, 0
    while place < len(word):
        if at < len(text) and (text[at] == "?" or text[at] == word[place]):
            at += 1
            place += 1
        elif at < len(text) and text[at] == "*":
            star, retry = at, place
            at += 1
        elif star >= 0:
            retry += 1
            at, place = star + 1, retry
        else:
            return False
    return all(sign == "*" for sign in text[at:])
