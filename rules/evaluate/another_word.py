"""Whether a word of a rule is another one of the text's language: small, common, a false friend."""

from common.neighbours import may_be_in
from rules.data.tables import articles, has_tones, stop_words
from rules.languages.everyday import borrowed_words, everyday_words, is_small
from rules.languages.match_types import Hit, MatchType
from rules.patterns.pattern import Pattern, Slot
from rules.text.folding import fold

_OF_A_PERSON = _LEAST_BESIDE = 2
_LIKE_BY_CHANCE = 6
_FARTHEST = 80
"""So many characters before a word are looked at for the end of a sentence."""
_OPENING = " \t\u00a0\"'«»„“”‘’¿¡([–—-"
_ENDS_OF_SENTENCES = frozenset(".!?…:\n\r")


def is_another(
    written: str, hit: Hit, text: str, pattern: Pattern, slot: Slot, language: str
) -> bool:
    """Whether what is found for a word as its rule has it is another word of the text's language.

    Args:
        written: What the text has, from `hit.start` to `hit.end`.
        language: That of the text; "" if it is not known.
    """
    return (
        _is_common_elsewhere(written, hit, pattern, slot, language)
        or _is_small(written, pattern, slot, language)
        or _is_small_word_of_a_name(written, hit.start, text, pattern, slot, language)
        or _is_false_friend(written, text, pattern, slot, language)
    )


def _is_common_elsewhere(
    written: str, hit: Hit, pattern: Pattern, slot: Slot, language: str
) -> bool:
    """Whether what only has the letters of a short word, or its stem, is another language's.

    Icelandic milli (between) is no form of mill, nor Lithuanian sakė (said) sake. That is a common
    word of a language that the keyword is not written in, in small letters, and all of the keyword.
    Long words that are alike are the same word: décision. So are forms of a word that the language
    has, too, and that is found there as it is: euros, filmów. Where marks make other words, a word
    with some is none without: Vietnamese cảm is no cam.
    """
    is_alike = hit.match_type in (MatchType.FOLDED, MatchType.INFLECTED)
    is_short = is_alike and len(pattern.slots) == 1 and slot.length <= _LIKE_BY_CHANCE
    if not is_short or pattern.via is not None:
        return False
    if pattern.language or may_be_in(pattern.written_in, language):
        return False
    own, known = slot.written.casefold(), everyday_words(language)
    if not written[:1].islower() or written.casefold() == own:
        return False
    if has_tones(language):
        return True
    if fold(written) not in known:
        return False
    is_own = fold(own) in borrowed_words(language) or (
        fold(own) in known and written.startswith(own)
    )
    is_form = is_own and hit.match_type is MatchType.INFLECTED
    return not (is_form and not is_small(own, language, pattern.written_in))


def _is_small(written: str, pattern: Pattern, slot: Slot, language: str) -> bool:
    """Whether a word of a rule is another, small one in the text's language: met, war.

    What stands beside it may be the rule's word in that language: met de president. A keyword of
    one word is such a word at the beginning of a sentence, too; a phrase is what it says.
    """
    is_lone = len(pattern.slots) < 2
    if is_lone and (pattern.via is not None or pattern.ordered or pattern.exact is not None):
        return False
    written = written[:1].lower() + written[1:] if is_lone else written
    if not written.islower() or not slot.written.islower():
        return False
    is_foreign = bool(language and pattern.written_in) and language not in pattern.written_in
    if not is_foreign:
        return False
    small = is_lone and is_small(written, language, pattern.written_in)
    return small or written in stop_words(language)


def _is_small_word_of_a_name(
    written: str, start: int, text: str, pattern: Pattern, slot: Slot, language: str
) -> bool:
    """Whether what a name is, or ends in, is a small word of the text: Theresa May, may; Once.

    In lower case, where the text has capitals. A keyword of one word only in a language that it is
    not written in, and there also where a sentence begins: that capital says nothing.
    """
    if not slot.written[:1].isupper() or pattern.via is not None or pattern.exact is not None:
        return False
    folded = fold(written)
    if pattern.ordered or folded != fold(slot.written) or text.islower():
        return False
    if len(pattern.slots) == _OF_A_PERSON and slot is pattern.slots[-1] and written.islower():
        first = pattern.slots[0].written
        if first[:1].isupper() and fold(first) in articles(language):
            return True  # todo el país
        known = everyday_words(language)
        return folded in stop_words(language or " ") and not (
            first.islower() or fold(first) in known
        )
    written_in = pattern.written_in
    if len(pattern.slots) > 1 or written.isupper() or may_be_in(written_in, language):
        return False
    is_plain = written.islower() or _begins_sentence(text, start)
    return is_plain and is_small(written, language, written_in)


def _is_false_friend(written: str, text: str, pattern: Pattern, slot: Slot, language: str) -> bool:
    """Whether a word of a rule is another one of the text's language, beside others: barn, child.

    Where lists have other words for it in that language, and all of the rule does not stand there
    as it is: in German, too, fast fashion is fast.
    """
    if len(pattern.slots) < _LEAST_BESIDE or pattern.via is not None or pattern.ordered:
        return False
    if language not in slot.known_in - slot.own_in or language in pattern.written_in:
        return False
    is_other = is_small(written, language, pattern.written_in)
    if not is_other or fold(written) != fold(slot.written):
        return False
    return " ".join(each.written for each in pattern.slots).casefold() not in text.casefold()


def _begins_sentence(text: str, start: int) -> bool:
    before = text[max(0, start - _FARTHEST) : start].rstrip(_OPENING)
    return not before or before[-1] in _ENDS_OF_SENTENCES
