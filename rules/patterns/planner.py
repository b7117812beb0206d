"""Makes plans: how a rule's terms and variants may stand in a text."""

from collections.abc import Iterable, Sequence
from dataclasses import field

from common.records import dataclass
from rules.data.tables import has_tones
from rules.languages.match_types import FARTHEST, MatchType
from rules.patterns.ambiguity import is_brief, is_brief_together
from rules.patterns.cognates import least_together
from rules.patterns.designations import (
    is_of_one_letter,
    with_joined_number,
    without_spaces,
    written_otherwise,
)
from rules.patterns.fuzzy_patterns import has_number, is_lone_name
from rules.patterns.name_patterns import (
    has_parts,
    is_dotted_in_han,
    name_in_latin,
    name_patterns,
    with_other_initials,
    with_other_parts,
    without_middle_initials,
    without_particles,
)
from rules.patterns.pattern import EVERYWHERE, CompiledTerm, Pattern, Plan, RejectedText, Slot
from rules.patterns.rejections import rejected_texts, rejecting
from rules.patterns.slots import (
    as_lone,
    as_name,
    as_names,
    as_said,
    by_longer_spans,
    hyphenated,
    known_slot,
    name_of_list,
    only_heard,
    slot_of,
    with_signed,
    with_variants,
)
from rules.patterns.variants import (
    BySpan,
    Variants,
    concerning,
    counts,
    grouped_by_span,
    is_known_name,
    says_name,
    stands_for,
)
from rules.patterns.variants_in import Known, Languages, known_of, tonal, via_of
from rules.patterns.word_index import WordIndex
from rules.query.parsed import ParsedQuery
from rules.query.regex import LinearRegex, compile_linear
from rules.query.terms import content, in_phrase, is_designation, is_identifier, wild_words
from rules.query.tree import Exact, Keyword, Phrase, Regex, Term, Wildcard
from rules.text.folding import fold
from rules.text.tokenizer import Word, words
from storage.model import Rule, Variant, VariantState

MOST_SPELLED_OUT = 12
_FEWEST_ANYWHERE = 3
"""An acronym of fewer letters counts only where the language of a text is surely its own."""
_NOWHERE: frozenset[str] = frozenset()


