"""How far apart what says what is done may stand: cancels festival, minister resigns."""

from rules.data.tables import articles, particles, stop_words
from rules.evaluate.proximity import LONGEST_GAP_WHERE_DONE, GapCost, Occurrence, is_small
from rules.languages.verbs import is_in_third_person, is_verb
from rules.text.tokenizer import are_parted, without_middle_names, words

MOST_OTHERS_WHERE_DONE = 6
MOST_BEHIND_SUBJECT = 3
MOST_SMALL_WHERE_DONE = 8
"""With the others no more than the index lets stand there: `rules/index/native/meeting.h`."""
_COST = 0.01
_ENGLISH = "en"


def gap_where_done(
    text: str, near: GapCost, verbs: frozenset[int], label: str, *, is_english: bool
) -> GapCost:
    """Return the gap of what says what is done: verb and object may stand apart in a clause.

    Organisers cancelled this summer's jazz festival; the takeover by a rival was approved. What
    is done to a thing may be said before or behind it. A verb stands nearer behind its subject.
    In English no other verb stands between these (the mayor denied that she resigns), and no
    preposition behind the verb that the keyword is without: she broke with the old record.
    Elsewhere a noun with a capital is none of its subject's behind a small word (vor der Wahl).
    Nor does another clause begin between: the minister said that the mayor resigned.
    Words that are only like the rule's are none of its: the index wants them side by side.

    Args:
        near: The gap of their words as of any keyword's, which counts where it does.
        verbs: The parts that are verbs.
        label: The keyword.
        is_english: Whether keyword and text both are.
    """
    own = frozenset(label.lower().split())

    def gap(left: Occurrence, right: Occurrence) -> float | None:
        cost = near(left, right)
        if cost is not None:
            return cost
        start, end = left.end, right.start
        if end - start > LONGEST_GAP_WHERE_DONE or are_parted(text, start, end):
            return None
        between = text[start:end]
        if _begins_clause(between):
            return None
        has_subject = min(left.part, right.part) not in verbs
        if is_english:
            is_turned = left.part > right.part
            if has_subject and (is_turned or _says_another(between)):
                return None
            if not (has_subject or is_turned) and _is_no_object(between, own, text[end]):
                return None
        elif has_subject and text[end].isupper() and _ends_small(between):
            return None
        small, others = _counted(between)
        most = MOST_BEHIND_SUBJECT if has_subject else MOST_OTHERS_WHERE_DONE
        return others * _COST if others <= most and small <= MOST_SMALL_WHERE_DONE else None

    return gap


def _begins_clause(between: str) -> bool:
    return any(word.text.lower() in particles("before_clauses") for word in words(between))


def _says_another(between: str) -> bool:
    """Whether something else stands between a subject and a verb than who, where and how."""
    every = [word.text.lower() for word in words(between)]
    is_behind_another = every[-1:] and every[-1] in particles("before_others")
    return bool(is_behind_another) or any(map(_may_be_verb, every))


def _may_be_verb(word: str) -> bool:
    return is_verb(word, _ENGLISH) or is_in_third_person(word)


def _is_no_object(between: str, own: frozenset[str], first: str) -> bool:
    """Whether a verb is not said of what stands behind it: "arrested the Novak aide"."""
    every = [word.text.lower() for word in words(between)]
    is_of_other = bool(every) and every[0] in particles("before_others") - own
    return is_of_other or (first.isupper() and not articles(_ENGLISH).isdisjoint(every))


def _ends_small(between: str) -> bool:
    return any(is_small(word, stop_words()) for word in list(words(between))[-1:])


def _counted(between: str) -> tuple[int, int]:
    """Return how many small words stand there and others; of a run, each two letters are one."""
    known = stop_words()
    small = others = 0
    for word in words(without_middle_names(between)):
        if word.is_run:
            others += (len(word.text) + 1) // 2
        elif is_small(word, known):
            small += 1
        else:
            others += 1
    return small, others
