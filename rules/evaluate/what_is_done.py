"""How far apart what says what is done may stand: cancels festival, minister resigns."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from rules.data.tables import articles, clause_words, conjunctions, particles, stop_words
from rules.evaluate.proximity import LONGEST_GAP_WHERE_DONE, GapCost, Occurrence, Span, is_small
from rules.languages.verbs import is_in_third_person, is_verb, says_of_itself
from rules.text.tokenizer import Word, are_parted, is_break, without_middle_names, words

MOST_OTHERS_WHERE_DONE = 6
MOST_SMALL_WHERE_DONE = 8
"""With the others no more than the index lets stand there: `rules/index/native/meeting.h`."""
_COST = 0.01
_ENGLISH = "en"
_SMALL_SIGNS = re.compile("[ぁ-ゖ的了在于於被把将將对對向和与與从從由为為已就都]")
"""What says in runs what small words say elsewhere."""
_ITS_OBJECT = re.compile(r"\s+(?:an?|the|his|her|its|their|another)\s", re.I)
_END = re.compile(r"[.,;:!?،؛。、，；]")
_IS_OF = re.compile("(?<![0-9万億千百].)の$")
_COMMA, _QUOTES = "、", "「」『』"
_FAR, _NEAR, _MOST_BEFORE, _VOICE = 30, 12, 3, 2


class WhatIsDone(NamedTuple):
    """A keyword that says what is done, in a text: organisers cancel the festival.

    Attributes:
        verbs: The parts that are verbs.
        parts: How many there are.
        language: Of the text.
        is_own: Whether that is the keyword's, too.
    """

    text: str
    label: str
    verbs: frozenset[int]
    parts: int
    language: str
    is_own: bool

    def near(self, near: GapCost) -> GapCost:
        """Return the gap of any keyword's words without what says something of something else.

        The minister's aide resigned; the referee has suspended a match.
        """

        def gap(left: Occurrence, right: Occurrence) -> float | None:
            return None if self._is_of_another(left, right) else near(left, right)

        return gap

    def apart(self, near: GapCost) -> GapCost:
        """Return the gap of what says what is done: verb and object may stand apart in a clause.

        Organisers cancelled this summer's jazz festival; the takeover by a rival was approved. What
        is done to a thing may be said before or behind it. Words that are only like the rule's are
        none of its: the index wants them side by side.
        """

        def gap(left: Occurrence, right: Occurrence) -> float | None:
            if self._is_of_another(left, right):
                return None
            cost = near(left, right)
            return self._cost_apart(left, right) if cost is None else cost

        return gap

    def _cost_apart(self, left: Occurrence, right: Occurrence) -> float | None:
        start, end = left.end, right.start
        if end - start > LONGEST_GAP_WHERE_DONE:
            return None
        if are_parted(self.text, start, end) and not self._is_topic(left, start, end):
            return None
        small, others = _counted(self.text[start:end])
        if others > MOST_OTHERS_WHERE_DONE or small > MOST_SMALL_WHERE_DONE:
            return None
        if self._says_another(left, right, others):
            return None
        return others * _COST

    def _is_topic(self, noun: Occurrence, start: int, end: int) -> bool:
        """Whether a noun is what the rest of its sentence says something of: 大臣は21日、辞任した.

        A comma behind it parts nothing, where nothing else is said to do anything: not before what
        is of somebody else (大統領の辞任), but before what is of so many (12万台のリコール).
        """
        topic, between = tuple(self._said("topic")), self.text[start:end]
        if not between.startswith(topic) or noun.part >= min(self.verbs):
            return False
        rest = between[1:].replace(_COMMA, "")
        is_of_another = _IS_OF.search(rest) is not None
        return not (
            is_of_another or is_break(rest) or any(map(rest.__contains__, (*topic, *_QUOTES)))
        )

    def _says_another(self, left: Occurrence, right: Occurrence, others: int) -> bool:
        """Whether what stands between has a verb or an object of its own.

        The minister said that the mayor resigned; they passed the budget and rejected a motion. In
        English no other verb stands between a subject and its verb (the mayor denied that she
        resigns), and no preposition behind a verb that the keyword is without: she broke with the
        old record. Elsewhere a noun with a capital is none of its subject's behind a small word
        (vor der Wahl).
        """
        between, first = self.text[left.end : right.start], self.text[right.start]
        every = [word.text.lower() for word in words(between)]
        has_subject, is_turned = (
            min(left.part, right.part) not in self.verbs,
            left.part > right.part,
        )
        is_behind_subject = has_subject and not is_turned and right.part in self.verbs
        clause = self._said("clause") | self._said("but")
        if not clause.isdisjoint(every[:-1] if is_behind_subject else every):
            return True  # the minister that resigned
        if not has_subject and (is_turned or not (others or self.is_own)):
            joined = every[-1:] if is_turned else every[:1]
            joins = conjunctions(self.language) if self.language else frozenset()
            if not joins.isdisjoint(joined) and self._said("itself").isdisjoint(every):
                return True  # was looted and closed
        is_told_by_marks = bool(self._said("object"))
        if not (self.is_own or is_told_by_marks) and any(map(_is_listed, words(between))):
            return True
        if not (self.is_own and self.language == _ENGLISH):
            return is_behind_subject and first.isupper() and _ends_small(between)
        if has_subject:
            return is_turned or _says_verb(every)
        return not is_turned and _is_no_object(every, frozenset(self.label.lower().split()), first)

    def _is_of_another(self, left: Occurrence, right: Occurrence) -> bool:
        """Whether what a verb says is said of something else than the noun before or behind it."""
        if (left.part in self.verbs) == (right.part in self.verbs):
            return False
        noun = right if left.part in self.verbs else left
        is_object = noun.part > min(self.verbs)
        if not is_object and self._is_given(noun):
            return True
        if noun is right:
            return False
        between, verb = self.text[left.end : right.start], self.text[right.start : right.end]
        if self.language == _ENGLISH and self._is_marked(noun, "other"):
            return bool(between.strip("'’s ")) and _may_be_verb("", verb)
        if not is_object:
            return self.parts == max(self.verbs) + 1 and self._is_marked(noun, "other")
        every = [word.text.lower() for word in words(between)]
        joined = tuple(self._said("joined"))
        return (
            not self._said("but").isdisjoint(every)
            or between.endswith(joined)
            or (verb.startswith(joined) and not right.via.startswith(joined))
            or self._is_active(every, verb, self.text[right.end :])
            or self._has_other_object(noun, right, between)
        )

    def _has_other_object(self, noun: Occurrence, verb: Occurrence, between: str) -> bool:
        """Whether what is done is done to something in between: 審判は試合を中断."""
        marks = tuple(self._said("object"))
        rest = between.lstrip()
        rest = rest[1:] if rest.startswith(marks) else rest
        if not any(mark in rest for mark in marks):
            return False
        written = self.text[verb.start : verb.end + _VOICE]
        is_passive = any(mark in written for mark in self._said("passive"))
        is_actor = not is_passive and self._is_marked(noun, "subject")
        return is_actor or self._is_marked(noun, "other") or self._is_marked(noun, "object")

    def _is_given(self, noun: Occurrence) -> bool:
        """Whether it is done to or with somebody, who does nothing: apologised to the bishop."""
        text = self.text
        if text[noun.start : noun.end].startswith(tuple(self._said("given"))):
            return True
        before, known = self._said("before"), articles(self.language)
        said = [word.text.lower() for word in words(text[max(0, noun.start - _FAR) : noun.start])]
        if said and said[-1] in known - before:
            said.pop()
        return not before.isdisjoint(said[-1:])

    def _is_active(self, every: Sequence[str], verb: str, behind: str) -> bool:
        """Whether what stands before a verb does what it says, and it is not done to that."""
        if not self._said("itself").isdisjoint(every[-1:]):
            return False
        if verb.endswith(tuple(self._said("ends"))):
            return True
        if self.language == _ENGLISH and (_ITS_OBJECT.match(behind) or is_in_third_person(verb)):
            return True
        return not self._said("has").isdisjoint(every[-1:]) and not verb.endswith("s")

    def _is_marked(self, noun: Occurrence, what: str) -> bool:
        """Whether a noun is marked as what something is done to, or as `what`: 司教に謝罪."""
        marks, written = tuple(self._said(what)), self.text[noun.start : noun.end]
        is_part = written.endswith(marks) and not noun.via.endswith(marks)
        return is_part or self.text[noun.end :].lstrip().startswith(marks)

    def is_denied(self, span: Span) -> bool:
        """Whether words say what is not done, or done by what the rule says it is done to.

        Refused to extradite; the tabloid sues the actor. The latter is known where a verb stands
        between these and it is not said by whom, or where what it is done to is marked.
        """
        first = min(self.verbs)
        done = next(each for each in span.occurrences if each.part == first)
        if self._is_refused(done):
            return True
        subjects = [each for each in span.occurrences if each.part < first]
        others = [each for each in span.occurrences if each.part > first]
        objects = [each for each in others if each.part not in self.verbs]
        if not (subjects and objects):
            return False
        if any(self._is_marked(subject, "object") for subject in subjects):
            return True
        start, end = done.end, min(each.start for each in subjects)
        agents = self._said("agent")
        if not agents or max(each.end for each in objects) > done.start or start > end:
            return False
        return agents.isdisjoint(word.text.lower() for word in words(self.text[start:end]))

    def _is_refused(self, done: Occurrence) -> bool:
        """Whether it is said that something is not done, right before that or right behind."""
        refusals = self._said("not")
        before = self.text[max(0, done.start - _FAR) : done.start]
        behind = _END.split(self.text[done.end : done.end + _NEAR])[0]
        said = list(words(_END.split(before)[-1]))[-_MOST_BEFORE:]
        if any(word.is_run for word in words(behind)):
            return any(each in behind for each in refusals)
        return not refusals.isdisjoint(word.text.lower() for word in said)

    def _said(self, what: str) -> frozenset[str]:
        return clause_words(self.language, what)


def _says_verb(every: Sequence[str]) -> bool:
    """Whether something else stands between a subject and a verb than who, where and how."""
    is_behind_another = not particles("before_others").isdisjoint(every[-1:])
    return is_behind_another or any(map(_may_be_verb, ("", *every), every))


def _may_be_verb(before: str, word: str) -> bool:
    """Whether a word may be a verb: of troubled banks is none."""
    is_of_noun = before in particles("before_others") or before in articles(_ENGLISH)
    return is_in_third_person(word) or (is_verb(word, _ENGLISH) and not is_of_noun)


def _is_no_object(every: Sequence[str], own: frozenset[str], first: str) -> bool:
    """Whether a verb is not said of what stands behind it: "arrested the Novak aide"."""
    known = articles(_ENGLISH)
    is_of_other = bool(every) and every[0] in particles("before_others") - own
    has_own = any(is_verb(one, _ENGLISH) and other in known for one, other in pairwise(every))
    return is_of_other or has_own or (first.isupper() and not known.isdisjoint(every))


def _is_listed(word: Word) -> bool:
    """Whether lists say by a word that something is done, which small words only look like."""
    return says_of_itself(word.text) and not is_small(word, stop_words())


def _ends_small(between: str) -> bool:
    return any(is_small(word, stop_words()) for word in list(words(between))[-1:])


def _counted(between: str) -> tuple[int, int]:
    """Return how many small words stand there and others; of a run, each two letters are one."""
    known = stop_words()
    small = others = 0
    for word in words(without_middle_names(between)):
        if word.is_run:
            others += (len(_SMALL_SIGNS.sub("", word.text)) + 1) // 2
        elif is_small(word, known):
            small += 1
        else:
            others += 1
    return small, others
