"""Whether a word of a rule is another one of the text's language: small, common, a false friend."""

from collections.abc import Collection, Iterable

from common.neighbours import may_be_in
from rules.data.tables import (
    articles,
    has_capital_nouns,
    has_cases,
    has_tones,
    longer_names,
    only_adds_endings,
    stop_words,
)
from rules.languages.compounds import kept_compounds
from rules.languages.everyday import (
    borrowed_words,
    everyday_words,
    further_words,
    is_form_of_everyday,
    is_form_of_further,
    is_small,
)
from rules.languages.han_words import is_han, is_in_other_words, names_from
from rules.languages.match_types import TAIL, Hit, MatchType
from rules.languages.phonemes import TRANSCRIBED, script, writes_no_vowels, written_as
from rules.languages.scripts import has_capitals
from rules.languages.syllables import FEWEST, parted
from rules.patterns.cognates import likeness
from rules.patterns.pattern import Pattern, Slot
from rules.text.folding import fold
from rules.text.sentences import begins_sentence

_OF_A_PERSON = _LEAST_BESIDE = 2
_LIKE_BY_CHANCE = 6
_LONGEST_BEFORE = 8
_FIRST_OF_EAST_ASIA = "\u3000"
_SURELY = 0.9
_IN_KATAKANA = "ja"
_LOST = frozenset(("a", "as", "e", "i", "is", "o", "os", "r", "s", "ur", "us", "y"))
"""What names of languages with cases end in, and lose before other endings."""
_PLURAL = "s"
_ONLY_IN_NAMES = frozenset("尔爾娜莉婭娅妮蒂")
"""Characters that write the rest of a foreigner's name, and begin hardly any word."""


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


def is_no_form(
    written: str, start: int, text: str, slot: Slot, language: str, written_in: Collection[str]
) -> bool:
    """Whether a common word of a language is no form of a name that has its letters, or most.

    Not what has less than a name: han, of Hans, which has endings in Swedish, and loses none. Nor
    what has its letters, in small ones or where a sentence begins, whose capital says nothing:
    roku (year), Política and Téma, of Roku, Politico and Temu. Names that are common words of a
    language of the rule have their forms (Visions), and so have those that are frequent in the
    text's (Szegeden).

    Args:
        written: What the text has at `start`.
        language: That of the text.
    """
    name = slot.written
    if not name[:1].isupper() or not language or language in written_in:
        return False
    folded, bare = fold(written), fold(name)
    if _is_cut(folded, bare):
        return True
    if any(_is_word_in(bare, own) for own in written_in):
        return False
    if slot.is_name and language in slot.known_in:
        return False
    if _loses(folded, bare, language) and script(written) == script(name):
        is_listed = slot.is_name or bool(slot.known_in)  # l'Arctique, Macedónios
        return (written[:1].isupper() and not is_listed) or _is_word_in(folded, language)
    is_same = written.casefold() == name.casefold()
    if written[:1].islower():
        has_all = folded.startswith(bare)
        is_made_of_it = has_all and not is_same and _is_frequent(bare, language)  # szegedi
        may_be_name = is_made_of_it or (has_all and (text.islower() or not written_in))
        return not may_be_name and _is_word_in(folded, language)
    if is_same or _is_frequent(bare, language) or not begins_sentence(text, start):
        return False
    return folded in everyday_words(language) or folded in further_words(language)


def only_ends_so(written: str, hit: Hit, wanted: str, text: str, language: str) -> bool:
    """Whether a word only ends like one that is all of a keyword: politische, of Tisch.

    Where nouns have capitals that is what has none. Nor is a common word what it ends like, as
    Königreich (kingdom) or Nachrichten (news, and no Richter), unless it is called so elsewhere:
    a Finnish pääministeri is a minister.
    """
    if hit.match_type is not MatchType.COMPOUND or TAIL not in hit.partners:
        return False
    if written[:1].islower() and wanted[:1].isupper() and has_capital_nouns(language):
        return not text.islower()
    if not has_capitals(written):
        return False
    folded = fold(written)
    is_kept = folded.startswith(kept_compounds(language))
    return not is_kept and is_form_of_everyday(written.lower(), folded, language)


def goes_on_as_name(written: str, text: str, end: int) -> bool:
    """Whether a name in Han characters is only the beginning of another: 布什, 布什尔."""
    return text[end : end + 1] in _ONLY_IN_NAMES and written_as(written) == TRANSCRIBED


