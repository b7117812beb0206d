"""Rules that look at the archive together: each alone with the search index, or in one reading."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from monitor.backfill.reading import BATCH, ArchiveReading, searched
from monitor.base.paging import Selection
from rules.matcher import MakeMatcher
from rules.search.candidates import lookups_of
from storage.api import Holding, StorageError
from storage.model import Rule, Source

_AN_ARTICLE, _A_RULE_OF_IT, _ALONE = 200, 1, 30_000
"""What it takes, in microseconds or so: to read an article and cut it into words, to match it with
one of many rules, and to search for one rule alone with the search index."""

_FEW = 50
"""Of more rules with words that may be spelled otherwise, nearly every article has one's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of a rule before it is searched for.

    Attributes:
        found: The articles that it holds for, newest first.
        holding: What its articles must hold.
    """

    found: Sequence[str] | None = None
    holding: Holding | None = None


@dataclass(frozen=True, slots=True)
class Together:
    """Finds out about several rules what each needs of the archive."""

    reading: ArchiveReading
    make_matcher: MakeMatcher

    def look(
        self, rules: Sequence[Rule], sources: Mapping[str, Source], stop: Callable[[], bool]
    ) -> dict[str, Known]:
        """Return what is found out about rules that search the same articles.

        Where it is much to read, and the search index can say of some rules what to look at, each
        of them reads little alone. Nothing when something went wrong: then each searches alone.
        """
        every = searched(rules[0], sources)
        known: dict[str, Known] = {}
        if len(rules) < 2 or not every.source_ids or stop():
            return known
        try:
            if not self.reading.has_at_most(_most_worth_reading(len(rules)), every):
                known = self._held(rules, every)
                rules = [rule for rule in rules if rule.id not in known]
            if len(rules) > 1:
                found = self._found(rules, every, sources, stop)
                known.update((id_, Known(found=ids)) for id_, ids in found.items())
        except StorageError:
            raise
        except Exception:
            # Whose mistake it is comes out, and is told, when each is searched for alone.
            return {}
        return known

    def _held(self, rules: Sequence[Rule], every: Selection) -> dict[str, Known]:
        """Return what articles must hold, of those rules of which the index can say it."""
        words = self.reading.words(every)
        lookups = lookups_of(self._one_by_one(rules), words, most_guessed=_FEW)
        known: dict[str, Known] = {}
        for rule, each in zip(self._one_by_one(rules), lookups, strict=True):
            if each is not None:
                known[rule.id] = Known(holding=each)
        return known

    def _found(
        self,
        rules: Sequence[Rule],
        every: Selection,
        sources: Mapping[str, Source],
        stop: Callable[[], bool],
    ) -> dict[str, list[str]]:
        """Return for which articles rules hold, newest first; nothing if it must stop."""
        found: dict[str, list[str]] = {rule.id: [] for rule in rules}
        matcher = self.make_matcher(())
        for rule in self._one_by_one(rules):
            matcher.add(rule)
        for page in self.reading.all(every, stop):
            for article, listing in self.reading.listed(page, sources):
                holding = {m.rule_id for each in listing for m in matcher.matches(article, each)}
                for id_ in holding:
                    found[id_].append(article.id)
        return {} if stop() else found

    def _one_by_one(self, rules: Iterable[Rule]) -> Iterator[Rule]:
        """Yield rules, giving way before each: what is made of one takes milliseconds."""
        for rule in rules:
            self.reading.give_way()
            yield rule


def _most_worth_reading(rules: int) -> int:
    """Return how many articles some rules rather read together than what the index has for each."""
    return max(BATCH, rules * _ALONE // (_AN_ARTICLE + rules * _A_RULE_OF_IT))
