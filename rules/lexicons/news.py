"""The product's own lexicon: what the words of the news are called in many languages.

Read when a rule is saved, not when an article comes.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import chain

from rules.data.tables import has_capital_nouns, has_tones, may_write, rows, stop_words
from rules.data.tables import languages as known_languages
from rules.languages.everyday import everyday_words
from rules.languages.inflection import has_endings
from rules.languages.scripts import has_capitals, letters, normal, scripts_of
from rules.lexicons import news_source, story_words
from rules.lexicons.api import Form
from rules.lexicons.english_spellings import english_spellings
from rules.lexicons.news_packed import NamedConcept, PackedNews, asked, pack, parted
from rules.lexicons.news_source import Concept
from rules.lexicons.other_forms import begun_alike, forms_anywhere, other_forms
from rules.lexicons.other_spellings import as_name, in_other_spellings
from rules.text.folding import fold, fold_again

SOURCE = "news lexicon"
_SCORE = 0.93
_SHORT = 3
_MOST_KEPT = 500
"""So many answers are remembered: rules of one file share their words."""
_ALIKE = 0.2
_FEW = 4
_NAMES = frozenset({"place", "name", "surname"})
_IN_LATIN_LETTERS = frozenset({"de", "es", "fr", "it", "nb", "pt", "sv"})
"""Some languages in Latin letters; who is called so in all of these is called so in any."""
_COMPANY = "the company"
_WORDS_OF_LISTS = frozenset({"noun", "adjective"})
_PARTS = re.compile(r"[\s-]+")
_DOING = re.compile(r"[A-Za-z]+ings?")
_BARE = re.compile(r"\w\S*\w|\w")
_WORDS = re.compile(r"[\s'’-]+")
_LEAST_OF_BARE = 3
"""So many syllables without marks are Vietnamese: fewer may be a name, as Luong Tam in Quang's."""
_LEAST_OF_A_FOREIGN = 6
"""A shorter word of plain letters with an ending may be of many languages: lira is no freedom."""


@cache
def packed_from_lines() -> PackedNews:
    """Return the lexicon, packed anew from its lines: takes seconds."""
    every, more = news_source.concepts(), story_words.lines()
    return PackedNews(pack(every, signature="", story_words=more))


