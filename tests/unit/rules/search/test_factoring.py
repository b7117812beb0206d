"""A lookup in fewer words fits the same."""

from hypothesis import given, strategies

from rules.search.factoring import factored
from storage.api import Has, HasAll, HasAny, Lookup

LETTERS = strategies.sampled_from("abcd")
LOOKUPS: strategies.SearchStrategy[Lookup] = strategies.recursive(
    strategies.builds(Has, LETTERS),
    lambda parts: strategies.builds(
        lambda kind, some: kind(tuple(some)),
        strategies.sampled_from((HasAll, HasAny)),
        strategies.lists(parts, min_size=1, max_size=4),
    ),
    max_leaves=12,
)


def fits(tokens: frozenset[str], lookup: Lookup) -> bool:
    if isinstance(lookup, Has):
        return lookup.token in tokens
    parts = [fits(tokens, part) for part in lookup.parts]
    return all(parts) if isinstance(lookup, HasAll) else any(parts)


@given(LOOKUPS, strategies.frozensets(LETTERS))
def test_it_fits_what_the_other_fits(lookup: Lookup, tokens: frozenset[str]) -> None:
    assert fits(tokens, factored(lookup)) == fits(tokens, lookup)


def test_what_alternatives_share_is_asked_for_once() -> None:
    rail, strike, stop = Has("rail", begins=True), Has("strike"), Has("stop")
    assert factored(HasAny((HasAll((rail, strike)), Has("x"), HasAll((stop, rail))))) == HasAny(
        (Has("x"), HasAll((rail, HasAny((strike, stop)))))
    )
