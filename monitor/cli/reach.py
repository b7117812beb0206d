"""Tells in which words a rule is looked for, language by language, and where it is blind."""

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from common.language_names import language_name
from monitor.cli import output
from storage.model import Rule

if TYPE_CHECKING:
    from rules.expand.reach import Reach

MOST = 5
"""Of so many languages a new rule tells it; show-rule tells of all."""
PROPOSED = 3
"""So many uncertain forms are told, and so many languages that have no others."""

_CODES = 12
"""So many languages a command names; more are nearly all."""


def show_reach(
    rule: Rule,
    reach: "Sequence[Reach]",
    *,
    command: str,
    is_kept: bool = True,
    most: int | None = MOST,
    waiting: "Sequence[Reach]" = (),
    usual: str = "en",
) -> None:
    """Print what a rule is looked for as; nothing where only its own language is read.

    Args:
        waiting: Further languages, in which it waits for somebody to accept a form.
        is_kept: Whether there is such a rule, which commands can name.
        usual: What rules are written in, unless their words say otherwise.
        most: Of so many languages, those that most articles are in; None for all.
    """
    from rules.expand.reach import as_written

    others = [each for each in reach if each.language not in rule.written_in]
    with_forms = [each for each in others if each.forms]
    name = output.shell_word(rule.name)
    if with_forms:
        output.say("")
        output.say("Looked for in other languages as:")
        for each in with_forms[:most]:
            forms = ", ".join(dict.fromkeys(each.forms))
            output.say(output.fitting(f"  {_named(each.language)}: {forms}", 4))
        left = len(with_forms) - len(with_forms[:most])
        if left:
            where = f": {command} show-rule {name}" if is_kept else ""
            output.say(f"  and in {left} more{where}")
    _show_waiting(rule, [*others, *waiting], command=command, is_kept=is_kept)
    for words, languages in _blind(others):
        code = languages[0]
        of = "" if not words else f" for {' and '.join(map(output.quoted, words))}"
        own = f" --of {output.shell_word(words[0])}" if _is_a_part(rule, words) else ""
        nothing = f"Nothing in {joined(map(_named, languages))}{of}; name it"
        if is_kept:
            output.say(output.fitting(f"{nothing}:", 2))
            output.say(f"  {command} add-variant {name} {code}:TEXT{own}")
        else:
            output.say(output.fitting(f"{nothing} with --variant {code}:TEXT", 2))
    is_blind_there = any(each.language == usual and each.missing for each in others)
    if is_blind_there and rule.query.isascii() and not rule.language:
        named = joined(map(_named, rule.written_in), "or")
        how = f"{command} edit-rule {name} --in {usual}" if is_kept else f"add --in {usual}"
        output.say(output.fitting(f"Taken for {named}; if it is {_named(usual)}: {how}", 2))
    literal = as_written(rule)
    if literal and (others or not reach):
        parts = ", ".join(literal[:MOST]) + (", ..." if len(literal) > MOST else "")
        output.say(output.fitting(f"In every language only as it is written: {parts}", 2))
    proposed = [
        text
        for each in others
        for text in each.proposed
        if not any(text in some for some in each.waiting.values())
    ]
    if proposed and most is not None:
        shown = ", ".join(map(output.quoted, list(dict.fromkeys(proposed))[:PROPOSED]))
        more = ", ..." if len(set(proposed)) > PROPOSED else ""
        uncertain = f"Uncertain, and not looked for unless you say so: {shown}{more}"
        output.say(output.fitting(uncertain, 2))
        if is_kept:
            output.say(f"  {command} show-rule {name}")


def _show_waiting(rule: Rule, reach: "Sequence[Reach]", *, command: str, is_kept: bool) -> None:
    """Print in which languages a word has no form but proposed ones, and how to accept these."""
    every = [each for each in reach if each.waiting]
    if not every:
        return
    name = output.shell_word(rule.name)
    words = dict.fromkeys(word for each in every for word in each.waiting)
    parts = [output.quoted(word) for word in words if _is_a_part(rule, [word])]
    told = [_named(each.language) for each in every[:PROPOSED]]
    if more := len(every) - len(told):
        told.append(f"{more} more")
    of = f" for {joined(parts)}" if parts else ""
    nothing = f"Nothing in {joined(told)}{of} but what alone is uncertain"
    accepted = [
        output.shell_word(f"{each.language}:{text}")
        for each in every[:PROPOSED]
        for text in dict.fromkeys(chain(*each.waiting.values()))
    ]
    if not is_kept:
        output.say(output.fitting(f"{nothing}: {' '.join(accepted)}", 2))
        return
    output.say(output.fitting(f"{nothing}; to have it found all the same:", 2))
    if more:
        codes = ",".join(each.language for each in every)
        only = f" --language {codes}" if len(every) <= _CODES else ""
        output.say(f"  {command} accept-variant {name} --all-proposed{only}")
    else:
        output.say(f"  {command} accept-variant {name} {' '.join(accepted)}")


def _is_a_part(rule: Rule, words: Sequence[str]) -> bool:
    return bool(words) and rule.query.casefold() != words[0].casefold()


def _blind(reach: "Iterable[Reach]") -> list[tuple[tuple[str, ...], list[str]]]:
    """Return which words have no form, each with the languages of which that is true."""
    blind: dict[tuple[str, ...], list[str]] = {}
    for each in reach:
        missing = tuple(word for word in each.missing if word not in each.waiting)
        if missing:
            blind.setdefault(missing, []).append(each.language)
    return list(blind.items())


def _named(language: str) -> str:
    return language_name(language) or language


def joined(names: Iterable[str], last: str = "and") -> str:
    """Return names as a sentence has them: "French, Thai and Greek"."""
    every = list(names)
    return every[0] if len(every) == 1 else f"{', '.join(every[:-1])} {last} {every[-1]}"
