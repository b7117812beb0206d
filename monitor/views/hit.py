"""The JSON of an article that a search has found, and the text around the words found in it."""

from typing import TYPE_CHECKING, TypedDict

from monitor.views.article import ArticleShape, article_shape
from monitor.views.base.evidence import EvidenceShape, evidence_shape
from notifiers.content.excerpt import Excerpt, excerpt_of

if TYPE_CHECKING:
    from monitor.services.search import SearchHit

_WIDTH = 160


class SnippetShape(TypedDict):
    """The text around the first words that were found, which stand in brackets."""

    field: str
    text: str


class HitShape(ArticleShape):
    """An article that a search has found, and by which words."""

    score: float
    snippet: SnippetShape
    evidence: list[EvidenceShape]


def hit_shape(hit: "SearchHit") -> HitShape:
    """Return a hit of a search."""
    field, excerpt = snippet_of(hit)
    return {
        **article_shape(hit.article, sources={hit.source.id: hit.source.name}),
        "score": hit.match.score,
        "snippet": {"field": field, "text": excerpt.marked("[", "]")},
        "evidence": evidence_shape(hit.match.evidence),
    }


def snippet_of(hit: "SearchHit") -> tuple[str, Excerpt]:
    """Return the field with the words that were found, and the text around the first of them.

    Of two fields it is the text: the title is shown anyhow.
    """
    evidence = hit.match.evidence
    only_title = evidence and all(place.field == "title" for place in evidence)
    field = "title" if only_title and not hit.article.text else "text"
    return field, excerpt_in(hit, field)


def excerpt_in(hit: "SearchHit", field: str, *, width: int = _WIDTH) -> Excerpt:
    """Return the text of a field around the first words that were found in it.

    Args:
        field: "title" or "text".
        width: So many columns at most.
    """
    text = hit.article.title if field == "title" else hit.article.text
    spans = [(place.start, place.end) for place in hit.match.evidence if place.field == field]
    return excerpt_of(text, spans, around=spans[0][0] if spans else 0, width=width)
