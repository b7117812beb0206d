"""Codes of languages as people write them, and the one by which articles name each language."""

import difflib
import re
from functools import cache

from common.language_codes import ONE_CODE, one_code
from rules.data.tables import languages, rows

_TAG = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]{1,8})*")


def code_of(text: str) -> str | None:
    """Return the code that articles in this language have: "sv" for "sv", "swe" and "sv-FI".

    Codes of two letters are those of ISO 639-1; any of three letters is taken as it is, since
    there are thousands. None when the text is no code.
    """
    tag = _TAG.fullmatch(text.strip())
    if tag is None:
        return None
    code = one_code(tag[1].lower())
    return code if len(code) == 3 or code in _two_letters() or code in languages() else None


def near_code(text: str) -> str:
    """Return what to write instead of a text that is no code, or "" if nothing is near."""
    word = text.strip().casefold()[:40]
    names = {language.name.casefold(): language.code for language in languages().values()}
    near = difflib.get_close_matches(word, names, n=1, cutoff=0.7)
    if near:
        code = names[near[0]]
        return f'"{code}" is {languages()[code].name}'
    close = difflib.get_close_matches(word, languages(), n=1, cutoff=0.6)
    if close:
        return f'did you mean "{close[0]}" ({languages()[close[0]].name})?'
    return ""


def hint_at_code(text: str) -> str:
    """Return what to write instead of a text that is no code, to stand behind "a language code"."""
    near = near_code(text)
    if near:
        return f": {near}"
    known = ", ".join(sorted(languages().keys() - ONE_CODE.keys()))
    return f" of two letters (ISO 639-1) such as sv for Swedish; the best known: {known}"


@cache
def _two_letters() -> frozenset[str]:
    return frozenset(code for (line,) in rows("iso639.tsv") for code in line.split())
