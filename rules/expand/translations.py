"""What a translator proposes, checked before it becomes a variant of a rule."""

import html
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from rules.data.tables import has_capital_nouns, stop_words
from rules.languages import similarity
from rules.languages.inflection import ending_phonemes
from rules.languages.phonemes import phonemes_of
from rules.languages.scripts import article_of, has_capitals, is_short, letters, normal, scripts_of
from rules.query.parsed import ParsedQuery
from rules.query.terms import content, text_terms
from rules.query.tree import QUOTES, Keyword, Not, Phrase, Query, children
from rules.text.folding import fold
from rules.text.tokenizer import words
from storage.model import Variant, VariantState

TRANSLATORS = ("libretranslate", "openai")
"""What the sources of variants begin with that were asked for, and not made from lists."""

MOST_TERMS = 8
MOST_OF_A_LANGUAGE = 6
"""So many terms of a query are asked for, and so many forms of one are kept in a language."""

LOW_CONFIDENCE = 0.5
LEAST_CONFIDENCE, MOST_CONFIDENCE = 0.05, 0.99
_LONGEST = 200


class TermToTranslate(NamedTuple):
    """A term of a query that a translator is asked for.

    Attributes:
        text: As the query writes it.
        of: What its variants say in `Variant.of`.
        literal: It is a phrase, meant as it is written: its translations are only proposed.
    """

    text: str
    of: str
    literal: bool = False


class Proposal(NamedTuple):
    """A form of a term in a language, as a translator gives it; nothing about it is certain.

    Attributes:
        language: A tag, or a name of the language.
        confidence: In [0, 1].
        doubted: Translated back, it did not hold the term's words.
    """

    language: str
    text: str
    confidence: float = 0.9
    doubted: bool = False


def terms_to_translate(query: ParsedQuery) -> tuple[TermToTranslate, ...]:
    """Return the keywords and phrases that an article may have to hold, the first ones first.

    At most `MOST_TERMS`; none for a query of wildcards, expressions and other scopes.
    """
    first = query.first
    unwanted = negatives(query)
    by_folded: dict[str, TermToTranslate] = {}
    for term in _said_in(query.tree):
        folded = _folded(term.text)
        if folded in unwanted or not any(letters(term.text)):
            continue
        of = "" if term == first else term.text
        by_folded.setdefault(folded, TermToTranslate(term.text, of, isinstance(term, Phrase)))
    return tuple(by_folded.values())[:MOST_TERMS]


def is_translators(variant: Variant) -> bool:
    """Whether a translator proposed it, also when its owner has accepted it since."""
    return variant.source.rpartition(", ")[2].partition(":")[0] in TRANSLATORS


def negatives(query: ParsedQuery) -> frozenset[str]:
    """Return the keywords and phrases that the query excludes, as `variants_from` compares them."""
    return frozenset(_folded(term.text) for term in _negative(query.tree))


def variants_from(
    proposals: Iterable[Proposal],
    term: TermToTranslate,
    *,
    source: str,
    unwanted: Collection[str] = (),
) -> tuple[Variant, ...]:
    """Return the variants that the proposals make, each form of a language once.

    What does not look like a name of the term in its language is left out; what alone would
    find too much, or is doubtful, is proposed and not active.

    Args:
        source: Who proposes, for people.
        unwanted: What no variant may be, of `negatives`.
    """
    by_form: dict[tuple[str, str], Variant] = {}
    counts: dict[str, int] = {}
    for proposal in proposals:
        language = normal(proposal.language)
        texts = _texts(proposal.text, term.text) if language else ()
        for text in (
            spelling for one in texts for spelling in _spellings(one, language, term.text)
        ):
            key = (language, _folded(text))
            if key[1] in unwanted or not _fits(text, language, term):
                continue
            variant = _variant(text, language, proposal, term, source)
            if key in by_form:
                by_form[key] = _better(by_form[key], variant)
            elif counts.get(language, 0) < MOST_OF_A_LANGUAGE:
                by_form[key] = variant
                counts[language] = counts.get(language, 0) + 1
    return tuple(_everywhere(by_form.values()))


def holds_words(back: str, term: str) -> bool:
    """Whether a translation back holds the words of the term, or most of them, in some form."""
    beginnings = {fold(word.text)[:_STEM] for word in words(back)}
    own = [word.folded for word in content(term)]
    held = sum(word[:_STEM] in beginnings for word in own)
    return held * 2 >= len(own)


_STEM = 4
_MOST_NAMES = 20


