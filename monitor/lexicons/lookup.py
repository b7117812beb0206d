"""Looks one term up in the dictionaries of this machine, and judges what they say."""

from collections.abc import Collection, Container, Iterable, Iterator, Sequence
from contextlib import ExitStack
from typing import NamedTuple

from monitor.lexicons.dictd import Dictionary, OpenDictionary, key_of
from monitor.lexicons.dictzip import DictionaryError
from monitor.lexicons.library import Library
from monitor.lexicons.reverse import read
from rules.languages.inflection import bases
from rules.languages.scripts import is_short
from rules.lexicons.api import Form
from rules.text.folding import fold

_BOTH_WAYS, _ONE_WAY, _DOUBTED, _BACKWARD, _THROUGH_OTHERS = 0.92, 0.9, 0.88, 0.87, 0.85
"""Scores of a form: by how many dictionaries, and in which direction, it is one."""

_MOST_OF_A_LANGUAGE = 14
_MOST_BETWEEN = 3
_MOST_HUBS = 12
_HUBS_OF_A_LANGUAGE = 3
_AGREED = 2
_FEW = 3
_MANY = 6
_LONG = 7
_HAN = "\u2e80"


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


_Hubs = dict[tuple[str, str], _Hub]


class Lookup:
    """Looks one term up; the dictionaries that it needs are open as long."""

    def __init__(self, library: Library, stack: ExitStack) -> None:
        self._library = library
        self._stack = stack
        self._open: dict[str, OpenDictionary | None] = {}
        self._translated: dict[tuple[str, str], list[tuple[str, int]]] = {}

    def forms(self, term: str, written_in: Collection[str] = ()) -> Iterator[Form]:
        """Yield the forms, those of one language together, the surest first."""
        for source in self._library.sources():
            if (written_in and source not in written_in) or not self._has(term, source):
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
        votes: dict[tuple[str, str], int] = {}
        for form in forms:
            key = (form.language, fold(form.text))
            votes[key] = votes.get(key, 0) + 1
            if key[1] != own and (key not in best or _rank(form) < _rank(best[key])):
                best[key] = form
        counts: dict[str, int] = {}
        several = " " in term

        def order(key: tuple[str, str]) -> tuple[float, bool, int, bool]:
            return (*_rank(best[key]), -votes[key], " " in best[key].text and not several)

        for form in (best[key] for key in sorted(best, key=order)):
            counts[form.language] = counts.get(form.language, 0) + 1
            if counts[form.language] <= _MOST_OF_A_LANGUAGE:
                yield form

    def _direct(self, term: str, source: str) -> Iterator[Form]:
        """Yield what the dictionaries of a language give, in whichever direction they are read."""
        is_name = self._is_common(term, source)
        backward = self._backward(term) if source == "en" else {}
        hubs: dict[tuple[str, str], _Hub] = {}
        skipped: set[str] = set()
        for form in (*self._forward(term, source, backward, hubs), *backward.values()):
            if " " not in term or (form.score >= _ONE_WAY and not form.ambiguous):
                skipped.add(form.language)
            yield form._replace(ambiguous=form.ambiguous or is_name)
        for form in self._through_hubs(term, source, hubs, skipped):
            yield form._replace(ambiguous=form.ambiguous or is_name)

    def _forward(
        self, term: str, source: str, backward: dict[tuple[str, str], Form], hubs: _Hubs
    ) -> Iterator[Form]:
        """Yield the translations of a term; those that mean little else are added to `hubs`."""
        wanted = self._keys(term, source)
        for form in backward.values():
            _add_hub(hubs, form, self._back(form.text, form.language, source, wanted))
        for dictionary in self._library.of(source):
            for key in wanted:
                translations = self._translations(key, dictionary)
                for text, sense in translations:
                    language = dictionary.target
                    back = self._back(text, language, source, wanted)
                    known = backward.get((language, fold(text)))
                    form = _judged(text, dictionary, sense, back, known)
                    _add_hub(hubs, form, back)
                    yield form
                if translations:
                    break

    def _translations(self, key: str, dictionary: Dictionary) -> list[tuple[str, int]]:
        """Return what a headword is called, with the number of the sense in its entry.

        Words of the news are nouns: what a noun is called as a verb does not count.
        """
        known = self._translated.get((key, dictionary.name))
        if known is not None:
            return known
        entries = [read(text, dictionary) for text in self._entries(key, dictionary)]
        if any(entry.speech == "n" for entry in entries):
            entries = [entry for entry in entries if entry.speech != "v"]
        found = [
            (text, sense)
            for entry in entries
            for sense, translations in enumerate(entry.senses)
            for text in translations
        ]
        return self._translated.setdefault((key, dictionary.name), found)

    def _back(self, text: str, language: str, source: str, wanted: Sequence[str]) -> _Back | None:
        """Return what a form means in the term's language; None if no dictionary has it."""
        best: _Back | None = None
        for dictionary in self._library.of(language):
            if dictionary.target == source:
                translations = self._translations(key_of(text), dictionary)
                sense = next((n for text, n in translations if key_of(text) in wanted), None)
                words = tuple(dict.fromkeys(text for text, _ in translations))
                if sense is not None:
                    return _Back(sense, words)
                if words and best is None:
                    best = _Back(None, words)
        return best

    def _backward(self, term: str) -> dict[tuple[str, str], Form]:
        """Return, by language and folded text, the headwords that English is a translation of."""
        reverse = self._library.reverse()
        forms: dict[tuple[str, str], Form] = {}
        for key in self._keys(term, "en") if reverse is not None else ():
            if forms:
                break
            try:
                lines = reverse.lookup(key) if reverse is not None else []
            except DictionaryError as error:
                self._library.leave_out(error)
                break
            nouns = {line.dictionary for line in lines if line.speech == "n"}
            for dictionary, head, sense, count, speech in lines:
                if speech == "v" and dictionary in nouns:
                    continue
                form = _form(dictionary.source, head, dictionary, _BACKWARD, False)
                short = " " not in head and _is_common_length(form)
                if " " not in key and (short or not _is_main(sense, count)):
                    form = form._replace(ambiguous=True)
                kept = forms.setdefault((form.language, fold(head)), form)
                if kept.ambiguous and not form.ambiguous:
                    forms[form.language, fold(head)] = form
        return forms

    def _through_hubs(
        self, term: str, source: str, hubs: _Hubs, skipped: Container[str]
    ) -> Iterator[Form]:
        """Yield what words of other languages that mean just the term are called elsewhere.

        Of a term of several words, their other names in the term's language count, too: bird
        flu is also avian influenza.
        """
        best = self._best_hubs(hubs)
        chosen = {(hub.language, key_of(hub.text)) for hub in best}
        if " " in term:
            others = (other for hub in best for other in hub.others if " " in other)
            chosen |= {(source, key_of(other)) for other in others}
        chosen.discard((source, key_of(term)))
        found: dict[tuple[str, str], list[Form]] = {}
        for language, key in sorted(chosen):
            for dictionary in self._library.of(language):
                if dictionary.target == source or dictionary.target in skipped:
                    continue
                for text, sense in self._translations(key, dictionary):
                    form = _form(dictionary.target, text, dictionary, _THROUGH_OTHERS, sense > 0)
                    found.setdefault((form.language, fold(text)), []).append(form)
        for forms in found.values():
            says_little = " " not in term or (
                " " not in forms[0].text and _is_common_length(forms[0])
            )
            lone = len(forms) < _AGREED and says_little
            yield forms[0]._replace(ambiguous=lone or all(form.ambiguous for form in forms))

    def _best_hubs(self, hubs: _Hubs) -> list[_Hub]:
        """Return those of the languages with the most dictionaries, some of each."""
        counts: dict[str, int] = {}
        chosen = []
        for hub in sorted(hubs.values(), key=lambda hub: -len(self._library.of(hub.language))):
            counts[hub.language] = counts.get(hub.language, 0) + 1
            if (
                counts[hub.language] <= _HUBS_OF_A_LANGUAGE
                and len(self._library.of(hub.language)) > 1
            ):
                chosen.append(hub)
        return chosen[:_MOST_HUBS]

    def _through_english(self, term: str, source: str) -> Iterator[Form]:
        """Yield forms in languages that the term's own has no dictionary of; all are doubtful."""
        direct = {dictionary.target for dictionary in self._library.of(source)}
        between = list(
            dict.fromkeys(
                text
                for dictionary in self._library.of(source)
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
        for dictionary in self._library.of(source):
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
            for dictionary in self._library.of(source)
            for entry in self._entries(key_of(term), dictionary)
        )

    def _entries(self, key: str, dictionary: Dictionary) -> list[str]:
        book = self._book(dictionary)
        try:
            return list(book.entries(key)) if book is not None else []
        except DictionaryError as error:
            self._library.leave_out(error)
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
                self._library.leave_out(error)
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
    return _form(language, text, dictionary, _ONE_WAY, sense > 0 and len(text) <= _LONG)


def _is_main(sense: int, count: int) -> bool:
    """Whether a word that has a term as this sense, of so many translations, mainly means it."""
    return count <= _FEW or (sense == 0 and count <= _MANY)


def _add_hub(hubs: _Hubs, form: Form, back: _Back | None) -> None:
    if back is not None and back.sense is not None and back.meanings <= _FEW:
        hub = _Hub(form.language, form.text, back.words)
        hubs.setdefault((form.language, fold(form.text)), hub)


def _is_common_length(form: Form) -> bool:
    """Whether a word is so short that others are easily written alike."""
    return len(form.text) < _LONG and form.text[0] < _HAN


def _form(language: str, text: str, dictionary: Dictionary, score: float, doubt: bool) -> Form:
    return Form(language, text, dictionary.name, score, doubt or is_short(text))


def _rank(form: Form) -> tuple[float, bool]:
    return (-form.score, form.ambiguous)
