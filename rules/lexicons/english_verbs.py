"""How English inflects verbs beyond what endings tell: steps down, stepped down; buys, bought."""

from collections.abc import Iterator
from functools import cache

from rules.data.tables import rows
from rules.lexicons.api import Form

ENGLISH = "en"
_SOURCE, _SCORE = "forms of verbs", 0.95


def verb_forms(word: str) -> Iterator[Form]:
    """Yield the other forms of an English verb, for a word in small letters that may be one."""
    for form in _groups().get(word, ()):
        if form != word:
            yield Form(ENGLISH, form, _SOURCE, _SCORE)


@cache
def _groups() -> dict[str, tuple[str, ...]]:
    """Return all forms of a verb for each of them but the one in -s, which endings tell."""
    groups: dict[str, tuple[str, ...]] = {}
    for verb, line in rows("english_verbs.tsv"):
        forms = (verb, *line.split())
        for form in (*forms, f"{verb}s", f"{verb}es"):
            groups[form] = tuple(dict.fromkeys((*groups.get(form, ()), *forms)))
    return groups