def clean_names(texts: Iterable[str], term: str) -> tuple[str, ...]:
    """Return near names that mean something else, fit to be shown, each once."""
    cleaned = (text for said in texts for text in _texts(said, term))
    return tuple({_folded(name): name for name in cleaned if words(name)}.values())[:_MOST_NAMES]


def _said_in(query: Query) -> Iterator[Keyword | Phrase]:
    return (term for term in text_terms(query, wanted=True) if isinstance(term, Keyword | Phrase))


def _negative(query: Query) -> Iterator[Keyword | Phrase]:
    for part in children(query):
        yield from _said_in(part) if isinstance(query, Not) else _negative(part)


def _folded(text: str) -> str:
    return " ".join(word.folded for word in words(text))


# --- one clean text ------------------------------------------------------------------------

_MARKUP = re.compile(r"[<>{}\\]|https?:|\[\w+\]")
_WRAPPED = re.compile(r"^(?:[-*•#>]+|\d+[.)])\s+|^[*_`]+|[*_`]+$")
_NOTE = re.compile(r"\s*[(（\[][^()（）\[\]]*[)）\]]\s*$")
_SENTENCES = re.compile(r"(?<=\w{4})[.!?。！？](?=\s+\S)")
_EDGES = QUOTES + "'‘’‚‹›` \t"


def _texts(text: str, term: str) -> Iterator[str]:
    """Yield the texts that an answer holds, without quotes, notes and a period at the end."""
    text = unicodedata.normalize("NFC", html.unescape(text)).strip().partition("\n")[0]
    if len(text) > 2 * _LONGEST or any(_is_control(letter) for letter in text):
        return
    if ": " in text and ": " not in term:  # Here is the translation: ...
        text = text.rpartition(": ")[2]
    parts = [text] if "/" in term or ";" in term else re.split(r"\s+/\s+|;\s*", text)
    for part in parts:
        cleaned = _cleaned(part, term)
        if cleaned and not _MARKUP.search(cleaned) and len(cleaned) <= _LONGEST:
            yield cleaned


def _is_control(letter: str) -> bool:
    return unicodedata.category(letter) in ("Cc", "Cs", "Co", "Cn") and letter not in "\t"


def _cleaned(text: str, term: str) -> str:
    text = _WRAPPED.sub("", " ".join(text.split()))
    if "(" not in term:
        text = _NOTE.sub("", text)
    text = _unquoted(text)
    if text.endswith((".", "。", "!", "！")) and not term.endswith((".", "!")):
        is_abbreviated = text.count(".") > 1 and " " not in text  # U.N.
        text = text if is_abbreviated else text.rstrip(".。!！")
    return _unquoted(text)


def _unquoted(text: str) -> str:
    """Drop quotes around the text; one that belongs to a word (ז'נבה, Qur') stays."""
    bare = text.strip(_EDGES)
    return bare if text[:1] in _EDGES and text[:1] else text.rstrip(QUOTES + "` ")


_JOINER = "\u200c"


def _spellings(text: str, language: str, term: str) -> Iterator[str]:
    """Yield the text as it stands in a sentence: a common word without its capital.

    What Persian joins without a space is written with one as often, and articles that are
    written onto several words (البنك المركزي) are dropped behind prepositions, or altogether.
    """
    one_word = " " not in text and text[1:] == text[1:].lower() and has_capitals(text)
    if one_word and term[:1].islower() and not has_capital_nouns(language):
        text = text.lower()
    yield text
    if _JOINER in text:
        yield text.replace(_JOINER, " ")
    bare = _without_articles(text, language)
    if bare != text:
        yield bare


def _without_articles(text: str, language: str) -> str:
    """Return a text of several words without the article that is written onto each of them."""
    article, parts = article_of(language), text.split(" ")
    least = len(article) + _LEAST_OF_A_WORD
    if not article or len(parts) < 2:
        return text
    if any(not part.startswith(article) or len(part) < least for part in parts):
        return text
    return " ".join(part.removeprefix(article) for part in parts)


_LEAST_OF_A_WORD = 3


# --- whether it is a name of the term ------------------------------------------------------


def _fits(text: str, language: str, term: TermToTranslate) -> bool:
    return (
        _is_written(text, language)
        and not _says_too_much(text, term.text)
        and not _is_of_stop_words(text, term.text)
        and not _is_own(text, term)
    )


