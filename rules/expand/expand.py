"""A rule's variants, made when it is saved: what its words are called elsewhere."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cache, lru_cache, partial
from itertools import chain, pairwise
from operator import attrgetter

from rules.data.tables import brands, has_tones, particles, rows
from rules.expand.composed import (
    composed,
    compounded,
    joined,
    says_little,
    with_particles,
    with_sign,
)
from rules.expand.own_compounds import otherwise_joined
from rules.expand.written_in import languages_of, spans
from rules.languages.verbs import (
    TO,
    is_in_third_person,
    is_typed_as_verb,
    is_verb,
    says_by_verb,
    verb_phrases,
    verbs_among,
)
from rules.lexicons.api import Form, Lexicon
from rules.lexicons.english_verbs import ENGLISH, verb_forms
from rules.patterns.ambiguity import finds_too_much
from rules.patterns.name_patterns import has_parts
from rules.patterns.variants_in import tonal
from rules.query.parsed import ParsedQuery
from rules.query.terms import content, is_code, text_terms
from rules.query.tree import AllOf, Keyword, Near, Not, Query, children
from rules.text.folding import fold, fold_again
from rules.text.tokenizer import Word
from storage.model import Variant, VariantState

said_by = attrgetter("of", "language", "text")
"""What `Variant.key` is made of: to compare many, without digests."""

MOST = 2_000
"""So many variants are made for a rule at most, those of its first words first."""

_MOST_TERMS = 20
_MOST_JOINED = 4
_ROMAN = frozenset("IVX")
_LONGEST_PARTICLE = 3
_LONGEST_VERB = 2
_MOST_OF_A_VERB = 1_000
"""Of what many verbs of lists say (Italian taglia) only so much, that other words have room."""
_LONGEST_ACRONYM = 8
_SHORTEST_ACRONYM = 3
_SURE_ACRONYM = 4
_LEAST_TO_TURN = 4
_ACRONYM_SCORE = 0.92
_SHORTEST_VERB = 7
_MOST_KEPT = 200
"""So much is remembered of the words of rules."""


def expand(
    query: ParsedQuery, lexicons: Sequence[Lexicon], languages: Collection[str] = ()
) -> tuple[Variant, ...]:
    """Return the variants of a query's keywords: whole, by spans of words, word by word.

    Phrases in quotes and exact terms are meant as they are written, so they get none. Forms
    that would find too much alone are proposed when they stand for a whole keyword, and
    active when they stand beside another of its words.

    Args:
        languages: What the query may be written in, as `written_in` says; empty for any.
    """
    by_key: dict[tuple[str, str, str], Variant] = {}
    keywords = list(dict.fromkeys(keywords_of(query.tree)))
    first = next(iter(query.terms), None)
    beside = {
        *_beside_others(query.tree),
        *_beside_names(query.tree, lambda text: _is_name(text, lexicons, languages)),
    }
    for keyword in keywords[:_MOST_TERMS]:
        whole = "" if keyword == first else keyword.text
        own = languages_of(keyword.text, lexicons, languages)
        is_beside = keyword in beside
        for variant in _of_keyword(keyword.text, whole, lexicons, own, is_beside_others=is_beside):
            by_key.setdefault(said_by(variant), variant)
            if len(by_key) >= MOST:
                return tuple(by_key.values())
    return tuple(by_key.values())


def keywords_of(query: Query) -> list[Keyword]:
    """Return the keywords that are looked for in title and text and may stand there."""
    return [term for term in text_terms(query, wanted=True) if isinstance(term, Keyword)]


def _beside_others(query: Query) -> Iterator[Keyword]:
    """Yield the keywords that must stand near others, as words of one keyword do."""
    if isinstance(query, Near):
        yield from keywords_of(query)
    for part in children(query):
        yield from _beside_others(part)


def _beside_names(query: Query, is_name: Callable[[str], bool]) -> Iterator[Keyword]:
    """Yield the keywords that are asked for together with a name: Apple AND (probe OR recall).

    In what is written of the name, what also means something else mostly means what the rule asks.
    """
    parts = [own for own in map(keywords_of, children(query)) if own]
    if isinstance(query, AllOf) and len(parts) > 1:
        named = [all(is_name(keyword.text) for keyword in own) for own in parts]
        for number, own in enumerate(parts):
            if any(named[:number] + named[number + 1 :]):
                yield from own
    for part in children(query):
        if not isinstance(part, Not):
            yield from _beside_names(part, is_name)


def _is_name(text: str, lexicons: Sequence[Lexicon], languages: Collection[str]) -> bool:
    """Whether a keyword is written as a name, and lists write what it is called as one, too."""
    if not all(word.text[0].isupper() for word in content(text)):
        return False
    if text in brands() or (text.isupper() and text.isalpha()):
        return True
    begun = [form.text[0] for form in _forms_of(text.lower(), lexicons, languages)]
    return sum(map(str.islower, begun)) <= sum(map(str.isupper, begun))


def _of_keyword(
    text: str,
    whole: str,
    lexicons: Sequence[Lexicon],
    languages: Collection[str],
    *,
    is_beside_others: bool,
) -> Iterator[Variant]:
    words = content(text, tonal(tuple(languages)))
    forms_of = cache(partial(_forms, lexicons=lexicons, languages=languages))
    forms = list(forms_of(text))
    is_brand = text.rstrip(" .0123456789") in brands()  # of a version, too: Windows 11
    if is_brand and len(words) == 1:
        forms = [form for form in forms if form.kind == "name"]
    is_of_verb = len(words) == 1 and _is_verb_alone(text)
    if is_of_verb:
        yield from _other_forms_of_verb(text, whole, languages)
        forms += _forms_of_verb(text, lexicons, languages)
    is_name = any(form.kind == "name" for form in forms)
    for form in forms:
        is_meant = is_brand or is_beside_others or (is_of_verb and says_by_verb(form.text))
        is_ambiguous = form.ambiguous and not is_meant
        proposed = is_ambiguous or finds_too_much(form, text, is_name=is_name)
        yield _variant(form, whole, proposed=proposed)
    yield from _acronyms(words, whole)
    if not any(form.kind != "acronym" and not form.ambiguous for form in forms):
        for form in composed(text, words, forms_of):
            yield _variant(form, whole, proposed=False)
    has_name = any(word.text[0].isupper() for word in words)
    for last, word in pairwise(words[:_MOST_JOINED]):
        ends = text[words[0].start : last.end], text[word.start : words[-1].end]
        one, other = forms_of(_meant_before_another(ends[0], languages)), forms_of(ends[1])
        together = joined(one, other) if has_name else with_sign(one, other)
        yield from (_variant(form, whole, proposed=False) for form in together)
    yield from _in_own_parts(text, whole, words, forms, lexicons, languages)
    if sons := _sons(words):
        yield from (_variant(Form("", son, "names"), of, proposed=False) for of, son in sons)
    elif has_parts(text) and not is_code(text):
        yield from _of_spans(text, words, forms_of, lexicons, languages, is_brand=is_brand)


def _in_own_parts(
    text: str,
    whole: str,
    words: Sequence[Word],
    forms: Collection[Form],
    lexicons: Sequence[Lexicon],
    languages: Collection[str],
) -> Iterator[Variant]:
    """Yield the variants of a compound by its two words, in other languages and its own."""
    if not forms and len(words) == 1:
        yield from _of_halves(text, whole, lexicons, languages)
    own = partial(_forms_in, lexicons)
    for form in otherwise_joined(text, words, forms, languages, own):
        yield _variant(form, whole, proposed=False)


def _of_spans(
    text: str,
    words: Sequence[Word],
    forms_of: Callable[[str], Collection[Form]],
    lexicons: Sequence[Lexicon],
    languages: Collection[str],
    *,
    is_brand: bool,
) -> Iterator[Variant]:
    """Yield the variants of some of a keyword's words, which stand beside the others."""
    is_english = bool(_only(languages))
    done = verbs_among(tuple(word.text for word in words), _only(languages))
    for start, end in spans(len(words)):
        part = text[words[start].start : words[end - 1].end]
        if part != text and not (end - start == 1 and _is_particle(words, start)):
            is_last = end == len(words)
            meant = part if is_last else _meant_before_another(part, languages)
            forms = list(forms_of(meant))
            if start in done if is_english else end - start <= _LONGEST_VERB:
                phrase = _with_particle(text, words, start, end)
                forms += _forms_of_verb(phrase, lexicons, languages)
            is_numbered = not is_last and set(words[end].text) <= _ROMAN  # Leo XIV
            named = [form for form in forms if form.kind == "name" or not is_brand]  # Miami Heat
            counting = (form for form in named if is_numbered or not says_little(form))
            korean = (form for form in named if form.language == "ko" and form.kind != "name")
            also = chain.from_iterable(map(with_particles, korean))
            yield from _active((*counting, *also), part)
            if end - start > 1:
                continue
            if not forms:
                yield from _of_halves(part, part, lexicons, languages)
            yield from _other_forms_of_verb(part, part, languages)


