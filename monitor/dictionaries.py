"""A lexicon made of the dictionaries that are installed on this machine: read, never bundled."""

import hashlib
import logging
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from monitor.dictd import Dictionary, OpenDictionary, key_of
from monitor.dictzip import DictionaryError
from monitor.reverse import FORMAT, ReverseIndex, read
from rules.folding import fold
from rules.languages.codes import code_of
from rules.languages.endings import bases
from rules.languages.entries import MOST_WORDS
from rules.languages.lexicon import Form
from rules.languages.tables import fillers
from rules.languages.writing import is_short, scripts_of

log = logging.getLogger(__name__)

_FREEDICT = re.compile(r"freedict-([a-z]{3})-([a-z]{3})")
_OTHERS = {
    "english-german": ("en", "de"),
    "german-english": ("de", "en"),
    "cc-cedict": ("zh", "en"),
}
_EDICT = "edict.utf8"

_BOTH_WAYS, _ONE_WAY, _DOUBTED, _BACKWARD, _THROUGH_OTHERS = 0.92, 0.9, 0.88, 0.87, 0.85
"""Scores of a form: by how many dictionaries, and in which direction, it is one."""

_MOST_OF_A_LANGUAGE = 8
_MOST_BETWEEN = 3
_MOST_HUBS = 8
_AGREED = 2
_FEW = 3
_MANY = 6
_LONG = 8


def find(folders: Iterable[Path]) -> tuple[Dictionary, ...]:
    """Return the dictionaries in these folders, by name; the first of equal names counts.

    Only names that say their languages are known: those of FreeDict, Ding, CC-CEDICT, EDICT.
    A folder that is not there has none.
    """
    found: dict[str, Dictionary] = {}
    for folder in folders:
        for path in sorted(folder.glob("*.index")) if folder.is_dir() else ():
            dictionary = _dictd(path)
            if dictionary is not None:
                found.setdefault(dictionary.name, dictionary)
        for lines in (folder / _EDICT, folder.parent / "edict" / _EDICT):
            if lines.is_file():
                edict = Dictionary("edict", "ja", "en", lines, lines, _state(lines))
                found.setdefault("edict", edict)
    return tuple(sorted(found.values()))


def fingerprint(dictionaries: Iterable[Dictionary]) -> str:
    """Return a short text that changes when dictionaries come, go or change; "" for none."""
    states = [f"{each.name} {each.state}" for each in dictionaries]
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
    found = _FREEDICT.fullmatch(name)
    pair = _OTHERS.get(name) or (found and (code_of(found[1]) or "", code_of(found[2]) or ""))
    if not pair or pair[0] == pair[1]:
        return None
    return pair if all(map(scripts_of, pair)) else None


def _state(path: Path) -> str:
    known = path.stat()
    return f"{known.st_size} {known.st_mtime_ns}"


class _Back(NamedTuple):
    """What a form means in the language of the term.

    Attributes:
        sense: The number of the first sense that is the term; None if none is.
        words: All its translations.
    """

    sense: int | None
    words: tuple[str, ...]

    @property
    def meanings(self) -> int:
        """How many words it means; a plural is no other word."""
        return len({key_of(word).removesuffix("s") for word in self.words})


class _Hub(NamedTuple):
    """A word that means the term and little else, with its other names in the term's language."""

    language: str
    text: str
    others: tuple[str, ...]


