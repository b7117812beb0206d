"""What may help a rule that matches nothing: how often its words occur, and its near misses."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field, replace
from heapq import heappush, heappushpop

from common.records import dataclass
from monitor.backtest.documents import Document
from monitor.base.errors import clipped
from monitor.explain.stages import against
from rules.explain.relaxation import telling_words
from rules.explain.trace import leaves, trace
from rules.matcher import make_matcher
from rules.query.parsed import parsed
from rules.query.tree import Exact, Keyword, Phrase, Wildcard
from rules.text.tokenizer import Word
from storage.model import Rule

_MOST_WORDS = 8
_MOST_NEAR_MISSES = 3
_SHORTEST_BEGINNING = 4


def hints_for(rule: Rule, documents: Iterable[Document]) -> tuple[str, ...]:
    """Return what keeps a rule silent: which of its words occur, and its near misses."""
    words = _telling(rule)
    matcher = make_matcher(_probes(rule, words))
    count = _Count()
    for number, document in enumerate(documents):
        article, source = document.article, document.source
        count.articles += 1
        count.wanted += not against(rule, article, source)
        there = {match.rule_id for match in matcher.matches(article, source)}
        count.words.update(there)
        count.keep(len(there.intersection(words)), number, document)
    said = [_occurrence(words, count)] if words else []
    if count.wanted < count.articles:
        said.append(f"only {count.wanted:,} of them in the languages and sources that it wants")
    return (*said, *_near_misses(rule, count))


def _near_misses(rule: Rule, count: "_Count") -> Iterator[str]:
    known = set()
    for _, _, document in sorted(count.nearest, key=lambda near: (-near[0], -near[1])):
        clause = trace(rule, document.article, document.source)
        miss = next((leaf.miss.text for leaf in leaves(clause) if leaf.miss is not None), "")
        if miss and miss not in known:
            known.add(miss)
            yield f'"{clipped(document.article.title, 60)}": {miss}'


@dataclass(slots=True)
class _Count:
    """How often each word occurs, and the articles with the most of them."""

    articles: int = 0
    wanted: int = 0
    words: Counter[str] = field(default_factory=Counter)
    nearest: list[tuple[int, int, Document]] = field(default_factory=list)

    def keep(self, words: int, number: int, document: Document) -> None:
        if words:
            push = heappush if len(self.nearest) < _MOST_NEAR_MISSES else heappushpop
            push(self.nearest, (words, -number, document))


def _telling(rule: Rule) -> dict[str, Word]:
    """Return the words of the rule's terms, by how they are written."""
    telling: dict[str, Word] = {}
    for term in parsed(rule.query).terms:
        if isinstance(term, Keyword | Phrase | Exact):
            telling.update((word.text, word) for word in telling_words(term.text))
    return dict(list(telling.items())[:_MOST_WORDS])


def _probes(rule: Rule, words: Mapping[str, Word]) -> Iterator[Rule]:
    """Yield a rule for each word, and one for what begins with it."""
    for text, word in words.items():
        variants = tuple(replace(variant, of="") for variant in rule.variants if variant.of == text)
        plain = Rule(
            id=text,
            name=text,
            query=str(Keyword(text)),
            created_at=rule.created_at,
            variants=variants,
        )
        yield plain
        if not word.is_run and len(word.folded) >= _SHORTEST_BEGINNING:
            begun = f"{text}*"
            yield replace(plain, id=begun, name=begun, query=str(Wildcard(begun)), variants=())


def _occurrence(words: Iterable[str], count: _Count) -> str:
    listed = []
    for word in words:
        shown = f'"{word}" in {count.words[word]:,}'
        begun = count.words[f"{word}*"]
        listed.append(f"{shown} ({word}* in {begun:,})" if begun > count.words[word] else shown)
    return f"of {count.articles:,} articles: {', '.join(listed)}"
