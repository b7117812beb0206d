"""The daemon takes out what is kept no longer, by itself."""

from datetime import UTC, datetime, timedelta

from storage.admin.engine import open_storage
from storage.model import SourceState
from storage.story import Membership, Story
from tests.builders import a_source, an_article, given
from tests.end_to_end.home import Home


def test_the_daemon_prunes_by_the_setting(home: Home) -> None:
    home.run("status")
    url = home.environ.get("MONITOR_DATABASE_URL", f"sqlite:///{home.path / 'monitor.db'}")
    storage = open_storage(url, home=home.path)
    now = datetime.now(UTC)
    given(storage, a_source(state=SourceState.PAUSED))
    for days in (5, 90):
        article = an_article(f"{days} days old", first_seen_at=now - timedelta(days=days))
        with storage.transaction() as tx:
            tx.articles.add([(article, ())], now=now)
            tx.stories.put([Story(id=article.id, seen_at=article.first_seen_at)])
            member = Membership(
                article_id=article.id,
                story_id=article.id,
                joined_at=article.first_seen_at,
                appeared_at=article.first_seen_at,
                outlet="harbour.example",
            )
            tx.stories.join([member])
    storage.close()
    home.environ["MONITOR_KEEP_ARTICLES"] = "30d"
    with home.daemon("--no-starter") as daemon:
        daemon.wait_until(lambda: "pruned articles=1" in daemon.logged)
        assert daemon.stop() == 0
    assert [each["title"] for each in home.json("list-articles")] == ["5 days old"]