class NewsLexicon:
    """Implements `rules.lexicons.api.Lexicon`."""

    def __init__(self, packed: Callable[[], PackedNews] = packed_from_lines) -> None:
        """Take how the packed lexicon is had; asked when the first term is looked up."""
        self._packed = packed
        self._known_forms = lru_cache(maxsize=_MOST_KEPT)(self._forms_of)
        self._known_languages = lru_cache(maxsize=_MOST_KEPT)(self._languages_of)

    def forms(self, term: str, written_in: Collection[str] = ()) -> tuple[Form, ...]:
        """Return what the concepts that a term names are called elsewhere.

        A term may carry an ending. When it names several concepts that are not nearly the same,
        only those count alone that are called so first of all, or marked; nor do places when it
        is an adjective of theirs, nor what an English word for doing something only comes from:
        sharing is no share. An English name, and an acronym, is known in every language.
        """
        return self._known_forms(term, tuple(written_in))

    def _forms_of(self, term: str, written_in: Collection[str]) -> tuple[Form, ...]:
        named = [concept for concept in self._named(term, written_in) if _may_mean(concept, term)]
        # visa in small letters is no company, unless it is nothing else
        named = [c for c in named if c.concept.sense != _COMPANY or term != term.lower()] or named
        sure = _surely_meant(named, is_phrase=_is_phrase(term, written_in))
        sure |= {concept.concept.id for concept in named if concept.sign in ("*", "+")}
        own, is_bare = fold(term), any(map(has_tones, written_in)) and term.isascii()
        of_own = frozenset(own.split())
        by_text: dict[tuple[str, str], Form] = {}
        for concept in sorted(named, key=lambda concept: concept.concept.id not in sure):
            is_sure = concept.concept.id in sure
            is_broad = _is_broad(term, concept)
            is_doing = news_source.ENGLISH in written_in and _is_doing(term, concept)
            is_doubtful = not is_sure or is_doing
            for language, forms in concept.concept.forms.items():
                has_sides = _has_sides(forms)
                for written in forms:
                    form = _form(written, language, concept)
                    folded = fold_again(form.text)
                    doubtful = is_doubtful or (has_sides and _is_other_side(written, concept))
                    if written != forms[0] and not doubtful:
                        is_part = not is_broad and _is_part_of_another(written, forms, concept)
                        doubtful = is_part or written[0] == "+"
                    # cyclone for tropical cyclone: means more than the term
                    if doubtful or (len(of_own) > 1 and frozenset(folded.split()) < of_own):
                        form = form._replace(ambiguous=True)
                    for said in (form, *in_other_spellings(form)):
                        has_marks = is_bare and not said.text.isascii()
                        if folded != own or said.text != form.text or has_marks:
                            by_text.setdefault((said.text, language), said)
            for form in _english_acronyms(concept) if is_sure else ():
                for said in (form, *as_name(form)):
                    by_text.setdefault((said.text, said.language), said)
        return tuple(by_text.values())

    def languages(self, term: str, among: Collection[str] = ()) -> frozenset[str]:
        """Return the languages of which a term is a headword.

        It may carry an ending, unless English has it with one of its own, and Vietnamese may have
        lost its marks. A term of one word with a capital is no common word, unless a language
        writes that with a capital.
        """
        return self._known_languages(term, tuple(among))

    def _languages_of(self, term: str, among: Collection[str]) -> frozenset[str]:
        packed = self._packed()
        found = set()
        lower = term.lower()
        for concept in packed.named(term):
            if _is_called_so_anywhere(concept.concept):
                continue
            for language, forms in concept.concept.forms.items():
                texts = (asked(form, language, concept.concept) for form in forms)
                if any(text.lower() == lower and _is_written(term, text) for text in texts):
                    found.add(normal(language))
        if not found and term == lower and packed.named_bare(term, _LEAST_OF_BARE):
            found = set(filter(has_tones, map(normal, known_languages())))
        if not found:
            found = self._languages_with_endings(term, among or known_languages())
        return frozenset(found)

    def _languages_with_endings(self, term: str, among: Iterable[str]) -> set[str]:
        """Return of which of these languages a term is a headword that carries an ending."""
        others = {*map(normal, among)} - ({news_source.ENGLISH} if term.isascii() else set())
        if not others or not self._may_be_foreign(term):
            others = set(filter(has_capital_nouns, others)) if term[:1].isupper() else set()
        if not others:
            return others
        used = {script for _, script in letters(term)}
        asked = [
            language
            for language in others
            if used <= scripts_of(language) and may_write(term, language)
        ]
        # At once of all of them: hardly a word that they do not have is a form of one of theirs.
        if len(asked) > _FEW and " " not in term:
            forms = forms_anywhere(term)
        else:
            forms = [*chain.from_iterable(other_forms(term, language) for language in asked)]
        if not self._packed().first_folded(forms):
            return set()
        return {language for language in asked if self._inflected([term], (language,))}

    def _may_be_foreign(self, term: str) -> bool:
        """Whether a term may be of another language than English, in small letters or others."""
        if not term.isascii():
            return True
        is_word = term.isalpha() and term == term.lower() and len(term) >= _LEAST_OF_A_FOREIGN
        is_common = term in everyday_words("en")
        return is_word and not is_common and not self._inflected([term], ("en",))

    def _named(self, term: str, written_in: Collection[str]) -> list[NamedConcept]:
        """Return the concepts that a term names; if none, those that another form of it names."""
        packed = self._packed()
        for name in (term, *_other_names(term, packed)):
            if named := packed.named(name, written_in):
                return named
        if any(map(has_tones, written_in)) and (named := packed.named_bare(term)):
            return named
        others = english_spellings(term) if not written_in or "en" in written_in else []
        if named := packed.first_named(others, ("en",)):
            return named
        if named := self._inflected([term], written_in) or self._inflected(others, ("en",)):
            return named
        return [
            concept
            for concept in (packed.named(term) if written_in else ())
            if _is_known_everywhere(concept, term)
        ]

    def _inflected(self, terms: Sequence[str], written_in: Collection[str]) -> list[NamedConcept]:
        """Return the concepts that the first of these terms names in another form.

        Of several languages that one's whose form is the nearest: réfugiés is réfugié in French
        before it is refugi in Catalan.
        """
        packed = self._packed()
        best: tuple[int, list[NamedConcept]] = (-1, [])
        for language in written_in or (("en", "") if all(map(str.isascii, terms)) else ("",)):
            candidates = chain.from_iterable(other_forms(term, language) for term in terms)
            of = (language,) if written_in else ()
            named = packed.first_folded(list(candidates), of)
            if named and len(written_in) < 2:
                return named
            if named and (shared := _most_shared(terms[0], named, language)) > best[0]:
                best = (shared, named)
        return best[1]


