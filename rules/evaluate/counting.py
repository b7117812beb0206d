"""Whether a find counts in the text where it stands: its language, its marks and its case."""

from common.neighbours import BORROWING, may_be_in, neighbours_of
from rules.data.tables import (
    brand_nouns,
    brands,
    has_capital_nouns,
    has_cases,
    has_small_acronyms,
    stop_words,
    with_full_stop,
)
from rules.evaluate.another_word import (
    ends_another_name,
    goes_on_as_name,
    is_another,
    is_less_of_name,
    is_no_form,
    is_part_of_words,
    only_ends_so,
)
from rules.evaluate.brief_names import is_brief_name, may_be_part
from rules.evaluate.lone_names import may_be_lone_name
from rules.evaluate.surroundings import Surroundings
from rules.languages.amounts import is_amount, is_said
from rules.languages.compounds import joins
from rules.languages.everyday import (
    LONGEST_SMALL,
    everyday_words,
    is_doubtful_form,
    is_everyday,
    is_form_of_everyday,
    is_small,
)
from rules.languages.inflection import has_endings, may_have_prefix, other_words
from rules.languages.match_types import ALONE, BESIDE, TAIL, Hit, MatchType
from rules.languages.phonemes import script, writes_no_vowels
from rules.languages.scripts import has_capitals
from rules.languages.verbs import verb_places
from rules.patterns.pattern import Pattern, Slot, Via
from rules.text.folding import fold, is_other_word

_CASE_SAYS_ALL = 2
_MAY_BE_ANYTHING = 3
"""Acronyms of no more letters are the beginning of too many words."""

_PLAIN_I = str.maketrans("İı", "Ii")
_LEAST_OF_A_TAIL, _LEAST_OF_A_NAME = 5, 8
_LONGEST_OF_A_LETTER = 3
_LONG_ENOUGH = 5
_BESIDE = frozenset({BESIDE})
_SOUNDS_THE_SAME = 0.9
_LIKE_BY_CHANCE = 6
_FARTHEST_ARTICLE = 80
_ENDS_OF_ADJECTIVES = ("e", "en", "er", "es", "em")
_HYPHENS = frozenset("-‐‑")


def counts(
    hit: Hit,
    pattern: Pattern,
    slot: Slot,
    own: frozenset[int],
    text: str,
    around: Surroundings,
) -> bool:
    """Whether a find counts for a slot of a pattern.

    Args:
        own: The entries of the pattern, and what it is itself: alone, or of several words.
    """
    written = text[hit.start : hit.end]
    is_whole = hit.partners <= own or _is_short_form(written, hit, pattern, slot, around)
    is_far = hit.match_type > pattern.farthest
    if (
        is_far
        or not is_whole
        or hit.end - hit.start <= slot.beyond
        or goes_on_as_name(written, text, hit.end)
        or _is_another_of_its_own(written, pattern, around)
    ):
        return False
    if hit.fuzzy and (
        not _may_be_cognate(written, hit, pattern, slot, around)
        or is_part_of_words(hit, pattern, slot, text, around.language)
    ):
        return False
    via = slot.via.get(hit.entry)
    said = via or pattern.via
    if said is not None and (
        (said.is_begun and not _begins_compound(hit)) or ends_another_name(written, text, hit.start)
    ):
        return False
    wanted = via.text if via is not None else slot.written
    if _is_another_form(written, hit, wanted, said, around) or is_less_of_name(
        written, hit, wanted, pattern, slot
    ):
        return False
    if len(pattern.slots) == 1 and only_ends_so(written, hit, wanted, text, around.language):
        return False
    if via is not None and not _may_be_said(written, hit, via, around):
        return False
    if via is not None and not _is_ordinal(written, slot, text[hit.end : hit.end + 1], around):
        return False
    if (slot.prefix or slot.suffix) and not _has_symbols(hit, slot, text):
        return False
    if hit.entry == slot.own and not _is_own(written, hit, pattern, slot, text, around):
        return False
    return not slot.cased or _has_its_case(written, hit, pattern, slot, text, around)