def _with_particle(text: str, words: Sequence[Word], start: int, end: int) -> str:
    """Return some words of a keyword, a verb with what belongs to it though it is small: lays off.

    What is done is then none of what the verb says alone.
    """
    part = text[words[start].start : words[end - 1].end]
    behind = text[words[end - 1].end : words[end].start if end < len(words) else None].strip()
    return f"{part} {behind}" if behind in particles("of_verbs") else part


def _is_verb_alone(word: str) -> bool:
    return is_verb(word, ENGLISH) or is_typed_as_verb(word) or is_in_third_person(word)


def _only(languages: Collection[str]) -> str:
    """Return the language of a rule; what may be English is."""
    return ENGLISH if not languages or ENGLISH in languages else ""


def _forms_of_verb(
    text: str, lexicons: Sequence[Lexicon], languages: Collection[str]
) -> Iterator[Form]:
    """Yield how others say what a verb says, or a verb and its particle: steps down."""
    own = _only(languages)
    for phrase in verb_phrases(text, own):
        forms = list(_forms_of(phrase, lexicons, languages))
        if len(forms) > _MOST_OF_A_VERB:
            forms = sorted(forms, key=attrgetter("ambiguous"))[:_MOST_OF_A_VERB]
        for form in forms:
            if form.language == ENGLISH != own:
                yield from verb_forms(form.text.removeprefix(TO))
            yield form