def _most_shared(term: str, named: Sequence[NamedConcept], language: str) -> int:
    """Return how many letters a term and a form of what it names begin with alike.

    Folded, and as written once more: a term with marks is no other word, and one without may be.
    """
    forms = [
        parted(form)[1]
        for each in named
        for of, written in each.concept.forms.items()
        if normal(of) == language
        for form in written
    ]
    own = fold(term)
    return max(
        (
            begun_alike(own, fold(form)) + (not term.isascii() and begun_alike(term, form))
            for form in forms
        ),
        default=0,
    )


def _is_written(term: str, form: str) -> bool:
    """Whether a term is written as a form, but for a capital that begins a sentence."""
    if term == form or " " in term:
        return term.lower() == form.lower()
    return term[1:] == form[1:] and not term[:1].isupper() and not form[:1].isupper()


def _is_known_everywhere(named: NamedConcept, term: str) -> bool:
    """Whether a term is the English name of what the concept is, its acronym, or a first name."""
    if named.sign == "@":
        return True
    every = [parted(form) for form in named.concept.forms[news_source.ENGLISH]]
    if named.concept.kind == "name" and any(sign == "~" for sign, _ in every):
        return True
    english = {form for _, form in every}
    return term[:1].isupper() and named.concept.kind != "noun" and term in english


def _surely_meant(named: list[NamedConcept], *, is_phrase: bool) -> frozenset[str]:
    """Return the ids of the concepts that a term surely means; none if it may mean any.

    Of several the one that is called so before anything else, and what is nearly the same. What
    several words say together hardly ever says two things: personnel soignant is medical staff
    and health workers.
    """
    if len(named) < 2:
        return frozenset(concept.concept.id for concept in named)
    first = [concept for concept in named if concept.is_first]
    if is_phrase and len(first) != 1:
        return frozenset(concept.concept.id for concept in first or named)
    if not first or any(not _are_alike(first[0], concept) for concept in first[1:]):
        return frozenset()
    return frozenset(concept.concept.id for concept in named if _are_alike(first[0], concept))


def _is_phrase(term: str, written_in: Collection[str]) -> bool:
    """Whether a term has several words; Vietnamese writes the syllables of one word apart."""
    return " " in term and not any(map(has_tones, written_in))


def _are_alike(one: NamedConcept, other: NamedConcept) -> bool:
    """Whether two concepts are called the same in so many languages that they are hardly two.

    Languages that share the roots of their words do not tell: depression is depressão, whichever.
    """
    if one.concept.id == other.concept.id:
        return True
    shared = one.concept.forms.keys() & other.concept.forms.keys() & _far_languages()
    same = sum(
        not set(one.concept.forms[language]).isdisjoint(other.concept.forms[language])
        for language in shared
    )
    return same >= _ALIKE * max(len(shared), 1)


@cache
def _far_languages() -> frozenset[str]:
    """Return the languages that are written in other scripts than those of Europe."""
    near = {"latin", "cyrillic", "greek"}
    written = ((code, set(scripts_of(code))) for code in known_languages())
    return frozenset(code for code, scripts in written if scripts and not scripts & near)


def _other_names(term: str, packed: PackedNews) -> list[str]:
    """Return the term with an acronym in it written out, or a name in it shortened.

    So that "UN Office on ..." and "United Nations Office on ..." are one name.
    """
    names: list[str] = []
    if " " not in term:  # which is a name as a whole
        return names
    begun = (name for word in _BARE.findall(term) for name in packed.names_by_word.get(word, ()))
    for name in dict.fromkeys(begun):
        if len(name) < len(term) and name in term:
            pattern = rf"(?<!\w){re.escape(name)}(?!\w)"
            for other in packed.names[name]:
                names.append(re.sub(pattern, lambda _, to=other: to, term))  # type: ignore[misc]
    return [name for name in dict.fromkeys(names) if name != term]


def _may_mean(named: NamedConcept, term: str) -> bool:
    """Whether the case of the term fits: an acronym's counts, and a place has a capital.

    Un in Kim Jong Un is no UN, and no mer noire the Black Sea; nor is a surname a common word.
    """
    if named.sign == "@":
        return any(f"@{term}" in forms for forms in named.concept.forms.values())
    is_name = named.concept.kind in _NAMES and named.sign != "&"
    if named.concept.kind in _WORDS_OF_LISTS and term.istitle() and term.isalpha():
        return not _is_a_persons(term, named)
    return not is_name or term != term.lower() or term == term.upper()