def _is_ordinal(written: str, slot: Slot, after: str, around: Surroundings) -> bool:
    """Whether a number that a list has for a word has the full stop of its language: 7. Flotte."""
    if not written.isdecimal() or slot.written.isdecimal():
        return True
    return after == "." or around.language not in with_full_stop()


def _has_symbols(hit: Hit, slot: Slot, text: str) -> bool:
    """Whether the symbols of a word touch it; those of an amount may be said instead."""
    if slot.written[:1].isdigit() and is_amount(slot.prefix + slot.suffix):
        return is_said(slot.prefix + slot.suffix, text, hit.start, hit.end)
    begins = text.startswith(slot.prefix, hit.start - len(slot.prefix))
    return begins and text.startswith(slot.suffix, hit.end)


def _has_its_case(
    written: str, hit: Hit, pattern: Pattern, slot: Slot, text: str, around: Surroundings
) -> bool:
    """Whether a find has the capitals of the acronym or the name that it may be."""
    is_alone = len(pattern.slots) == 1
    is_word = is_alone and (
        _is_word_of(slot.written, around.language)
        or has_endings(slot.written, pattern.language)  # ВОЗа, but воза is of another word
    )
    if slot.derived:
        if hit.entry == slot.own and _is_short_of_capitals(written, slot, is_word):
            return False
        is_noun = is_alone and _is_brand_noun(written, hit.start, text, around)
        if is_noun or _is_name(written, slot, text, around.language):
            return not is_noun
        is_listed = not hit.fuzzy and (pattern.via is not None or hit.entry != slot.own)
        return is_listed and around.is_small and not _is_word_of(written, around.language)
    may_be_small = (
        (around.is_small and slot.written.isupper())
        or (text.islower() and may_be_in(pattern.written_in, around.language))
        or _is_small_acronym(written, slot, around.language)
    )
    if hit.match_type is MatchType.COMPOUND and ALONE in hit.partners and hit.entry == slot.own:
        return not is_word and _may_begin_a_compound(written, slot, around.language)
    return _is_acronym(written, hit, slot, is_word=is_word, may_be_small=may_be_small)


def _is_another_form(
    written: str, hit: Hit, wanted: str, said: Via | None, around: Surroundings
) -> bool:
    """Whether what looks like a word is another: skal is no skål, nor što a form of stoka."""
    if hit.match_type is MatchType.FOLDED:
        if written.lower() in other_words(around.language).get(wanted.lower(), ()):
            return True
    elif hit.match_type is not MatchType.INFLECTED:
        return False
    return said is not None and around.may_be_small(written, said.languages)


def _begins_compound(hit: Hit) -> bool:
    return hit.match_type is MatchType.COMPOUND and TAIL not in hit.partners


def _may_be_said(written: str, hit: Hit, via: Via, around: Surroundings) -> bool:
    """Whether a find may be a variant, or a form of it, and no small word: mod, of møder."""
    if not may_be_in(via.languages, around.language):
        return False
    if hit.match_type is MatchType.INFLECTED and fold(written) in stop_words(around.language):
        return False
    return not via.toned or around.is_same(written, via.text)


def _is_another_of_its_own(written: str, pattern: Pattern, around: Surroundings) -> bool:
    """Whether a word of a neighbour's is a common word of the text's own language, another one.

    A farmer in Urdu is "people" in Persian. What the lists have in the text's own language is
    looked for in that.
    """
    if pattern.language in ("", around.language) or len(pattern.slots) > 1:
        return False
    has_own = around.language and around.language not in BORROWING
    return bool(has_own) and is_form_of_everyday(written, fold(written), around.language)