def _other_forms_of_verb(word: str, of: str, languages: Collection[str]) -> Iterator[Variant]:
    if _only(languages):
        yield from (_variant(form, of, proposed=False) for form in verb_forms(word))


def _of_halves(
    word: str, of: str, lexicons: Sequence[Lexicon], languages: Collection[str]
) -> Iterator[Variant]:
    """Yield the variants of a word that no list has, if it is a compound of two."""

    def lookup(part: str, language: str) -> Sequence[Form]:
        forms = [*_forms(part, lexicons, (language,))]
        also = {of for each in lexicons for of in each.languages(part)} if forms else set()
        return [*(Form(of, part, forms[0].source) for of in sorted(also - {language})), *forms]

    for form in compounded(word, languages, lookup):
        yield _variant(form, of, proposed=False)


def _forms_in(lexicons: Sequence[Lexicon], word: str, language: str) -> list[Form]:
    return [*_forms(word, lexicons, (language,))]


def _is_particle(words: Sequence[Word], place: int) -> bool:
    """Whether a small word stands inside a name, and is none: Mohammed bin Salman."""
    is_inside = 0 < place < len(words) - 1
    around = (*words[:place], *words[place + 1 :])
    return (
        is_inside
        and len(words[place].text) <= _LONGEST_PARTICLE
        and words[place].text.islower()
        and any(word.text[0].isupper() for word in around)
        and all(word.text[0].isupper() or len(word.text) <= _LONGEST_PARTICLE for word in around)
    )


