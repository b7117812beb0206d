"""What is pruned takes no room in the search index."""

from datetime import timedelta

from sqlalchemy import create_engine, func, select

from monitor.pipeline.indexing import ANALYSIS
from storage.admin.engine import open_storage
from storage.sql.tables.schema import article_index, article_page, article_segment
from storage.story import Membership, Story
from tests.builders import NOON, a_source, an_article, given


def test_segments_of_what_is_gone_are_dropped_and_those_of_which_most_is_gone_made_anew(
    migrated_sqlite_url: str,
) -> None:
    storage = open_storage(migrated_sqlite_url, analysis=ANALYSIS)
    given(storage, a_source())
    # Five segments: two of old articles, one mostly of these, one half, one of new ones.
    for batch, new in enumerate((0, 0, 2, 5, 10)):
        articles = [
            an_article(
                f"harbour {batch} {number}",
                first_seen_at=NOON if number < new else NOON - timedelta(days=90),
            )
            for number in range(10)
        ]
        with storage.transaction() as tx:
            tx.articles.add([(article, ()) for article in articles], now=NOON)
            tx.stories.put(Story(id=each.id, seen_at=each.first_seen_at) for each in articles)
            tx.stories.join(
                Membership(
                    article_id=each.id,
                    story_id=each.id,
                    joined_at=NOON,
                    appeared_at=NOON,
                    outlet="x",
                )
                for each in articles
            )
    with storage.transaction() as tx:
        tx.pruning.prune(before=NOON, after=None, limit=1_000)
    place: int | None = 0
    while place is not None:
        with storage.transaction() as tx:
            place = tx.pruning.shed(after=place)
    storage.close()
    engine = create_engine(migrated_sqlite_url)
    with engine.connect() as connection:
        kept = article_segment.c
        left = connection.execute(select(kept.level, kept.articles).order_by(kept.id)).all()
        assert sorted(articles for _, articles in left) == [2, 10, 10]
        assert all(level >= 0 for level, _ in left)
        pages = connection.execute(select(func.count()).select_from(article_page)).scalar()
        assert pages == connection.execute(select(func.sum(kept.pages))).scalar()
        assert connection.execute(select(func.count()).select_from(article_index)).scalar() == 17
    engine.dispose()