def may_be_borrowed(
    hit: Hit, pattern: Pattern, slot: Slot, text: str, around: Surroundings
) -> bool:
    """Whether a word of the text may be one of several that it borrows together.

    Only where names have no capitals: fashion week in Hindi.
    """
    if hit.match_type is not MatchType.COGNATE or not pattern.fuzzy or pattern.lone:
        return False
    if verbs_of(pattern) and slot.written.islower():
        return False
    written = text[hit.start : hit.end]
    if has_capitals(written) or not pattern.is_guessed_in(around.language):
        return False
    return not is_brief_name(pattern) or may_be_part(written, slot, around.language)


def _may_be_cognate(
    written: str, hit: Hit, pattern: Pattern, slot: Slot, around: Surroundings
) -> bool:
    """Whether a word of the text may be guessed to be the slot's.

    Not where the pattern is not guessed at all; nor is a common word of the text's language; nor,
    where other letters are written, what a list has in that language. What is borrowed is a term,
    so nor is a verb, or beside one what a list has, or what a list has and a short word is only
    like, whichever is short: strich is no strike, nor Parteien a port. One letter is no more than
    a syllable.
    """
    if not pattern.fuzzy or _is_everyday(written, hit, pattern, slot, around):
        return False
    if pattern.slots.index(slot) in verbs_of(pattern):
        return False
    if pattern.lone:
        return may_be_lone_name(written, hit, pattern, slot, around.language)
    if not pattern.is_guessed_in(around.language):
        return False
    longest = _LONGEST_OF_A_LETTER - _has_no_vowels(written)
    if slot.length == 1 and len(written) > longest:
        return False
    if is_brief_name(pattern) and not may_be_part(written, slot, around.language):
        return False
    is_word = hit.match_type is MatchType.COGNATE
    is_listed = is_word and around.language in slot.known_in
    shorter = min(len(written), slot.length)
    is_by_chance = hit.strength < _SOUNDS_THE_SAME and shorter <= _LIKE_BY_CHANCE
    is_doubtful = bool(verbs_of(pattern)) or is_by_chance
    if is_listed and slot.written.islower() and is_doubtful:
        return False
    return not (is_listed and around.is_foreign(slot.written))


def verbs_of(pattern: Pattern) -> frozenset[int]:
    """Return which words of a pattern are verbs."""
    return verb_places((slot.written for slot in pattern.slots), pattern.written_in)


def _is_short_form(
    written: str, hit: Hit, pattern: Pattern, slot: Slot, around: Surroundings
) -> bool:
    """Whether three letters and an ending say enough alone: krvi, of krv; suda, of sud.

    In a text that is surely of the language of the variant, or of the rule's own, where it is not
    mostly a form of another word; always if the own word is long (рынка, of рынок), or names have
    no cases (laws, of law).
    """
    if len(pattern.slots) > 1 or not around.language or hit.fuzzy or hit.partners != _BESIDE:
        return False
    may_be_first = not has_cases(around.language)
    if written[:1].isupper() and not may_be_first:
        return False
    language, form = around.language, fold(written)
    if language in pattern.written_in and hit.entry == slot.own:
        if not may_be_first and slot.length >= _LONG_ENOUGH:
            return True
        return not is_doubtful_form(form, fold(slot.written), language, is_known=may_be_first)
    via = slot.via.get(hit.entry, pattern.via)
    if via is None or not (pattern.language == language or _is_borrowed(pattern, language)):
        return False
    return not is_doubtful_form(form, fold(via.text), language, is_known=True)


def _is_borrowed(pattern: Pattern, language: str) -> bool:
    return language in BORROWING and pattern.language in neighbours_of(language)


def _is_everyday(
    written: str, hit: Hit, pattern: Pattern, slot: Slot, around: Surroundings
) -> bool:
    """Whether a word is a common one of the text's language, and so no other spelling of a word.

    Where names have no capitals, one that sounds just like a word of the rule may be a name,
    unless nothing stands beside it, or vowels are not written and the rule's word is no name. Nor
    is a small word inside a name: Mohammed ben Salmane.
    """
    if not is_form_of_everyday(written, fold(written), around.language):
        return False
    is_brief = slot.length <= LONGEST_SMALL and slot.written.islower()
    if is_brief and any(other.written[:1].isupper() for other in pattern.slots):
        return False
    if pattern.lone or has_capitals(written) or hit.strength < _SOUNDS_THE_SAME:
        return True
    return _has_no_vowels(written) and slot.written.islower()


