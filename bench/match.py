"""Matching speed and size: articles of 3,000 characters a second, for 100 to 100,000 rules.

    python -m bench.match [--rules 100 1000 10000 100000] [--articles 200] [--postgres]

One core, one process for each line. Against the same articles and rules: a bare scan by
`ahocorasick_rs` for the first phrase of each rule (nothing else done: the yardstick), Python's
`in`, and, with --postgres, `@@` over a table of rules on a real server. Rates are by CPU seconds,
PostgreSQL's by the clock. Ours comes in three strictnesses and three kinds of text:

    seen      articles that were matched before
    stream    new articles of the same vocabulary, of which 1.5 % of the words are new
    unseen    articles of which no word was ever seen

Words are made up, as frequent as those of a language are (Zipf). Of the rules 65 % have one
word, 25 % two, 10 % are booleans; most of their words are names that few articles have.
"""

import argparse
import gc
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rules.matcher import RuleMatcher
from storage.model import Article, Rule, Source, Variant

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SOURCE = Source(
    id="s", kind="feed", url="https://a.example/", name="A", every=timedelta(hours=1), added_at=NOW
)
ONSETS = [*"bdfghjklmnprstvwz", "st", "tr", "kl", "br", "gr", "pl", "sp", "sk", "fl", "ch", "sh"]
VOWELS = [*"aeiouaeio", "ai", "ei", "ou"]
CODAS = ["", "", "", "n", "r", "s", "l", "t", "m", "nd", "rk", "st", "x", "ng"]
COMMON, NAMES = 30_000, 120_000
NEW_WORDS = 0.015
NAME_EVERY = 40


def made_up(chance: random.Random, count: int) -> list[str]:
    """Return so many different made-up words of two to four syllables."""
    found: dict[str, None] = {}
    while len(found) < count:
        syllables = chance.choices((2, 3, 4), (4, 5, 2))[0]
        word = "".join(
            chance.choice(ONSETS) + chance.choice(VOWELS) + chance.choice(CODAS)
            for _ in range(syllables)
        )
        if len(word) >= 4:
            found[word] = None
    return list(found)


