"""What a migration makes anew holds what it held, and what was counted stays counted."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import column, insert, table

from storage.admin.engine import SqlStorage, _backend
from storage.admin.migrate import OURS, bring_up
from storage.api.articles import Known
from storage.backends.api import Backend
from storage.model import Fingerprint, Variant
from storage.sql import rules, sources
from storage.sql.tables.columns import Instant
from storage.sql.tables.schema import rule, source
from storage.story import Membership, Story
from storage.variant_use import VariantHit
from tests.builders import MINUTE, NOON, a_rule, a_source, an_article

ANYWHERE, DANISH, SWEDISH = (Variant(language=code, text="strejk") for code in ("", "da", "sv"))
COUNTED: dict[Variant, tuple[int, datetime | None]] = {
    ANYWHERE: (5, NOON),  # of which two were of Danish articles
    DANISH: (2, NOON - MINUTE),
    SWEDISH: (0, None),
    Variant(language="pl", text="strajk", of="strike"): (1, NOON),
    Variant(language="", text="unheard of"): (0, None),
}
RULE = a_rule(variants=tuple(COUNTED))
ARTICLE = an_article()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def backend(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Backend]:
    url: str = request.getfixturevalue(f"{request.param}_url")
    opened = _backend(url, home=tmp_path / "home", checkpoints=False)
    before = OURS.revisions[: OURS.revisions.index("0040")]
    bring_up(opened, migrate=True, steps=replace(OURS, revisions=before))
    yield opened
    opened.close()


def test_what_variants_had_found_stays_counted(backend: Backend) -> None:
    with backend.migrating() as connection:
        connection.execute(insert(rule).values(rules.to_row(RULE)))
        for row, (hits, last) in zip(rules.variant_rows(RULE), COUNTED.values(), strict=True):
            names = (*row, "hits")
            old = table("variant", *map(column, names), column("last_hit_at", Instant()))
            connection.execute(insert(old).values(**row, hits=hits, last_hit_at=last))
    bring_up(backend, migrate=True)
    with SqlStorage(backend).transaction() as tx:
        found = tx.rules.variant_uses(RULE.id)
        assert {use.variant: (use.hits, use.last_hit_at) for use in found} == COUNTED
        tx.rules.count_hits([VariantHit(RULE.id, "strejk", "da")], now=NOON + MINUTE)
        found = tx.rules.variant_uses(RULE.id)
    assert [use.hits for use in found] == [6, 3, 0, 1, 0]


def test_prints_and_members_of_stories_are_all_there(backend: Backend) -> None:
    prints = [Fingerprint(key=key, kind="url", said=said) for key, said in (("b", "x"), ("a", ""))]
    names = ("key", "article_id", "kind", "said")
    old = table("article_print", *map(column, names), column("listed_at", Instant()))
    rows = [
        dict(zip(names, (each.key, ARTICLE.id, each.kind, each.said), strict=True))
        for each in prints
    ]
    member = Membership(
        article_id=ARTICLE.id,
        story_id=ARTICLE.id,
        joined_at=NOON,
        appeared_at=NOON,
        outlet="harbour-news.example",
    )
    with backend.migrating() as connection:
        connection.execute(insert(source).values(sources.to_row(a_source())))
    with SqlStorage(backend).transaction() as tx:
        tx.articles.add([(ARTICLE, ())], now=NOON)
        tx.stories.put([Story(id=ARTICLE.id, seen_at=NOON)])
        tx.stories.join([member])
    with backend.migrating() as connection:
        connection.execute(insert(old), [row | {"listed_at": NOON} for row in rows])
    bring_up(backend, migrate=True)
    with SqlStorage(backend).transaction() as tx:
        known = {"a": Known(ARTICLE.id, ""), "b": Known(ARTICLE.id, "x")}
        assert tx.articles.known(["a", "b", "c"]) == known
        tx.articles.add([(ARTICLE, prints)], now=NOON)  # under a key each is there once
        assert tx.stories.members([ARTICLE.id]) == [member]
        assert tx.stories.are_unplaced([ARTICLE.id]) == set()
