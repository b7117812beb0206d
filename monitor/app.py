"""The one place that builds things, and that knows all kinds of them."""

import os
import random
import secrets
import socket
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cached_property, partial
from typing import TYPE_CHECKING

from common.native.kept import also_keep_in
from monitor.base.deferred import deferred
from monitor.base.measures import Measures
from monitor.base.right_of_way import RightOfWay
from monitor.config import secrets as secret_files
from monitor.config.load import Config, sqlite_file
from monitor.net.for_notifiers import check_address, mail_connection
from monitor.net.guard import AddressGuard
from monitor.pipeline.indexing import ANALYSIS
from notifiers.api import Notifier, Settings
from storage.admin.engine import open_storage
from storage.api.storage import Storage
from storage.model import Channel

if TYPE_CHECKING:
    from ingester.fetch.ports import Fetcher
    from ingester.fetch.robots import CachedRobots
    from ingester.kinds import SourceKind, SourceTools
    from ingester.sandbox.tasks import BoundedReader
    from ingester.stories.signature import Signer
    from monitor.canary.canary import Canary
    from monitor.completing.enrich import Enricher
    from monitor.delivery.courier import Courier
    from monitor.following.updates import Updates
    from monitor.lexicons.registry import Lexicons
    from monitor.net.client import GuardedClient
    from monitor.net.politeness import HostTurns
    from monitor.pipeline.digests import Digests
    from monitor.pipeline.expiry import Expiry
    from monitor.pipeline.ingest import Pipeline
    from monitor.pipeline.notices import Notices
    from monitor.pipeline.outbox import OutboxWriter
    from monitor.pipeline.poll import Poller
    from monitor.pipeline.render import Renderer
    from monitor.pipeline.ruleset import Rulesets
    from monitor.services.sources.discover import Sites
    from monitor.stories.placing import StoryPlacer
    from monitor.translation.translate import Translation

LONGEST_COMMIT = timedelta(hours=1)
"""A file of secrets that is younger may still wait for the commit that names it."""