def _is_written(text: str, language: str) -> bool:
    """Whether the text is in the language's scripts; names in Latin letters may stand in it.

    All in Latin letters it may only be an acronym, unless the language is written so.
    """
    written_in = {script for _, script in letters(text)}
    own = scripts_of(language)
    if not written_in or not own:
        return bool(written_in)
    if written_in & own:
        return written_in <= own | {"latin"}
    return written_in == {"latin"} and _is_acronym(text)


def _says_too_much(text: str, term: str) -> bool:
    """Whether it explains instead of naming: several sentences, or far longer than the term."""
    if _SENTENCES.search(text) and not _SENTENCES.search(term):
        return True
    count, own = len(words(text)), len(words(term))
    return count > 3 * own + 4 or len(text) > 8 * len(term) + 40


def _is_of_stop_words(text: str, term: str) -> bool:
    """Whether it is made of stop words, or is a single letter.

    An acronym may look like one (WHO), unless it is what a translator makes of another in
    capitals: QUI for WHO.
    """
    own_words = words(text)
    known = stop_words()
    is_name = _is_acronym(text) and not _is_acronym(term)
    if not own_words or (all(word.folded in known for word in own_words) and not is_name):
        return True
    return len(own_words) == 1 and len(own_words[0].folded) == 1 and not own_words[0].is_run


def _is_own(text: str, term: TermToTranslate) -> bool:
    """Whether these are the term's own words; for a keyword, in whatever order."""
    if term.literal:
        return _folded(text) == _folded(term.text)
    return sorted(w.folded for w in content(text)) == sorted(w.folded for w in content(term.text))


# --- how far it may be trusted -------------------------------------------------------------


def _variant(
    text: str, language: str, proposal: Proposal, term: TermToTranslate, source: str
) -> Variant:
    confidence = min(max(proposal.confidence, LEAST_CONFIDENCE), MOST_CONFIDENCE)
    doubtful = (
        term.literal
        or proposal.doubted
        or confidence < LOW_CONFIDENCE
        or _is_ambiguous(text, language, term.text)
    )
    return Variant(
        language=language,
        text=text,
        of=term.of,
        kind="acronym" if _is_acronym(text) else "translation",
        source=source,
        score=round(confidence, 2),
        state=VariantState.PROPOSED if doubtful else VariantState.ACTIVE,
    )


def _better(old: Variant, new: Variant) -> Variant:
    """Return the one of two that is surer; what one proposal makes active is active."""
    if (new.state is VariantState.ACTIVE) != (old.state is VariantState.ACTIVE):
        return new if new.state is VariantState.ACTIVE else old
    return new if new.score > old.score else old


def _is_ambiguous(text: str, language: str, term: str) -> bool:
    """Whether alone it would find too much: few letters, or a common word for a name."""
    if _is_acronym(text):
        taken_for_a_word = _is_acronym(term) and fold(term) in stop_words()  # WER for WHO
        return taken_for_a_word or len(words(text)[0].folded) < 3
    if is_short(text):
        return True
    one_word = len(words(text)) == len(content(term)) == 1
    if not one_word or not has_capitals(text) or text != text.lower():
        return False
    return term[0].isupper() and not _sounds_like(text, term, language)


def _is_acronym(text: str) -> bool:
    """Whether it is one word of capitals, in a script that has them."""
    own_words = words(text)
    return (
        len(own_words) == 1
        and own_words[0].folded.isalpha()
        and 2 <= len(own_words[0].folded) <= 10
        and own_words[0].text.isupper()
        and own_words[0].text != own_words[0].text.lower()
    )


def _everywhere(variants: Iterable[Variant]) -> Iterator[Variant]:
    """Let an acronym that several languages share, or a long English one, count in any."""
    together: dict[str, list[Variant]] = {}
    for variant in variants:
        if variant.kind != "acronym":
            yield variant
        else:
            together.setdefault(variant.text, []).append(variant)
    for text, same in together.items():
        english = len(text) >= _TELLING_ACRONYM and any(v.language == "en" for v in same)
        if english or len(same) > 1:
            yield replace(max(same, key=lambda v: v.score), language="")
        else:
            yield from same


_TELLING_ACRONYM = 4


def _sounds_like(text: str, term: str, language: str) -> bool:
    """Whether a word is the name itself, in the spelling of the language: ramazan for Ramadan."""
    own = [similarity.known(word.text) for word in content(term)]
    phonemes = phonemes_of(text, language)
    like = [similarity.compare(word, phonemes, ending_phonemes(language)) for word in own]
    return any(
        similar is not None and similar.strength >= similarity.least(known.whole.weight)
        for similar, known in zip(like, own, strict=True)
    )
