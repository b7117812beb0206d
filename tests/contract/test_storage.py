"""What every store promises about its transactions."""
from storage.api import Storage
from tests.builders import an_article, given


def test_what_was_committed_is_there(storage: Storage) -> None:
    given(storage, an_article())
    with storage.reading() as tx:
        assert tx.articles.get(an_article().id) == an_article()
    assert storage.problems() == []
