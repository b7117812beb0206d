"""A lookup said in fewer words: what many alternatives ask for is asked for once.

Of a name in two words each variant is an alternative, and databases look each of its words up
anew: a beginning of three letters, which thousands of words have, a dozen times.
"""

from collections import Counter

from storage.api import HasAll, HasAny, Lookup


def factored(lookup: Lookup) -> Lookup:
    """Return a lookup that fits what it fits."""
    if not isinstance(lookup, HasAny):
        return lookup
    together = [part for part in lookup.parts if isinstance(part, HasAll)]
    done: list[Lookup] = [part for part in lookup.parts if not isinstance(part, HasAll)]
    while together:
        counts = Counter(part for every in together for part in dict.fromkeys(every.parts))
        shared, times = counts.most_common(1)[0]
        if times == 1:
            break
        with_it = [every for every in together if shared in every.parts]
        together = [every for every in together if shared not in every.parts]
        done.append(_beside(shared, with_it))
    every_part = (*done, *together)
    return every_part[0] if len(every_part) == 1 else HasAny(every_part)


def _beside(shared: Lookup, alternatives: list[HasAll]) -> Lookup:
    """Return what fits where a part fits, and with it the rest of one of the alternatives."""
    rests: dict[Lookup, None] = {}
    for every in alternatives:
        rest = tuple(part for part in every.parts if part != shared)
        if not rest:
            return shared
        if len(rest) > 1:
            rests[HasAll(rest)] = None
        else:
            some = rest[0].parts if isinstance(rest[0], HasAny) else rest
            rests.update(dict.fromkeys(some))
    others = tuple(rests)
    return HasAll((shared, others[0] if len(others) == 1 else HasAny(others)))
