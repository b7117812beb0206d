"""Builds what sends, from the bytes of a message to those who carry it."""

import socket
import sys
from collections.abc import Mapping
from datetime import timedelta
from functools import cached_property, partial
from typing import TYPE_CHECKING

from monitor.config import secrets as secret_files
from monitor.net.for_notifiers import check_address, mail_connection
from monitor.wiring.foundation import Foundation
from notifiers.api import Notifier, Settings
from storage.model import Channel

if TYPE_CHECKING:
    from monitor.canary.canary import Canary
    from monitor.delivery.courier import Courier
    from monitor.following.updates import Updates
    from monitor.pipeline.digests import Digests
    from monitor.pipeline.expiry import Expiry
    from monitor.pipeline.notices import Notices
    from monitor.pipeline.render import Renderer

LONGEST_COMMIT = timedelta(hours=1)
"""A file of secrets that is younger may still wait for the commit that names it."""


class Sending:
    """The half of the program that sends."""

    def __init__(self, on: Foundation) -> None:
        self._on = on

    @cached_property
    def notifiers(self) -> Mapping[str, Notifier]:
        """All kinds of channel, by name."""
        from monitor.services.mail_login import login_let_at
        from notifiers.channels.kinds import make_notifiers
        from notifiers.spec import NotifierTools

        return make_notifiers(
            NotifierTools(
                client=self._on.client,
                now=self._on.now,
                stdout=sys.stdout,
                smtp=self._on.config.smtp,
                connect=partial(mail_connection, self._on.guard),
                check_address=partial(check_address, self._on.guard),
                may_be_unprotected=self._on.guard.is_allowed_private,
                login_let_at=partial(login_let_at, self._on.storage),
            )
        )

    @cached_property
    def renderer(self) -> "Renderer":
        """Makes the bytes that deliveries carry."""
        from monitor.pipeline.render import Renderer
        from monitor.silences.tokens import key_in, leave_url, mute_token

        config, key = self._on.config, key_in(self._on.config.home)
        return Renderer(
            sender=config.smtp.sender if config.smtp else None,
            now=self._on.now,
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

        return Notices(render=render, fallback=self._on.config.fallback_channel)

    def follower(self) -> "Updates":
        """Return what tells of more of a story."""
        from monitor.following.updates import Updates

        return Updates(self.renderer.more, self.renderer.alert, zone=self._on.config.zone)

    @cached_property
    def digests(self) -> "Digests":
        """Tells what was held back."""
        from monitor.pipeline.digests import Digests

        return Digests(
            storage=self._on.storage,
            render=self.renderer.digest,
            render_alert=self.renderer.alert,
            release=self.follower().release,
            now=self._on.now,
            zone=self._on.config.zone,
            language=self._on.config.message_language,
        )

    @cached_property
    def expiry(self) -> "Expiry":
        """Tells which rules end soon."""
        from monitor.pipeline.expiry import Expiry

        render, zone = self.renderer.notice, self._on.config.zone
        return Expiry(storage=self._on.storage, render=render, now=self._on.now, zone=zone)

    @cached_property
    def courier(self) -> "Courier":
        """Carries deliveries."""
        from monitor.delivery.courier import Courier

        return Courier(
            storage=self._on.storage,
            notifier_of=lambda kind: self.notifiers.get(kind),
            settings=self.settings_of,
            notices=self.notices,
            host=socket.gethostname(),
            owner=self._on.owner,
            now=self._on.now,
            chance=self._on.chance,
            measures=self._on.measures,
            right_of_way=self._on.right_of_way,
        )

    @cached_property
    def canary(self) -> "Canary":
        """Shows that alerts would arrive."""
        from monitor.canary.canary import Canary, without_ping
        from monitor.canary.path import Way
        from monitor.canary.ping import Ping

        way = Way(
            storage=self._on.storage,
            render=self.renderer.alert,
            notices=self.notices,
            owner=self._on.owner,
            now=self._on.now,
            chance=self._on.chance,
        )
        url = self._on.config.ping_url
        return Canary(
            storage=self._on.storage,
            way=way,
            every=self._on.config.canary_every,
            now=self._on.now,
            measured=self._on.measures,
            ping=Ping(lambda: self._on.client, url) if url else without_ping,
        )

    def settings_of(self, channel: Channel) -> Settings:
        """Return a channel's settings with its secrets."""
        return secret_files.read(self._on.config.home, channel)

    def collect_secrets(self) -> None:
        """Remove files of secrets that no channel needs any more."""
        before = self._on.now() - LONGEST_COMMIT
        with self._on.storage.reading() as tx:
            secret_files.collect(self._on.config.home, tx.channels.get, before=before)
