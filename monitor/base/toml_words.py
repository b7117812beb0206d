"""What is wrong with a TOML file, in words for whoever wrote it."""

from monitor.base.errors import clipped

_WORDS = {
    "Cannot overwrite a value": "a key is given twice; keep one of them",
    "Invalid value": "no value of TOML; text stands in quotes",
    "Illegal character '\\n'": "a quote is not closed on its line",
    "Unterminated string": "a quote is not closed",
}


def in_toml_words(problem: str) -> str:
    """Return what tomllib complains of, with what to do where we know it."""
    return _WORDS.get(problem, clipped(problem))
