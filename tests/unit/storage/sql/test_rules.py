"""Rules out of SQL: what many of them share is in memory once."""

from pathlib import Path

from storage.admin.engine import open_storage
from storage.model import Variant
from tests.builders import a_rule, given


def test_many_rules_with_the_same_words_hold_each_variant_once(tmp_path: Path) -> None:
    def strike() -> Variant:
        return Variant(language="sv", text="strejk", of="strike", source="a list", score=0.7)

    rules = [a_rule(query, variants=(strike(),)) for query in ("rail strike", "ferry strike")]
    storage = open_storage(f"sqlite:///{tmp_path}/monitor.db", home=tmp_path, migrate=True)
    given(storage, *rules)
    with storage.reading() as tx:
        one, other = tx.rules.some([rule.id for rule in rules])
    storage.close()
    assert one.variants[0] == strike()
    assert one.variants[0] is other.variants[0]
