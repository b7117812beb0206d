"""How well articles are put together to stories, and what that costs.

    python -m bench.stories [--sets FOLDER [--joins N]] [--stored 1000 ...] [--postgres URL]

With --sets, reads labelled articles (NAME.dev.jsonl.gz: `id` `title` `text` `language`
`published_at` `cluster`) and prints BCubed and pairwise F1 of each set, taken in by one poll in
the order in which they are published, or listed. Of NAME.pairs.dev.jsonl.gz (`text_1` `language_1`
and so on, `overall` from 1, the same, to 4) it prints the F1 of "the same", at most 2: of all
pairs, and of those in two languages. With --joins, it prints of each set N articles that joined a
story of others, with the reason, and N that did not join their own, drawn by lot.

With --stored, prints the processor's time an article for reading its signs, for placing it and for
storing that, in an archive of so many articles, as many of them told this week as the index holds.
The archive is made of copies of 1,000 articles; the articles that are placed nobody has seen, in
ten languages, ten a poll. --postgres names an empty database to be used instead of SQLite.
"""

import argparse
import gzip
import json
import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from math import nan
from pathlib import Path

from bench.base.made_up import NOW, SOURCE, World
from ingester.stories.frequencies import Frequencies
from ingester.stories.nearby import MOST_STORIES
from ingester.stories.placing import place_of
from ingester.stories.signature import Signature, Signer
from ingester.stories.sums import Traits, with_article
from ingester.stories.weights import weighed
from monitor.lexicons.packed import packed_news
from monitor.stories.placing import StoryPlacer, keep
from rules.languages.everyday import everyday_words
from rules.languages.phonemes import han_sounds
from rules.lexicons.story_words import commonplaces
from rules.lexicons.whole_words import is_misread
from rules.text.folding import fold
from storage.admin.engine import SqlStorage, open_storage
from storage.api.storage import Storage
from storage.model import Article, stable_id
from storage.sql.tables.schema import article as article_table
from storage.sql.tables.story_tables import story, story_lesson, story_live, story_member
from storage.story import LiveStory

UNDATED = datetime(2020, 1, 1, tzinfo=UTC)
POLL = 10
POOL = 1_000
MEASURED = 500
CHUNK = 10_000
SAME = 2.0
TITLE_LENGTH = 100
SIGNER = Signer(
    fold, packed_news().by_words, everyday_words, *commonplaces(), is_misread, han_sounds()
)


def f1(precision: float, recall: float) -> float:
    """Return the harmonic mean."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def scores(labels: Sequence[str], found: Sequence[str]) -> tuple[float, float]:
    """Return BCubed F1 and pairwise F1."""
    wanted, given = Counter(labels), Counter(found)
    both = Counter(zip(labels, found, strict=True))
    precision = sum(n * n / given[there] for (_, there), n in both.items()) / len(labels)
    recall = sum(n * n / wanted[here] for (here, _), n in both.items()) / len(labels)
    pairs = [sum(n * (n - 1) for n in counts.values()) for counts in (both, given, wanted)]
    return f1(precision, recall), f1(pairs[0] / max(1, pairs[1]), pairs[0] / max(1, pairs[2]))


def article_of(line: dict[str, str]) -> Article:
    """Return a labelled article; undated ones are all of one day."""
    said = line["published_at"]
    at = datetime.fromisoformat(said.replace("Z", "+00:00")) if said else UNDATED
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return Article(
        id=line["id"],
        source_id=SOURCE.id,
        story_id=line["id"],
        url="",
        title=line["title"][:500] or "-",
        text=line["text"],
        language=line["language"],
        first_seen_at=UNDATED,
        published_at=at if said else None,
    )


def take_in(storage: Storage, placer: StoryPlacer, articles: Sequence[Article]) -> list[float]:
    """Store articles with their stories; return the processor's seconds: read, place, keep."""
    times = [time.process_time()]
    signatures = placer.signatures(articles)
    times.append(time.process_time())
    with storage.transaction() as tx:
        placed = placer.place(tx, articles, signatures, now=lambda: articles[-1].first_seen_at)
        times.append(time.process_time())
        tx.articles.add([(article, ()) for article in placed.articles], now=NOW)
        stored = time.process_time()
        keep(tx, placed)
        return [times[1] - times[0], times[2] - times[1], time.process_time() - stored]


