"""Letters of one script that stand in a word of another because they look the same."""

import re

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


def in_one_script(text: str) -> str:
    """Return the text, as long as it was, with each word of two scripts in the one it is meant in.

    "aзил", whose first letter is Latin, is "азил"; what no lookalikes explain stays as it is.
    """
    # Bytes are looked through many times as fast as letters, and most texts have no such letter.
    if text.isascii() or _IN_BYTES not in text.encode("utf-16-le", "surrogatepass"):
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
