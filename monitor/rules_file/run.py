"""What is done with a file: checked with its examples, or made what the store holds."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from common.records import dataclass
from monitor.base.errors import Refusal
from monitor.rules_file.apply import Applying, Outcome, drafts, fresh_queries
from monitor.rules_file.check import Checked, check
from monitor.rules_file.examples import Make, asked, examined, making
from monitor.rules_file.model import Problem, RulesFile
from monitor.rules_file.read import read_file
from monitor.rules_file.translate import MadeOf, translated, translated_before
from monitor.services.channels import forget_secrets, keep_secrets
from monitor.services.rules.saving import Saving
from storage.api.storage import Storage
from storage.model import Rule

_MOST_SEARCHED = 100
"""So many new rules are searched for at once; searching for more would take minutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Linted:
    """What checking a file has come to; `examples` is how many were run."""

    file: RulesFile
    problems: tuple[Problem, ...]
    examples: int


def lint(path: Path, storage: Storage | None, make: Make, *, now: datetime) -> Linted:
    """Check a file and run its examples; nothing is changed.

    Args:
        make: What makes variants.
        storage: Where what the file names and does not have may be; None for nowhere.

    Raises:
        Refusal: The file itself cannot be read.
    """
    file = read_file(path)
    names = _names(storage) if storage is not None else _NOTHING
    checked = check(file, now=now, channels=names.channels, sources=names.tags, must_be_here=False)
    failing, count = examined(checked, make, tags=names.tags, now=now, made={})
    problems = tuple(sorted([*checked.problems, *failing]))
    return Linted(file=file, problems=problems, examples=count)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A file that can be applied.

    Attributes:
        made: The variants of its new queries.
    """

    checked: Checked
    made: MadeOf

    @property
    def notes(self) -> tuple[Problem, ...]:
        """What its owner should know."""
        return self.checked.problems


def prepare(path: Path, saving: Saving, *, translate: bool) -> Ready:
    """Read and check a file, run its examples and make its variants; nothing is changed.

    Args:
        translate: Whether the translator is asked about new queries.

    Raises:
        Refusal: Something in it is wrong, or an example is not as it must be.
    """
    now = saving.now()
    file = read_file(path)
    names = _names(saving.storage)
    checked = check(file, now=now, channels=names.channels, sources=names.tags)
    _refuse(checked.mistakes, path)
    with saving.storage.reading() as tx:
        stored = tx.rules.outlines()
        tried = {asked(rule) for rule in checked.rules if rule.entry.examples}
        ids = [rule.id for rule in stored if (rule.query, rule.language) in tried]
        shown = list(tx.rules.some(ids))
    fresh = fresh_queries(stored, checked)
    make = saving.lexicons().made
    made: MadeOf = making(fresh, make)
    if translate:
        made = _translated(saving, checked, made, stored)
    before = translated_before(shown, make)
    failing, _ = examined(checked, make, tags=names.tags, now=now, made={**before, **made})
    _refuse(failing, path, end="\nNothing is changed.")
    return Ready(checked=checked, made=made)


class _TakenBack(Exception):
    """Ends a transaction of which nothing is to be kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What applying a file has come to, or would.

    Attributes:
        raised: How many alerts the new rules raised at once.
        unsearched: For how many new rules the daemon searches what is stored.
    """

    outcome: Outcome
    raised: int = 0
    unsearched: int = 0


def apply(ready: Ready, saving: Saving, home: Path, *, prune: bool, keep: bool = True) -> Applied:
    """Make the store what the file says, all or nothing.

    Args:
        prune: Whether what the file does not have is removed.
        keep: Whether it is kept; else only what would change is said.

    Raises:
        Refusal: The store does not let it, or a channel of the file cannot be used; nothing is
            changed.
    """
    channels, problems = drafts(ready.checked, now=saving.now())
    _refuse(problems, ready.checked.file.path)
    with suppress(_TakenBack), saving.storage.changing() as tx:
        applying = Applying(tx, ready.checked, home=home, now=saving.now())
        outcome = applying.run(
            channels, ready.made, expansion=saving.lexicons().fingerprint, prune=prune
        )
        if not keep:
            raise _TakenBack
        # Before the commit: a channel without its secrets would hold its alerts.
        keep_secrets(home, outcome.secrets)
    if not keep:
        return Applied(outcome=outcome)
    forget_secrets(home, outcome.forgotten)
    added = sum((change.action, change.noun) == ("add", "rule") for change in outcome.changes)
    if added > _MOST_SEARCHED:
        return Applied(outcome=outcome, unsearched=added)
    return Applied(outcome=outcome, raised=saving.catch_up() if added else 0)


def _refuse(problems: Iterable[Problem], path: Path, *, end: str = "") -> None:
    problems = list(problems)
    if problems:
        text = "\n".join(problem.sentence(path) for problem in problems)
        is_misuse = any(problem.kind == "mistake" for problem in problems)
        raise Refusal(f"{text}{end}", misuse=is_misuse)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Names:
    """The names of channels, and the tags of sources by name."""

    channels: tuple[str, ...] = ()
    tags: Mapping[str, tuple[str, ...]]


_NOTHING = _Names(tags={})


def _names(storage: Storage) -> _Names:
    with storage.reading() as tx:
        channels = tuple(channel.name for channel in tx.channels.all())
        return _Names(channels=channels, tags={s.name: s.tags for s in tx.sources.all()})


def _translated(saving: Saving, checked: Checked, made: MadeOf, stored: list[Rule]) -> MadeOf:
    """Return the variants with the translator's."""
    translation = saving.translation()
    if translation is None or not made:
        return made
    saving.progress.asking()
    grown, problems = translated(
        checked, made, stored=stored, translation=translation, now=saving.now()
    )
    if problems:
        name, problem = next(iter(problems.items()))
        saving.progress.untranslated(problem, name, others=len(problems) - 1)
    return grown
