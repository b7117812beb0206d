"""Which language a rule is written in: its words are looked up in that one only."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from rules.data.tables import has_capital_nouns, noun_surnames
from rules.data.tables import languages as known_languages
from rules.expand.composed import halves_of
from rules.languages.everyday import english_words, everyday_words
from rules.languages.scripts import letters, scripts_of
from rules.languages.verbs import TO
from rules.lexicons.api import Form, Lexicon
from rules.query.parsed import ParsedQuery
from rules.query.terms import content
from rules.query.tree import Keyword, Phrase, walk
from rules.text.tokenizer import Word, words

DEFAULT = "en"
"""What most people write rules in."""

LONGEST_SPAN = 6
_MOST_TERMS = 20
_ENOUGH = 2


def written_in(
    query: ParsedQuery, lexicons: Sequence[Lexicon], *, default: str = DEFAULT
) -> tuple[str, ...]:
    """Return the language of a query's words, or the few that they may be of.

    All its words together decide. The default is believed unless the whole query is of another
    language: words that English lacks are words of others by chance. Names and acronyms say
    nothing.

    Args:
        default: What its owner writes rules in, unless the words say otherwise.
    """
    counts: dict[str, int] = {}
    total = 0
    terms = (each for each in walk(query.tree) if isinstance(each, Keyword | Phrase))
    texts = list(dict.fromkeys(term.text for term in terms))[:_MOST_TERMS]
    if not has_capital_nouns(default) and noun_surnames().issuperset(texts):
        return (default,)
    for text in texts:
        by_language, telling = _covered(text, lexicons, default)
        total += telling
        for language, count in by_language.items():
            counts[language] = counts.get(language, 0) + count
    if _cannot_be(default, texts):
        return tuple(_most_of(counts))
    own = counts.get(default, 0)
    whole = sorted(language for language, count in counts.items() if count >= total)
    if total and own < total and not whole:
        whole = _knowing_all(texts, sorted(counts), lexicons, default)
    if total and own < total and whole:
        return tuple(whole)
    most = _most_of(counts)
    if most and not own and counts[most[0]] >= _ENOUGH:
        return tuple(most)
    return (() if counts else tuple(_joining(texts, lexicons, default))) or (default,)


def _joining(texts: Sequence[str], lexicons: Sequence[Lexicon], default: str) -> Iterator[str]:
    """Yield the languages of which the only word of a query is two words as one."""

    def lookup(word: str, language: str) -> Sequence[Form]:
        return [form for each in lexicons for form in each.forms(word, (language,))]

    (text, *others) = texts or ("",)
    if not others and text.lower() not in everyday_words(default):
        for language in sorted(known_languages()):
            if halves_of(text, language, lookup, usual=True):
                yield language


def languages_of(
    text: str, lexicons: Sequence[Lexicon], languages: Collection[str]
) -> Collection[str]:
    """Return the languages of one term of a query, given those of the query.

    A query may name one thing in several languages (minister OR médecin OR 台风). A term whose
    letters the query's languages do not have is of those that know all its words, if there are any.
    """
    if text.isascii() or not languages or any(_may_be_written(text, each) for each in languages):
        return languages
    by_language, telling = _covered(text, lexicons, default="")
    if any(by_language.get(each, 0) >= telling for each in languages):
        return languages
    return _most_of({own: n for own, n in by_language.items() if n >= telling > 0}) or languages


def _knowing_all(
    texts: Sequence[str], languages: Sequence[str], lexicons: Sequence[Lexicon], default: str
) -> list[str]:
    """Return which of some languages know all words of the texts in some form.

    lokale Medien is German, though lokale is a word of Danish and lokal that of German. Only those
    of which the most of these words are common, and one at least; none if there is one word only,
    or if the default knows them all.
    """
    every = list(dict.fromkeys(word for text in texts for word in content(text)))
    if not 2 <= len(every) <= LONGEST_SPAN:
        return []
    common = {
        language: sum(_is_common(word, language, default) for word in every)
        for language in languages
    }

    def knows_all(language: str) -> bool:
        return all(
            any(True for each in lexicons for _ in each.forms(word.text, (language,)))
            for word in every
        )

    most = max(common.values(), default=0)
    if not most or knows_all(default):
        return []
    return [language for language in languages if common[language] == most and knows_all(language)]


def _is_common(word: Word, language: str, default: str) -> bool:
    """Whether a word is common in a language, or a noun there, and no common one of the default."""
    is_noun = word.start > 0 and word.text[0].isupper() and has_capital_nouns(language)
    is_common = is_noun or word.folded in everyday_words(language)
    return is_common and word.folded not in everyday_words(default)


def _may_be_written(text: str, language: str) -> bool:
    """Whether a language has all letters of a text; of English those of ASCII, and no others."""
    used = _scripts([text])
    return bool(used) and used <= set(scripts_of(language)) and language != DEFAULT


def _covered(text: str, lexicons: Sequence[Lexicon], default: str) -> tuple[dict[str, int], int]:
    """Return how many words of a text are headwords of each language, and how many could be.

    A capital makes no name of what is a word of the default language: people begin topics so. Nor
    is a word of English another language's alone: dating is Tagalog, too.
    """
    is_english = default == DEFAULT
    counting = {word.start for word in content(text)}
    own_words = words(text)
    covered: dict[str, set[int]] = {}
    has_small = any(word.text[0].islower() for word in own_words)
    for start, end in spans(len(own_words)):
        written = part = text[own_words[start].start : own_words[end - 1].end]
        if start == 0 and has_small:  # as it begins a sentence
            part = part[0].lower() + part[1:]
        for lexicon in lexicons:
            known = _knowing(lexicon, part, written, default)
            asked = (default,) if default and default not in known else ()
            if asked and default in lexicon.languages(part.lower(), asked):
                known.add(default)
            if known and is_english and part in english_words():
                known.add(default)
            for language in known:
                covered.setdefault(language, set()).update(range(start, end))
    for place in _first_names(text, own_words, covered, lexicons):
        for places in covered.values():
            places.discard(place)
    every = set().union(*covered.values())
    telling = {
        place
        for place, word in enumerate(own_words)
        if word.start in counting and (place in every or word.text == word.text.lower())
    }
    return {language: len(places & telling) for language, places in covered.items()}, len(telling)


def _knowing(lexicon: Lexicon, part: str, written: str, default: str) -> set[str]:
    """Return the languages of which words are a headword, or a verb that nothing else is.

    Args:
        part: Without the capital with which they may begin a sentence.
    """
    known = set(lexicon.languages(part))
    if part != written and part.islower():
        known.update(filter(has_capital_nouns, lexicon.languages(written)))
    if not known and part.islower() and part not in everyday_words(default):
        known.update(lexicon.languages(f"{TO}{part}"))
    return known


def _first_names(
    text: str, own_words: Sequence[Word], covered: dict[str, set[int]], lexicons: Sequence[Lexicon]
) -> Iterator[int]:
    """Yield the places of first names beside a name that no list has: Anna Shcherbakova.

    Who is called so is called so in any language, though lists have it in some.
    """
    every = set[int]().union(*covered.values())
    if all(place in every or word.text.islower() for place, word in enumerate(own_words)):
        return
    for place in every:
        languages = [language for language, places in covered.items() if place in places]
        forms = [form for each in lexicons for form in each.forms(own_words[place].text, languages)]
        is_name = any(form.kind == "name" for form in forms)
        if is_name and all(form.ambiguous for form in forms):
            yield place


def spans(count: int) -> list[tuple[int, int]]:
    """Return the places of all runs of words, longest first."""
    longest = min(count, LONGEST_SPAN)
    return [
        (start, start + length)
        for length in range(longest, 0, -1)
        for start in range(count - length + 1)
    ]


def _most_of(counts: dict[str, int]) -> list[str]:
    most = max(counts.values(), default=0)
    return sorted(language for language, count in counts.items() if count == most)


def _cannot_be(language: str, texts: Iterable[str]) -> bool:
    """Whether no letter is of a script of the language."""
    used = _scripts(texts)
    return bool(used) and used.isdisjoint(scripts_of(language))


def _scripts(texts: Iterable[str]) -> set[str]:
    return {script for text in texts for _, script in letters(text)}
