from dataclasses import replace

from storage.admin.engine import open_storage
from storage.api.articles import Analysis
from storage.model import Article
from storage.postings import prepared
from storage.postings.prepared import Prepared
from tests.builders import NOON, a_source, an_article, given


class Counting:
    """Counts of which articles tokens are made."""

    def __init__(self) -> None:
        self.made: list[str] = []

    def __call__(self, article: Article) -> str:
        self.made.append(article.title)
        return f"{article.title}-{article.text}"


def test_tokens_are_made_beforehand_and_of_what_is_said_when_they_are_asked_for() -> None:
    made = Counting()
    both = Prepared(made)
    one = an_article("one", text="of today")
    both.prepare([one])
    assert both.tokens(replace(one, story_id="of others")) == "one-of today"
    assert made.made == ["one"]
    assert both.tokens(one) == "one-of today"  # once: they are not kept
    both.prepare([one])
    assert both.tokens(replace(one, text="of yesterday")) == "one-of yesterday"
    assert both.tokens(replace(one, language="sv")) == "one-of today"
    assert made.made == ["one"] * 5


def test_what_is_never_stored_is_not_kept_for_ever() -> None:
    made = Counting()
    both = Prepared(made)
    for number in range(3 * prepared._MOST):
        both.prepare([an_article(f"t{number}")])
        assert len(both._made) <= prepared._MOST + 1


def test_of_many_the_rest_are_made_when_they_are_asked_for() -> None:
    made = Counting()
    both = Prepared(made)
    articles = [an_article(f"t{number}", text="x" * 100_000) for number in range(9)]
    both.prepare(articles)
    assert len(made.made) == 5
    assert [len(both.tokens(each)) for each in articles] == [100_003] * 9
    assert len(made.made) == 9


def test_a_transaction_finds_what_was_prepared_for_it(sqlite_url: str) -> None:
    made = Counting()
    storage = open_storage(sqlite_url, analysis=Analysis("1", made))
    source = a_source()
    given(storage, source)
    articles = [an_article(f"t{number}", source_id=source.id) for number in range(3)]
    storage.prepare([])
    storage.prepare(articles)
    made.made.clear()
    with storage.transaction() as tx:
        assert tx.articles.add([(each, ()) for each in articles], now=NOON) == 3
    assert not made.made
    storage.close()