class World:
    """A vocabulary, and the articles and rules that are made of it."""

    def __init__(self) -> None:
        chance = random.Random(1)
        every = made_up(chance, COMMON + NAMES)
        self.common, names = every[:COMMON], every[COMMON:]
        self.names = [name.capitalize() for name in names]
        self._weights = [1 / (rank + 3) for rank in range(COMMON)]

    def articles(self, seed: int, count: int, *, new: float = 0.0) -> list[Article]:
        """Return articles of 3,000 characters; a share of their words is new each time."""
        chance = random.Random(seed)
        return [self._article(chance, f"{seed}-{number}", new) for number in range(count)]

    def _article(self, chance: random.Random, id_: str, new: float) -> Article:
        if new >= 1:
            picked = made_up(chance, 500)
        else:
            picked = chance.choices(self.common, self._weights, k=600)
            for place in range(0, 600, NAME_EVERY):
                picked[place] = self.names[int(NAMES ** chance.random()) - 1]
            for place in range(600) if new else ():
                if chance.random() < new:
                    picked[place] = made_up(chance, 1)[0]
        ends = chance.choices((" ", ", ", ". "), (12, 1, 1), k=len(picked))
        text = "".join(word + end for word, end in zip(picked, ends, strict=True))
        return Article(
            id=id_,
            source_id="s",
            story_id=id_,
            url="",
            title=" ".join(picked[:8]),
            text=text[:3_000],
            first_seen_at=NOW,
            language="en",
        )

    def rules(self, count: int, strictness: str, variants: int = 0) -> list[Rule]:
        """Return rules; `variants` is how many each has."""
        chance = random.Random(2)
        tail = self.common[COMMON // 30 :]
        made = []
        for number in range(count):
            one, two = chance.choice(self.names), chance.choice(self.names)
            if chance.random() < 0.1:
                one = chance.choice(tail)
            query = chance.choices(
                (one, f"{one} {two}", f"{one} AND {chance.choice(tail)}", f"{one} OR {two}"),
                (65, 25, 5, 5),
            )[0]
            made.append(
                Rule(
                    id=str(number),
                    name=str(number),
                    query=query,
                    created_at=NOW,
                    strictness=strictness,
                    variants=self._variants(chance, variants),
                )
            )
        return made

    def _variants(self, chance: random.Random, count: int) -> tuple[Variant, ...]:
        return tuple(
            Variant(
                language=("sv", "de", "fr", "ru", "vi")[place % 5],
                text=" ".join(chance.sample(self.common, 1 + (place % 3 == 0))),
                kind="translation",
                source="a list",
            )
            for place in range(count)
        )


def first_phrase(query: str) -> str:
    """Return what a plain scan looks for."""
    return query.split(" AND ")[0].split(" OR ")[0].lower()


def rate(do: Callable[[Article], object], every: Sequence[Article]) -> float:
    """Return articles a CPU second."""
    start = time.process_time()
    for article in every:
        do(article)
    return len(every) / max(time.process_time() - start, 1e-9)


def rss() -> float:
    """Return the memory of this process now, in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def lowered(article: Article) -> str:
    return f"{article.title}\n{article.text}".lower()


def bare(world: World, count: int, articles: Sequence[Article]) -> dict[str, float]:
    """Measure one automaton over the lower-cased text: the yardstick."""
    import ahocorasick_rs

    phrases = [first_phrase(rule.query) for rule in world.rules(count, "exact")]
    before, start = rss(), time.process_time()
    automaton = ahocorasick_rs.AhoCorasick(phrases)
    built = time.process_time() - start
    after = rss()

    def scan(article: Article) -> object:
        return automaton.find_matches_as_indexes(lowered(article), overlapping=True)

    rate(scan, articles)
    return {
        "seen": max(rate(scan, articles) for _ in range(3)),
        "compile_s": built,
        "MB": after - before,
    }


def naive(world: World, count: int, articles: Sequence[Article]) -> dict[str, float]:
    """Measure Python's `in`, phrase by phrase."""
    phrases = [first_phrase(rule.query) for rule in world.rules(count, "exact")]

    def scan(article: Article) -> object:
        text = lowered(article)
        return [phrase for phrase in phrases if phrase in text]

    return {"seen": rate(scan, articles[: max(3, 20_000 // count)])}


def postgres(world: World, count: int, articles: Sequence[Article]) -> dict[str, float]:
    """Measure `@@` over a table of rules, by the clock."""
    import psycopg

    from tests.postgres import server_url

    few = articles[: max(3, min(len(articles), 20_000 // count))]
    with (
        tempfile.TemporaryDirectory() as folder,
        server_url(Path(folder)) as url,
        psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as db,
    ):
        db.execute("CREATE TEMP TABLE rule (id int, q tsquery)")
        with db.cursor().copy("COPY rule FROM STDIN") as rows:
            for number, rule in enumerate(world.rules(count, "exact")):
                rows.write_row((number, in_postgres(rule.query)))
        start = time.perf_counter()
        for article in few:
            db.execute(
                "SELECT id FROM rule, to_tsvector('simple', %s) v WHERE v @@ q", (lowered(article),)
            ).fetchall()
        return {"seen": len(few) / (time.perf_counter() - start)}


def in_postgres(query: str) -> str:
    """Return a query of `World.rules` as PostgreSQL writes it."""
    words = query.lower().replace(" and ", "&").replace(" or ", "|")
    return words.replace(" ", "<->")


def ours(strictness: str, variants: int = 0) -> Callable[..., dict[str, float]]:
    """Return what measures our matcher."""

    def measure(world: World, count: int, articles: Sequence[Article]) -> dict[str, float]:
        made = world.rules(count, strictness, variants)
        gc.collect()
        before, start = rss(), time.process_time()
        matcher = RuleMatcher(made)
        found = {"compile_s": time.process_time() - start, "MB": rss() - before}
        gc.freeze()
        hits = 0

        def match(article: Article) -> None:
            nonlocal hits
            hits += len(matcher.matches(article, SOURCE))

        found["first"] = rate(match, articles)
        for _ in range(4):
            rate(match, articles)
        hits = 0
        found["seen"] = rate(match, articles)
        found["hits"] = hits / len(articles)
        for seed in range(10, 13):
            rate(match, world.articles(seed, len(articles), new=NEW_WORDS))
        found["stream"] = rate(match, world.articles(20, len(articles), new=NEW_WORDS))
        found["unseen"] = rate(match, world.articles(21, max(5, len(articles) // 20), new=1.0))
        found["MB_after"] = rss() - before
        found |= changes(matcher, world)
        return found

    return measure


def changes(matcher: RuleMatcher, world: World) -> dict[str, float]:
    """Measure adding and removing a rule, in milliseconds: the mean of 200, and the worst."""
    added = world.rules(300, "all")[100:300]
    times = []
    for rule in added:
        start = time.process_time()
        matcher.add(rule)
        times.append(time.process_time() - start)
    start = time.process_time()
    for rule in added:
        matcher.remove(rule.id)
    removed = (time.process_time() - start) / len(added)
    return {
        "add_ms": sum(times) / len(times) * 1_000,
        "worst_add_ms": max(times) * 1_000,
        "remove_ms": removed * 1_000,
    }


HOSTILE_TEXTS = {
    "one endless word": "a" * 100_000,
    "one endless run": "公" * 30_000,
    "endless compounds": "rail-" * 20_000,
    "words alike": "convention konvention konvencija " * 3_000,
    "one word again": "oslo " * 20_000,
}
HOSTILE_RULES = (
    "oslo convention",
    "(oslo OR convention) NEAR/1000 rail",
    "*a*a*a*a*b",
    "/(a+)+b/",
    "/(oslo ?){1,100}x/",
    "公约 公",
    '"rail rail rail rail rail"',
    " OR ".join(f"convent{n} oslo" for n in range(200)),
)


def hostile(world: World, count: int, articles: Sequence[Article]) -> dict[str, float]:
    """Measure the worst rule on hostile articles of 100,000 characters, read before: ms."""
    worst: dict[str, float] = {}
    for name, text in HOSTILE_TEXTS.items():
        article = Article(
            id="h", source_id="s", story_id="h", url="", title="x", text=text[:100_000],
            first_seen_at=NOW, language="sv",
        )  # fmt: skip
        for query in HOSTILE_RULES:
            rule = Rule(id="r", name="r", query=query, created_at=NOW)
            matcher = RuleMatcher([rule])
            matcher.matches(article, SOURCE)
            start = time.process_time()
            matcher.matches(article, SOURCE)
            worst[f"{name}: {query[:30]}"] = (time.process_time() - start) * 1_000
    key = max(worst, key=lambda each: worst[each])
    print(f"worst: {key}", file=sys.stderr)
    return {"worst_ms": worst[key]}


ENGINES: dict[str, Callable[..., dict[str, float]]] = {
    "bare scan": bare,
    "in": naive,
    "postgres": postgres,
    "exact": ours("exact"),
    "forms": ours("forms"),
    "all": ours("all"),
    "all, 40 variants": ours("all", 40),
    "hostile": hostile,
}
COLUMNS = ("seen", "stream", "unseen", "first", "hits", "compile_s", "MB", "MB_after")
CHANGES = ("add_ms", "worst_add_ms", "remove_ms", "worst_ms")


def measured(engine: str, count: int, articles: int) -> dict[str, float]:
    """Measure in a process of its own."""
    command = [sys.executable, "-m", "bench.match", "--one", engine]
    command += ["--rules", str(count), "--articles", str(articles)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stderr.strip().splitlines()[-1], file=sys.stderr)
        return {}
    sys.stderr.write(done.stderr)
    answer: dict[str, float] = json.loads(done.stdout)
    return answer


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rules", type=int, nargs="+", default=[100, 1_000, 10_000, 100_000])
    parser.add_argument("--articles", type=int, default=200)
    parser.add_argument("--engines", nargs="+", default=[e for e in ENGINES if e != "postgres"])
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--one", choices=ENGINES)
    options = parser.parse_args()
    if options.one:
        world = World()
        articles = world.articles(3, options.articles)
        print(json.dumps(ENGINES[options.one](world, options.rules[0], articles)))
        return
    engines = [*options.engines, *(["postgres"] if options.postgres else [])]
    print(f"{'rules':>7} {'':<17} {'of bare':>8}" + "".join(f"{c:>10}" for c in COLUMNS))
    for count in options.rules:
        yardstick = 0.0
        for engine in engines:
            if engine == "hostile" and count != options.rules[0]:
                continue
            found = measured(engine, count, options.articles)
            yardstick = found.get("seen", 0.0) if engine == "bare scan" else yardstick
            ratio = found.get("seen", 0.0) / yardstick if yardstick else 0.0
            cells = "".join(f"{found[c]:>10,.2f}" if c in found else " " * 10 for c in COLUMNS)
            rest = "  ".join(f"{c} {found[c]:.2f}" for c in CHANGES if c in found)
            print(f"{count:>7} {engine:<17} {ratio:>8.2f}{cells}  {rest}", flush=True)


if __name__ == "__main__":
    main()
