"""Whether a rule looks for what it looked for before: what is made of its words depends on it."""

import hashlib
import json

from storage.model import Rule


def stamp_of(rule: Rule) -> str:
    """Return the same for rules that look for the same words, in the same ways, by these variants.

    The rule comes with its variants; of those that say the same (`Variant.key`) the first counts.
    """
    said: dict[tuple[str, str, str], tuple[str, str, float]] = {}
    for each in rule.variants:
        own = (each.kind, each.state, each.score)
        said.setdefault((each.of, each.language, each.text), own)
    every = [rule.query, rule.strictness, rule.written_in, [*said.items()]]
    return hashlib.blake2b(json.dumps(every).encode(), digest_size=16).hexdigest()
