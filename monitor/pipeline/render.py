"""Renders what deliveries carry: from the nouns to the frozen bytes of each kind of channel."""

from collections.abc import Callable
from datetime import UTC, datetime, tzinfo

from common.words.registry import words_of
from monitor.pipeline.outbox import Raised
from notifiers.channels.kinds import KINDS
from notifiers.content.content import AlertContent, Content, Envelope, Note
from rules.explain.reasons import reasons
from storage.model import Channel, DeliveryKind

MOST_REASONS = 3


class Renderer:
    """Makes payloads.

    Args:
        sender: Whom e-mail is from, or None when no mail server is set.
        zone: In which people read times; None for this machine's own.
        language: In which they read, BCP 47.
    """

    def __init__(
        self,
        *,
        sender: str | None,
        now: Callable[[], datetime],
        zone: tzinfo | None = UTC,
        language: str = "en",
    ) -> None:
        self._sender = sender or ""
        self._now = now
        self._zone = zone
        self._language = language

    def alert(self, raised: Raised, channel: Channel, id: str, recipient: str) -> bytes:
        """Return the bytes of one alert for one recipient of one channel."""
        variants = raised.rule.variants
        content = AlertContent(
            alert=raised.alert,
            rule=raised.rule,
            article=raised.article,
            source=raised.source,
            reasons=reasons(
                raised.alert.evidence, variants, most=MOST_REASONS, words=words_of(self._language)
            ),
        )
        return self._render(content, channel, id, recipient)

    def notice(self, channel: Channel, id: str, recipient: str, text: str) -> bytes:
        """Return the bytes of a sentence about the monitor itself."""
        title = words_of(self._language).notice_title
        note = Note(kind=DeliveryKind.NOTICE, title=title, text=text)
        return self._render(note, channel, id, recipient)

    def test(self, channel: Channel, id: str, recipient: str) -> bytes:
        """Return the bytes of a test message."""
        words = words_of(self._language)
        note = Note(
            kind=DeliveryKind.TEST,
            title=words.test_title.format(name=channel.name),
            text=words.test_text,
        )
        return self._render(note, channel, id, recipient)

    def _render(self, content: Content, channel: Channel, id: str, recipient: str) -> bytes:
        envelope = Envelope(
            id=id,
            at=self._now(),
            recipient=recipient,
            sender=self._sender,
            zone=self._zone,
            language=self._language,
        )
        return KINDS[channel.kind].render(content, envelope)
