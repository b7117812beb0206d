"""Sources and articles in memory."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from storage.api.articles import MOST_VERSIONS, Analysis, Known, Version
from storage.api.errors import FencedOut
from storage.api.lookup import Has, HasAny, HasIn, HasNear, Holding, Lookup
from storage.model import Article, Fingerprint, Source, SourceState
from storage.notice import Notice
from storage.sql.archive.search import INDEX_IS_FULL
from tests.memory.kept import LONG_AGO, Kept, checked, found, pointing


class MemorySources:
    """Implements `storage.api.sources.Sources`."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    def add(self, source: Source) -> bool:
        kept = self._kept.changing()
        known = kept.sources.get(source.id)
        if known is not None and known.state is not SourceState.REMOVED:
            return False
        token = source.lease_token if known is None else known.lease_token + 1
        kept.leases.pop(source.id, None)
        kept.sources[source.id] = replace(checked(source), lease_token=token)
        return True

    def update(self, source: Source) -> None:
        kept = self._kept.changing()
        if source.id in kept.sources:
            source = checked(source)
            kept.sources[source.id] = replace(
                kept.sources[source.id],
                name=source.name,
                every=source.every,
                tags=source.tags,
                options=source.options,
                state=source.state,
                backfill=source.backfill,
                next_poll_at=source.next_poll_at,
            )

    def get(self, id: str) -> Source | None:
        return self._kept.sources.get(id)

    def some(self, ids: Iterable[str]) -> dict[str, Source]:
        return {id_: self._kept.sources[id_] for id_ in ids if id_ in self._kept.sources}

    def find(self, prefix: str) -> Source | None:
        return found(
            self.all(),
            prefix,
            lambda source: source.name == prefix,
            lambda source: source.url == prefix,
        )

    def all(self) -> list[Source]:
        listed = (
            source
            for source in self._kept.sources.values()
            if source.state is not SourceState.REMOVED
        )
        return sorted(listed, key=lambda source: (source.name, source.id))

    def failed(self) -> list[Source]:
        return [source for source in self.all() if source.last_error is not None]

    def claim_due(
        self,
        *,
        now: datetime,
        limit: int,
        lease: timedelta,
        owner: str,
        ids: Sequence[str] = (),
        first: Collection[str] = (),
        besides: Collection[str] = (),
        among: Collection[str] | None = None,
        without: Collection[str] = (),
    ) -> list[Source]:
        kept = self._kept.changing()

        def is_wanted(source: Source) -> bool:
            if source.kind in without:
                return False
            if source.id in besides or (among is not None and source.id not in among):
                return False
            if ids:
                return source.id in ids
            is_due = source.next_poll_at is None or source.next_poll_at <= now
            return source.state is SourceState.ACTIVE and is_due

        def is_free(source: Source) -> bool:
            return source.id not in kept.leases or kept.leases[source.id][1] <= now

        due = sorted(
            (source for source in self.all() if is_wanted(source) and is_free(source)),
            key=lambda source: (
                source.kind not in first,
                source.next_poll_at or LONG_AGO,
                source.id,
            ),
        )
        claimed = [replace(source, lease_token=source.lease_token + 1) for source in due[:limit]]
        for source in claimed:
            kept.leases[source.id] = (owner, now + lease)
            kept.sources[source.id] = source
        return claimed

    def next_due(self, *, now: datetime, without: Collection[str] = ()) -> datetime | None:
        leases = self._kept.leases
        due = [
            max(source.next_poll_at or now, now)
            for source in self.all()
            if source.state is SourceState.ACTIVE
            and source.kind not in without
            and (source.id not in leases or leases[source.id][1] <= now)
        ]
        return min(due, default=None)

    def excuse(self, ids: Iterable[str], *, until: datetime) -> int:
        kept = self._kept.changing()
        known = [kept.sources[id_] for id_ in set(ids) if id_ in kept.sources]
        for source in known:
            due_at = source.next_poll_at and min(source.next_poll_at, until)
            failures = max(source.failures - 1, 0)
            kept.sources[source.id] = replace(source, failures=failures, next_poll_at=due_at)
        return len(known)

    def record_polls(self, polls: Iterable[tuple[Source, Mapping[str, str]]]) -> None:
        for source, remember in polls:
            self._record_poll(source, remember)

    def record_unchanged(self, polls: Iterable[tuple[Source, datetime]], *, now: datetime) -> None:
        for source, next_poll_at in polls:
            self._record_poll(replace(source, next_poll_at=next_poll_at, last_ok_at=now), {})

    def _record_poll(self, source: Source, remember: Mapping[str, str]) -> None:
        kept, source = self._kept.changing(), checked(source)
        stored = kept.sources.get(source.id)
        held = source.id in kept.leases
        if stored is None or not held or stored.lease_token != source.lease_token:
            raise FencedOut(f'a poll of "{source.name}" has lost its lease; nothing was written')
        paused = stored.state is SourceState.PAUSED and source.state is SourceState.ACTIVE
        stays = paused or stored.state is SourceState.REMOVED
        kept.leases.pop(source.id, None)
        kept.sources[source.id] = replace(
            stored,
            state=stored.state if stays else source.state,
            baseline_done=source.baseline_done,
            quiet_before=source.quiet_before,
            validators=dict(source.validators),
            next_poll_at=source.next_poll_at,
            last_ok_at=source.last_ok_at,
            last_entry_at=source.last_entry_at,
            last_error=source.last_error,
            failures=source.failures,
        )
        for key, value in checked(remember).items():
            kept.memory[source.id, key] = value

    def release(self, owners: Sequence[str], *, now: datetime) -> int:
        kept = self._kept.changing()
        freed = [
            id_ for id_, (owner, until) in kept.leases.items() if until <= now or owner in owners
        ]
        for id_ in freed:
            del kept.leases[id_]
        return len(freed)

    def memory(self, source_id: str) -> dict[str, str]:
        return {key: value for (id_, key), value in self._kept.memory.items() if id_ == source_id}

    def article_counts(self) -> dict[str, int]:
        counts: dict[str, int] = {}
        for article in self._kept.articles.values():
            counts[article.source_id] = counts.get(article.source_id, 0) + 1
        return counts

    def add_notice(self, notice: Notice) -> bool:
        kept = self._kept.changing()
        if (known := kept.notices.get(notice.id)) is not None:
            if known.seen_at <= notice.seen_at:
                again = replace(known, seen_at=notice.seen_at, lasts=notice.lasts)
                again = replace(again, routine=known.routine and notice.routine)
                kept.notices[notice.id] = again
            return False
        pointing(kept.sources, notice.source_id)
        kept.notices[notice.id] = checked(notice)
        return True

    def end_notices(
        self, source_ids: Iterable[str], *, besides: Collection[str], before: datetime
    ) -> None:
        kept, of = self._kept.changing(), set(source_ids)
        for notice in list(kept.notices.values()):
            is_over = notice.id not in besides if notice.lasts else notice.seen_at < before
            if notice.source_id in of and is_over:
                del kept.notices[notice.id]

    def notices(self, source_id: str | None = None, *, limit: int = 100) -> list[Notice]:
        newest_first = sorted(
            self._kept.notices.values(),
            key=lambda notice: (notice.raised_at, notice.id),
            reverse=True,
        )
        return [notice for notice in newest_first if source_id in (None, notice.source_id)][:limit]


