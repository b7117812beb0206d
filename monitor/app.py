"""The program: the one place that puts its parts together, and that knows all kinds of them."""

import os
import secrets
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING

from common.native.kept import also_keep_in
from monitor.base.deferred import deferred
from monitor.config.load import Config
from monitor.pipeline.indexing import ANALYSIS
from monitor.wiring.foundation import Foundation
from monitor.wiring.looking import Looking
from monitor.wiring.sending import Sending
from storage.admin.engine import open_storage
from storage.api.storage import Storage

if TYPE_CHECKING:
    from ingester.stories.signature import Signer
    from monitor.lexicons.registry import Lexicons
    from monitor.pipeline.ingest import Pipeline
    from monitor.pipeline.outbox import OutboxWriter
    from monitor.pipeline.ruleset import Rulesets
    from monitor.stories.placing import StoryPlacer
    from monitor.translation.translate import Translation


class App(Foundation):
    """Everything the steps need, built once and handed to them.

    What is dear to import (feed parsers, extraction, the matcher) is built when it is first
    asked for, so that short commands stay short.

    Attributes:
        looking: What looks at sources.
        sending: What sends.
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
        super().__init__(config, storage, owner=owner, now=now)
        self._tell = tell
        self._when_owed: Callable[[], None] = lambda: None
        self.sending = Sending(self)
        self.looking = Looking(
            self, pipeline=lambda: self.pipeline, notices=lambda: self.sending.notices
        )

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
            app.looking.end()
            app.end_idle()
            storage.close()

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
            read_well=partial(tell_if_back, self.sending.notices),
            stories=lambda: self.stories,
            follower=deferred(self.sending.follower),
            measured=self.measures,
            give_way=self.right_of_way.give_way,
        )

    def _outbox_writer(self) -> "OutboxWriter":
        from monitor.pipeline.outbox import OutboxWriter

        made, zone, language = self.sending.renderer, self.config.zone, self.config.message_language
        placer = partial(getattr, self, "stories")
        return OutboxWriter(
            made.alert, notice=made.limit, zone=zone, language=language, stories=placer
        )

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

    def when_owed(self, call: Callable[[], None]) -> None:
        """Have this called after each commit that owes something."""
        self._when_owed = call


def new_owner() -> str:
    """Return a name for this process that no other process has or will have."""
    return f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"
