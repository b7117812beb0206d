"""Languages so alike in writing that a guess does not tell them apart."""

from functools import cache

NEIGHBOURS = (
    frozenset(("bs", "hr", "sr")),
    frozenset(("id", "ms")),
    frozenset(("no", "da")),
    frozenset(("cs", "sk")),
    frozenset(("bg", "mk")),
    frozenset(("es", "gl")),
    frozenset(("pt", "gl")),
    frozenset(("nl", "af")),
    frozenset(("fa", "ps", "ku", "ur")),
)
"""Among them a guess never overrules what a source declares."""

BORROWING = frozenset(("af", "bs", "gl", "ku", "ps"))
"""Those of which lists know few words, so that their texts are read by their neighbours' words."""


@cache
def neighbours_of(language: str) -> frozenset[str]:
    """Return a language with those that its texts may be taken for."""
    return frozenset({language}).union(*(pair for pair in NEIGHBOURS if language in pair))


def may_be_in(languages: frozenset[str], language: str) -> bool:
    """Whether a text in a language, "" if it is not known, may be in one of these; or in any."""
    if not languages or not language or language in languages:
        return True
    return not languages.isdisjoint(neighbours_of(language))
