"""Dictionaries read backwards: which headwords have an English term among their translations.

They cannot be searched for that, so it is written down once, as a dictionary in the same format,
and again when the dictionaries change.
"""

import fcntl
import hashlib
import heapq
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby, islice
from pathlib import Path
from typing import IO, NamedTuple

from monitor.lexicons.dictd import Dictionary, all_entries, index_line, key_of, opened
from monitor.lexicons.dictzip import DictionaryError, write_packed
from rules.lexicons.dictionary_entry import DictionaryEntry, read_entry, read_line

FORMAT = "6"
"""Grows when what is written changes."""

_LINES_IN_MEMORY = 100_000
_MOST_OF_A_KEY = 400
_SAME_BOTH_WAYS = frozenset({"freedict-deu-eng", "german-english"})
"""Made of one list as their counterparts: read backwards they say nothing new."""

_MADE_OF = {"freedict-jpn-eng": "edict"}
"""Made of another dictionary, which is left out when that one is there."""


class Backward(NamedTuple):
    """A headword one of whose translations is a term.

    Attributes:
        head: As its dictionary writes it.
        sense: The number of the sense with the term, 0 for the first.
        of: How many translations the headword has.
        speech: "n" if its dictionary says that it is a noun, "v" if a verb, else "".
    """

    dictionary: Dictionary
    head: str
    sense: int
    of: int
    speech: str


class ReverseIndex:
    """The dictionaries into English, read backwards; kept in a folder of its own."""

    def __init__(self, dictionaries: Iterable[Dictionary], folder: Path) -> None:
        into_english = [dictionary for dictionary in dictionaries if dictionary.target == "en"]
        names = {dictionary.name for dictionary in into_english}
        self._dictionaries = sorted(
            dictionary
            for dictionary in into_english
            if dictionary.name not in _SAME_BOTH_WAYS and _MADE_OF.get(dictionary.name) not in names
        )
        states = "\n".join([FORMAT, *(f"{e.name} {e.state}" for e in self._dictionaries)])
        name = f"reverse-{hashlib.sha256(states.encode()).hexdigest()[:16]}"
        self._folder = folder
        self._made = Dictionary(
            name, "en", "", folder / f"{name}.index", folder / f"{name}.dict.dz", ""
        )

    @property
    def is_ready(self) -> bool:
        """Whether it has been made of these dictionaries."""
        return self._made.index.exists() or not self._dictionaries

    def make(self, skipped: Callable[[DictionaryError], None]) -> None:
        """Make it unless it is there; takes half a minute when many dictionaries are installed.

        Safe while others do the same: they wait for each other. A dictionary that cannot be
        read is left out and told to `skipped`.

        Raises:
            OSError: The folder cannot be written to.
        """
        if self.is_ready:
            return
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self._folder / "reverse.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if self.is_ready:
                return
            for old in self._folder.glob("reverse-*"):
                old.unlink(missing_ok=True)
            with tempfile.TemporaryDirectory(dir=self._folder, prefix="sorting-") as folder:
                self._write(_sorted_runs(self._lines(skipped), Path(folder)))

    def lookup(self, key: str) -> list[Backward]:
        """Return the headwords that have the term, given as of `key_of`, among their translations.

        Raises:
            DictionaryError: It is damaged.
        """
        if not self._made.index.exists():
            return []
        with opened(self._made) as book:
            return [self._read(line) for text in book.entries(key) for line in text.splitlines()]

    def _read(self, line: str) -> Backward:
        try:
            number, head, sense, count, speech = line.split("\t")
            dictionary = self._dictionaries[int(number)]
            return Backward(dictionary, head, int(sense), int(count), speech)
        except (ValueError, IndexError) as error:
            raise DictionaryError(f"{self._made.text}: damaged; delete it") from error

    def _lines(self, skipped: Callable[[DictionaryError], None]) -> Iterator[str]:
        for number, dictionary in enumerate(self._dictionaries):
            try:
                for entry in all_entries(dictionary):
                    yield from _backward(read(entry, dictionary), number)
            except DictionaryError as error:
                skipped(error)

    def _write(self, lines: Iterable[str]) -> None:
        part = self._made.index.with_suffix(".part")
        with part.open("wb") as index:
            write_packed(self._made.text, _entries(lines, index))
        part.replace(self._made.index)  # the last of the two: when it is there, both are


def _entries(lines: Iterable[str], index: IO[bytes]) -> Iterator[bytes]:
    """Yield the text of the entry of each term, and write the index."""
    start = 0
    for key, group in groupby(lines, key=lambda line: line.partition("\t")[0]):
        kept = [line.partition("\t")[2] for line in islice(group, _MOST_OF_A_KEY)]
        text = ("\n".join(kept) + "\n").encode()
        index.write(index_line(key, start, len(text)))
        start += len(text)
        yield text


def read(text: str, dictionary: Dictionary) -> DictionaryEntry:
    """Read the text of an entry of a dictionary."""
    reader = read_line if dictionary.index == dictionary.text else read_entry
    return reader(text, dictionary.source, dictionary.target)


def _backward(entry: DictionaryEntry, number: int) -> Iterator[str]:
    """Yield a line for each of an entry's translations and headwords."""
    count = sum(map(len, entry.senses))
    for sense, translations in enumerate(entry.senses):
        for key in filter(None, map(key_of, translations)):
            for head in entry.heads:
                yield f"{key}\t{number}\t{head}\t{sense}\t{count}\t{entry.speech}"


def _sorted_runs(lines: Iterable[str], folder: Path) -> Iterator[str]:
    """Yield the lines in order, without repeats, keeping few of them in memory."""
    runs: list[Path] = []
    pending: set[str] = set()
    for line in lines:
        pending.add(line)
        if len(pending) >= _LINES_IN_MEMORY:
            runs.append(_run(pending, folder / str(len(runs))))
            pending.clear()
    with _opened([*runs, _run(pending, folder / "last")]) as files:
        for line, _ in groupby(heapq.merge(*files)):
            yield line.rstrip("\n")


def _run(lines: set[str], path: Path) -> Path:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{line}\n" for line in sorted(lines))
    return path


@contextmanager
def _opened(paths: Sequence[Path]) -> Iterator[Sequence[IO[str]]]:
    files = [path.open(encoding="utf-8", newline="\n") for path in paths]
    try:
        yield files
    finally:
        for file in files:
            file.close()