class MemoryArticles:
    """Implements `storage.api.articles.Articles`."""

    def __init__(self, kept: Kept, analysis: Analysis | None) -> None:
        self._kept = kept
        self._analysis = analysis

    def _index(self, article: Article) -> None:
        if not self.index_is_full():
            self._kept.facts.pop(INDEX_IS_FULL, None)
        self._kept.tokens.pop(article.id, None)
        if self._analysis is not None:
            lines = self._analysis.tokens(article).split("\n")
            tokens = [frozenset(line.split()) for line in lines]
            self._kept.tokens[article.id] = (self._analysis.version, tokens)

    def _is_indexed(self, article: Article) -> bool:
        version = self._kept.tokens.get(article.id, ("", []))[0]
        return self._analysis is not None and version == self._analysis.version

    def _may_fit(self, article: Article, holding: Holding | None) -> bool:
        if holding is None or not self._is_indexed(article):
            return True
        return fits(article, self._kept.tokens[article.id][1], holding)

    def _number(self, id_: str) -> None:
        self._kept.last_number += 1
        self._kept.numbers[id_] = self._kept.last_number

    def stored_after(
        self,
        number: int,
        *,
        source_ids: Sequence[str] = (),
        language: str | None = None,
        limit: int = 100,
    ) -> list[tuple[int, Article]]:
        wanted = []
        for id_, place in sorted(self._kept.numbers.items(), key=lambda pair: pair[1]):
            article = self._kept.articles[id_]
            listing = {article.source_id, *self.sources_of([id_]).get(id_, ())}
            is_listed = not source_ids or bool(listing.intersection(source_ids))
            if place > number and is_listed and language in (None, article.language):
                wanted.append((place, article))
        return wanted[:limit]

    def last_number(self, *, seen_since: datetime | None = None) -> int:
        if seen_since is None:
            return self._kept.last_number
        articles = self._kept.articles
        late = [
            place
            for id_, place in self._kept.numbers.items()
            if articles[id_].first_seen_at >= seen_since
        ]
        if len(late) == len(articles):
            return 0
        return min(late) - 1 if late else self._kept.last_number

    def fill_index(self, *, after: str, limit: int) -> str | None:
        if self._analysis is None or self.index_is_full():
            return None
        kept = self._kept.changing()
        places = {f"{a.first_seen_at.isoformat()} {a.id}": a.id for a in kept.articles.values()}
        left = sorted((place for place in places if not after or place < after), reverse=True)
        page = [places[place] for place in left[:limit]]
        is_full = all(map(self._is_indexed, kept.articles.values()))
        if not page or (is_full and not after):
            if not is_full:
                return ""
            kept.facts[INDEX_IS_FULL] = self._analysis.version
            return None
        for id_ in page:
            if not self._is_indexed(kept.articles[id_]):
                self._index(kept.articles[id_])
        return left[len(page) - 1]

    def index_is_full(self) -> bool:
        full_by = self._kept.facts.get(INDEX_IS_FULL)
        return self._analysis is not None and full_by == self._analysis.version

    def index_is_damaged(self) -> bool:
        return False

    def known(self, keys: Iterable[str]) -> dict[str, Known]:
        return {key: self._kept.fingerprints[key] for key in keys if key in self._kept.fingerprints}

    def some(self, ids: Iterable[str]) -> dict[str, Article]:
        return {id_: self._kept.articles[id_] for id_ in ids if id_ in self._kept.articles}

    def add(
        self, articles: Iterable[tuple[Article, Sequence[Fingerprint]]], *, now: datetime
    ) -> int:
        kept = self._kept.changing()
        added = 0
        for article, fingerprints in articles:
            pointing(kept.sources, article.source_id)
            if article.id not in kept.articles:
                kept.articles[article.id] = checked(article)
                self._index(article)
                self._number(article.id)
                added += 1
            unknown = (print_ for print_ in fingerprints if print_.key not in kept.fingerprints)
            self.listed([(print_, article.id) for print_ in unknown], now=now)
        return added

    def listed(self, fingerprints: Iterable[tuple[Fingerprint, str]], *, now: datetime) -> None:
        kept = self._kept.changing()
        for fingerprint, id_ in fingerprints:
            known = kept.fingerprints.get(fingerprint.key)
            kept.listed[fingerprint.key] = now
            if known is None:
                known = Known(id_, "")
            kept.fingerprints[fingerprint.key] = Known(
                known.article_id, checked(fingerprint.said) or known.said
            )

    def listed_by(self, source_id: str, ids: Iterable[str], *, now: datetime) -> set[str]:
        kept = self._kept.changing()
        there = set(ids) & kept.articles.keys()
        new = {id_ for id_ in there if (id_, source_id) not in kept.listings}
        for id_ in new:
            pointing(kept.sources, source_id)
            kept.listings[id_, source_id] = now
        return new

    def sources_of(self, ids: Iterable[str]) -> dict[str, list[str]]:
        listing: dict[str, list[str]] = {}
        wanted = set(ids)
        for id_, source_id in sorted(self._kept.listings):
            if id_ in wanted:
                listing.setdefault(id_, []).append(source_id)
        return listing

    def end_baseline(self, ids: Iterable[str], *, since: datetime, lister: str) -> list[Article]:
        kept = self._kept.changing()
        baseline = [kept.articles[id_] for id_ in sorted(set(ids)) if id_ in kept.articles]
        released = [
            replace(article, baseline=False)
            for article in baseline
            if article.baseline and article.first_seen_at > since and article.source_id != lister
        ]
        kept.articles.update((article.id, article) for article in released)
        return released

    def revise(self, article: Article, *, now: datetime) -> bool:
        kept = self._kept.changing()
        stored, article = kept.articles.get(article.id), checked(article)
        if stored is None or stored.source_id != article.source_id:
            return False
        if (stored.title, stored.text) == (article.title, article.text):
            return False
        version = Version(title=stored.title, text=stored.text, until=now)
        versions = (version, *kept.versions.get(stored.id, ()))
        kept.versions[stored.id] = versions[:MOST_VERSIONS]
        kept.articles[stored.id] = replace(
            stored,
            title=article.title,
            text=article.text,
            summary=article.summary,
            language=article.language,
            updated_at=article.updated_at,
            authors=article.authors,
            categories=article.categories,
        )
        self._index(kept.articles[stored.id])
        self._number(stored.id)
        return True

    def languages(self, limit: int) -> list[tuple[str, int]]:
        newest = sorted(self._kept.articles.values(), key=lambda each: each.first_seen_at)
        counts = Counter(each.language for each in newest[::-1][:limit] if each.language)
        return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))

    def words(self, since: str, until: str, *, seen_since: datetime | None = None) -> Iterator[str]:
        every = {
            token
            for id_, (_, lines) in self._kept.tokens.items()
            if seen_since is None or self._kept.articles[id_].first_seen_at >= seen_since
            for tokens in lines
            for token in tokens
        }
        wanted = [token for token in every if since <= token and (not until or token < until)]
        if wanted:
            yield "\n".join(wanted)

    def versions(self, article_id: str) -> list[Version]:
        return list(self._kept.versions.get(article_id, ()))

    def get(self, id: str) -> Article | None:
        return self._kept.articles.get(id)

    def find(self, prefix: str) -> Article | None:
        return found(self._kept.articles.values(), prefix, lambda article: article.url == prefix)

    def recent(
        self,
        *,
        since: datetime | None = None,
        source_ids: Sequence[str] = (),
        language: str | None = None,
        limit: int | None = 100,
        before: tuple[datetime, str] | None = None,
        holding: Holding | None = None,
    ) -> list[Article]:
        fitting = [
            article
            for article in self._kept.articles.values()
            if (since is None or article.first_seen_at >= since)
            and (not source_ids or self._is_of(article, source_ids))
            and language in (None, article.language)
            and (before is None or (article.first_seen_at, article.id) < before)
            and self._may_fit(article, holding)
        ]
        fitting.sort(key=lambda article: (article.first_seen_at, article.id), reverse=True)
        return fitting[:limit]

    def places(
        self,
        *,
        since: datetime | None = None,
        source_ids: Sequence[str] = (),
        language: str | None = None,
        limit: int | None = 100,
        before: tuple[datetime, str] | None = None,
        holding: Holding | None = None,
    ) -> list[tuple[datetime, str]]:
        listed = self.recent(
            since=since,
            source_ids=source_ids,
            language=language,
            limit=limit,
            before=before,
            holding=holding,
        )
        return [(article.first_seen_at, article.id) for article in listed]

    def texts(self, ids: Iterable[str]) -> dict[str, tuple[str, str]]:
        return {id_: (article.title, article.text) for id_, article in self.some(ids).items()}

    def count(self, *, since: datetime | None = None) -> int:
        return len(self.recent(since=since, limit=None))

    def _is_of(self, article: Article, source_ids: Sequence[str]) -> bool:
        listings = self._kept.listings
        return article.source_id in source_ids or any(
            (article.id, source_id) in listings for source_id in source_ids
        )


