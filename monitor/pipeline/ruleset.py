"""The rules as they stand, compiled once for each revision and shared by all polls."""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from common.records import dataclass
from storage.api.storage import Storage, Transaction
from storage.model import Article, Match, Rule, Source, stable_id
from storage.variant_groups import RuleGroups

if TYPE_CHECKING:
    from rules.matcher import MakeMatcher, RuleMatcher

log = logging.getLogger("monitor.pipeline")

QUIET_SECONDS = 30.0
MOST_REMEMBERED = 1_000
"""So many things that we tripped over are remembered, to log each once."""


class NoMatcher:
    """The matcher of no rules, for which nothing is loaded."""

    broken: Mapping[str, str] = MappingProxyType({})
    size = None

    def matches(self, article: Article, source: Source) -> list[Match]:
        return []

    def prepare(self, languages: Iterable[str], *, between: Callable[[], None]) -> None:
        """Nothing is to be looked up."""

    def keep(self, *, nobody_waits: bool = False) -> None:
        """Nothing is worth keeping."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruleset:
    """The rules as they stand at one revision, compiled.

    The matcher is shared with the ruleset that comes after: matches that it finds by rules of a
    later revision are thrown away, as all matches of an outdated ruleset are, before they are
    stored. `rules` are without their variants.
    """

    revision: int
    rules: Mapping[str, Rule]
    matcher: "RuleMatcher | NoMatcher"


class Remembered:
    """What was logged, so that it is logged once; the whole is forgotten when it is too much."""

    def __init__(self) -> None:
        self._keys: set[str] = set()

    def is_new(self, key: str) -> bool:
        """Whether this was not asked about yet."""
        if key in self._keys:
            return False
        if len(self._keys) >= MOST_REMEMBERED:
            self._keys.clear()
        self._keys.add(key)
        return True


class Rulesets:
    """Gives the ruleset of the store's revision. Safe to use from many threads.

    Args:
        kept: A file that holds what was built, for the next start.
        give_way: Called often while what nobody waits for yet is made ready; may wait.
    """

    def __init__(
        self,
        storage: Storage,
        make_matcher: "MakeMatcher | None" = None,
        *,
        kept: Path | None = None,
        give_way: Callable[[], None] = lambda: None,
    ) -> None:
        self._storage = storage
        self._give_way = give_way
        self._make_matcher = make_matcher
        self._kept = kept
        self._seen: tuple[object, float] | None = None
        self._latest: Ruleset | None = None
        self._compiling = threading.Lock()
        self._logged = Remembered()

    def current(self) -> Ruleset:
        """Return the compiled rules; of those that changed since, only these are compiled anew."""
        with self._storage.reading() as tx:
            revision = tx.rules.revision()
        latest = self._latest
        if latest is not None and latest.revision == revision:
            return latest
        with self._compiling, self._storage.reading() as tx:
            return self._compiled(tx, tx.rules.revision())

    def prepare(self, languages: Iterable[str] = ()) -> None:
        """Look up what the rules need of texts, before the next one waits for it.

        Once nothing was added for a while, what is built is kept.

        Args:
            languages: Also of texts in these, of which none has come yet.
        """
        matcher = self.current().matcher
        matcher.prepare(languages, between=self._give_way)
        size, now = matcher.size, time.monotonic()
        if self._seen is None or self._seen[0] != size:
            self._seen = (size, now)
        if now - self._seen[1] >= QUIET_SECONDS:
            matcher.keep()

    def keep(self) -> None:
        """Keep what is built now, if rules were compiled: for a program that ends."""
        latest = self._latest
        if latest is not None:
            latest.matcher.keep(nobody_waits=True)

    def _compiled(self, tx: Transaction, revision: int) -> Ruleset:
        latest = self._latest
        if latest is not None and latest.revision >= revision:
            return latest
        if latest is None:
            rules = {rule.id: rule for rule in tx.rules.outlines()}
            matcher = self._made(tx, rules)
        elif isinstance(latest.matcher, NoMatcher):
            self._latest = None
            return self._compiled(tx, revision)
        else:
            watching = tx.rules.watching()
            rules = {id_: latest.rules[id_] for id_ in watching if id_ in latest.rules}
            matcher = latest.matcher
            for id_ in latest.rules.keys() - watching.keys():
                matcher.remove(id_)
            moved = [
                id_ for id_ in watching if id_ not in rules or rules[id_].revision != watching[id_]
            ]
            for rule in tx.rules.some(moved):
                # Without its variants, of which there may be many: the matcher has them.
                rules[rule.id] = replace(rule, variants=())
                matcher.add(rule)
        self._say_what_is_broken(matcher.broken, rules)
        self._latest = Ruleset(revision=revision, rules=rules, matcher=matcher)
        return self._latest

    def _made(self, tx: Transaction, rules: Mapping[str, Rule]) -> "RuleMatcher | NoMatcher":
        if self._make_matcher:
            return self._make_matcher(tx.rules.some(rules))
        if not rules:
            return NoMatcher()
        # Loaded when the first article comes: a round may bring none.
        from rules.matcher import matcher_of_stored

        outlines = list(rules.values())
        stamps = tx.rules.stamps()
        return matcher_of_stored(outlines, stamps, self._whole, self._in_groups, self._kept)

    def _whole(self, ids: Iterable[str]) -> Iterator[Rule]:
        with self._storage.reading() as tx:
            yield from tx.rules.some(ids)

    def _in_groups(self, ids: Iterable[str]) -> Iterator[RuleGroups]:
        with self._storage.reading() as tx:
            yield from tx.rules.in_groups(ids)

    def _say_what_is_broken(self, broken: Mapping[str, str], rules: Mapping[str, Rule]) -> None:
        for id_, why in broken.items():
            if id_ in rules and self._logged.is_new(stable_id("broken", id_, why)):
                log.error(
                    "a rule cannot be read and raises nothing until it is mended",
                    extra={"rule": rules[id_].name, "why": why},
                )
