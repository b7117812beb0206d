"""E-mail as a kind of channel: its targets, and what is known about it before any is sent."""

from notifiers.api import Notifier
from notifiers.channels.email.addresses import addresses
from notifiers.content.content import Content, Envelope
from notifiers.spec import ChannelSpec, NotifierTools, OwnScheme


def _recipients(rest: str) -> tuple[str, ...]:
    if "?" in rest:
        raise ValueError("after mailto: only addresses may stand, no subject or other fields")
    return addresses(rest)


def _is_meant(text: str) -> bool:
    """Whether it is for addresses, be they wrong; a URL without its scheme may hold a password."""
    return "@" in text and not any(sign in text for sign in ":/?#\\")


def _render(content: Content, envelope: Envelope) -> bytes:
    from notifiers.channels.email.message import render_email  # it brings the templates

    return render_email(content, envelope)


def _make(tools: NotifierTools) -> Notifier | None:
    if tools.smtp is None:
        return None
    from notifiers.channels.email.notifier import EmailNotifier
    from notifiers.channels.email.session import MailServer

    return EmailNotifier(
        MailServer(
            tools.smtp,
            now=tools.now,
            connect=tools.connect,
            may_be_unprotected=tools.may_be_unprotected,
            login_let_at=tools.login_let_at,
        )
    )


SPEC = ChannelSpec(
    kind="email",
    name="e-mail",
    target=OwnScheme(
        scheme="mailto",
        name="an e-mail address",
        example="name@example.org",
        recipients=_recipients,
        is_meant=_is_meant,
    ),
    threads=True,
    render=_render,
    make=_make,
    settings=(),
    concurrency=1,
    needs_smtp=True,
)
