"""A sharper query for a rule that has matched, by its own words, what was not meant."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from heapq import nsmallest

from common.records import dataclass
from rules.data.tables import stop_words
from rules.matcher import make_matcher, match_of
from rules.query.parsed import readable
from rules.query.tree import Keyword
from rules.text.tokenizer import words
from storage.model import Article, Rule, Source, VariantState

_SHORTEST = 4
_MOST_TRIED = 8
_READ = 2_000
"""So many characters of a text are looked at for words that tell what it is about."""

About = tuple[Article, Source]


@dataclass(frozen=True, slots=True)
class Sharper:
    """A query that no longer matches what was wrong.

    Attributes:
        query: As people write it.
        kept, of: How many of the other articles it still matches, and how many there are.
    """

    query: str
    kept: int
    of: int


def sharper(rule: Rule, wrong: About, others: Sequence[About]) -> Sharper | None:
    """Return the query that leaves out the wrong article and loses the fewest others.

    Excludes a word that the wrong article has and none of the others has, if there are others: of
    one article nobody can say what in it is not the rule's matter. Words made of those that the
    rule looks for stay. Of a keyword whose words do not stand together there, the phrase is tried
    as well. None when nothing helps.
    """
    tried = [
        Sharper(query, _kept(changed, others), len(others))
        for query in (*_without_a_word(rule, wrong, others), *_as_phrase(rule))
        if match_of(changed := replace(rule, query=query), *wrong) is None
    ]
    return max(tried, key=lambda found: found.kept, default=None)


def _kept(rule: Rule, others: Sequence[About]) -> int:
    matcher = make_matcher([rule])
    return sum(bool(list(matcher.matches(*about))) for about in others)


def _as_phrase(rule: Rule) -> Iterator[str]:
    query = readable(rule.query)
    if query is not None and isinstance(query.tree, Keyword) and len(rule.query.split()) > 1:
        yield f'"{rule.query}"'


def _without_a_word(rule: Rule, wrong: About, others: Sequence[About]) -> Iterator[str]:
    if not others:
        return
    article, _ = wrong
    elsewhere = {word for other, _ in others for word in _words_of(other)}
    subject = _subject(rule, wrong)
    telling = {
        word: shown
        for word, shown in _words_of(article).items()
        if word not in elsewhere | stop_words()
        and len(word) >= _SHORTEST
        and word.isalpha()
        and not any(part in word for part in subject)
    }
    title = {word.folded for word in words(article.title)}
    count = [word.folded for word in words(article.text[:_READ])]
    best = nsmallest(
        _MOST_TRIED, telling, key=lambda word: (word not in title, -count.count(word), -len(word))
    )
    group = rule.query if _is_plain(rule.query) else f"({rule.query})"
    yield from (f"{group} NOT {telling[word]}" for word in best)


def _subject(rule: Rule, about: About) -> set[str]:
    """Return what a rule looks for, as words that are long enough to be seen within others."""
    variants = (each for each in rule.variants if each.state is not VariantState.REJECTED)
    looked_for = [rule.query, *(each.text for each in variants)]
    found = [
        proof.text for match in make_matcher([rule]).matches(*about) for proof in match.evidence
    ]
    every = {word.folded for text in (*looked_for, *found) for word in words(text)}
    return {word for word in every if len(word) >= _SHORTEST} - stop_words()


def _is_plain(query: str) -> bool:
    return not {"OR", "|"}.intersection(query.split())


def _words_of(article: Article) -> dict[str, str]:
    """Return the words of an article as they are compared, each as it stands there."""
    found: Iterable[str] = (article.title, article.text[:_READ])
    return {word.folded: word.text.lower() for text in found for word in words(text)}