class Dictionaries:
    """Implements `rules.languages.lexicon.Lexicon` with dictionaries in the format of dictd.

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
        self._tell = tell
        self._by_source: dict[str, list[Dictionary]] = {}
        for each in dictionaries:
            self._by_source.setdefault(each.source, []).append(each)
        self._reverse = ReverseIndex(dictionaries, cache)
        self._can_reverse = True
        self._broken: set[str] = set()
        self._known = lru_cache(maxsize=256)(self._looked_up)

    def forms(self, term: str) -> Iterable[Form]:
        """Return what the term is called in the languages of the dictionaries."""
        key = key_of(term)
        if not self._by_source or not key or len(key.split()) > MOST_WORDS:
            return ()
        if all(word in fillers() for word in key.split()):
            return ()
        return self._known(term)

    def _looked_up(self, term: str) -> tuple[Form, ...]:
        with ExitStack() as stack:
            return tuple(_Lookup(self, stack).forms(term))

    # --- what a lookup asks for ---

    def of(self, source: str) -> Sequence[Dictionary]:
        """Return the dictionaries of a language."""
        return self._by_source.get(source, ())

    def sources(self) -> Iterable[str]:
        """Return the languages that dictionaries translate from, English first."""
        return sorted(self._by_source, key=lambda code: (code != "en", code))

    def reverse(self) -> ReverseIndex | None:
        """Return the dictionaries read backwards, made when it is first needed; None if not."""
        if self._can_reverse and not self._reverse.is_ready:
            log.info("reading the installed dictionaries backwards, once")
            self._tell("Reading the installed dictionaries, once; this takes half a minute.")
            try:
                self._reverse.make(self.leave_out)
            except OSError as error:
                self._can_reverse = False
                log.warning(
                    "dictionaries are not read backwards: the data folder cannot be written to",
                    extra={"reason": error.strerror},
                )
        return self._reverse if self._can_reverse else None

    def leave_out(self, error: DictionaryError) -> None:
        """Tell of a dictionary that cannot be read, once."""
        if str(error) not in self._broken:
            self._broken.add(str(error))
            log.warning("a dictionary is left out", extra={"reason": str(error)})


class _Lookup:
    """Looks one term up; the dictionaries that it needs are open as long."""

    def __init__(self, lexicon: Dictionaries, stack: ExitStack) -> None:
        self._lexicon = lexicon
        self._stack = stack
        self._open: dict[str, OpenDictionary | None] = {}

    def forms(self, term: str) -> Iterator[Form]:
        """Yield the forms, those of one language together, the surest first."""
        for source in self._lexicon.sources():
            if not self._has(term, source):
                continue
            yield from self._best(self._direct(term, source), term)
            if source != "en":
                yield from self._through_english(term, source)
            if source == "en":
                return

    def _best(self, forms: Iterable[Form], term: str) -> Iterator[Form]:
        """Yield the surest forms of each language, without the term itself."""
        own = fold(term)
        best: dict[tuple[str, str], Form] = {}
        for form in forms:
            key = (form.language, fold(form.text))
            if key[1] != own and (key not in best or _rank(form) < _rank(best[key])):
                best[key] = form
        counts: dict[str, int] = {}
        for form in sorted(best.values(), key=_rank):
            counts[form.language] = counts.get(form.language, 0) + 1
            if counts[form.language] <= _MOST_OF_A_LANGUAGE:
                yield form

    def _direct(self, term: str, source: str) -> Iterator[Form]:
        """Yield what the dictionaries of a language give, in whichever direction they are read."""
        is_name = self._is_common(term, source)
        backward = self._backward(term) if source == "en" else {}
        hubs: list[_Hub] = []
        given: set[str] = set()
        for form in (*self._forward(term, source, backward, hubs), *backward.values()):
            given.add(form.language)
            yield form._replace(ambiguous=form.ambiguous or is_name)
        skipped = given if " " not in term else set()
        for form in self._through_hubs(term, source, hubs, skipped):
            yield form._replace(ambiguous=form.ambiguous or is_name)

    def _forward(
        self, term: str, source: str, backward: dict[tuple[str, str], Form], hubs: list[_Hub]
    ) -> Iterator[Form]:
        """Yield the translations of a term; those that mean little else are added to `hubs`."""
        wanted = self._keys(term, source)
        for form in backward.values():
            _add_hub(hubs, form, self._back(form.text, form.language, source, wanted))
        for dictionary in self._lexicon.of(source):
            for key in wanted:
                found = list(self._translations(key, dictionary))
                for text, sense in found:
                    language = dictionary.target
                    back = self._back(text, language, source, wanted)
                    known = backward.get((language, fold(text)))
                    form = _judged(text, dictionary, sense, back, known)
                    _add_hub(hubs, form, back)
                    yield form
                if found:
                    break

    def _translations(self, key: str, dictionary: Dictionary) -> Iterator[tuple[str, int]]:
        """Yield what a headword is called, with the number of the sense."""
        sense = 0
        for entry in self._entries(key, dictionary):
            for translations in read(entry, dictionary).senses:
                for text in translations:
                    yield text, sense
                sense += 1

    def _back(self, text: str, language: str, source: str, wanted: Sequence[str]) -> _Back | None:
        """Return what a form means in the term's language; None if no dictionary has it."""
        best: _Back | None = None
        for dictionary in self._lexicon.of(language):
            if dictionary.target == source:
                found = list(self._translations(key_of(text), dictionary))
                sense = next((n for each, n in found if key_of(each) in wanted), None)
                words = tuple(dict.fromkeys(each for each, _ in found))
                if words and (best is None or (best.sense is None and sense is not None)):
                    best = _Back(sense, words)
        return best

    def _backward(self, term: str) -> dict[tuple[str, str], Form]:
        """Return, by language and folded text, the headwords that English is a translation of."""
        reverse = self._lexicon.reverse()
        found: dict[tuple[str, str], Form] = {}
        for key in self._keys(term, "en") if reverse is not None else ():
            if found:
                break
            try:
                lines = reverse.lookup(key) if reverse is not None else []
            except DictionaryError as error:
                self._lexicon.leave_out(error)
                break
            for dictionary, head, sense, count in lines:
                doubt = " " not in key and not _is_main(sense, count)
                form = _form(dictionary.source, head, dictionary, _BACKWARD, doubt)
                kept = found.setdefault((form.language, fold(head)), form)
                if kept.ambiguous and not form.ambiguous:
                    found[form.language, fold(head)] = form
        return found

    def _through_hubs(
        self, term: str, source: str, hubs: Sequence[_Hub], skipped: Iterable[str]
    ) -> Iterator[Form]:
        """Yield what words of other languages that mean just the term are called elsewhere.

        Of a term of several words, their other names in the term's language count, too: bird
        flu is also avian influenza.
        """
        chosen = {(hub.language, key_of(hub.text)): hub.text for hub in hubs[:_MOST_HUBS]}
        if " " in term:
            others = (each for hub in hubs[:_MOST_HUBS] for each in hub.others if " " in each)
            chosen |= {(source, key_of(each)): each for each in others}
        chosen.pop((source, key_of(term)), None)
        found: dict[tuple[str, str], list[Form]] = {}
        for (language, key), _ in chosen.items():
            for dictionary in self._lexicon.of(language):
                if dictionary.target == source or dictionary.target in skipped:
                    continue
                for text, sense in self._translations(key, dictionary):
                    form = _form(dictionary.target, text, dictionary, _THROUGH_OTHERS, sense > 0)
                    found.setdefault((form.language, fold(text)), []).append(form)
        for forms in found.values():
            lone = len(forms) < _AGREED and " " not in term
            yield forms[0]._replace(ambiguous=lone or all(form.ambiguous for form in forms))

    def _through_english(self, term: str, source: str) -> Iterator[Form]:
        """Yield forms in languages that the term's own has no dictionary of; all are doubtful."""
        direct = {each.target for each in self._lexicon.of(source)}
        between = list(
            dict.fromkeys(
                text
                for dictionary in self._lexicon.of(source)
                if dictionary.target == "en"
                for key in self._keys(term, source)
                for text, sense in self._translations(key, dictionary)
                if not sense
            )
        )
        forms = (
            form._replace(score=_THROUGH_OTHERS, ambiguous=True)
            for word in between[:_MOST_BETWEEN]
            for form in self._direct(word, "en")
            if form.language not in direct and form.language != source
        )
        yield from self._best(forms, term)

    def _keys(self, term: str, source: str) -> list[str]:
        """Return what to look up: the term, as a verb, and without the ending of its last word."""
        key = key_of(term)
        first, space, last = key.rpartition(" ")
        shorter = [f"{first}{space}{base}" for base in bases(last, source)]
        keys = [key, f"to {key}"] if source == "en" else [key]
        if key.count(" ") == 1:  # cyber security, cybersecurity
            keys.append(key.replace(" ", ""))
        return list(dict.fromkeys([*keys, *shorter]))

    def _has(self, term: str, source: str) -> bool:
        """Whether a dictionary of the language has the term, or English ones read backwards do."""
        keys = self._keys(term, source)
        for dictionary in self._lexicon.of(source):
            book = self._book(dictionary)
            if book is not None and any(map(book.has, keys)):
                return True
        return source == "en" and bool(self._backward(term))

    def _is_common(self, term: str, source: str) -> bool:
        """Whether a name is also a common word: Apple is no apple.

        A single word that is written with a capital here, and without in a dictionary.
        """
        if " " in term or not term[0].isupper() or not term[1:].islower():
            return False
        return any(
            term.lower() in read(entry, dictionary).heads
            for dictionary in self._lexicon.of(source)
            for entry in self._entries(key_of(term), dictionary)
        )

    def _entries(self, key: str, dictionary: Dictionary) -> list[str]:
        book = self._book(dictionary)
        try:
            return list(book.entries(key)) if book is not None else []
        except DictionaryError as error:
            self._lexicon.leave_out(error)
            return []

    def _book(self, dictionary: Dictionary) -> OpenDictionary | None:
        """Return the dictionary opened; None if it cannot be, or is a list of lines."""
        if dictionary.index == dictionary.text:
            return None
        if dictionary.name not in self._open:
            try:
                book = OpenDictionary(dictionary)
                self._stack.callback(book.close)
                self._open[dictionary.name] = book
            except DictionaryError as error:
                self._lexicon.leave_out(error)
                self._open[dictionary.name] = None
        return self._open[dictionary.name]


