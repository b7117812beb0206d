"""Matching speed and size on articles that were never seen: 3,000 characters each, ten languages.

    python -m bench.match [--rules 100 1000 10000] [--people 200 900] [--articles 300]
        [--later 10000] [--engines "bare scan" postgres all]

One core, one process for each line, rates by CPU seconds. Articles and rules are those of
`bench.base.made_up`; `--warm` articles are read first, as in the first hour of a daemon, and for
`later` another `--later`, as in its first days: what words sound like is remembered then, and what
was made of rules that were met, while one word in twenty is new for ever. The yardstick in the same
run is a bare scan by `ahocorasick_rs` for the first words of each rule, lower-cased, and with the
engine `postgres` `@@` over a table of rules on a real server, by the clock. What the first text of
a language costs more is language_ms; adding a rule counts until texts of all ten languages have met
it. From a file in which the index was kept, a start is ready for all ten languages in kept_s;
without one it takes ready_s and ten times language_ms. What variants say comes from a database, as
a daemon reads it.
"""

import argparse
import gc
import json
import multiprocessing
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from bench.base.made_up import NOW, SHARES, SOURCE, World, rules_of
from monitor.base.memory import give_back, leave_alone, let_memory_go
from monitor.cli.main import LOOKED_THROUGH_AFTER
from rules.index.stored import Stored
from rules.matcher import RuleMatcher
from storage.model import Article, Rule
from storage.stamp import stamp_of
from storage.variant_groups import RuleGroups, packed, unpacked


def first_words(query: str) -> str:
    """Return what a plain scan looks for."""
    return query.split(" AND ")[0].split(" OR ")[0].split(" NEAR")[0].strip('"(*').lower()


def rate(do: Callable[[Article], object], every: Sequence[Article]) -> float:
    """Return articles a CPU second."""
    start = time.process_time()
    for article in every:
        do(article)
    return len(every) / max(time.process_time() - start, 1e-9)


def rss() -> float:
    """Return the memory of this process now, in MB, without files, which `give_back` lets go."""
    (anonymous,) = re.findall(r"RssAnon:\s+(\d+)", Path("/proc/self/status").read_text())
    return int(anonymous) * 1.024e-3


def lowered(article: Article) -> str:
    return f"{article.title}\n{article.text}".lower()


def bare(
    world: World, queries: Sequence[str], articles: int, warm: int, _later: int
) -> dict[str, float]:
    """Measure one automaton over the lower-cased text: the yardstick."""
    import ahocorasick_rs

    before, start = rss(), time.process_time()
    automaton = ahocorasick_rs.AhoCorasick(list(dict.fromkeys(map(first_words, queries))))
    ready = time.process_time() - start

    def scan(article: Article) -> object:
        return automaton.find_matches_as_indexes(lowered(article), overlapping=True)

    every = list(world.articles(20, articles))
    rate(scan, every)
    return {
        "rate": max(rate(scan, every) for _ in range(3)),
        "ready_s": ready,
        "MB": rss() - before,
    }


