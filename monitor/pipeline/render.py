"""Renders what deliveries carry: from the nouns to the frozen bytes of each kind of channel."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, tzinfo

from common.words.registry import words_of
from monitor.base.evidence import as_it_stands
from monitor.pipeline.outbox import Digest, Raised
from monitor.quiet.schedule import zone_of
from monitor.stories.carried import publisher_of
from notifiers.content.content import (
    AlertContent,
    Content,
    DigestContent,
    Envelope,
    Newcomer,
    Note,
    UpdateContent,
)
from storage.model import Article, Channel, DeliveryKind, Source

MOST_REASONS = 3


class Renderer:
    """Makes payloads.

    Args:
        sender: Whom e-mail is from, or None when no mail server is set.
        zone: In which people read times; None for this machine's own.
        language: In which they read, BCP 47.
        mute: Returns the token with which the story of an alert may be silenced, by its id.
        leave: Returns where the recipient of a delivery leaves its channel, by the delivery's
            id; "" for nowhere.
        command: What to type to reach this program.
        pages: Where readers reach its page; None when they do not.
    """

    def __init__(
        self,
        *,
        sender: str | None,
        now: Callable[[], datetime],
        zone: tzinfo | None = UTC,
        language: str = "en",
        mute: Callable[[str], str] = lambda alert_id: "",
        leave: Callable[[str], str] = lambda delivery_id: "",
        command: str = "monitor",
        pages: str | None = None,
    ) -> None:
        self._sender = sender or ""
        self._now = now
        self._zone = zone
        self._language = language
        self._mute = mute
        self._leave = leave
        self._command = command
        self._pages = pages or ""

    def alert(self, raised: Raised, channel: Channel, id: str, recipient: str) -> bytes:
        """Return the bytes of one alert for one recipient of one channel."""
        return self._render(self._content(raised, channel), channel, id, recipient)

    def more(
        self,
        raised: Raised,
        new: Sequence[tuple[Article, Source]],
        channel: Channel,
        id: str,
        recipient: str,
        first: str,
    ) -> bytes:
        """Return the bytes of more of a story.

        Args:
            new: What joined since the last message.
            first: The id of the delivery that told of it first.
        """
        content = UpdateContent(
            alert=self._content(raised, channel),
            new=tuple(
                Newcomer(article=article, source=source, publisher=publisher_of(article, source))
                for article, source in new
            ),
        )
        return self._render(content, channel, id, recipient, thread=first)

    def digest(self, digest: Digest, channel: Channel, id: str, recipient: str) -> bytes:
        """Return the bytes of alerts that were held back."""
        rules = {raised.rule.id: raised.rule for raised in digest.best}
        content = DigestContent(
            alerts=tuple(self._content(raised, channel) for raised in digest.best),
            name=digest.best[0].rule.name if len(rules) == 1 else "",
            lines=digest.why,
            left_out=digest.count - len(digest.best),
            more_stories=digest.stories - len({raised.alert.story_id for raised in digest.best}),
            since=digest.since,
        )
        return self._render(content, channel, id, recipient)

    def _content(self, raised: Raised, channel: Channel) -> AlertContent:
        from rules.explain.reasons import reasons  # dear to import, and most rounds render nothing

        words = words_of(channel.language or self._language)
        rule = raised.rule
        return AlertContent(
            alert=as_it_stands(raised.alert, raised.article),
            rule=rule,
            article=raised.article,
            source=raised.source,
            publisher=publisher_of(raised.article, raised.source),
            articles=raised.carried.articles,
            outlets=len(raised.carried.outlets),
            languages=raised.carried.languages,
            first=raised.first,
            reasons=reasons(
                raised.alert.evidence,
                rule.variants,
                most=MOST_REASONS,
                words=words,
                written_in=rule.written_in,
            ),
            priority=rule.priority,
            note=raised.note,
            mute=self._mute(raised.alert.id),
            beside=tuple(self._content(each, channel) for each in raised.beside),
        )

    def notice(self, channel: Channel, id: str, recipient: str, text: str) -> bytes:
        """Return the bytes of a sentence about the monitor itself."""
        title = words_of(channel.language or self._language).notice_title
        note = Note(kind=DeliveryKind.NOTICE, title=title, text=text)
        return self._render(note, channel, id, recipient)

    def limit(self, channel: Channel, id: str, recipient: str, text: str) -> bytes:
        """Return the bytes of a sentence that says that a limit holds the rest back."""
        title = words_of(channel.language or self._language).limit_title
        note = Note(kind=DeliveryKind.NOTICE, title=title, text=text)
        return self._render(note, channel, id, recipient)

    def test(self, channel: Channel, id: str, recipient: str) -> bytes:
        """Return the bytes of a test message."""
        words = words_of(channel.language or self._language)
        note = Note(
            kind=DeliveryKind.TEST,
            title=words.test_title.format(name=channel.name),
            text=words.test_text,
        )
        return self._render(note, channel, id, recipient)

    def _render(
        self, content: Content, channel: Channel, id: str, recipient: str, *, thread: str = ""
    ) -> bytes:
        envelope = Envelope(
            id=id,
            at=self._now(),
            recipient=recipient,
            sender=self._sender,
            zone=zone_of(channel.zone, self._zone),
            language=channel.language or self._language,
            template=channel.template,
            thread=thread,
            leave=self._leave(id) if recipient else "",
            command=self._command,
            pages=self._pages,
        )
        from notifiers.channels.kinds import KINDS  # all of them: dear to import before any is owed

        return KINDS[channel.kind].render(content, envelope)
