"""Whoever follows a list beside another one says of each feed what became of it."""

from pathlib import Path

import pytest

from monitor.feed_lists import follow
from monitor.feed_lists.opml import read_opml
from storage.admin.engine import open_storage
from tests.builders import NOON

LIST = """<opml version="2.0"><body>
<outline type="rss" text="One" xmlUrl="https://one.example/feed"/>
<outline type="rss" text="Two" xmlUrl="https://two.example/feed"/>
</body></opml>"""


def test_what_another_has_followed_since_the_list_was_begun_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follow, "AT_ONCE", 1)
    storage = open_storage(f"sqlite:///{tmp_path / 'monitor.db'}")
    begun, beside = (
        follow.follow(storage, read_opml(LIST), now=NOON, every=None) for _ in range(2)
    )
    told = [next(begun), *beside, next(begun)]
    assert [[one.outcome for one in batch] for batch in told] == [
        ["added"],
        ["known"],
        ["added"],
        ["known"],
    ]
    with storage.reading() as tx:
        assert len(tx.sources.all()) == 2
    storage.close()
