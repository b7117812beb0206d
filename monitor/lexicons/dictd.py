"""Dictionaries in the format of the dictd server, found in folders and read where they lie."""

import mmap
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from common.records import dataclass
from monitor.lexicons.dictzip import DictionaryError, DictText, whole_text

_DIGITS = {
    ord(letter): value
    for value, letter in enumerate(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    )
}
_NO_PART_OF_A_KEY = re.compile(r"[^a-z0-9 ]+")
_LARGEST_ENTRY = 1 << 20
_OWN = (b"00database", b"00-database")
"""Headwords under which a dictionary speaks of itself."""


@dataclass(frozen=True, slots=True, order=True)
class Dictionary:
    """A dictionary on this machine.

    Attributes:
        name: As its files are called: "freedict-eng-swe".
        source, target: The languages of its headwords and translations, as articles have them.
        index, text: Its two files; for a list of lines (EDICT) both are that file.
        state: Size and time of its files, to see that they have changed.
    """

    name: str
    source: str
    target: str
    index: Path
    text: Path
    state: str


class OpenDictionary:
    """A dictionary whose files are open, for looking words up."""

    def __init__(self, dictionary: Dictionary) -> None:
        self._text = DictText(dictionary.text)
        self._path = dictionary.index
        try:
            with dictionary.index.open("rb") as file:
                self._index = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:
            self._text.close()
            raise DictionaryError(f"{dictionary.index}: cannot be read; it is left out") from error

    def close(self) -> None:
        """Close the files."""
        self._index.close()
        self._text.close()

    def has(self, key: str) -> bool:
        """Whether the key, as of `key_of`, is a headword."""
        return self._first(key.encode() + b"\t") >= 0

    def entries(self, key: str) -> Iterator[str]:
        """Yield the texts of the entries under a headword, given as of `key_of`.

        Raises:
            DictionaryError: The dictionary is damaged.
        """
        wanted = key.encode() + b"\t"
        at = self._first(wanted)
        while 0 <= at < len(self._index) and self._index[at : at + len(wanted)] == wanted:
            end = self._end(at)
            _, start, size = _line(self._index[at:end], self._path)
            yield self._text.read(start, size).decode("utf-8", "replace")
            at = end + 1

    def _end(self, at: int) -> int:
        end = self._index.find(b"\n", at)
        return len(self._index) if end < 0 else end

    def _first(self, wanted: bytes) -> int:
        """Return where the first line of these beginnings is, or -1: the lines are sorted."""
        low, high = 0, len(self._index)
        headword = wanted[:-1]
        while low < high:
            middle = self._index.rfind(b"\n", low, (low + high) // 2) + 1 or low
            end = self._end(middle)
            if self._index[middle:end].partition(b"\t")[0] < headword:
                low = end + 1
            else:
                high = middle
        return low if self._index[low : low + len(wanted)] == wanted else -1


@contextmanager
def opened(dictionary: Dictionary) -> Iterator[OpenDictionary]:
    """Open a dictionary for a while.

    Raises:
        DictionaryError: It cannot be opened.
    """
    book = OpenDictionary(dictionary)
    try:
        yield book
    finally:
        book.close()


def all_entries(dictionary: Dictionary) -> Iterator[str]:
    """Yield the text of every entry once, in the order of the text.

    Raises:
        DictionaryError: The dictionary cannot be read.
    """
    try:
        if dictionary.index == dictionary.text:
            with dictionary.text.open(encoding="utf-8", errors="replace") as lines:
                yield from lines
            return
        with dictionary.index.open("rb") as index:
            # An entry stands under several headwords: its place is read once.
            given = {tuple(line.split(b"\t")[1:3]) for line in index if not line.startswith(_OWN)}
    except OSError as error:
        raise DictionaryError(f"{dictionary.index}: cannot be read; it is left out") from error
    places = {_line(b"\t".join((b"", *pair)), dictionary.index)[1:] for pair in given}
    text = whole_text(dictionary.text)
    for start, size in sorted(places):
        yield text[start : start + size].decode("utf-8", "replace")


def key_of(term: str) -> str:
    """Return a term as indexes hold it: lower case, letters, marks, digits and single spaces."""
    if term.isascii():  # many times faster, for what is read backwards
        return " ".join(_NO_PART_OF_A_KEY.sub("", term.lower()).split())
    kept = (
        letter
        if letter.isalnum() or unicodedata.category(letter)[0] == "M"
        else " " * (letter == " ")
        for letter in term.lower()
    )
    return " ".join("".join(kept).split())


def index_line(key: str, start: int, size: int) -> bytes:
    """Return a line of an index; the lines of one stand in the order of the bytes of the keys."""
    return f"{key}\t{_number(start)}\t{_number(size)}\n".encode()


def _line(line: bytes, path: Path) -> tuple[bytes, int, int]:
    """Return headword, start and size of a line of an index."""
    try:
        headword, start, size = line.rstrip(b"\r\n").split(b"\t")[:3]
        place, length = _value(start), _value(size)
    except (ValueError, KeyError) as error:
        shown = line[:40].decode("utf-8", "replace")
        raise DictionaryError(f'{path}: "{shown}" is no line of a dictd index') from error
    if length > _LARGEST_ENTRY:
        raise DictionaryError(f"{path}: an entry is larger than {_LARGEST_ENTRY} bytes")
    return headword, place, length


def _value(digits: bytes) -> int:
    value = 0
    for digit in digits:
        value = value * 64 + _DIGITS[digit]
    return value


_LETTERS = {value: chr(digit) for digit, value in _DIGITS.items()}


def _number(value: int) -> str:
    digits = _LETTERS[value % 64]
    while value := value // 64:
        digits = _LETTERS[value % 64] + digits
    return digits
