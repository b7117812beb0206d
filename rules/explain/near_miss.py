"""How near an article came to a part of a query that does not hold for it.

What is tried, the most telling first: the rule's variants that do not count, further strictness,
the other field, other letters, and where the words of the term stand. The work is bounded.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import product
from typing import NamedTuple

from common.language_names import language_name
from rules.data.tables import stop_words
from rules.evaluate.evaluation import Verdict
from rules.evaluate.evidence import Proof
from rules.evaluate.proximity import Occurrence
from rules.explain.gaps import Nearest, listed, nearest, quoted, too_far
from rules.explain.relaxation import EvaluatedRule, RelaxedQueries, telling_words
from rules.explain.similar_word import SimilarWord, nearest_word
from rules.languages.verbs import verb_places
from rules.query.tree import TEXT_FIELDS, Exact, Keyword, Near, Phrase, Regex, Term, Wildcard
from rules.text.folding import fold
from rules.text.tokenizer import Word
from storage.model import Evidence, Variant, VariantState

_ALIKE = 0.6
"""Words less alike than this are not named: they only look like a mistake."""

_IN_ORDER = "they must follow each other in this order"
_CLEARLY_ALIKE = 0.7
_LEAST_LETTERS = 4


class NearMiss(NamedTuple):
    """How near a part of a query came to holding.

    Attributes:
        kind: "variant" (one that does not count), "strictness", "field", "case", "order",
            "apart" (its words are there, too far from each other), "word" (one is missing),
            "words" (all are), "pattern".
        text: One sentence, without a full stop.
        texts: The words of the article that it is about, in their order.
        distance: For "apart" the words between the two that are farthest from each other; for
            "word" and "words" the similarity of the nearest word, in [0, 1]; else None.
        needed: What the distance would have to be, at most or at least; None where it says
            nothing alone.
        variant: For "variant" the one that does not count, as "de:Genf" or "any:Genf".
        missing: For "word" and "words" the words of the query that are not there.
    """

    kind: str
    text: str
    texts: tuple[str, ...] = ()
    distance: float | None = None
    needed: float | None = None
    variant: str = ""
    missing: tuple[str, ...] = ()


class NearMisses:
    """Finds near misses of one rule in one article."""

    def __init__(self, own: EvaluatedRule) -> None:
        self._relaxed = RelaxedQueries(own)
        self._own = own

    def nearest(self, query: Term | Near, fields: Sequence[str]) -> NearMiss | None:
        """Return how near a part that does not hold came; None when there is nothing to say."""
        if isinstance(query, Near):
            return self._parts_apart(query, fields)
        return (
            self._by_another_rule(query, fields)
            or self._elsewhere(query, fields)
            or self._in_other_letters(query, fields)
            or self._by_words(query, fields)
        )

    # --- the same term under another rule ---

    def _by_another_rule(self, term: Term, fields: Sequence[str]) -> NearMiss | None:
        for level, seen in self._relaxed.other_rules:
            verdict = seen.verdict(term, fields)
            if verdict is None:
                continue
            evidence, score = max(seen.evidence(verdict), key=lambda pair: pair[1])
            if not level:
                return _by_variant(evidence, self._relaxed.rule.variants)
            text = f"{quoted(evidence.text)} would count with --match {level} (score {score:.2f})"
            return NearMiss("strictness", text, (evidence.text,), score)
        return None

    # --- the same term in another place or in other letters ---

    def _elsewhere(self, term: Term, fields: Sequence[str]) -> NearMiss | None:
        for name in TEXT_FIELDS:
            verdict = None if name in fields else self._own.verdict(term, (name,))
            if verdict is not None:
                shown_text = self._own.evidence(verdict)[0][0].text
                text = f"{quoted(shown_text)} is in the {name}, not in the {fields[0]}"
                return NearMiss("field", text, (shown_text,))
        return None

    def _in_other_letters(self, term: Term, fields: Sequence[str]) -> NearMiss | None:
        """Look for what is asked for exactly or as a phrase in a less strict way."""
        if isinstance(term, Exact):
            shown_text = self._found(Phrase(term.text), fields)
            if shown_text:
                text = f"{quoted(shown_text)} is there; it must be written {term.text}"
                return NearMiss("case", text, (shown_text,))
        if isinstance(term, Exact | Phrase):
            shown_text = self._found(Keyword(term.text), fields)
            if shown_text:
                other = "in other forms, another order or with words between"
                text = f"{quoted(shown_text)} is there, {other}"
                return NearMiss("order", text, (shown_text,))
        return None

    def _found(self, query: Phrase | Keyword, fields: Sequence[str]) -> str:
        seen = self._relaxed.instead(query)
        verdict = seen.verdict(query, fields)
        return seen.evidence(verdict)[0][0].text if verdict else ""

    # --- the words of the term ---

    def _by_words(self, term: Term, fields: Sequence[str]) -> NearMiss | None:
        match term:
            case Keyword(text):
                return self._best_of(term, self._by_words_of(text, fields), fields)
            case Phrase(text) | Exact(text):
                return self._by_words_of(text, fields, ordered=True)
            case Wildcard(pattern):
                return NearMiss("pattern", f"no word fits {pattern}")
            case Regex():
                return NearMiss("pattern", "nothing fits the expression")

    def _best_of(self, term: Keyword, own: NearMiss, fields: Sequence[str]) -> NearMiss:
        """Return the nearer one: by the words of the term, or by those of one of its variants."""
        best = own
        for variant in self._relaxed.whole_variants(term):
            miss = self._by_words_of(variant.text, fields, plain=True)
            if _nearness(miss) > _nearness(best):
                text = f"by {_named(variant)}: {miss.text}"
                best = miss._replace(text=text)
        return best

    def _by_words_of(
        self, text: str, fields: Sequence[str], *, ordered: bool = False, plain: bool = False
    ) -> NearMiss:
        wanted: Sequence[Word] = telling_words(text)
        if not ordered and not plain:
            wanted = self._said_together(wanted, fields)
        occurrences = {name: self._occurrences(wanted, name, plain=plain) for name in fields}
        there = {
            occurrence.part for occurrences in occurrences.values() for occurrence in occurrences
        }
        if len(there) < len(wanted):
            return self._missing(wanted, there, occurrences, fields)
        if len(wanted) == 1:
            return self._not_counted(wanted[0], occurrences)
        return self._too_far(wanted, occurrences, ordered=ordered)

    def _said_together(self, wanted: Sequence[Word], fields: Sequence[str]) -> Sequence[Word]:
        """Return the words with those as one that a variant stands for, where it is there."""
        for of in dict.fromkeys(variant.of for variant in self._relaxed.rule.variants):
            some = [word.folded for word in telling_words(of)]
            for start in range(len(wanted) - len(some) + 1) if len(some) > 1 else ():
                end = start + len(some)
                one = replace(wanted[start], text=of, folded=fold(of))
                is_it = [word.folded for word in wanted[start:end]] == some
                if is_it and any(self._occurrences([one], name, plain=False) for name in fields):
                    return [*wanted[:start], one, *wanted[end:]]
        return wanted

    def _occurrences(self, wanted: Sequence[Word], field: str, *, plain: bool) -> list[Occurrence]:
        """Return where each word stands alone."""
        occurrences: list[Occurrence] = []
        for part, word in enumerate(wanted):
            query, seen = self._relaxed.word(word.text, plain=plain)
            for proof in _proofs(seen.verdict(query, (field,))):
                occurrences.append(
                    Occurrence(proof.start, proof.end, part, proof.match_type, proof.strength)
                )
        return sorted(occurrences)

    def _missing(
        self,
        wanted: Sequence[Word],
        there: set[int],
        occurrences: dict[str, list[Occurrence]],
        fields: Sequence[str],
    ) -> NearMiss:
        missing = [word for part, word in enumerate(wanted) if part not in there]
        lower = self._in_other_case(missing, fields)
        if lower is not None:
            return lower
        known = [
            f"{quoted(self._text(name, first))} is in the {name}"
            for part in sorted(there)
            for name, first in [_first(occurrences, part)]
        ]
        lacking = " or ".join(quoted(word.text) for word in missing)
        if known:
            text = f"{' and '.join(known)}, but nothing for {lacking}"
        else:
            text = f"nothing for {lacking}"
        shown_texts = tuple(self._text(*_first(occurrences, part)) for part in sorted(there))
        kind = "word" if there else "words"
        absent = tuple(word.text for word in missing)
        like = self._nearest_word(missing, fields)
        begun = self._begun(missing, fields)
        if like is None or (begun and like[1].similarity < _CLEARLY_ALIKE):
            text = f"{text}; {begun}" if begun else text
            return NearMiss(kind, text, shown_texts, missing=absent)
        sought, near = like
        text += f"; the nearest word to {sought.text} is {near.text}"
        if near.similarity < near.needed:
            text += f" (likeness {near.similarity:.2f}, needs {near.needed:.2f})"
        else:
            text += ", which only sounds like it"
        shown_texts = (*shown_texts, near.text)
        return NearMiss(kind, text, shown_texts, near.similarity, near.needed, missing=absent)

    def _nearest_word(
        self, missing: Sequence[Word], fields: Sequence[str]
    ) -> tuple[Word, SimilarWord] | None:
        """Return the word of the article that is most like a missing one, and which that is."""
        heard = [word for name in fields for word in self._relaxed.phonetic_words[name]]
        similar = [
            (word, near)
            for word in missing
            if len(word.folded) >= _LEAST_LETTERS
            and (near := nearest_word(word.text, heard, self._relaxed.language)) is not None
            and near.similarity >= _ALIKE
        ]
        return max(similar, key=lambda pair: pair[1].similarity, default=None)

    def _begun(self, missing: Sequence[Word], fields: Sequence[str]) -> str:
        """Return which longer word begins with a missing one, "" if none does."""
        for name, word in product(fields, missing):
            if len(word.folded) < _LEAST_LETTERS or word.is_run:
                continue
            for folded, text in self._relaxed.written[name].items():
                if folded.startswith(word.folded):
                    return f"{quoted(text)} in the {name} begins with {word.text}"
        return ""

    def _in_other_case(self, missing: Sequence[Word], fields: Sequence[str]) -> NearMiss | None:
        """Return the miss of a word that is there, but counts as it is written only."""
        for name, word in product(fields, missing):
            shown_text = self._relaxed.written[name].get(word.folded)
            if shown_text is None:
                continue
            text = f"{quoted(shown_text)} is in the {name}"
            if shown_text.lower() == word.text and shown_text.lower() in stop_words(
                self._relaxed.language or " "
            ):
                language = language_name(self._relaxed.language)
                return NearMiss(
                    "case", f"{text}, where it is a small {language} word", (shown_text,)
                )
            if shown_text == word.text:
                return NearMiss("case", f"{text}, but does not count for it", (shown_text,))
            text = f"{text}; it must be written {word.text}"
            return NearMiss("case", text, (shown_text,))
        return None

    def _not_counted(self, word: Word, occurrences: dict[str, list[Occurrence]]) -> NearMiss:
        name, first = _first(occurrences, 0)
        text = self._text(name, first)
        why = "but does not count for it"
        if text.islower() and not word.text.islower():
            why = f"but in lower case it does not count for {word.text}"
        return NearMiss("case", f"{quoted(text)} is in the {name}, {why}", (text,))

    def _too_far(
        self, wanted: Sequence[Word], occurrences: dict[str, list[Occurrence]], *, ordered: bool
    ) -> NearMiss:
        texts = self._own.view.texts
        near = nearest(occurrences, len(wanted), texts)
        if near is None:
            firsts = [_first(occurrences, part) for part in range(len(wanted))]
            shown = [f"{quoted(self._text(*first))} in the {first[0]}" for first in firsts]
            text = f"{', '.join(shown)}; they must be near each other in one of them"
            return NearMiss("field", text, tuple(self._text(*first) for first in firsts))
        says_done = bool(verb_places([word.text for word in wanted], self._relaxed.rule.written_in))
        why = _IN_ORDER if ordered else too_far(near.widest, says_done=says_done)
        text = f"{listed(near, texts[near.field])}; {why}"
        return NearMiss("apart", text, self._texts(near), near.widest.total)

    def _text(self, field: str, occurrence: Occurrence) -> str:
        return self._own.view.texts[field][occurrence.start : occurrence.end]

    def _texts(self, near: Nearest) -> tuple[str, ...]:
        return tuple(self._text(near.field, occurrence) for occurrence in near.occurrences)

    # --- NEAR ---

    def _parts_apart(self, near: Near, fields: Sequence[str]) -> NearMiss | None:
        occurrences: dict[str, list[Occurrence]] = {}
        for name in fields:
            occurrences[name] = sorted(
                Occurrence(proof.start, proof.end, part, proof.match_type, proof.strength)
                for part, query in enumerate(near.parts)
                for proof in _proofs(self._own.verdict(query, (name,)))
            )
        texts = self._own.view.texts
        near_places = nearest(occurrences, len(near.parts), texts)
        if near_places is None:
            return None
        widest = max(gap.total for gap in near_places.gaps)
        shown = listed(near_places, texts[near_places.field], clauses=False)
        text = f"{shown}; at most {near.distance} words may stand between"
        return NearMiss("apart", text, self._texts(near_places), widest, near.distance)


def _nearness(miss: NearMiss) -> tuple[int, float]:
    """Return how near it came, for comparing: are all words there, else how like they are."""
    if miss.kind in ("word", "words"):
        return (0, len(miss.texts) + (miss.distance or 0.0))
    return (1, 0.0)


def _first(occurrences: dict[str, list[Occurrence]], part: int) -> tuple[str, Occurrence]:
    """Return where a word that is there stands first, and in which field."""
    return next(
        (name, occurrence)
        for name, of_field in occurrences.items()
        for occurrence in of_field
        if occurrence.part == part
    )


def _proofs(verdict: Verdict | None) -> Iterable[Proof]:
    return verdict.proofs if verdict else ()


def _by_variant(proof: Evidence, variants: Iterable[Variant]) -> NearMiss:
    """Return the miss of a form that is on the rule's list, but does not count."""
    idle = [variant for variant in variants if variant.state is not VariantState.ACTIVE]
    named = [variant for variant in idle if variant.text in proof.variants]
    named = named or [variant for variant in idle if fold(variant.text) in fold(proof.text)]
    shown = quoted(proof.text)
    if not named:
        return NearMiss(
            "variant", f"{shown} is found by a variant that does not count", (proof.text,)
        )
    variant = named[0]
    text = f"{shown} is found by {_named(variant)}, which "
    if variant.state is VariantState.REJECTED:
        text += "was rejected"
    else:
        text += "is proposed but not active; it would count with --match broad"
    called = f"{variant.language or 'any'}:{variant.text}"
    return NearMiss("variant", text, (proof.text,), variant.score, variant=called)


def _named(variant: Variant) -> str:
    if variant.kind == "user":
        return f"your variant {variant.text}"
    return f"the variant {variant.text} ({variant.source})"