def _is_doing(term: str, named: NamedConcept) -> bool:
    """Whether an English word is what somebody does, and the concept a thing: sharing, a share."""
    if named.concept.kind != "noun" or not _DOING.fullmatch(term):
        return False
    return fold(term) not in {
        fold(parted(form)[1]) for form in named.concept.forms[news_source.ENGLISH]
    }


def _is_a_persons(term: str, named: NamedConcept) -> bool:
    """Whether a word with a capital is a surname, and only looks like a word of a list.

    It ends as surnames do and no form of the word: Зеленский is no зелень, Лебедев no лебедь. Or
    it is written with marks that the word has not: Müller is no muller.
    """
    folded = fold(term)
    every = [parted(form)[1] for forms in named.concept.forms.values() for form in forms]
    same = [form for form in every if fold(form) == folded]
    if same:
        return not term.isascii() and all(map(str.isascii, same))
    ends = tuple(end for end in _surname_endings() if folded.endswith(end))
    return bool(ends) and not any(form.endswith(ends) for form in every)


@cache
def _surname_endings() -> tuple[str, ...]:
    return tuple({fold(end) for _, cell in rows("surname_endings.tsv") for end in cell.split()})


def _is_called_so_anywhere(concept: Concept) -> bool:
    """Whether languages in Latin letters call somebody or a place as English does: Nevada."""
    return concept.kind in _NAMES and _IN_LATIN_LETTERS.isdisjoint(concept.forms)


def _is_part_of_another(written: str, forms: tuple[str, ...], named: NamedConcept) -> bool:
    """Whether a name is the name of another, without a word: Ormuz, the strait of Ormuz."""
    if named.concept.kind not in ("place", "institution") or len(forms) < 2:
        return False
    words = frozenset(_WORDS.split(parted(written)[1].lower()))
    return any(words < frozenset(_WORDS.split(parted(form)[1].lower())) for form in forms)


def _is_broad(term: str, named: NamedConcept) -> bool:
    """Whether a term is itself the shorter name of what has a longer one: Macedonia."""
    own = term.lower()
    return any(
        _is_part_of_another(written, forms, named)
        for forms in named.concept.forms.values()
        for written in forms
        if parted(written)[1].lower() == own
    )


def _has_sides(forms: tuple[str, ...]) -> bool:
    """Whether a language has an adjective of a place; where it has none the name is both."""
    return any(form[0] == "&" for form in forms)


def _is_other_side(written: str, named: NamedConcept) -> bool:
    """Whether a place is named by its adjective, or the other way: not all Russian is Russia."""
    return (written[0] == "&") != (named.sign == "&")


def _english_acronyms(named: NamedConcept) -> Iterator[Form]:
    """Yield the English acronyms of an institution, for languages that have none of their own.

    The press of these writes ECB in any script. Not one that is a word there: in capitals that
    may stand in a headline.
    """
    if named.concept.kind != "institution":
        return
    every = named.concept.forms
    acronyms = [
        form for form in every[news_source.ENGLISH] if form[0] == "@" and len(form) > _SHORT
    ]
    for language, forms in every.items() if acronyms else ():
        if any(form[0] == "@" for form in forms):
            continue
        for form in acronyms:
            if not _is_small(fold(form[1:]), language):
                yield _form(form, language, named)


def _is_small(folded: str, language: str) -> bool:
    """Whether it is a common word of a language, which it does not have from English."""
    is_common = folded in everyday_words(language) and folded not in everyday_words("en")
    return is_common or folded in stop_words(language)


def _is_small_letter(letter: str, kind: str) -> bool:
    """Whether no name begins so; surnames do in Georgian, whose letters have no capitals."""
    return letter.islower() and (kind != "surname" or has_capitals(letter))


def _form(written: str, language: str, named: NamedConcept) -> Form:
    sign, text = parted(written)
    kind = named.concept.kind
    short = len(text) < _SHORT and text.isascii()
    is_name = (
        (kind in _NAMES or named.concept.sense == _COMPANY)
        and sign != "&"
        and not any(_is_small_letter(w[:1], kind) for w in _PARTS.split(text))
    )
    what = "acronym" if sign == "@" else "name" if is_name else "word"  # Чёрное море is a word
    if what == "acronym" and has_endings(text, language) and fold(text) not in stop_words():
        what = "word"  # whose case counts all the same
    # Most languages in Latin script write a place as English does, and have no form of their own.
    anywhere = what == "name" and language == news_source.ENGLISH
    return Form(
        language="" if anywhere else normal(language),
        text=text,
        source=SOURCE,
        score=_SCORE,
        ambiguous="~" in (sign, named.sign) or kind == "name" or (short and what == "word"),
        kind=what,
    )