def score_set(path: Path, folder: Path, joins: int = 0) -> tuple[float, float]:
    """Return BCubed and pairwise F1 of one set; print as many wrong and missed joins."""
    lines = [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]
    if lines[0]["published_at"]:
        lines.sort(key=lambda line: line["published_at"] or "")
    else:
        random.Random(1).shuffle(lines)
    articles = [article_of(line) for line in lines]
    placer = StoryPlacer(SIGNERS, who="bench")
    storage = open_storage(f"sqlite:///{folder / path.name}.db")
    with storage.transaction() as tx:
        tx.sources.add(SOURCE)
    take_in(storage, placer, articles)
    with storage.reading() as tx:
        stored = tx.articles.some(article.id for article in articles)
        members = tx.stories.members(sorted({each.story_id for each in stored.values()}))
    storage.close()
    found = [stored[article.id].story_id for article in articles]
    labels = [line["cluster"] for line in lines]
    if joins:
        reasons = {member.article_id: member.reason for member in members}
        _print_joins(lines, labels, found, reasons, joins)
    return scores(labels, found)


def _print_joins(
    lines: Sequence[dict[str, str]],
    labels: Sequence[str],
    found: Sequence[str],
    reasons: Mapping[str, str],
    joins: int,
) -> None:
    """Print articles in a story of another event than most of it, and apart from their own."""
    own, event = _titles_of(lines, labels, found), _titles_of(lines, found, labels)
    wrong, missed = [], []
    for line, label, story_id in zip(lines, labels, found, strict=True):
        most, beside = own[story_id]
        if most != label:
            wrong.append(f"  wrong: {line['title']}\n    with {beside}\n    {reasons[line['id']]}")
        home, beside = event[label]
        if home != story_id and most == label:
            missed.append(f"  missed: {line['title']}\n    of {beside}")
    for kind in (wrong, missed):
        print(f"  {len(kind)} of the kind:")
        print("\n".join(random.Random(5).sample(kind, min(joins, len(kind)))))


def _titles_of(
    lines: Sequence[dict[str, str]], labels: Sequence[str], groups: Sequence[str]
) -> dict[str, tuple[str, str]]:
    """Return of each group the label that most of it has, and a title with that."""
    counts: dict[str, Counter[str]] = {}
    titles: dict[tuple[str, str], str] = {}
    for line, label, group in zip(lines, labels, groups, strict=True):
        counts.setdefault(group, Counter())[label] += 1
        titles.setdefault((group, label), line["title"])
    most = {group: count.most_common(1)[0][0] for group, count in counts.items()}
    return {group: (label, titles[group, label]) for group, label in most.items()}


def pairs_of(path: Path) -> tuple[float, float]:
    """Return the F1 of pairs of which one joins the other's story: of all, and across languages."""
    lines = [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]
    known, read = Frequencies(), []
    for line in lines:
        read.append([_half(line, half) for half in ("1", "2")])
        known.learn(known.lesson(read[-1]))
    found = []
    for one, other in read:
        told = with_article(Traits(), weighed(one, known), nan)
        found.append(place_of(weighed(other, known), nan, [told]) is not None)
    across = [line["language_1"] != line["language_2"] for line in lines]
    wanted = [line["overall"] <= SAME for line in lines]
    every = list(zip(found, wanted, across, strict=True))
    return _pairs_f1(every), _pairs_f1([each for each in every if each[2]])


def _half(line: dict[str, str], half: str) -> Signature:
    text = line[f"text_{half}"]  # begins with the title, which nothing ends
    title = text[:TITLE_LENGTH].rpartition(" ")[0]
    said = {"id": half, "title": title, "text": text[len(title) :], "published_at": ""}
    article = article_of({**said, "language": line[f"language_{half}"]})
    return SIGNER.signature(replace(article, source_id=half))


def _pairs_f1(pairs: Sequence[tuple[bool, bool, bool]]) -> float:
    both = sum(found and wanted for found, wanted, _ in pairs)
    given, wanted = (sum(pair[at] for pair in pairs) for at in (0, 1))
    return f1(both / max(1, given), both / max(1, wanted))


def made() -> Iterator[Article]:
    """Yield articles that nobody has seen; later ones are seen later."""
    for number, article in enumerate(World().articles(77, POOL + MEASURED + POLL)):
        id_ = stable_id("bench", str(number))
        yield Article(
            id=id_,
            source_id=SOURCE.id,
            story_id=id_,
            url=f"https://paper{number % 50}.example/news/{number}",
            title=article.title,
            text=article.text,
            language=article.language,
            first_seen_at=NOW + timedelta(seconds=number),
            published_at=NOW + timedelta(seconds=number),
        )