def postgres(
    world: World, queries: Sequence[str], articles: int, warm: int, _later: int
) -> dict[str, float]:
    """Measure `@@` over a table of rules, by the clock."""
    import psycopg

    from tests.postgres import server_url

    few = list(world.articles(20, max(3, min(articles, 20_000 // len(queries)))))
    with (
        tempfile.TemporaryDirectory() as folder,
        server_url(Path(folder)) as url,
        psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as db,
    ):
        db.execute("CREATE TEMP TABLE rule (id int, q tsquery)")
        with db.cursor().copy("COPY rule FROM STDIN") as rows:
            for number, query in enumerate(queries):
                rows.write_row((number, "<->".join(re.findall(r"\w+", first_words(query)))))
        start = time.perf_counter()
        for article in few:
            db.execute(
                "SELECT id FROM rule, to_tsvector('simple', %s) v WHERE v @@ q", (lowered(article),)
            ).fetchall()
        return {"rate": len(few) / (time.perf_counter() - start)}


def stored_at(path: Path, rules: Sequence[Rule]) -> Stored:
    """Return rules as a store has them: what their variants say lies in a database."""
    by_id = {rule.id: rule for rule in rules}
    stamps = {rule.id: stamp_of(rule) for rule in rules}
    db = sqlite3.connect(path)
    db.execute("CREATE TABLE rule (id TEXT PRIMARY KEY, said TEXT)")
    db.executemany("INSERT INTO rule VALUES (?, ?)", ((r.id, packed(r.variants)) for r in rules))
    db.commit()

    def in_groups(ids: Sequence[str]) -> Iterator[RuleGroups]:
        wanted = set(ids)
        for each, said in db.execute("SELECT id, said FROM rule ORDER BY rowid"):
            if each in wanted:
                yield RuleGroups(each, by_id[each].revision, stamps[each], unpacked(said))

    return Stored(
        [replace(rule, variants=()) for rule in rules],
        stamps.__getitem__,
        lambda ids: [by_id[each] for each in ids],
        in_groups,
    )


def ours(strictness: str) -> Callable[..., dict[str, float]]:
    """Return what measures our matcher."""

    def measure(
        world: World, queries: Sequence[str], articles: int, warm: int, later: int
    ) -> dict[str, float]:
        with tempfile.TemporaryDirectory() as folder:
            return measure_in(Path(folder), world, queries, (articles, warm, later))

    def measure_in(
        folder: Path, world: World, queries: Sequence[str], counts: tuple[int, int, int]
    ) -> dict[str, float]:
        articles, warm, later = counts
        kept = folder / "rules.index"
        with multiprocessing.get_context("spawn").Pool(1) as beside:  # as they come from a store:
            # what makes their variants leaves room behind that an index would be put into
            made = beside.apply(rules_of, ([*queries, *world.of_people(50)], strictness))
        made, added = made[: len(queries)], made[len(queries) :]
        stored = stored_at(folder / "rules.db", made)
        gc.collect()
        let_memory_go()  # as the daemon does
        gc.set_threshold(LOOKED_THROUGH_AFTER)  # as the command line does, until a daemon is warm
        before, start = rss(), time.process_time()
        matcher = RuleMatcher(kept=kept, stored=stored)
        found = {"ready_s": time.process_time() - start, "MB": rss() - before}
        found["variants"] = sum(len(rule.variants) for rule in made) / len(made)
        hits = 0

        def match(article: Article) -> None:
            nonlocal hits
            hits += len(matcher.matches(article, SOURCE))

        found["language_ms"] = 1_000 / rate(match, ONE_EACH)
        leave_alone(len(made))  # as a daemon does once it is warm
        for article in world.articles(10, warm):
            match(article)
        hits = 0
        every = list(world.articles(20, articles))
        found["rate"] = rate(match, every)
        found["hits"] = hits / articles
        give_back()  # as after polls that brought much
        found["MB_after"] = rss() - before
        if later:
            for article in world.articles(30, later):
                match(article)
            found["later"] = rate(match, list(world.articles(40, articles)))
            give_back()
            found["MB_later"] = rss() - before
        start = time.process_time()
        for number, rule in enumerate(added):
            matcher.add(replace(rule, id=f"added {number}"))
            for article in ONE_EACH:
                match(article)
        found["add_ms"] = (time.process_time() - start) / len(added) * 1_000
        if matcher.keep():
            start = time.process_time()
            again = RuleMatcher(kept=kept, stored=stored)
            rate(lambda article: again.matches(article, SOURCE), ONE_EACH)
            found["kept_s"] = time.process_time() - start
        return found

    return measure


ONE_EACH = [
    Article(
        id=f"first {language}", source_id="s", story_id="s", url="", title="Oslo", text="Oslo",
        first_seen_at=NOW, language=language,
    )
    for language in SHARES
]  # fmt: skip
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


def hostile(
    world: World, queries: Sequence[str], articles: int, warm: int, _later: int
) -> dict[str, float]:
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
    "postgres": postgres,
    "forms": ours("forms"),
    "all": ours("all"),
    "hostile": hostile,
}
COLUMNS = (
    "rate",
    "later",
    "hits",
    "variants",
    "ready_s",
    "language_ms",
    "kept_s",
    "MB",
    "MB_after",
    "MB_later",
    "add_ms",
    "worst_ms",
)
_WIDE = 2 + max(map(len, COLUMNS))


def measured(
    engine: str, count: int, options: argparse.Namespace, *, people: bool
) -> dict[str, float]:
    """Measure in a process of its own."""
    command = [sys.executable, "-m", "bench.match", "--one", engine, "--rules", str(count)]
    command += ["--articles", str(options.articles), "--warm", str(options.warm)]
    command += ["--later", str(options.later)]
    command += ["--of-people"] if people else []
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stderr.strip().splitlines()[-1], file=sys.stderr)
        return {}
    sys.stderr.write(done.stderr)
    answer: dict[str, float] = json.loads(done.stdout)
    return answer


def table(counts: Sequence[int], options: argparse.Namespace, *, people: bool) -> None:
    """Print a line for each engine and number of rules."""
    for count in counts:
        yardstick = 0.0
        for engine in options.engines:
            if engine == "hostile" and (people or count != counts[0]):
                continue
            found = measured(engine, count, options, people=people)
            if engine == "bare scan":
                yardstick = found.get("rate", 0.0)
            ratio, later = (
                found.get(each, 0.0) / yardstick if yardstick else 0.0 for each in ("rate", "later")
            )
            cells = "".join(
                f"{found[c]:>{_WIDE},.2f}" if c in found else " " * _WIDE for c in COLUMNS
            )
            kind = "as people write them" if people else "mixed"
            print(f"{count:>7} {kind:<21}{engine:<10}{ratio:>8.3f}{later:>8.3f}{cells}", flush=True)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rules", type=int, nargs="*", default=[100, 1_000, 10_000])
    parser.add_argument("--people", type=int, nargs="*", default=[200, 900])
    parser.add_argument("--articles", type=int, default=300)
    parser.add_argument("--warm", type=int, default=1_000)
    parser.add_argument("--later", type=int, default=10_000)
    parser.add_argument("--engines", nargs="+", default=[e for e in ENGINES if e != "postgres"])
    parser.add_argument("--one", choices=ENGINES)
    parser.add_argument("--of-people", action="store_true")
    options = parser.parse_args()
    if options.one:
        world, count = World(), options.rules[0]
        queries = world.of_people(count) if options.of_people else list(world.queries(count))
        counts = (options.articles, options.warm, options.later)
        found = ENGINES[options.one](world, queries, *counts)
        print(json.dumps(found))
        return
    print(
        f"{'rules':>7} {'':<21}{'':<10}{'of bare':>8}{'later':>8}"
        + "".join(f"{c:>{_WIDE}}" for c in COLUMNS)
    )
    table(options.rules, options, people=False)
    table(options.people, options, people=True)


if __name__ == "__main__":
    main()