def fits(article: Article, lines: Sequence[frozenset[str]], holding: Holding) -> bool:
    """Return whether an article with these lines of tokens is what is asked for."""
    if isinstance(holding, HasIn):
        if article.language not in holding.languages:
            return True
        holding = holding.part
    return bool(lines_with(lines, holding))


def lines_with(lines: Sequence[frozenset[str]], lookup: Lookup) -> set[int]:
    """Return in which lines stands what a lookup asks for; in none when it does not fit."""
    if isinstance(lookup, Has):
        return {number for number, tokens in enumerate(lines) if _has(tokens, lookup)}
    parts = [lines_with(lines, part) for part in lookup.parts]
    everywhere = set().union(*parts)
    if isinstance(lookup, HasAny):
        return everywhere
    if isinstance(lookup, HasNear):
        first, *others = parts
        if lookup.ordered:
            for other in others:
                first = {
                    line for line in other if any(0 <= line - at <= lookup.lines for at in first)
                }
            return everywhere if first else set()
        is_near = any(
            all(any(abs(line - at) <= lookup.lines for line in other) for other in others)
            for at in first
        )
        return everywhere if is_near else set()
    return everywhere if all(parts) else set()


def _has(tokens: frozenset[str], has: Has) -> bool:
    if has.begins:
        return any(token.startswith(has.token) for token in tokens)
    return has.token in tokens
