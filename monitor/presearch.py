"""Which stored articles rules may match, asked of the search index instead of every article."""

from collections.abc import Iterable

from rules.lexer import QuerySyntaxError
from rules.presearch import presearch
from storage.api import HasAny, Lookup
from storage.model import Rule


def lookup_of(rules: Iterable[Rule]) -> Lookup | None:
    """Return a lookup that every stored article fits for which one of the rules may hold.

    For `tx.articles.recent(holding=...)` and `monitor.trials.stored(holding=...)`: nothing is
    lost against looking at every article. None, which both take, stands for every article: for
    regular expressions, for what only says what must not be there, and for words of a rule that
    count in any spelling.
    """
    found = []
    for rule in rules:
        try:
            certain = presearch(rule).certain
        except QuerySyntaxError:
            continue  # which matches nothing
        if certain is None:
            return None
        found.append(certain)
    if len(found) == 1:
        return found[0]
    return HasAny(tuple(found)) if found else None