def _judged(
    text: str, dictionary: Dictionary, sense: int, back: _Back | None, known: Form | None
) -> Form:
    """Return a translation with its score: it is surer when it leads back to the term."""
    language = dictionary.target
    if back is not None and back.sense is not None:
        doubt = not _is_main(back.sense, back.meanings) and (known is None or known.ambiguous)
        return _form(language, text, dictionary, _BOTH_WAYS, doubt)
    if known is not None:
        return _form(language, text, dictionary, _BOTH_WAYS, known.ambiguous)
    if back is not None:
        return _form(language, text, dictionary, _DOUBTED, " " not in text or sense > 0)
    return _form(language, text, dictionary, _ONE_WAY, sense > 0 and len(text) < _LONG)


def _is_main(sense: int, count: int) -> bool:
    """Whether a word that has a term as this sense, of so many translations, mainly means it."""
    return count <= _FEW or (sense == 0 and count <= _MANY)


def _add_hub(hubs: list[_Hub], form: Form, back: _Back | None) -> None:
    if back is not None and back.sense is not None and back.meanings <= _FEW:
        hubs.append(_Hub(form.language, form.text, back.words))


def _form(language: str, text: str, dictionary: Dictionary, score: float, doubt: bool) -> Form:
    return Form(language, text, dictionary.name, score, doubt or is_short(text))


def _rank(form: Form) -> tuple[float, bool]:
    return (-form.score, form.ambiguous)
