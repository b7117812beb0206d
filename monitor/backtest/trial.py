"""Trying a rule without adding it: on files, or on what is stored."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path

from common.records import dataclass
from monitor.backtest import documents
from monitor.backtest.documents import Document
from monitor.backtest.report import Backtest, Tally
from monitor.backtest.run import archive_begins_at
from monitor.base.errors import Refusal
from monitor.base.files import open_plain
from monitor.base.stored_words import StoredWords
from rules.search.candidates import lookup_of
from storage.api.storage import Storage
from storage.model import Match, Rule

STANDARD_INPUT = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Archive:
    """What the documents are chosen from; `begins_at` is None when nothing is stored."""

    articles: int
    begins_at: datetime | None


class Trial:
    """A rule and the documents it is tried on, one after the other.

    Attributes:
        matched: How many matched so far.
    """

    def __init__(
        self,
        rule: Rule,
        tried_on: Iterable[Document],
        *,
        since: datetime,
        now: datetime,
        archive: _Archive | None = None,
    ) -> None:
        self.matched = 0
        self._documents = tried_on
        self._tally = Tally(rule, since=since, now=now, farther=False)
        self._archive = archive

    def results(self) -> Iterator[tuple[Document, Match | None]]:
        """Yield each document with what the rule says of it; to be read once."""
        for document in self._documents:
            match = self._tally.add(document)
            self.matched += match is not None
            yield document, match

    @property
    def tried(self) -> int:
        """On how many documents it was tried, those included that cannot match."""
        return self._tally.looked_at if self._archive is None else self._archive.articles

    def backtest(self) -> Backtest | None:
        """Return what the rule would have done; None for documents that are not stored."""
        if self._archive is None:
            return None
        return self._tally.backtest(
            begins_at=self._archive.begins_at, articles=self._archive.articles, is_whole=True
        )


def on_stored(
    storage: Storage, rule: Rule, *, since: datetime, now: datetime, every: bool
) -> Trial:
    """Return the trial of a rule on stored articles.

    Args:
        since: Only articles first seen since.
        every: Whether each article is asked for, also those that cannot match.
    """
    if every:
        return Trial(rule, documents.stored(storage, since=since), since=since, now=now)
    begins_at = archive_begins_at(storage)
    with storage.reading() as tx:
        articles = tx.articles.count(since=since)
    holding = lookup_of([rule], StoredWords(storage, since))
    candidates = documents.stored(storage, since=since, holding=holding)
    archive = _Archive(articles=articles, begins_at=begins_at)
    return Trial(rule, candidates, since=since, now=now, archive=archive)


def on_files(
    names: Iterable[str],
    rule: Rule,
    *,
    now: datetime,
    stdin: Iterable[bytes],
    tell: Callable[[str], None],
) -> Trial:
    """Return the trial of a rule on files, which are read as it goes on.

    Args:
        names: Paths; `STANDARD_INPUT` for JSON lines from `stdin`.
        tell: Gets a sentence about each document that is left out.
    """
    read = _read(tuple(names), now=now, stdin=stdin, tell=tell)
    return Trial(rule, read, since=now, now=now)


def _read(
    names: tuple[str, ...], *, now: datetime, stdin: Iterable[bytes], tell: Callable[[str], None]
) -> Iterator[Document]:
    for name in names:
        if name == STANDARD_INPUT:
            yield from documents.of_json_lines(stdin, "standard input", now=now, tell=tell)
        elif name.lower().endswith((".jsonl", ".ndjson")):
            with open_plain(Path(name)) as lines:
                yield from documents.of_json_lines(lines, name, now=now, tell=tell)
        else:
            try:
                yield documents.of_file(Path(name), now=now)
            except Refusal as refusal:
                if len(names) == 1:
                    raise
                tell(f"{refusal}; left out")  # of several, one does not stop the others
