"""What an entry of a feed says to its reader, as HTML: the same as a message about it."""

from collections.abc import Collection, Sequence
from datetime import tzinfo

from common.language_names import language_name
from common.words.shape import Words
from common.zones import shown_in
from monitor.stories.carried import Carried
from notifiers.content.excerpt import Excerpt, excerpt_of
from notifiers.content.markup import escape_html
from notifiers.content.sanitize import isolated, isolated_name, one_line
from notifiers.content.wording import others, why
from storage.model import Article, Evidence

LONGEST = 2_000
"""So many characters of an article are shown."""


def told(
    article: Article,
    evidence: Sequence[Evidence],
    *,
    source: str,
    carried: Carried | None,
    words: Words,
    written_in: Collection[str],
    zone: tzinfo | None,
) -> str:
    """Return who tells it and when, the words that matched in their place, and why they count.

    Args:
        source: What the article's source is called, and who published it where that is another.
        carried: By whom the story is told; None where nobody has looked.
        words: The reader's.
        written_in: The languages of the rule.
    """
    at = shown_in(article.published_at or article.first_seen_at, zone)
    details = (
        language_name(article.language, words.code) if article.language else "",
        at if article.published_at else words.seen.format(time=at),
        ""
        if carried is None
        else others(carried.articles, len(carried.outlets), len(carried.languages), words),
    )
    byline = (isolated_name(one_line(source, 100)), *map(isolated, details))
    lines = [f"<p>{escape_html(' · '.join(filter(None, byline)))}</p>"]
    passage = _passage(article, evidence)
    if passage.text:
        lines.append(f"<blockquote>{_marked(passage)}</blockquote>")
    lines += [
        f"<p>{escape_html(isolated(reason))}</p>" for reason in why(evidence, words, written_in)
    ]
    return "\n".join(lines)


def _passage(article: Article, evidence: Sequence[Evidence]) -> Excerpt:
    spans = [(place.start, place.end) for place in evidence if place.field == "text"]
    if article.summary and not spans:
        return excerpt_of(article.summary, (), width=LONGEST)
    return excerpt_of(article.text, spans, around=spans[0][0] if spans else 0, width=LONGEST)


def _marked(passage: Excerpt) -> str:
    return "".join(
        f"<b>{escape_html(text)}</b>" if is_marked else escape_html(text)
        for text, is_marked in passage.parts()
    )
