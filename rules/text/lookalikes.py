"""Letters that texts have in the place of others that look the same, or nearly so."""

import re
from unicodedata import normalize

from common.patterns import pattern
from common.scripts import WITHOUT_SPACES, letters

_LATIN = "AaBCcEeHIiJjKMOoPpSsTXxYy"
_CYRILLIC = "АаВСсЕеНІіЈјКМОоРрЅѕТХхУу"
_ANY_CYRILLIC = re.compile("[\u0400-\u04ff]")
_IN_BYTES = b"\x04"
"""One of the two bytes of each Cyrillic letter."""
# Begins with one class of letters, which is looked for many times as fast as two ways to begin.
_MIXED = re.compile("[A-Za-z](?:(?=[\u0400-\u04ff])|(?<=[\u0400-\u04ff][A-Za-z]))")
_WORD = re.compile("[A-Za-z\u0400-\u04ff]+")
_TO_CYRILLIC = str.maketrans(_LATIN, _CYRILLIC)
_TO_LATIN = str.maketrans(_CYRILLIC, _LATIN)
_OF_OTHER_WIDTH = pattern("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\uff66-\uff9f]+")
_OF_ONE_WIDTH = {code: normalize("NFKC", chr(code)) for code in range(0xFF10, 0xFFA0)}
_IN_WIDE_BYTES = b"\xff"
_UNSPACED = letters(WITHOUT_SPACES)
_BREAK_IN_WORD = pattern(rf"(?<=[^\W{_UNSPACED}])[\u200b\u2060](?=[^\W{_UNSPACED}])")
_DENSEST = 3
"""There are fewer words to a space, unless each letter has one."""
_SPACED_OUT = pattern(rf"(?<=[{_UNSPACED}]) (?=[{_UNSPACED}])")
_TWO_VOWELS = "\u0e40\u0e40"
_ONE_VOWEL = "\u0e41\u200c"
_TONE_FIRST = pattern("([\u0e48-\u0e4b])([\u0e34-\u0e39])")


def in_one_script(text: str) -> str:
    """Return the text, as long as it was, with each word of two scripts in the one it is meant in.

    "aзил", whose first letter is Latin, is "азил"; what no lookalikes explain stays as it is. All
    letters are as wide as they are elsewhere (ＮＡＴＯ, ﾊﾟﾘ), where a line may end no word does, and
    Thai vowels and tones stand as they are to be typed.
    """
    if text.isascii():
        return text
    if "\u200b" in text or "\u2060" in text:
        text = _BREAK_IN_WORD.sub("\u00ad", text.replace("\u200b ", "  ").replace(" \u200b", "  "))
        text = text.replace("\u2060", "\u200b")
    if _DENSEST * text.count(" ") > len(text):
        text = _SPACED_OUT.sub("\u200b", text)
    if _TWO_VOWELS in text:
        text = text.replace(_TWO_VOWELS, _ONE_VOWEL)
    if "\u0e48" in text or "\u0e49" in text:  # the tones that hardly any text is without
        text = _TONE_FIRST.sub(r"\2\1", text)
    # Bytes are looked through many times as fast as letters, and most texts have no such letter.
    encoded = text.encode("utf-16-le", "surrogatepass")
    if _IN_WIDE_BYTES in encoded:
        text = _OF_OTHER_WIDTH.sub(lambda found: found[0].translate(_OF_ONE_WIDTH), text)
    if _IN_BYTES not in encoded:
        return text
    if _ANY_CYRILLIC.search(text) is None or _MIXED.search(text) is None:
        return text
    return _WORD.sub(_settled, text)


def _settled(found: re.Match[str]) -> str:
    word = found[0]
    if _MIXED.search(word) is None:
        return word
    cyrillic, latin = word.translate(_TO_CYRILLIC), word.translate(_TO_LATIN)
    as_cyrillic = not any(letter.isascii() for letter in cyrillic)
    as_latin = latin.isascii()
    if as_cyrillic and as_latin:
        as_cyrillic = sum(letter.isascii() for letter in word) * 2 <= len(word)
    if as_cyrillic:
        return cyrillic
    return latin if as_latin else word