def _sons(words: Sequence[Word]) -> list[tuple[str, str]]:
    """Return "son of" inside a name in letters without case, each time as others write it.

    محمد بن سلمان is heard word by word: by themselves بن is coffee, too, and سلمان two ladders.
    """
    known = particles("son")
    inside = (word.text for word in words[1:-1] if word.text in known)
    if any(word.text[0].isupper() or word.text[0].islower() for word in words):
        return []
    return [(of, son) for of in dict.fromkeys(inside) for son in sorted(known - {of})]


def _forms(term: str, lexicons: Sequence[Lexicon], languages: Collection[str]) -> Collection[Form]:
    """Yield the forms of all lexicons, each text of a language once: of the surest list.

    What no list has in small letters, but one in capitals, is a name that was typed in haste.
    """
    forms = _forms_of(term, lexicons, languages)
    name = term.title()
    if not forms and term.islower() and any(each.languages(name) for each in lexicons):
        forms = _forms_of(name, lexicons, languages)
    return forms


def _forms_of(
    term: str, lexicons: Sequence[Lexicon], languages: Collection[str]
) -> Collection[Form]:
    own = "" if term.isascii() and any(map(has_tones, languages)) else fold(term)
    return _surest(own, tuple(form for each in lexicons for form in each.forms(term, languages)))


@lru_cache(maxsize=_MOST_KEPT)
def _surest(own: str, forms: Iterable[Form]) -> Collection[Form]:
    """Return of forms that are written alike the surest one, without those that are the term."""
    best: dict[tuple[str, str, bool], Form] = {}
    for form in forms:
        folded = fold_again(form.text)
        key = (folded, form.language, "'" in form.text)  # o'sish is two words, oʻsish one
        if folded != own and (key not in best or form.score > best[key].score):
            best[key] = form
    return tuple(best.values())


@lru_cache(maxsize=_MOST_KEPT)
def _active(forms: Iterable[Form], of: str) -> Collection[Variant]:
    """Return forms as variants that count: rules of one file share their words."""
    return [_variant(form, of, proposed=False) for form in forms]


def _variant(form: Form, of: str, *, proposed: bool) -> Variant:
    return Variant(
        language=form.language,
        text=_as_verb(form) if form.language in _nominal() else form.text,
        of=of,
        kind=form.kind,
        source=form.source,
        score=form.score,
        state=VariantState.PROPOSED if proposed else VariantState.ACTIVE,
    )


def _as_verb(form: Form) -> str:
    """Return a form without what makes a noun of a long verb, where verbs have no endings."""
    rest = form.text.removeprefix(_nominal()[form.language])
    return rest if len(rest) >= _SHORTEST_VERB and " " not in rest else form.text


def _meant_before_another(part: str, languages: Collection[str]) -> str:
    return _before_noun().get(part, part) if ENGLISH in languages else part


@cache
def _before_noun() -> dict[str, str]:
    """Return English words that mean something else before a noun: close ally, schools close."""
    return {word: meant for word, meant in rows("before_nouns.tsv")}


@cache
def _nominal() -> dict[str, str]:
    return {language: prefix for language, prefix in rows("nominal.tsv")}


def _acronyms(words: Sequence[Word], of: str) -> Iterator[Variant]:
    """Yield the initials of a name of three words or more: UNODC; short ones as proposed."""
    if len(words) < 3 or any(word.is_run or not word.text[0].isupper() for word in words):
        return
    initials = "".join(word.text if word.text.isupper() else word.text[0] for word in words)
    if not _SHORTEST_ACRONYM <= len(initials) <= _LONGEST_ACRONYM:
        return
    sure = len(initials) >= _SURE_ACRONYM
    for written in (initials, *_turned(initials)):
        yield Variant(
            language="",
            text=written,
            of=of,
            kind="acronym",
            source="initials",
            score=_ACRONYM_SCORE,
            state=VariantState.ACTIVE if sure else VariantState.PROPOSED,
        )


def _turned(initials: str) -> list[str]:
    """Return initials in the order of languages that put the noun first: OTAN, ONUDC."""
    if len(initials) < _LEAST_TO_TURN:
        return []
    turned = [initials[:count][::-1] + initials[count:] for count in range(3, len(initials) + 1)]
    return [order for order in dict.fromkeys(turned) if order != initials]