def _has_no_vowels(written: str) -> bool:
    """Whether a word is in a script that leaves out short vowels."""
    return writes_no_vowels(script(written))


def _is_own(
    written: str, hit: Hit, pattern: Pattern, slot: Slot, text: str, around: Surroundings
) -> bool:
    """Whether what is written may be the slot's own word, for all that its marks say."""
    if hit.fuzzy:
        return True
    is_form = hit.match_type is MatchType.INFLECTED
    if (
        (is_form and _is_common_word(written, pattern, slot, around))
        or _is_no_form(written, hit, pattern, slot, text, around)
        or is_another(written, hit, text, pattern, slot, around.language)
    ):
        return False
    if hit.match_type is MatchType.COMPOUND and TAIL in hit.partners:
        if pattern.via is None and not may_be_in(pattern.written_in, around.language):
            return False  # rechin is Romanian, and no part of Sprecher
        begun = slot.written[:_LEAST_OF_A_TAIL].casefold()
        least = _LEAST_OF_A_NAME if slot.cased else _LEAST_OF_A_TAIL  # Umständen are no Andes
        return slot.length >= least and (begun.isascii() or begun in written.casefold())
    is_of_language = pattern.language == around.language != ""
    is_folded = hit.match_type is MatchType.FOLDED and is_of_language
    if is_folded and _has_other_marks(written, slot.written, around.language):
        return False  # sértés is no sertés
    if written.casefold() != slot.written.casefold():
        if written.casefold() in stop_words(around.language or " "):
            return False  # über is no Uber
        if slot.written[:1].isupper() and is_everyday(written, fold(written), around.language):
            return False
        if slot.toned and len(pattern.slots) == 1 and slot.written.islower() and around.is_other:
            return False
    return not slot.toned or _has_its_tone(written, pattern, slot, around)


def _has_its_tone(written: str, pattern: Pattern, slot: Slot, around: Surroundings) -> bool:
    """Whether a syllable has its marks, or may have lost them: alone, lon is no lợn."""
    if not around.has_marks and len(pattern.slots) == 1 and pattern.via is not None:
        return slot.written.isascii() or not slot.written.islower()
    return around.is_same(written, slot.written)


def _is_no_form(
    written: str, hit: Hit, pattern: Pattern, slot: Slot, text: str, around: Surroundings
) -> bool:
    """Whether what looks like a name of one word, or a form of it, is a word of the text."""
    is_alike = hit.match_type <= MatchType.INFLECTED
    if not is_alike or len(pattern.slots) > 1 or pattern.via is not None:
        return False
    written_in, language = pattern.written_in, around.language
    return is_no_form(written, hit.start, text, slot, language, written_in)


def _has_other_marks(written: str, wanted: str, language: str) -> bool:
    """Whether marks make another word of it; that of the last letter may be a case: slimnīcā."""
    end = -1 if has_cases(language) else None
    return is_other_word(written, wanted) and is_other_word(written[:end], wanted[:end])


def _is_common_word(written: str, pattern: Pattern, slot: Slot, around: Surroundings) -> bool:
    """Whether a form of a name is one of the common English word that it also is.

    Shelling is no Shell, nor a team Teams: of such names English has no forms. Nor has German but
    the one in -s: Politiker is no Politiken. Nor are hard times (Zeiten) a paper of several words,
    Die Zeit; but one of the Dolphins is a Miami Dolphin.
    """
    if len(pattern.slots) > 1:
        is_longer = len(written) > len(slot.written) and written != f"{slot.written}s"
        if not is_longer or not has_capital_nouns(around.language):
            return False
        is_last = slot.written == pattern.slots[-1].written
        return is_last and " ".join(each.written for each in pattern.slots) in brands()
    is_name = slot.written in brands()
    if has_capital_nouns(around.language):
        return is_name and written != f"{slot.written}s"
    return is_name and around.language == "en"