def pool_of(articles: Sequence[Article], folder: Path) -> tuple[list[LiveStory], bytes]:
    """Return what is kept of the stories of some articles, and how common their words are."""
    storage, placer = open_storage(f"sqlite:///{folder / 'pool.db'}"), StoryPlacer(SIGNERS, who="p")
    with storage.transaction() as tx:
        tx.sources.add(SOURCE)
    for start in range(0, len(articles), POLL):
        take_in(storage, placer, articles[start : start + POLL])
    known = Frequencies()
    with storage.reading() as tx:
        changed = tx.placing.changed(after=0, limit=POOL)
        pool = list(tx.placing.live(story.story_id for story in changed).values())
    for article in articles:
        known.learn(known.lesson([SIGNER.signature(article)]))
    storage.close()
    return pool, known.whole()


def fill(storage: SqlStorage, stored: int, pool: Sequence[LiveStory], lesson: bytes) -> None:
    """Make an archive of so many articles, each a story of its own."""
    with storage.transaction() as tx:
        tx.sources.add(SOURCE)
    for start in range(0, stored, CHUNK):
        numbers = range(start, min(start + CHUNK, stored))
        with storage.transaction() as tx:
            connection = tx._connection
            ids = [stable_id("stored", str(number)) for number in numbers]
            connection.execute(article_table.insert(), [_row(id_) for id_ in ids])
            rows = [{"id": id_, "seen_at": NOW, "articles": 1, "follows": ""} for id_ in ids]
            connection.execute(story.insert(), rows)
            members = {"joined_at": NOW, "appeared_at": NOW, "outlet": "a", "language": "en"}
            rows = [{"article_id": i, "story_id": i, **members, "reason": ""} for i in ids]
            connection.execute(story_member.insert(), rows)
            live = [
                {
                    "story_id": id_,
                    "seen_at": NOW,
                    "turn": 1,
                    "found_by": pool[number % len(pool)].keys,
                    "traits": pool[number % len(pool)].traits,
                }
                for id_, number in zip(ids, numbers, strict=True)
                if number >= stored - MOST_STORIES
            ]
            if live:
                connection.execute(story_live.insert(), live)
    with storage.transaction() as tx:
        whole = {"turn": 1, "who": "", "is_whole": True, "data": lesson}
        tx._connection.execute(story_lesson.insert(), [whole])
        tx.placing.take_turn("")


def _row(id_: str) -> dict[str, object]:
    texts = dict.fromkeys(("url", "url_hash", "summary", "text"), "")
    lists: dict[str, object] = {"authors": (), "categories": ()}
    return {
        "id": id_,
        "source_id": SOURCE.id,
        "story_id": id_,
        "title": "-",
        "language": "en",
        "first_seen_at": NOW,
        "quiet": False,
        **texts,
        **lists,
    }


def SIGNERS() -> Signer:  # handed over as what makes signers
    """Return what reads signatures."""
    return SIGNER


def cost(stored: int, folder: Path, postgres: str | None) -> list[float]:
    """Return the processor's milliseconds an article with so many stored: read, place, keep."""
    articles = made()
    pool, lesson = pool_of(list(islice(articles, POOL)), folder)
    storage = open_storage(postgres or f"sqlite:///{folder / str(stored)}.db")
    fill(storage, stored, pool, lesson)
    placer, spent = StoryPlacer(SIGNERS, who="bench"), [0.0, 0.0, 0.0]
    take_in(storage, placer, list(islice(articles, POLL)))  # the first turn reads the index
    for _ in range(0, MEASURED, POLL):
        seconds = take_in(storage, placer, list(islice(articles, POLL)))
        spent = [total + each for total, each in zip(spent, seconds, strict=True)]
    storage.close()
    return [total / MEASURED * 1000 for total in spent]


def main() -> None:
    """Print what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sets", type=Path)
    parser.add_argument("--joins", type=int, default=0, metavar="N")
    parser.add_argument("--stored", type=int, action="append", default=[])
    parser.add_argument("--postgres", metavar="URL")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as made_here:
        folder = Path(made_here)
        for path in sorted(options.sets.glob("*.dev.jsonl.gz")) if options.sets else ():
            name = path.name.partition(".")[0]
            if ".pairs." in path.name:
                every, across = pairs_of(path)
                print(f"{name:8} {every:.3f}, across languages {across:.3f}", flush=True)
            else:
                bcubed, pairs = score_set(path, folder, options.joins)
                print(f"{name:8} {bcubed:.3f} / {pairs:.3f}", flush=True)
        for stored in options.stored:
            read, place, kept = cost(stored, folder, options.postgres)
            total = read + place + kept
            print(f"{stored:9,} stored: {total:.2f} ms an article, of CPU", end="")
            print(f" (signs {read:.2f}, placing {place:.2f}, storing {kept:.2f})", flush=True)


if __name__ == "__main__":
    main()