def is_part_of_words(hit: Hit, pattern: Pattern, slot: Slot, text: str, language: str) -> bool:
    """Whether Han characters that sound like a name are words where they stand: 西南, no Shinan.

    Not names of East Asia, of which each character is known. Japanese writes others in katakana.
    """
    if not is_han(text[hit.start]):
        return False
    signs = hit.end - hit.start
    if signs >= FEWEST and signs in _syllables(slot.written for slot in pattern.slots):
        return False
    if language == _IN_KATAKANA:
        return pattern.lone
    if not is_in_other_words(text, hit.start, hit.end, is_whole=pattern.lone):
        return False
    others = names_from(text, hit.start, hit.end) if pattern.lone else ()
    return all(likeness(slot.written, other, language) < _SURELY for other in others)


def _syllables(words: Iterable[str]) -> set[int]:
    """Return how many syllables a name has that has only those of a language of East Asia."""
    return {sum(map(len, name)) for _, name in parted([*words])}


def ends_another_name(written: str, text: str, start: int) -> bool:
    """Whether a name is only the end of another, with no space between: 自由民主党 is no 民主党."""
    if not start or written[0] < _FIRST_OF_EAST_ASIA:
        return False
    others = longer_names().get(fold(written), ())
    return fold(text[max(start - _LONGEST_BEFORE, 0) : start]).endswith(others)


def is_less_of_name(written: str, hit: Hit, wanted: str, pattern: Pattern, slot: Slot) -> bool:
    """Whether a word without its last letters is no form of a short name: מלון, of מלוני.

    That is where vowels are not written: there names have no endings, and few letters say them.
    """
    if hit.match_type is not MatchType.INFLECTED or len(wanted) > _LIKE_BY_CHANCE:
        return False
    is_listed = pattern.via is not None and pattern.farthest is MatchType.INFLECTED
    if not (is_listed or slot.is_name) or not writes_no_vowels(script(written)):
        return False
    return fold(wanted) not in fold(written)


def _is_common_elsewhere(
    written: str, hit: Hit, pattern: Pattern, slot: Slot, language: str
) -> bool:
    """Whether what only has the letters of a word, or its stem, is another language's.

    Italian stato (been) is no form of state, nor French présenter (to present) presenter, nor
    Icelandic milli (between) mill. That is in small letters all of a keyword, in a language that it
    is not written in: where lists call it otherwise, or a common one is like a short one by chance.
    Forms of a word that the language has, too, are found: euros, filmów. Where marks make other
    words, a word with some is none without: Vietnamese cảm is no cam.
    """
    is_alike = hit.match_type in (MatchType.FOLDED, MatchType.INFLECTED)
    if not is_alike or len(pattern.slots) > 1 or pattern.via is not None:
        return False
    if pattern.language or may_be_in(pattern.written_in, language):
        return False
    own = slot.written.casefold()
    if not written[:1].islower() or written.casefold() == own:
        return False
    is_short = slot.length <= _LIKE_BY_CHANCE
    if is_short and has_tones(language):
        return True
    known = everyday_words(language)
    is_like_by_chance = is_short and fold(written) in known
    if fold(own) in borrowed_words(language):
        is_form = not is_like_by_chance or fold(own) not in known or written.startswith(own)
        return not is_form or is_small(own, language, pattern.written_in)
    return is_like_by_chance or (own == slot.written and language in slot.known_in)


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
    is_plain = written.islower() or begins_sentence(text, start)
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


def _is_cut(written: str, name: str) -> bool:
    """Whether a word is a name without more than names lose before endings: News, of Newsom."""
    rest = name.removeprefix(written)
    return 0 < len(rest) < len(name) and rest not in _LOST


def _loses(written: str, name: str, language: str) -> bool:
    """Whether a word lacks letters that no name of its language loses: Ariana, of Ariane."""
    if has_cases(language) and not only_adds_endings(language):
        return False
    return not written.startswith(name.removesuffix(_PLURAL))


def _is_frequent(name: str, language: str) -> bool:
    return name in everyday_words(language) and name not in stop_words(language)


def _is_word_in(folded: str, language: str) -> bool:
    return is_form_of_everyday(folded, folded, language) or is_form_of_further(folded, language)