def _is_brand_noun(written: str, start: int, text: str, around: Surroundings) -> bool:
    """Whether a brand is the common noun that it also is, where all nouns have capitals.

    It stands behind an article, or one and an adjective: das rote Signal. Not behind a pronoun
    that begins a clause, which looks the same: eine Strafe, die Visa zahlt. Nor where a hyphen
    joins it: die Signal-App, since words of the language are written in one.
    """
    determiners = brand_nouns(around.language).get(written)
    end = start + len(written)
    if determiners is None or text[end : end + 1] in _HYPHENS:
        return False
    before = text[max(0, start - _FARTHEST_ARTICLE) : start].split()
    if before and _may_be_adjective(before[-1], determiners):
        before.pop()
    is_behind = bool(before) and before[-1].lower() in determiners
    return is_behind and not any(word.endswith(",") for word in before[-3:-1])


def _may_be_adjective(word: str, determiners: frozenset[str]) -> bool:
    return word.islower() and word not in determiners and word.endswith(_ENDS_OF_ADJECTIVES)


def _is_name(written: str, slot: Slot, text: str, language: str) -> bool:
    """Whether a find is written as a name: its case is evidence.

    In lower case a name counts only as an adjective (genevois), and the rule's own word also in a
    text without capitals.
    """
    if not written.islower() or (len(written) >= slot.derived and not joins(language)):
        return True
    return slot.is_name and text.islower()


def _is_word_of(written: str, language: str) -> bool:
    """Whether what an acronym spells is a common word of a language: arm in German."""
    folded = fold(written)
    return folded in everyday_words(language) or is_small(written, language)


def _is_short_of_capitals(written: str, slot: Slot, is_word: bool) -> bool:
    """Whether an acronym that a list knows lacks the capitals that tell it: Portuguese Eu, I."""
    if not slot.written.isupper() or not written.isascii():
        return False
    needed = slot.length <= _CASE_SAYS_ALL or is_word
    return needed and not written[: slot.length].translate(_PLAIN_I).isupper()


def _is_small_acronym(written: str, slot: Slot, language: str) -> bool:
    """Whether it is the acronym in small letters, in a language that writes it so: hiv, aids."""
    same = written.islower() and slot.written.isupper() and written == slot.written.lower()
    return same and has_small_acronyms(language) and written not in everyday_words(language)


def _may_begin_a_compound(written: str, slot: Slot, language: str) -> bool:
    """Whether a compound may begin with an acronym that its press writes as a name: Natogipfel."""
    return slot.length > _MAY_BE_ANYTHING and joins(language) and written[:1].isupper()


def _is_acronym(written: str, hit: Hit, slot: Slot, *, is_word: bool, may_be_small: bool) -> bool:
    """Whether a find is written as an acronym is, or may be: NATO, Nato, EU:s.

    Two letters, what is a small word of some language, and what is a common word of the text's
    (ICE, IDEA), only in capitals.

    Args:
        is_word: Whether it spells a common word of the text's language, or one of its forms may,
            and is all of the rule.
        may_be_small: Whether the article has no capitals at all, or the text has none and is in the
            rule's language, or the text's language writes acronyms small.
    """
    if hit.entry != slot.own:
        return True
    bare = written
    if may_have_prefix(written) and not may_have_prefix(slot.written):  # הNATO
        bare = written[next((at for at, sign in enumerate(written) if sign.isascii()), 0) :]
    begun = bare.replace(".", "")[: slot.length].translate(_PLAIN_I)  # HİV, J.Ö.
    if begun.isascii() != slot.written.isascii():
        return False
    if slot.length <= _CASE_SAYS_ALL or is_word or slot.written.casefold() in stop_words():
        return begun.isupper()
    return (begun if bare[:1].isdecimal() else bare[:1]).isupper() or may_be_small
