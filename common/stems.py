"""Words cut so that endings do not matter, and the languages that put no space between words."""

SPACELESS = frozenset({"zh", "ja", "th", "km", "my", "lo"})


def shortened(word: str) -> str:
    """Return the beginning of a folded word that its inflected forms share, about."""
    length = len(word)
    if length <= 4:
        return word
    if length <= 6:
        return word[:4]
    if length <= 8:
        return word[:5]
    return word[:6] if length <= 10 else word[:7]
