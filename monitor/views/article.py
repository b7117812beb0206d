"""The JSON of an article, and of a story, which is several."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NotRequired, TypedDict

from monitor.base.times import exact_instant, show_instant
from monitor.views.base.schema import InstantText
from storage.api.articles import Version
from storage.model import Article, Source

if TYPE_CHECKING:
    from monitor.stories.told import ToldStory


class ArticleShape(TypedDict):
    """What a source has published, without its text."""

    id: str
    story_id: str
    source: str
    url: str
    title: str
    summary: str
    language: str
    authors: list[str]
    categories: list[str]
    published_at: InstantText | None
    updated_at: InstantText | None
    first_seen_at: InstantText | None


class ArticleTextShape(ArticleShape):
    """What a source has published, with its text, as a replay reads it.

    `polled_at` is to the microsecond, and the same for all that one poll brought; `publisher` is
    the host of whoever published it where the address does not say.
    """

    text: str
    publisher: str
    polled_at: InstantText


class _TextFrom(TypedDict, total=False):
    text_from: str


class VersionShape(TypedDict):
    """What an article said before it was edited."""

    until_at: InstantText | None
    title: str
    text: str


class ArticleDetailsShape(ArticleShape):
    """An article with its text, in words where that is from, and its earlier versions."""

    text_from: NotRequired[str]
    text: str
    versions: list[VersionShape]


class StoryShape(TypedDict):
    """Articles that tell the same event; outlets are how many publish them."""

    id: str
    title: str
    url: str
    first_seen_at: InstantText | None
    last_seen_at: InstantText | None
    articles: int
    outlets: int
    languages: list[str]
    rules: list[str]
    follows: str | None


class MemberShape(TypedDict):
    """An article of a story, and why it belongs there; "" of the first."""

    article: ArticleShape
    outlet: str
    language: str
    published_at: InstantText | None
    reason: str


class StoryDetailsShape(StoryShape):
    """A story with its articles in order of appearance."""

    members: list[MemberShape]


def story_shape(told: "ToldStory") -> StoryShape:
    """Return a story, named after its first article."""
    first = told.tellings[0].article
    seen = [telling.article.first_seen_at for telling in told.tellings]
    return {
        "id": told.story.id,
        "title": first.title,
        "url": first.url,
        "first_seen_at": show_instant(min(seen)),
        "last_seen_at": show_instant(max(seen)),
        "articles": len(told.tellings),
        "outlets": len(told.carried.outlets),
        "languages": list(told.carried.languages),
        "rules": list(told.rules),
        "follows": told.story.follows or None,
    }


def story_details_shape(told: "ToldStory") -> StoryDetailsShape:
    """Return a story with its articles."""
    members: list[MemberShape] = [
        {
            "article": article_shape(
                telling.article, sources={telling.article.source_id: telling.source_name}
            ),
            "outlet": telling.outlet,
            "language": telling.article.language,
            "published_at": show_instant(telling.article.published_at),
            "reason": telling.reason,
        }
        for telling in told.tellings
    ]
    return {**story_shape(told), "members": members}


def article_text_shape(article: Article, *, sources: Mapping[str, str]) -> ArticleTextShape:
    """Return an article with its text."""
    return {
        **article_shape(article, sources=sources),
        "text": article.text,
        "publisher": article.publisher,
        "polled_at": exact_instant(article.first_seen_at),
    }


def article_shape(article: Article, *, sources: Mapping[str, str]) -> ArticleShape:
    """Return an article without its text; `sources` has the names of sources by their ids."""
    return {
        "id": article.id,
        "story_id": article.story_id,
        "source": sources[article.source_id],
        "url": article.url,
        "title": article.title,
        "summary": article.summary,
        "language": article.language,
        "authors": list(article.authors),
        "categories": list(article.categories),
        "published_at": show_instant(article.published_at),
        "updated_at": show_instant(article.updated_at),
        "first_seen_at": show_instant(article.first_seen_at),
    }


def article_details_shape(
    article: Article,
    *,
    source: Source | None,
    text_from: str | None,
    versions: Sequence[Version] = (),
) -> ArticleDetailsShape:
    """Return an article with its text.

    Args:
        source: What it is from, if that is known.
        text_from: Where the text is from, in words; None when nobody knows.
        versions: What it said before, newest first.
    """
    earlier: list[VersionShape] = [
        {
            "until_at": show_instant(version.until),
            "title": version.title,
            "text": version.text,
        }
        for version in versions
    ]
    name = source.name if source else article.source_id
    shape = article_shape(article, sources={article.source_id: name})
    origin: _TextFrom = {} if text_from is None else {"text_from": text_from}
    return {**shape, **origin, "text": article.text, "versions": earlier}