class App:
    """Everything the steps need, built once and handed to them.

    What is dear to import (feed parsers, extraction, the matcher) is built when it is first
    asked for, so that short commands stay short.

    Attributes:
        owner: What this process calls itself on leases: host, process and a random part.
        now: What time it is, UTC; tests hand in their own.
        measures: Counts and times what this process does.
        right_of_way: Lets news go before what takes long.
        without: Kinds of source that this process leaves to others.
    """

    def __init__(
        self,
        config: Config,
        storage: Storage,
        *,
        owner: str,
        now: Callable[[], datetime],
        tell: Callable[[str], None] = lambda sentence: None,
    ) -> None:
        self.config = config
        self.storage = storage
        self.owner = owner
        self.now = now
        self.measures = Measures()
        self.right_of_way = RightOfWay()
        self.chance: Callable[[], float] = random.Random().random  # noqa: S311  only spreads waits
        self._tell = tell
        self._when_owed: Callable[[], None] = lambda: None
        self._end_work: Callable[[], None] = lambda: None
        self.without: frozenset[str] = frozenset()

    @classmethod
    @contextmanager
    def open(
        cls,
        config: Config,
        *,
        owner: str | None = None,
        now: Callable[[], datetime] | None = None,
        daemon: bool = False,
        tell: Callable[[str], None] = lambda sentence: None,
    ) -> Iterator["App"]:
        """Open the store and close it at the end.

        Args:
            now: What time it is, UTC; None for the store's own clock, which all that work on
                it share.
            daemon: Whether this process is the daemon, which tidies the store and brings it up
                to date; others refuse one of an older program.
            tell: Gets a sentence for whoever waits, before something that takes long.

        Raises:
            storage.api.errors.StorageError: It cannot be used.
        """
        if daemon:
            from monitor.base.memory import let_memory_go

            let_memory_go()
        url, home = config.database_url, config.home
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        also_keep_in(home / "cache")
        storage = open_storage(
            url, home=home, migrate=daemon, checkpoints=daemon, analysis=ANALYSIS
        )
        app = cls(config, storage, owner=owner or new_owner(), now=now or storage.now, tell=tell)
        try:
            yield app
        finally:
            app._end_work()
            app.end_idle()
            storage.close()

    @cached_property
    def guard(self) -> AddressGuard:
        """Decides which addresses may be connected to."""
        return AddressGuard(self.config.allow_private)

    @cached_property
    def client(self) -> "GuardedClient":
        """The one client that all requests go through."""
        from monitor.net.client import make_client, user_agent

        return make_client(self.guard, user_agent=user_agent(self.config.user_agent_contact))

    @cached_property
    def fetcher(self) -> "Fetcher":
        """Fetches what sources publish."""
        from ingester.fetch.http import HttpFetcher
        from monitor.net.timed import TimedFetcher

        fetcher = HttpFetcher(self.client, now=self.now)
        return TimedFetcher(fetcher, self.measures, self.right_of_way)

    @cached_property
    def robots(self) -> "CachedRobots":
        """Asks sites which of their pages may be fetched."""
        from ingester.fetch.robots import CachedRobots

        return CachedRobots(self.fetcher, self.now)

    @cached_property
    def reader(self) -> "BoundedReader":
        """Reads other people's documents in a process of its own, which ends with this program."""
        from ingester.sandbox.process import BoundedWork
        from ingester.sandbox.tasks import BoundedReader

        work = BoundedWork()
        self._end_work = work.close
        return BoundedReader(work)

    @cached_property
    def looking(self) -> "SourceTools":
        """What looking at sources needs."""
        from ingester.kinds import SourceTools

        return SourceTools(
            fetcher=self.fetcher,
            robots=self.robots,
            reader=self.reader,
            now=self.now,
            pause=self._pause,
        )

    def _pause(self, seconds: float) -> None:
        """Wait for a site; others do not wait for us meanwhile."""
        with self.right_of_way.waiting():
            time.sleep(seconds)

    @cached_property
    def kinds(self) -> "Mapping[str, SourceKind]":
        """All kinds of source, by name."""
        from ingester.kinds import make_kinds

        return make_kinds(self.looking)

    @cached_property
    def sites(self) -> "Sites":
        """Looks at sites that somebody names."""
        from monitor.services.sources.discover import Sites

        return Sites(self.looking, self.guard)

    @cached_property
    def notifiers(self) -> Mapping[str, Notifier]:
        """All kinds of channel, by name."""
        from monitor.services.mail_login import login_let_at
        from notifiers.channels.kinds import make_notifiers
        from notifiers.spec import NotifierTools

        return make_notifiers(
            NotifierTools(
                client=self.client,
                now=self.now,
                stdout=sys.stdout,
                smtp=self.config.smtp,
                connect=partial(mail_connection, self.guard),
                check_address=partial(check_address, self.guard),
                may_be_unprotected=self.guard.is_allowed_private,
                login_let_at=partial(login_let_at, self.storage),
            )
        )

    @cached_property
    def renderer(self) -> "Renderer":
        """Makes the bytes that deliveries carry."""
        from monitor.pipeline.render import Renderer
        from monitor.silences.tokens import key_in, leave_url, mute_token

        config, key = self.config, key_in(self.config.home)
        return Renderer(
            sender=config.smtp.sender if config.smtp else None,
            now=self.now,
            zone=config.zone,
            mute=partial(mute_token, key),
            leave=partial(leave_url, config.public_url, key),
            language=config.message_language,
            command=config.command_name,
            pages=config.public_url,
        )

    @cached_property
    def notices(self) -> "Notices":
        """Tells what does not work."""
        from monitor.pipeline.notices import Notices

        def render(channel: Channel, id_: str, recipient: str, text: str) -> bytes:
            return self.renderer.notice(channel, id_, recipient, text)

        return Notices(render=render, fallback=self.config.fallback_channel)

    @cached_property
    def rulesets(self) -> "Rulesets":
        """Gives the rules as they stand, compiled."""
        from monitor.pipeline.ruleset import Rulesets

        kept = self.config.home / "cache" / "rules.index"
        return Rulesets(self.storage, kept=kept, give_way=self.right_of_way.give_way)

    @cached_property
    def pipeline(self) -> "Pipeline":
        """Takes in what sources list."""
        from monitor.pipeline.ingest import Pipeline
        from monitor.pipeline.obituary import tell_if_back

        return Pipeline(
            self.storage,
            deferred(self._outbox_writer),
            now=self.now,
            owed=lambda: self._when_owed(),
            rulesets=self.rulesets,
            read_well=partial(tell_if_back, self.notices),
            stories=lambda: self.stories,
            follower=deferred(self._follower),
            measured=self.measures,
            give_way=self.right_of_way.give_way,
        )

    def _outbox_writer(self) -> "OutboxWriter":
        from monitor.pipeline.outbox import OutboxWriter

        made, zone, language = self.renderer, self.config.zone, self.config.message_language
        placer = partial(getattr, self, "stories")
        return OutboxWriter(
            made.alert, notice=made.limit, zone=zone, language=language, stories=placer
        )

    def _follower(self) -> "Updates":
        from monitor.following.updates import Updates

        return Updates(self.renderer.more, self.renderer.alert, zone=self.config.zone)

    @cached_property
    def digests(self) -> "Digests":
        """Tells what was held back."""
        from monitor.pipeline.digests import Digests

        return Digests(
            storage=self.storage,
            render=self.renderer.digest,
            render_alert=self.renderer.alert,
            release=self._follower().release,
            now=self.now,
            zone=self.config.zone,
            language=self.config.message_language,
        )

    @cached_property
    def expiry(self) -> "Expiry":
        """Tells which rules end soon."""
        from monitor.pipeline.expiry import Expiry

        render, zone = self.renderer.notice, self.config.zone
        return Expiry(storage=self.storage, render=render, now=self.now, zone=zone)

    @cached_property
    def stories(self) -> "StoryPlacer":
        """Finds the stories of articles."""
        from monitor.stories.placing import StoryPlacer

        return StoryPlacer(lambda: self._signer, who=self.owner)

    def place_stored(self, stop: Callable[[], bool] = lambda: False) -> Iterator[int]:
        """Give stories to stored articles that have none; yield how many so far."""
        return self.stories.fill(self.storage, stop, self.now)

    @cached_property
    def _signer(self) -> "Signer":
        from monitor.stories.signer import make_signer

        return make_signer(self.config.home / "cache", tell=self._tell)

    @cached_property
    def _hosts(self) -> "HostTurns":
        from monitor.net.politeness import HostLimiter, SharedTurns

        is_shared = sqlite_file(self.config.database_url) is None
        return SharedTurns(self.storage) if is_shared else HostLimiter()

    @cached_property
    def poller(self) -> "Poller":
        """Looks at sources."""
        from monitor.pipeline.poll import Poller
        from monitor.services.sources.naming import named_by_title

        return Poller(
            storage=self.storage,
            pipeline=self.pipeline,
            kinds=self.kinds,
            hosts=self._hosts,
            owner=self.owner,
            now=self.now,
            chance=self.chance,
            notices=self.notices,
            enricher=lambda: self.enricher,
            measures=self.measures,
            right_of_way=self.right_of_way,
            without=self.without,
            titled=partial(named_by_title, self.storage),
        )

    @cached_property
    def enricher(self) -> "Enricher":
        """Fetches the pages of new articles."""
        from ingester.pages.fulltext import FullText
        from monitor.completing.enrich import Enricher
        from monitor.net.politeness import Backoff

        return Enricher(
            FullText(self.fetcher, self.robots, self.now, reader=self.reader),
            self.storage,
            self._hosts,
            Backoff(),
            now=self.now,
            pause=self._pause,
            slots=max(1, self.config.poll_threads - 1) if self.pipeline.asks_again else None,
        )

    @cached_property
    def courier(self) -> "Courier":
        """Carries deliveries."""
        from monitor.delivery.courier import Courier

        return Courier(
            storage=self.storage,
            notifier_of=lambda kind: self.notifiers.get(kind),
            settings=self.settings_of,
            notices=self.notices,
            host=socket.gethostname(),
            owner=self.owner,
            now=self.now,
            chance=self.chance,
            measures=self.measures,
            right_of_way=self.right_of_way,
        )

    @cached_property
    def canary(self) -> "Canary":
        """Shows that alerts would arrive."""
        from monitor.canary.canary import Canary, without_ping
        from monitor.canary.path import Way
        from monitor.canary.ping import Ping

        way = Way(
            storage=self.storage,
            render=self.renderer.alert,
            notices=self.notices,
            owner=self.owner,
            now=self.now,
            chance=self.chance,
        )
        url = self.config.ping_url
        return Canary(
            storage=self.storage,
            way=way,
            every=self.config.canary_every,
            now=self.now,
            measured=self.measures,
            ping=Ping(lambda: self.client, url) if url else without_ping,
        )

    @cached_property
    def lexicons(self) -> "Lexicons":
        """What rules' variants are made of."""
        from monitor.lexicons.registry import lexicons_of

        return lexicons_of(self.config, tell=self._tell)

    @cached_property
    def translation(self) -> "Translation | None":
        """Asks what a rule's terms are called elsewhere; None when nobody is configured."""
        from monitor.translation.cache import AnswerCache
        from monitor.translation.translate import Translation

        if self.config.translator is None:
            return None
        return Translation(
            self.config.translator,
            self.client,
            now=self.now,
            cache=AnswerCache(self.config.home / "translations"),
        )

    def settings_of(self, channel: Channel) -> Settings:
        """Return a channel's settings with its secrets."""
        return secret_files.read(self.config.home, channel)

    def collect_secrets(self) -> None:
        """Remove files of secrets that no channel needs any more."""
        before = self.now() - LONGEST_COMMIT
        with self.storage.reading() as tx:
            secret_files.collect(self.config.home, tx.channels.get, before=before)

    def end_idle(self) -> None:
        """Close connections that are kept for another request and have waited too long."""
        if "client" in self.__dict__:
            self.client.end_idle()

    def when_owed(self, call: Callable[[], None]) -> None:
        """Have this called after each commit that owes something."""
        self._when_owed = call


def new_owner() -> str:
    """Return a name for this process that no other process has or will have."""
    return f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"
