"""The product's own lexicon: what the words of the news are called in many languages.

Read when a rule is saved, not when an article comes.
"""

import re
from collections.abc import Callable
from functools import cache

from rules.folding import fold
from rules.languages import news_lines
from rules.languages.endings import partners, stems
from rules.languages.lexicon import Form
from rules.languages.news_book import Book, Named, pack, parted
from rules.languages.writing import normal

SOURCE = "news lexicon"
_SCORE = 0.93
_SHORT = 3
_MOST_FORMS = 60


@cache
def book() -> Book:
    """Return the lexicon, packed anew from its lines: takes seconds."""
    return Book(pack(news_lines.concepts(), signature=""))


class NewsLexicon:
    """Implements `rules.languages.lexicon.Lexicon`."""

    def __init__(self, book: Callable[[], Book] = book) -> None:
        """Take how the packed lexicon is had; asked when the first term is looked up."""
        self._book = book

    def forms(self, term: str) -> tuple[Form, ...]:
        """Return what the concepts that a term names are called elsewhere.

        A term may be of any language, and may carry an ending. When it names several concepts,
        no form is sure enough to stand alone; nor are places when it is an adjective of theirs.
        """
        named = [each for each in self._named(term) if _may_mean(each, term)]
        own = fold(term)
        of_own = frozenset(own.split())
        found: dict[tuple[str, str], Form] = {}
        for each in named:
            for language, forms in each.concept.forms.items():
                for written in forms:
                    form = _form(written, language, each)
                    if len(named) > 1 or _is_other_side(written, forms, each):
                        form = form._replace(ambiguous=True)
                    words = frozenset(fold(form.text).split())
                    if words < of_own:  # cyclone for tropical cyclone: means more than the term
                        form = form._replace(ambiguous=True)
                    if fold(form.text) != own:
                        found.setdefault((form.text, language), form)
        return tuple(found.values())

    def _named(self, term: str) -> list[Named]:
        """Return the concepts that a term names; if none, those that another form of it names."""
        book = self._book()
        for each in (term, *_other_names(term, book), *_other_forms(term)):
            if named := book.named(each):
                return named
        return []


def _other_names(term: str, book: Book) -> list[str]:
    """Return the term with an acronym in it written out, or a name in it shortened.

    So that "UN Office on ..." and "United Nations Office on ..." are one name.
    """
    found = []
    for name, others in book.names.items():
        if len(name) < len(term) and name in term:
            pattern = rf"(?<!\w){re.escape(name)}(?!\w)"
            for other in others:
                found.append(re.sub(pattern, lambda _, to=other: to, term))  # type: ignore[misc]
    return [each for each in dict.fromkeys(found) if each != term]


def _other_forms(term: str) -> list[str]:
    """Return what the term may be without its ending, or with another of the same paradigm."""
    head, space, last = term.rpartition(" ")
    endings = partners("en") if last.isascii() else partners("")
    found: dict[str, None] = {}
    for stem, ending in stems(fold(last), endings):
        if ending:
            for other in sorted(endings[ending], key=lambda each: (len(each), each)):
                found.setdefault(head + space + stem + other)
    found.pop(term, None)
    return list(found)[:_MOST_FORMS]


def _may_mean(named: Named, term: str) -> bool:
    """Whether the case of the term fits: an acronym's counts, and a place has a capital.

    Un in Kim Jong Un is no UN, and no mer noire the Black Sea.
    """
    if named.sign == "@":
        return any(f"@{term}" in forms for forms in named.concept.forms.values())
    is_name = named.concept.kind == "place" and named.sign != "&"
    return not is_name or term != term.lower() or term == term.upper()


def _is_other_side(written: str, forms: tuple[str, ...], named: Named) -> bool:
    """Whether a place is named by its adjective, or the other way: not all Russian is Russia.

    In languages that have no adjectives of places the name is both.
    """
    signs = [parted(each)[0] for each in forms]
    return "&" in signs and (parted(written)[0] == "&") != (named.sign == "&")


def _form(written: str, language: str, named: Named) -> Form:
    sign, text = parted(written)
    kind = named.concept.kind
    short = len(text) <= _SHORT and text.isascii()
    is_name = kind == "place" and sign != "&" and not any(w[0].islower() for w in text.split())
    what = "acronym" if sign == "@" else "name" if is_name else "word"  # Чёрное море is a word
    # Most languages in Latin script write a place as English does, and have no form of their own.
    anywhere = what == "name" and language == news_lines.ENGLISH
    return Form(
        language="" if anywhere else normal(language),
        text=text,
        source=SOURCE,
        score=_SCORE,
        ambiguous="~" in (sign, named.sign) or (short and what == "word"),
        kind=what,
    )
