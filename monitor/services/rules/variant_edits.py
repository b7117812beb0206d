"""What the owner of a rule decides about its variants: this one counts, that one never does."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace

from common.records import dataclass
from monitor.base.errors import Refusal, Remedy, RemedyKind, clipped, did_you_mean, quoted
from monitor.services.rules.rules import rule_named, variant_of
from rules.data.tables import primary
from rules.expand.variants import accepted, rejected
from rules.patterns.rejections import comparable
from rules.query.parsed import readable
from rules.query.tree import Keyword, Phrase
from rules.text.tokenizer import words
from storage.api.storage import Storage
from storage.model import Rule, Variant, VariantState


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What deciding about variants has come to.

    Attributes:
        rule: As it was.
        changed: The variants that were not so before.
    """

    rule: Rule
    changed: tuple[Variant, ...]


def add_variants(storage: Storage, word: str, texts: Sequence[str], of: str | None) -> Decided:
    """Let the texts `LANG:TEXT` count for the rule that is named so; raises as `added`."""
    return _decide(storage, word, lambda rule: added(rule, texts, of))


def accept_variants(
    storage: Storage, word: str, texts: Sequence[str] | None, *, languages: Collection[str] = ()
) -> Decided:
    """Let variants of the rule that is named so count; None for all that are proposed.

    Args:
        languages: Of all that are proposed only those in these; none for any.

    Raises:
        Refusal: There is no such rule, or as `named`.
    """
    return _decide(storage, word, lambda rule: map(accepted, _picked(rule, texts, languages)))


def reject_variants(
    storage: Storage, word: str, texts: Sequence[str] | None, *, languages: Collection[str] = ()
) -> Decided:
    """Let variants of the rule that is named so count no more; as `accept_variants`."""
    return _decide(storage, word, lambda rule: map(rejected, _picked(rule, texts, languages)))


def _decide(storage: Storage, word: str, choose: Callable[[Rule], Iterable[Variant]]) -> Decided:
    with storage.changing() as tx:
        old = rule_named(tx, word)
        new = decided(old, choose(old))
        different = changed(old, new)
        if different:
            tx.rules.update(new)
    return Decided(rule=old, changed=different)


def _picked(
    rule: Rule, texts: Sequence[str] | None, languages: Collection[str]
) -> Iterable[Variant]:
    if texts is None:
        asked = {primary(language) for language in languages}
        every = proposed(rule)
        return [each for each in every if not asked or primary(each.language) in asked]
    return [variant for text in texts for variant in named(rule, text)]


def shown(variant: Variant) -> str:
    """Return a variant as people write it: `sv:strejk`, `any:strike`."""
    return f"{variant.language or 'any'}:{variant.text}"


def named(rule: Rule, word: str) -> tuple[Variant, ...]:
    """Return the rule's variants that are called so: a text, or LANG:TEXT.

    Case, accents and width do not count. A text names its variants in all languages.

    Raises:
        Refusal: There is none; it says which text is nearest.
    """
    by_text = [variant for variant in rule.variants if comparable(variant.text) == comparable(word)]
    if by_text:
        return tuple(by_text)
    language, colon, text = word.partition(":")
    language = "" if language.strip().lower() == "any" else language.strip().lower()
    variants = [
        variant
        for variant in rule.variants
        if colon and variant.language == language and comparable(variant.text) == comparable(text)
    ]
    if variants:
        return tuple(variants)
    known = [shown(variant) if colon else variant.text for variant in rule.variants]
    hint = did_you_mean(word, known)
    raise Refusal(
        f'"{clipped(word)}" is no variant of rule {quoted(rule.name)}{hint}',
        misuse=False,
        remedy=None if hint else Remedy(RemedyKind.ADD_VARIANT),
    )


def proposed(rule: Rule) -> tuple[Variant, ...]:
    """Return the variants that nobody has looked at."""
    return tuple(variant for variant in rule.variants if variant.state is VariantState.PROPOSED)


def decided(rule: Rule, variants: Iterable[Variant]) -> Rule:
    """Return the rule with these variants instead of those that say the same, or beside them."""
    new = {variant.key: variant for variant in variants}
    kept = tuple(new.pop(variant.key, variant) for variant in rule.variants)
    return replace(rule, variants=(*new.values(), *kept), revision=rule.revision + 1)


def changed(old: Rule, new: Rule) -> tuple[Variant, ...]:
    """Return the variants of a rule that were not so before."""
    before = {variant.key: variant for variant in old.variants}
    return tuple(variant for variant in new.variants if before.get(variant.key) != variant)


def added(rule: Rule, texts: Sequence[str], of: str | None) -> tuple[Variant, ...]:
    """Return the owner's variants that are called `LANG:TEXT`.

    Args:
        of: Words of the query that they stand for; None for its first keyword or phrase.

    Raises:
        Refusal: One of them is not written so, or the query has no such words.
    """
    whole = "" if of is None else meant(rule.query, of)
    try:
        return tuple(replace(variant_of(text), of=whole) for text in texts)
    except ValueError as error:
        raise Refusal(str(error)) from None


def meant(query: str, of: str) -> str:
    """Return words of a query as `Variant.of` has them.

    Raises:
        Refusal: No keyword of the query has these words one behind the other.
    """
    read = readable(query)
    terms = [term for term in read.terms if isinstance(term, Keyword | Phrase)] if read else []
    wanted = _folded(of)
    for place, term in enumerate(terms):
        if _folded(term.text) == wanted:
            return "" if place == 0 else term.text
    for term in terms:
        held = words(term.text) if isinstance(term, Keyword) else []
        for start in range(len(held) - len(wanted) + 1):
            span = held[start : start + len(wanted)]
            if wanted and tuple(word.folded for word in span) == wanted:
                return term.text[span[0].start : span[-1].end]
    known = ", ".join(f'"{clipped(term.text)}"' for term in terms[:5])
    raise Refusal(f'the query has no words "{clipped(of)}" side by side; it has {known or "none"}')


def first_term(query: str) -> str:
    """Return the first keyword or phrase of a query; "" if it has none."""
    known = readable(query)
    return known.first.text if known and known.first else ""


def _folded(text: str) -> tuple[str, ...]:
    return tuple(word.folded for word in words(text))