@dataclass(slots=True)
class Planner:
    """Makes plans that share one index, and the compiled terms of rules that ask the same."""

    index: WordIndex
    compiled: list[CompiledTerm] = field(default_factory=list)
    _known: dict[tuple[Term, str, Variants, Languages], CompiledTerm] = field(default_factory=dict)

    def plan(self, rule: Rule, query: ParsedQuery) -> Plan:
        """Make a rule ready, with those of its variants that count."""
        first = query.first
        variants = [variant for variant in rule.variants if counts(variant, rule.strictness)]
        compiled = {
            term: self._compiled_term(
                term,
                rule.strictness,
                concerning(variants, term, is_first=term is first),
                rule.written_in,
            )
            for term in query.terms
        }
        return Plan(rule, query.tree, compiled)

    def term(
        self, term: Term, strictness: str, variants: Variants, written_in: Languages, known: Known
    ) -> CompiledTerm:
        """Make a term ready, with those of these variants that concern it and count.

        Args:
            known: As `known_of` all of its variants.
        """
        language = tonal(written_in)
        number = len(self.compiled)
        rejected = [variant for variant in variants if variant.state is VariantState.REJECTED]
        kept = [variant for variant in variants if variant.state is not VariantState.REJECTED]
        patterns: list[Pattern] = []
        regex: LinearRegex | None = None
        match term:
            case Keyword(text, typed):
                asked = typed or text if strictness == "exact" else text
                by_span = grouped_by_span(text, kept, language)
                patterns = [
                    pattern.in_its_languages(written_in)
                    for pattern in self._keyword(asked, strictness, by_span, language, known)
                ]
                label = text
                if is_known_name(text, kept):
                    patterns = [as_names(pattern) for pattern in patterns]
                if rejected:
                    by_word = self._rejected_by_word(text, rejected, kept)
                    patterns = [rejecting(self.index, pattern, by_word) for pattern in patterns]
            case Phrase(text):
                patterns = [self._in_order(text, MatchType.FOLDED, language=language)]
                label = text
            case Exact(text):
                patterns = [self._in_order(text, MatchType.FOLDED, exact=text)]
                label = f"={text}"
            case Wildcard(text):
                patterns = [self._in_order(text, MatchType.FOLDED, wild=True)]
                label = text
            case Regex(text):
                regex = compile_linear(text)
                label = f"/{text}/"
        for variant in kept:
            if variant.of in ("", label):
                patterns.extend(self._variant(variant, strictness))
        whole = [variant for variant in rejected if variant.of in ("", label)]
        return CompiledTerm(
            number, label, tuple(patterns), regex, rejected_texts(self.index, whole, kept)
        )

    def patterns_of(self, text: str, strictness: str, language: str) -> list[Pattern]:
        """Return the patterns of a keyword without variants; `language` as `tonal` has it."""
        return self._keyword(text, strictness, {}, language, {})

    def _compiled_term(
        self, term: Term, strictness: str, variants: Variants, written_in: Languages
    ) -> CompiledTerm:
        key = (term, strictness, variants, written_in)
        compiled_term = self._known.get(key)
        if compiled_term is None:
            known = known_of(term, variants)
            compiled_term = self.term(term, strictness, variants, written_in, known)
            self._known[key] = compiled_term
            self.compiled.append(compiled_term)
        return compiled_term

    def _rejected_by_word(
        self, text: str, rejected: Sequence[Variant], kept: Sequence[Variant]
    ) -> dict[str, tuple[RejectedText, ...]]:
        """Return what is rejected for each word of a keyword."""
        by_word = {}
        own = content(text)
        for word in own:
            spans = (word.folded, "") if len(own) == 1 else (word.folded,)
            rejected_here, kept_here = (
                [variant for variant in some if stands_for(variant.of, text) in spans]
                for some in (rejected, kept)
            )
            by_word[word.folded] = rejected_texts(self.index, rejected_here, kept_here)
        return by_word

    def _keyword(
        self, text: str, strictness: str, by_span: BySpan, language: str, known: Known
    ) -> list[Pattern]:
        farthest = FARTHEST.get(strictness, MatchType.COGNATE)
        if strictness == "exact":
            return [self._in_order(text, farthest, language=language)]
        text = without_spaces(text)
        content_words = content(text, language)
        lone = strictness == "all" and is_lone_name(content_words)
        guessed = len(content_words) > 1 or strictness == "broad" or lone
        fuzzy = farthest >= MatchType.COGNATE and guessed
        patterns = []
        if len(content_words) == 1 or has_parts(text):
            near = self._near(
                content_words,
                text,
                farthest,
                fuzzy=fuzzy,
                by_span=by_span,
                language=language,
            )
            slots = tuple(known_slot(slot, known) for slot in near.slots)
            in_order = is_identifier(text) or is_dotted_in_han(text, content_words)
            near = near._replace(slots=slots, ordered=in_order)
            near = as_lone(near) if lone else near
            patterns.append(hyphenated(near) if is_of_one_letter(text) else near)
        else:
            ordered = self._in_order(
                text, MatchType.INFLECTED, language=language, counted=content_words
            )
            patterns.append(ordered)
        joined = self._joined(content_words, farthest, language)
        if joined is not None:
            patterns.append(joined)
        for other in written_otherwise(text):
            if is_of_one_letter(other) and other != text:
                near = self._near(content(other), other, MatchType.INFLECTED, fuzzy=False)
                patterns.append(hyphenated(near._replace(ordered=True)))
            else:
                patterns.append(self._in_order(other, MatchType.FOLDED, exact=other))
        if fuzzy and len(content_words) > 1:
            patterns.extend(self._spelled_out(content_words, farthest, by_span, known))
            patterns.extend(by_longer_spans(self.index, patterns[0], content_words, by_span))
            patterns.extend(name_patterns(self.index, patterns[0], content_words, text))
            for other in with_other_parts(text):
                near = self._near(content(other), other, farthest, fuzzy=True)
                patterns.append(as_lone(near) if is_lone_name(content(other)) else near)
            patterns.extend(self._with_initials(text, farthest))
            if joined_number := with_joined_number(text):
                near = self._near(
                    content(joined_number), joined_number, farthest, fuzzy=True, by_span=by_span
                )
                patterns.append(near._replace(ordered=True))
        if farthest >= MatchType.COGNATE:
            patterns.extend(self._in_latin(text, farthest))
        return patterns

    def _with_initials(self, text: str, farthest: MatchType) -> Iterable[Pattern]:
        """Yield the patterns of a name with its initials written otherwise, or left out.

        They, and particles, are left out in other scripts only: in its own they tell people apart.
        """
        if other := with_other_initials(text):
            yield as_names(self._in_order(other, min(farthest, MatchType.INFLECTED)))
        for other in filter(None, (without_middle_initials(text), without_particles(text))):
            near = self._near(content(other), other, farthest, fuzzy=True)
            yield only_heard(self.index, near, content(other))

    def _in_latin(self, text: str, farthest: MatchType) -> Iterable[Pattern]:
        """Yield the patterns of a person's name that the rule writes in Han or hangul."""
        for other in name_in_latin(text):
            content_words = content(other)
            near = self._near(content_words, other, farthest, fuzzy=True)
            near = near._replace(ordered=True, match_type=MatchType.COGNATE)
            yield near
            yield from name_patterns(self.index, near, content_words, other)

    def _near(
        self,
        content_words: Sequence[Word],
        text: str,
        farthest: MatchType,
        *,
        fuzzy: bool,
        by_span: BySpan | None = None,
        language: str = "",
        languages: frozenset[str] = EVERYWHERE,
    ) -> Pattern:
        slots = tuple(slot_of(self.index, word, text, language=language) for word in content_words)
        slots = with_signed(self.index, slots, text)
        own = tuple(dict.fromkeys(slot.own for slot in slots))
        self.index.allow_compounds(tuple(slot.own for slot in slots), languages)
        if by_span and len(content_words) > 1:
            slots = with_variants(self.index, slots, content_words, by_span)
        if fuzzy:
            self.index.allow_cognates(own)
            pairs = zip(slots, content_words, strict=True)
            typed = has_number(content_words)
            slots = tuple(as_said(self.index, slot, word, typed=typed) for slot, word in pairs)
        least = least_together(content_words) if fuzzy else 0.0
        return Pattern(slots, False, farthest, fuzzy=fuzzy, least=least)

    def _joined(
        self, content_words: Sequence[Word], farthest: MatchType, language: str
    ) -> Pattern | None:
        """Return the pattern in which the words are written as one: cybersecurity, F35."""
        if has_tones(language):
            return None
        if not 2 <= len(content_words) <= 3 or any(word.is_run for word in content_words):
            return None
        together = "".join(word.text for word in content_words)
        brief = is_brief_together(content_words)
        if brief and not is_designation(content_words):
            return None
        as_one = words(together)
        if len(as_one) != 1:
            return None
        entry = self.index.add(as_one[0])
        self.index.allow_compounds(() if brief else (entry,))
        farthest = min(farthest, MatchType.INFLECTED) if brief else farthest
        slot = Slot(frozenset({entry}), entry, beyond=len(together) - len(content_words[-1].text))
        return Pattern((slot,), False, farthest, match_type=MatchType.COMPOUND)

    def _in_order(
        self,
        text: str,
        farthest: MatchType,
        *,
        exact: str | None = None,
        wild: bool = False,
        language: str = "",
        counted: Sequence[Word] | None = None,
    ) -> Pattern:
        """Return the pattern of a phrase: these words next to each other.

        Args:
            counted: Those that have a slot each, if they are known: what stands on the pattern
                takes its slots for these words.
        """
        slots: list[Slot] = []
        pending: list[str] = []
        every = wild_words(text) if wild else words(text)
        if counted is None:
            counted = every if wild else in_phrase(every, language)
        starts = {word.start for word in counted}
        for word in every:
            if word.start not in starts:
                if slots:
                    pending.append(word.folded)
                continue
            slot = slot_of(
                self.index, word, text, wild=wild, before=tuple(pending), language=language
            )
            slots.append(slot)
            pending = []
        in_order = not (wild and any(word.is_run for word in every))
        return Pattern(tuple(slots), in_order, farthest, exact=exact)

    def _variant(self, variant: Variant, strictness: str) -> Iterable[Pattern]:
        """Yield the patterns of a variant of a whole term."""
        if variant.kind == "acronym":
            yield from self._acronym(variant)
            return
        content_words = content(variant.text, variant.language)
        if not content_words:
            return
        via = via_of(variant)
        if variant.kind == "name":
            yield name_of_list(self.index, content_words, variant)._replace(via=via)
            return
        farthest = MatchType.FOLDED if strictness == "exact" else MatchType.COMPOUND
        language = variant.language
        surely = bool(language) and is_brief(content_words)
        near = self._near(
            content_words,
            variant.text,
            farthest,
            fuzzy=False,
            language=language,
            languages=via.languages,
        )
        slots = near.slots
        if len(content_words) == 1 and says_name(variant) and not slots[0].cased:
            slots = (as_name(slots[0], len(content_words[0].text)),)
        match_type = (
            MatchType.VARIANT if variant.kind in ("user", "translation") else MatchType.LEXICON
        )
        if variant.kind == "word" and len(content_words) > 1:
            for pattern in self._in_its_order(variant, content_words, farthest):
                yield pattern._replace(match_type=match_type, language=language, via=via)
            return
        near = near._replace(slots=slots, ordered=strictness == "exact", surely=surely)
        yield near._replace(match_type=match_type, language=language, via=via)
        joined = self._joined(content_words, farthest, language)
        if joined is not None and strictness != "exact":
            yield joined._replace(match_type=match_type, language=language, via=via)

    def _in_its_order(
        self, variant: Variant, content_words: Sequence[Word], farthest: MatchType
    ) -> Iterable[Pattern]:
        """Yield the patterns of a form of several words from a list: as written, or turned around.

        Lists are not read by the rule's owner, so nothing else may stand between.
        """
        language = variant.language
        yield self._in_order(variant.text, farthest, language=language)
        if len(content_words) == 2 and not has_tones(language):
            turned = f"{content_words[1].text} {content_words[0].text}"
            yield self._in_order(turned, farthest, language=language)
        joined = self._joined(content_words, farthest, language)
        if joined is not None:
            yield joined

    def _acronym(self, variant: Variant) -> Iterable[Pattern]:
        content_words = words(variant.text)
        if len(content_words) != 1:
            return
        entry = self.index.add(content_words[0])
        yield Pattern(
            (Slot(frozenset({entry}), entry),),
            False,
            MatchType.FOLDED,
            match_type=MatchType.ACRONYM,
            exact=variant.text,
            language=variant.language,
            via=via_of(variant),
            surely=bool(variant.language) and len(content_words[0].folded) < _FEWEST_ANYWHERE,
        )

    def _spelled_out(
        self, content_words: Sequence[Word], farthest: MatchType, by_span: BySpan, known: Known
    ) -> Iterable[Pattern]:
        """Yield the patterns by which a name in a keyword has several words: UN, United Nations.

        Its words may then be cognates, too.
        """
        left = MOST_SPELLED_OUT
        for place, word in enumerate(content_words):
            for variant in by_span.get((word.folded,), ()):
                named = content(variant.text) if variant.kind == "name" else ()
                if len(named) < 2 or not left:
                    continue
                left -= 1
                of_name = known.get(word.folded, _NOWHERE)
                written = [*content_words[:place], *named, *content_words[place + 1 :]]
                text = " ".join(word.text for word in written)
                if len(content(text)) < len(written):
                    continue  # Ấn Độ alone is a name, before another word two small ones
                near = self._near(content(text), text, farthest, fuzzy=True)
                slots = tuple(
                    slot._replace(known_in=known.get(fold(slot.written), of_name))
                    for slot in near.slots
                )
                yield near._replace(slots=slots, match_type=MatchType.LEXICON, via=via_of(variant))
