"""Matching speed: articles of 3,000 characters a second, for 100 to 10,000 rules, one core.

    python bench/match.py [--rules 100 1000 10000] [--articles 300] [--strictness forms all]

Prints, in one run: our matcher cold (every word new) and warm, a bare `ahocorasick_rs` scan of
the same phrases where that package is installed, and Python's `in`; then the ratios. Words are
made up, in frequency like those of a language; a quarter of the rules have two words, a tenth
are booleans.
"""

import argparse
import random
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from rules.matcher import KeywordMatcher
from storage.model import Article, Rule, Source

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SOURCE = Source(
    id="s", kind="feed", url="https://a.example/", name="A", every=timedelta(hours=1), added_at=NOW
)
SYLLABLES = [
    c + v
    for c in [
        "b",
        "d",
        "f",
        "g",
        "h",
        "k",
        "l",
        "m",
        "n",
        "p",
        "r",
        "s",
        "t",
        "v",
        "st",
        "tr",
        "kl",
        "sch",
    ]
    for v in "aeiou"
]


def words(chance: random.Random, count: int) -> list[str]:
    """Return so many different made-up words of two to four syllables."""
    found: dict[str, None] = {}
    while len(found) < count:
        found["".join(chance.choices(SYLLABLES, k=chance.randint(2, 4)))] = None
    return list(found)


def articles(chance: random.Random, vocabulary: Sequence[str], count: int) -> list[Article]:
    """Return articles of 3,000 characters, words as frequent as in a language (Zipf)."""
    weights = [1 / (rank + 3) for rank in range(len(vocabulary))]
    made = []
    for number in range(count):
        picked = chance.choices(vocabulary, weights, k=600)
        text = ""
        for word in picked:
            end = chance.choices((" ", ", ", ". "), (12, 1, 1))[0]
            text += (word.capitalize() if text.endswith(". ") else word) + end
        title = " ".join(picked[:8])
        made.append(
            Article(
                id=str(number),
                source_id="s",
                story_id=str(number),
                url="",
                title=title,
                text=text[:3_000],
                first_seen_at=NOW,
                language="en",
            )
        )
    return made


def rules(
    chance: random.Random, vocabulary: Sequence[str], count: int, strictness: str
) -> list[Rule]:
    """Return rules whose words are rare more often than not."""
    tail = vocabulary[len(vocabulary) // 50 :]
    made = []
    for number in range(count):
        one, two, three = chance.sample(tail, 3)
        query = chance.choices(
            (one, f"{one} {two}", f"{one} AND {two}", f"({one} OR {two}) NOT {three}"),
            (65, 25, 5, 5),
        )[0]
        made.append(
            Rule(
                id=str(number), name=str(number), query=query, created_at=NOW, strictness=strictness
            )
        )
    return made


def rate(do: Callable[[Article], object], every: Sequence[Article]) -> float:
    """Return articles a second."""
    start = time.perf_counter()
    for article in every:
        do(article)
    return len(every) / (time.perf_counter() - start)


def bare_scan(phrases: Sequence[str]) -> Callable[[Article], object] | None:
    """Return the yardstick: one automaton over the lower-cased text, nothing else done."""
    try:
        import ahocorasick_rs
    except ImportError:
        return None
    automaton = ahocorasick_rs.AhoCorasick(list(phrases))
    return lambda article: automaton.find_matches_as_indexes(
        f"{article.title}\n{article.text}".lower(), overlapping=True
    )


def naive(phrases: Sequence[str]) -> Callable[[Article], object]:
    """Return Python's `in`, phrase by phrase."""

    def scan(article: Article) -> list[str]:
        text = f"{article.title}\n{article.text}".lower()
        return [phrase for phrase in phrases if phrase in text]

    return scan


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rules", type=int, nargs="+", default=[100, 1_000, 10_000])
    parser.add_argument("--articles", type=int, default=300)
    parser.add_argument("--strictness", nargs="+", default=["forms", "all"])
    options = parser.parse_args()
    chance = random.Random(1)
    vocabulary = words(chance, 30_000)
    every = articles(chance, vocabulary, options.articles)
    print(f"{'rules':>7} {'matcher':<18} {'articles/s':>10} {'of bare':>8}  notes")
    for count in options.rules:
        phrases = [
            rule.query.split(" AND ")[0].lstrip("(").split(" OR ")[0]
            for rule in rules(random.Random(2), vocabulary, count, "all")
        ]
        scan = bare_scan(phrases)
        bare = rate(scan, every) if scan else 0.0
        if bare:
            print(f"{count:>7} {'bare scan':<18} {bare:>10,.0f} {1:>8.2f}")
        slow = rate(naive(phrases), every[: max(3, 30_000 // count)])
        print(f"{count:>7} {'in':<18} {slow:>10,.0f} {slow / bare if bare else 0:>8.2f}")
        for strictness in options.strictness:
            measure(count, strictness, vocabulary, every, bare)


def measure(
    count: int, strictness: str, vocabulary: Sequence[str], every: Sequence[Article], bare: float
) -> None:
    """Print our lines for one number of rules and one strictness."""
    made = rules(random.Random(2), vocabulary, count, strictness)
    start = time.perf_counter()
    matcher = KeywordMatcher(made)
    compiled = time.perf_counter() - start
    hits = 0

    def match(article: Article) -> None:
        nonlocal hits
        hits += len(matcher.matches(article, SOURCE))

    cold = rate(match, every)
    hits = 0
    warm = rate(match, every)
    ratio = warm / bare if bare else 0
    print(
        f"{count:>7} {'ours, ' + strictness:<18} {warm:>10,.0f} {ratio:>8.2f}"
        f"  cold {cold:,.0f}/s, compiled in {compiled:.2f} s, {hits / len(every):.1f} hits each"
    )


if __name__ == "__main__":
    main()
