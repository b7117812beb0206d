"""Sources: what somebody types becomes something we poll, once."""

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from common.records import dataclass
from ingester.kinds import FOLDER, spec_of
from ingester.urls.parts import split_url
from ingester.urls.urls import check_feed_url, identity_key, shown_url
from monitor.base.errors import Refusal, clipped, escaped, quoted
from monitor.base.names import LONGEST_NAME, checked_name, one_named
from monitor.services.fields.source_fields import SourceChanges, checked_every, checked_reading
from storage.api.storage import Storage, Transaction
from storage.model import Source, SourceState, stable_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a source is to be found.

    Attributes:
        url: A URL, or the absolute path of a folder.
        kind: None when only looking at it can tell.
    """

    url: str
    kind: str | None
    host: str = ""
    port: int = 0

    @property
    def is_folder(self) -> bool:
        """Whether nothing has to be fetched."""
        return self.kind is not None and not spec_of(self.kind).is_remote


def place_of(text: str, kind: str | None) -> Place:
    """Return what somebody typed, checked: a URL, or a folder on this machine.

    Args:
        kind: What the user says it is; None when nothing is said.

    Raises:
        Refusal: It cannot be followed.
    """
    is_path = _is_path(text)
    if kind is not None and is_path == spec_of(kind).is_remote and (is_path or "://" in text):
        found, wanted = ("path", "URL") if is_path else ("URL", "folder on this machine")
        raise Refusal(f"{_shown(text)}: is a {found}; a source of kind {kind} is a {wanted}")
    if is_path if kind is None else not spec_of(kind).is_remote:
        return Place(url=_folder(text), kind=kind or FOLDER)
    try:
        url = check_feed_url(text)
        parts = split_url(url)
    except ValueError as error:
        is_word = "://" not in text and "." not in text and ":" not in text
        hint = "; there is no such folder, either" if is_word else ""
        raise Refusal(f"{error}{hint}") from None
    if parts.userinfo:
        raise Refusal(
            f"{shown_url(url)}: a URL with a password in it cannot be followed yet, because it "
            "would lie in the database; ask the site for one without"
        )
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return Place(url=url, kind=kind, host=parts.host, port=port)


def add_source(
    tx: Transaction,
    *,
    kind: str,
    url: str,
    now: datetime,
    title: str = "",
    wish: SourceChanges | None = None,
) -> Source:
    """Follow a source from now on.

    Args:
        url: As `Place.url`.
        title: What it calls itself, or "": its name when none is wished.

    Raises:
        Refusal: It is followed already, the name is taken, or it cannot be as it is wished.
    """
    wish = wish or SourceChanges()
    followed = tx.sources.all()
    _check_new(followed, kind, url)
    names = {source.name for source in followed}
    if wish.name is not None and checked_name(wish.name) in names:
        raise _taken(wish.name)
    name = wish.name or free_name(title or name_of_place(kind, url), names)
    source = new_source(kind=kind, url=url, name=name, wish=wish, now=now)
    tx.sources.add(source)
    return source


def new_source(
    *, kind: str, url: str, name: str, now: datetime, wish: SourceChanges | None = None
) -> Source:
    """Return a source as it begins; whether it is followed already is the caller's matter.

    Its first poll is silent unless a backfill is wished; what is always news raises alerts.

    Args:
        wish: Its name is not looked at.

    Raises:
        Refusal: Its name cannot be used, or it cannot be as it is wished.
    """
    wish = wish or SourceChanges()
    return Source(
        id=stable_id("source", kind, url),
        kind=kind,
        url=url,
        name=checked_name(name),
        every=checked_every(kind, wish.every),
        added_at=now,
        tags=wish.tags,
        options=checked_reading(kind, wish.reading),
        backfill=None if spec_of(kind).is_always_news else wish.backfill or 0,
    )


def edit(tx: Transaction, source: Source, change: SourceChanges, *, now: datetime) -> Source:
    """Change a source; a new name is its name in rules too.

    One that is polled more often from now on does not first wait out its old interval.

    Raises:
        Refusal: It cannot be so.
    """
    name = source.name if change.name is None else checked_name(change.name)
    if name != source.name and any(other.name == name for other in tx.sources.all()):
        raise _taken(name)
    if absent := [tag for tag in change.untag if tag not in source.tags]:
        raise Refusal(f'the source has no tag "{clipped(absent[0])}"', misuse=False)
    if change.backfill is not None and source.baseline_done:
        raise Refusal("backfill is for the first poll, and it has been polled already")
    kept = [tag for tag in source.tags if not change.is_untagged and tag not in change.untag]
    edited = replace(
        source,
        name=name,
        every=source.every if change.every is None else checked_every(source.kind, change.every),
        tags=tuple(dict.fromkeys((*kept, *change.tags))),
        options=checked_reading(source.kind, {**source.options, **change.reading}),
        backfill=source.backfill if change.backfill is None else change.backfill,
    )
    if edited.every < source.every and source.next_poll_at and not source.failures:
        soon = min(source.next_poll_at, now + edited.every)
        edited = replace(edited, next_poll_at=soon)
    if name != source.name:
        tx.rules.hold()
    tx.sources.update(edited)
    if name != source.name:
        rename_in_rules(tx, source.name, name)
    return edited


def _taken(name: str) -> Refusal:
    return Refusal(f"source {quoted(name)} is there already; choose another", misuse=False)


def rename_in_rules(tx: Transaction, old: str, new: str) -> None:
    """Let rules that name a source name it as it is called now."""
    naming = [rule.id for rule in tx.rules.outlines() if old in rule.sources]
    for rule in tx.rules.some(naming):
        names = tuple(new if source == old else source for source in rule.sources)
        tx.rules.update(replace(rule, sources=names, revision=rule.revision + 1))


def source_named(tx: Transaction, word: str) -> Source:
    """Return the source with this name, URL or beginning of an id; raises as `names.one_named`."""
    return one_named("source", word, tx.sources.find, tx.sources.all)


class SourceNames(dict[str, str]):
    """What sources are called, by their ids; of one that was removed, what it was called."""

    def __init__(self, followed: Iterable[Source], storage: Storage) -> None:
        super().__init__((source.id, source.name) for source in followed)
        self._storage = storage

    def __missing__(self, id_: str) -> str:
        with self._storage.reading() as tx:
            source = tx.sources.get(id_)
        self[id_] = source.name if source is not None else id_
        return self[id_]


def is_due(source: Source, now: datetime) -> bool:
    """Whether the daemon would poll it now."""
    is_active = source.state is SourceState.ACTIVE
    return is_active and (source.next_poll_at is None or source.next_poll_at <= now)


def to_be_polled(
    tx: Transaction, words: Sequence[str], *, every: bool, now: datetime
) -> list[Source]:
    """Return the sources that somebody wants polled now.

    Args:
        words: Name those that are polled whatever their state is; empty for all that are due.
        every: With no words, whether those count that are active but not due.

    Raises:
        Refusal: A word names none.
    """
    if words:
        return [source_named(tx, word) for word in words]
    sources = tx.sources.all()
    if every:
        return [source for source in sources if source.state is SourceState.ACTIVE]
    return [source for source in sources if is_due(source, now)]


def set_state(tx: Transaction, source: Source, state: SourceState, *, now: datetime) -> Source:
    """Pause, resume or remove a source; a resumed one is due at once."""
    changed = replace(source, state=state)
    if state is SourceState.ACTIVE:
        changed = replace(changed, next_poll_at=now)
    tx.sources.update(changed)
    return changed


def free_name(wished: str, taken: set[str]) -> str:
    """Return the name, made safe and short, with a number when it is taken."""
    words = "".join(letter if escaped(letter) == letter else " " for letter in wished).split()
    base = " ".join(words).lstrip("- ")[: LONGEST_NAME // 2] or "source"
    name, number = base, 1
    while name in taken:
        number += 1
        name = f"{base} ({number})"
    return name


def _shown(text: str) -> str:
    return clipped(shown_url(text) if "://" in text else text, 200)


def _is_path(text: str) -> bool:
    if text.startswith(("/", "./", "../", "~")) or text in (".", ".."):
        return True
    return "://" not in text and "\0" not in text and Path(text).exists()


def _folder(text: str) -> str:
    try:
        path = Path(os.path.abspath(Path(text).expanduser()))
        shown = clipped(str(path), 200)
        if not path.exists():
            raise Refusal(f"{shown}: there is no such folder")
        if not path.is_dir():
            raise Refusal(f"{shown}: is not a folder; give the folder that it lies in")
        if not os.access(path, os.R_OK | os.X_OK):
            raise Refusal(f"{shown}: may not be read by this user (uid {os.geteuid()})")
        if path.resolve() in (Path("/"), Path.home().resolve()):
            raise Refusal(f"{shown}: holds far more than news; name a folder in it")
    except (OSError, ValueError, RuntimeError) as error:
        raise Refusal(f'"{clipped(text)}" is not a folder: {error}') from None
    if escaped(str(path)) != str(path):
        raise Refusal(f"{shown}: holds control characters or is not UTF-8; rename the folder")
    return str(path)


def _check_new(followed: list[Source], kind: str, url: str) -> None:
    wanted = identity_of(kind, url)
    for source in followed:
        if identity_of(source.kind, source.url) == wanted:
            where = shown_url(source.url) if spec_of(source.kind).is_remote else source.url
            text = f"already followed as {quoted(source.name)}: {clipped(where, 200)}"
            raise Refusal(text, misuse=False)


def identity_of(kind: str, url: str) -> tuple[bool, str]:
    """Return what two spellings of one place share."""
    is_local = not spec_of(kind).is_remote
    return is_local, os.path.realpath(url) if is_local else identity_key(url)


def name_of_place(kind: str, url: str) -> str:
    """Return a name for a source that has none: its folder, or its host and path."""
    if not spec_of(kind).is_remote:
        return Path(url).name or url
    parts = split_url(url)
    return parts.host.removeprefix("www.") + ("" if parts.path in ("", "/") else parts.path)


def refuse_private(place: Place, check_host: Callable[[str, int], None]) -> str | None:
    """Refuse an address that no poll would be allowed to connect to.

    Returns:
        A doubt where the name cannot be looked up now: it is checked again at each poll.

    Raises:
        Refusal: Its address is not public.
    """
    from monitor.net.guard import AddressRefused

    try:
        check_host(place.host, place.port)
    except AddressRefused as error:
        raise Refusal(f"{shown_url(place.url)}: {error}") from None
    except OSError:
        doubt = "cannot be looked up now; tried again at each poll"
        return f"{shown_url(place.url)}: the host name {place.host} {doubt}"
    return None
