"""The JSON of an article that a search has found."""

from typing import TypedDict

from monitor.views.article import ArticleShape, article_shape
from monitor.views.evidence import EvidenceShape, evidence_shape
from storage.model import Article, Match, Source


class SnippetShape(TypedDict):
    """The text around the first words that were found, which stand in brackets."""

    field: str
    text: str


class HitShape(ArticleShape):
    """An article that a search has found, and by which words."""

    score: float
    snippet: SnippetShape
    evidence: list[EvidenceShape]


def hit_shape(article: Article, source: Source, match: Match, snippet: SnippetShape) -> HitShape:
    """Return a hit of a search."""
    return {
        **article_shape(article, sources={source.id: source.name}),
        "score": match.score,
        "snippet": snippet,
        "evidence": evidence_shape(match.evidence),
    }
