"""In which words a rule is looked for in a language, and which of its words have none there."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace

from common.records import dataclass
from rules.data.tables import primary
from rules.expand.expand import keywords_of
from rules.languages.scripts import letters, scripts_of
from rules.lexicons import numbers, transliteration
from rules.lexicons.api import Lexicon
from rules.lexicons.other_spellings import also_written
from rules.patterns.variants_in import tonal
from rules.query.parsed import readable
from rules.query.terms import content, text_terms
from rules.query.tree import (
    TEXT_FIELDS,
    AnyOf,
    Exact,
    Field,
    Keyword,
    Not,
    Phrase,
    Query,
    Regex,
    Wildcard,
    children,
)
from rules.text.folding import fold
from rules.text.tokenizer import Word
from storage.model import Rule, Variant, VariantState

MOST_SHOWN = 2
"""So many forms of a word are told."""
_FEW_IN_ITS_LETTERS = 0.25
"""A smaller share of what a name is called elsewhere is in its own letters. Of words half is."""
_RESPELLED = frozenset({numbers.SOURCE, transliteration.SOURCE})
"""What these call a word elsewhere is the same word in other letters, or with other signs."""
WITH_VARIANTS = frozenset({"all", "broad"})
"""How far from its words a rule must look, for what they are called elsewhere to count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What a rule finds in a language.

    Attributes:
        language: BCP 47, primary subtag.
        forms: For each keyword what is looked for: the best forms of all of it, or of its words.
        proposed: Forms of this language that do not count until somebody decides.
        missing: Words of the rule that have no form there, as the query has them.
        waiting: Of the missing ones those that would have a form if what is proposed counted, each
            with such forms.
    """

    language: str
    forms: tuple[str, ...] = ()
    proposed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    waiting: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def reach_of(
    rule: Rule, languages: Iterable[str], lexicons: Sequence[Lexicon] = ()
) -> tuple[Reach, ...]:
    """Return what a rule finds in each of some languages; nothing for one that has no variants.

    Names of which no list knows what they are called elsewhere are found by their sound.

    Args:
        lexicons: What variants were made of: they know which words are the same elsewhere.
    """
    known = readable(rule.query)
    if known is None or rule.strictness not in WITH_VARIANTS:
        return ()
    keywords = list(dict.fromkeys(keyword.text for keyword in keywords_of(known.tree)))
    if not keywords:
        return ()
    variants = rule.variants
    if rule.strictness == "broad":
        variants = tuple(map(_as_counted, variants))
    written_in = tonal(tuple(rule.written_in))
    pieces = [
        _pieces(text, variants, written_in, is_first=not n) for n, text in enumerate(keywords)
    ]
    own = {primary(language) for language in rule.written_in}
    same = _Same(lexicons)
    beside = _said_beside(known.tree, variants, keywords[0])
    return tuple(
        _reach(language, keywords, pieces, own, same, written_in, beside) for language in languages
    )


def waiting_of(
    rule: Rule, languages: Collection[str], lexicons: Sequence[Lexicon] = ()
) -> tuple[Reach, ...]:
    """Return what a rule finds in those languages where it waits for somebody to decide.

    There a word of it has no form but proposed ones, so that nothing is found.

    Args:
        languages: Those that are told anyhow, and left out here.
    """
    proposed = (each for each in rule.variants if each.state is VariantState.PROPOSED)
    others = dict.fromkeys(primary(each.language) for each in proposed if each.language)
    left = [language for language in others if language not in {*languages, *rule.written_in}]
    return tuple(each for each in reach_of(rule, left, lexicons) if each.waiting)


def as_written(rule: Rule) -> tuple[str, ...]:
    """Return the parts of a rule that count as they are written alone, in every language.

    Phrases in quotes, exact terms and patterns, and what a NOT leaves out: they have no variants.
    """
    known = readable(rule.query)
    if known is None or rule.strictness not in WITH_VARIANTS:
        return ()
    return tuple(dict.fromkeys(str(part) for part in _as_written(known.tree)))


def _as_written(query: Query) -> Iterator[Query]:
    match query:
        case Not(part):
            if any(text_terms(part)):
                yield query
        case Phrase() | Exact() | Wildcard() | Regex():
            yield query
        case Field(name, _) if name not in TEXT_FIELDS:
            return
        case _:
            for part in children(query):
                yield from _as_written(part)


def _said_beside(tree: Query, variants: Iterable[Variant], first: str) -> frozenset[str]:
    """Return the keywords that only say in their language what one beside them says, in an OR.

    In `port OR hafen` the second is what the first is called in German.
    """
    said: dict[str, set[str]] = {}
    for variant in variants:
        if variant.state is VariantState.ACTIVE:
            said.setdefault(variant.of or first, set()).add(fold(variant.text))
    return frozenset(
        text
        for some in _alternatives(tree)
        for text in some
        if any(fold(text) in said.get(other, ()) for other in some - {text})
    )


def _alternatives(query: Query) -> Iterator[frozenset[str]]:
    """Yield the keywords of each OR."""
    if isinstance(query, AnyOf):
        yield frozenset(part.text for part in query.parts if isinstance(part, Keyword))
    for part in children(query):
        yield from _alternatives(part)


def _as_counted(variant: Variant) -> Variant:
    """Return a variant as it counts broadly, where what is proposed does."""
    is_proposed = variant.state is VariantState.PROPOSED
    return replace(variant, state=VariantState.ACTIVE) if is_proposed else variant


class _Same:
    """Which words of a rule are the same in another language: they need no variant there."""

    def __init__(self, lexicons: Sequence[Lexicon]) -> None:
        self._lexicons = lexicons
        self._known: dict[str, frozenset[str]] = {}

    def in_(self, language: str, word: str) -> bool:
        """Return whether a list has the word as it is in a language."""
        if word not in self._known:
            written = dict.fromkeys((word, word.lower(), word.capitalize()))
            languages = (each.languages(text) for each in self._lexicons for text in written)
            self._known[word] = frozenset(primary(each) for some in languages for each in some)
        return primary(language) in self._known[word]

    def but_for_marks(self, language: str, word: str) -> bool:
        """Return whether a list has the word there with other marks, as French has *élection*.

        Lists leave that out of what it is called elsewhere, since it is found as it is.
        """
        asked = (primary(language),)
        return any(
            each.languages(word) and any(True for _ in each.forms(word, asked))
            for each in self._lexicons
        )


@dataclass(frozen=True, slots=True)
class _Piece:
    """A variant and the words of the keyword that it stands for, by their places."""

    variant: Variant
    places: frozenset[int]


def _pieces(
    text: str, variants: Sequence[Variant], language: str, *, is_first: bool
) -> list[_Piece]:
    words = [word.folded for word in content(text, language)]
    pieces = []
    for variant in variants:
        if not variant.of and not is_first:
            continue
        of = [word.folded for word in content(variant.of, language)] if variant.of else words
        if variant.of and not set(of) <= set(words):
            continue
        places = frozenset(n for n, word in enumerate(words) if word in of)
        pieces.append(_Piece(variant, places))
    return pieces


def _reach(
    language: str,
    keywords: Sequence[str],
    pieces: Sequence[Sequence[_Piece]],
    own: set[str],
    same: _Same,
    written_in: str,
    beside: Collection[str],
) -> Reach:
    if primary(language) in own:
        return Reach(language=language, forms=tuple(keywords))
    forms, missing, proposed = [], [], []
    waiting: dict[str, tuple[str, ...]] = {}
    for text, some in zip(keywords, pieces, strict=True):
        here = [piece for piece in some if primary(piece.variant.language) == primary(language)]
        anywhere = [piece for piece in some if not piece.variant.language]
        if _is_written_so(text, language):  # names are, as a rule, as they are
            counted = _active(here)
        else:
            fitting = (each for each in anywhere if _is_written_so(each.variant.text, language))
            counted = [*_active(here), *_active(fitting)]
        words = content(text, written_in)
        told, lacks = _told(text, words, counted, some, same, language)
        if text in beside and told in ("", text):
            continue
        if told:
            forms.append(told)
        missing += lacks
        undecided = [each for each in here if each.variant.state is VariantState.PROPOSED]
        proposed += [each.variant.text for each in undecided]
        for place, word in enumerate(words):
            texts = [each.variant.text for each in undecided if place in each.places]
            if texts and word.text in lacks:
                waiting[word.text] = tuple(dict.fromkeys(texts))
    return Reach(
        language=language,
        forms=tuple(forms),
        proposed=tuple(dict.fromkeys(proposed)),
        missing=tuple(dict.fromkeys(missing)),
        waiting=waiting,
    )


def _active(pieces: Iterable[_Piece]) -> list[_Piece]:
    kept = [piece for piece in pieces if piece.variant.state is VariantState.ACTIVE]
    return sorted(kept, key=lambda piece: (-len(piece.places), -piece.variant.score))


def _is_written_so(text: str, language: str) -> bool:
    """Whether it is in letters of a language, as far as those are known."""
    scripts = scripts_of(primary(language))
    return not scripts or any(script in scripts for _, script in letters(text))


def _told(
    text: str,
    words: Sequence[Word],
    counted: Sequence[_Piece],
    every: Sequence[_Piece],
    alike: _Same,
    language: str,
) -> tuple[str, list[str]]:
    """Return in which words a keyword is looked for, and which of its words have none."""
    whole = frozenset(range(len(words)))
    if forms := [piece.variant.text for piece in counted if piece.places == whole]:
        own = [words[0].text] if len(words) == 1 and alike.in_(language, words[0].text) else []
        return _joined([*own, *forms], language), []
    left, told, missing = set(whole), [], []
    as_they_are = _found_as_they_are(words, every, alike, language)
    for place, word in enumerate(words):
        if place not in left:
            continue
        best = next((piece for piece in counted if place in piece.places <= left), None)
        if alike.in_(language, word.text) and (best is None or best.places == {place}):
            forms = [piece.variant.text for piece in counted if piece.places == {place}]
            told.append(_joined([word.text, *forms], language))
            left.remove(place)
            continue
        if best is not None:
            same = [piece.variant.text for piece in counted if piece.places == best.places]
            told.append(_joined(same, language))
            left -= best.places
        elif place in as_they_are:
            told.append(word.text)
        else:
            missing.append(word.text)
    if told == [word.text for word in words]:
        return text, missing
    return " + ".join(told), missing


def _found_as_they_are(
    words: Sequence[Word], every: Sequence[_Piece], alike: _Same, language: str
) -> frozenset[int]:
    """Return the places of the words that need no other form in a language."""
    named = {n for piece in every if piece.variant.kind == "name" for n in piece.places}
    of_language = (piece for piece in every if piece.variant.language)  # PAN is nobody's word
    other = (piece for piece in of_language if piece.variant.source not in _RESPELLED)
    translated = {n for piece in other for n in piece.places} - named

    def is_found(place: int, word: str) -> bool:
        if place in named or not _has_case(word):
            return True  # a name, whoever types it small; a number; a sign
        if word[0].isupper():  # a name that no list knows better
            is_alike = _is_written_so(word, language) and _is_only_respelled(word, place, every)
            if place not in translated or is_alike:
                return True
        return alike.but_for_marks(language, word)

    return frozenset(place for place, word in enumerate(words) if is_found(place, word.text))


def _has_case(word: str) -> bool:
    """Whether it is of letters that have capitals, and no digit: CVE, not COP30."""
    return word.upper() != word.lower() and not any(map(str.isdigit, word))


def _is_only_respelled(word: str, place: int, every: Sequence[_Piece]) -> bool:
    """Whether a word is called something else hardly anywhere but in other letters.

    The name *Microsoft* is so: lists say how it is written in Cyrillic and Devanagari. The word
    *Convention* is not: other languages have words of their own for it in its letters. A longer
    name that has the word in it, *Cisco Systems*, is no other word.
    """
    own = {script for _, script in letters(word)}
    texts = [piece.variant.text for piece in every if place in piece.places]
    others = (text for text in texts if fold(word) not in fold(text).split())
    alike = sum(any(script in own for _, script in letters(text)) for text in others)
    return alike < _FEW_IN_ITS_LETTERS * len(texts)


def _joined(forms: Iterable[str], language: str) -> str:
    """Return the first forms; one in other letters (Ruecktritt for Rücktritt) is no other."""
    by_letters: dict[str, str] = {}
    for form in forms:
        if by_letters.setdefault(fold(form), form) == form:
            by_letters.update((fold(same), form) for same in also_written(form, language))
    return " / ".join(list(dict.fromkeys(by_letters.values()))[:MOST_SHOWN])
