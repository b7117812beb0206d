"""A lexicon made of the dictionaries that are installed on this machine: read, never bundled."""

import hashlib
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import ExitStack
from functools import lru_cache
from pathlib import Path

from monitor.lexicons.dictd import Dictionary, key_of
from monitor.lexicons.library import Library
from monitor.lexicons.lookup import Lookup
from monitor.lexicons.reverse import FORMAT
from rules.data.tables import stop_words
from rules.languages.codes import code_of
from rules.languages.scripts import scripts_of
from rules.lexicons.api import Form, NoHeadwords
from rules.lexicons.dictionary_entry import MOST_WORDS

_FREEDICT = re.compile(r"freedict-([a-z]{3})-([a-z]{3})")
_OTHERS = {
    "english-german": ("en", "de"),
    "german-english": ("de", "en"),
    "cc-cedict": ("zh", "en"),
}
_EDICT = "edict.utf8"


def find(folders: Iterable[Path]) -> tuple[Dictionary, ...]:
    """Return the dictionaries in these folders, by name; the first of equal names counts.

    Only names that say their languages are known: those of FreeDict, Ding, CC-CEDICT, EDICT.
    A folder that is not there has none.
    """
    by_name: dict[str, Dictionary] = {}
    for folder in folders:
        for path in sorted(folder.glob("*.index")) if folder.is_dir() else ():
            dictionary = _dictd(path)
            if dictionary is not None:
                by_name.setdefault(dictionary.name, dictionary)
        for lines in (folder / _EDICT, folder.parent / "edict" / _EDICT):
            if lines.is_file():
                edict = Dictionary("edict", "ja", "en", lines, lines, _state(lines))
                by_name.setdefault("edict", edict)
    return tuple(sorted(by_name.values()))


def fingerprint(dictionaries: Iterable[Dictionary]) -> str:
    """Return a short text that changes when dictionaries come, go or change; "" for none."""
    states = [f"{dictionary.name} {dictionary.state}" for dictionary in dictionaries]
    return hashlib.sha256("\n".join([FORMAT, *states]).encode()).hexdigest()[:12] if states else ""


def _dictd(index: Path) -> Dictionary | None:
    name = index.stem
    packed, plain = index.with_suffix(".dict.dz"), index.with_suffix(".dict")
    text = packed if packed.is_file() else plain
    languages = _languages(name)
    if languages is None or not text.is_file():
        return None
    return Dictionary(name, *languages, index, text, f"{_state(index)} {_state(text)}")


def _languages(name: str) -> tuple[str, str] | None:
    """Return the languages of a dictionary; None if one of them is not known, or both are one."""
    codes = _FREEDICT.fullmatch(name)
    pair = _OTHERS.get(name) or (codes and (code_of(codes[1]) or "", code_of(codes[2]) or ""))
    if not pair or pair[0] == pair[1]:
        return None
    return pair if all(map(scripts_of, pair)) else None


def _state(path: Path) -> str:
    known = path.stat()
    return f"{known.st_size} {known.st_mtime_ns}"


class Dictionaries(NoHeadwords):
    """Implements `rules.lexicons.api.Lexicon` with dictionaries in the format of dictd.

    A term is looked up as it is, then without its ending. If English dictionaries have it, it is
    taken as English; else every language that has it counts, and what English has in between.
    """

    def __init__(
        self,
        dictionaries: Sequence[Dictionary],
        cache: Path,
        *,
        tell: Callable[[str], None] = lambda sentence: None,
    ) -> None:
        """Keep what `find` has found.

        Args:
            cache: A folder for what is made of them.
            tell: Gets a sentence before something that takes long.
        """
        self._library = Library(dictionaries, cache, tell=tell)
        self._known = lru_cache(maxsize=256)(self._looked_up)

    @property
    def is_ready(self) -> bool:
        """Whether the next term is answered at once, without reading everything first."""
        return self._library.is_ready

    def forms(self, term: str, written_in: Collection[str] = ()) -> Iterable[Form]:
        """Return what the term is called in the languages of the dictionaries."""
        key = key_of(term)
        if not key or len(key.split()) > MOST_WORDS:
            return ()
        if all(word in stop_words() for word in key.split()):
            return ()
        return self._known(term, frozenset(written_in))

    def _looked_up(self, term: str, written_in: frozenset[str]) -> tuple[Form, ...]:
        with ExitStack() as stack:
            return tuple(Lookup(self._library, stack).forms(term, written_in))
