"""The kinds of channel: what each is sent, who sends it, and how its targets are written."""

import difflib
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TextIO

import httpx

from common.mail_address import is_mail_address
from notifiers.api import Notifier
from notifiers.channels import chat
from notifiers.channels.chat import ChatNotifier
from notifiers.channels.console import ConsoleNotifier, render_console
from notifiers.channels.email.message import render_email
from notifiers.channels.email.notifier import EmailNotifier, SmtpSettings
from notifiers.channels.webhook import WebhookNotifier
from notifiers.content.wording import Content, Envelope, render_webhook
from notifiers.http import responses, targets


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What notifiers are made of; the program hands it in.

    Attributes:
        client: The one client that all requests go through; it refuses addresses by itself.
        smtp: How e-mail leaves; None when that is not set up.
        connect: Opens the connection to the mail server, as `EmailNotifier` has it.
        may_be_unprotected: Whether mail may go to an address, written as text, unencrypted.
    """

    client: httpx.Client
    now: Callable[[], datetime]
    stdout: TextIO
    smtp: SmtpSettings | None
    connect: Callable[[str, int, float], socket.socket]
    may_be_unprotected: Callable[[str], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class KindSpec:
    """One kind of channel.

    Attributes:
        name: Its name for people.
        render: Makes the bytes that every attempt carries; pure.
        make: Makes its notifier, or returns None when a tool is missing.
        concurrency: How many sends to one channel may be under way at once.
        needs: Settings without which a channel cannot be.
        may_have: Further settings that it knows.
    """

    name: str
    render: Callable[[Content, Envelope], bytes]
    make: Callable[[Tools], Notifier | None]
    concurrency: int = 4
    needs: tuple[str, ...] = ("url",)
    may_have: tuple[str, ...] = ()


def _email(tools: Tools) -> Notifier | None:
    if tools.smtp is None:
        return None
    return EmailNotifier(
        tools.smtp,
        now=tools.now,
        connect=tools.connect,
        may_be_unprotected=tools.may_be_unprotected,
    )


def _discord(tools: Tools) -> Notifier:
    # With wait=true Discord answers with the message, whose id is our receipt.
    return ChatNotifier(tools.client, tools.now, responses.check_discord, query={"wait": "true"})


KINDS: Mapping[str, KindSpec] = {
    "console": KindSpec(
        name="the console",
        render=render_console,
        make=lambda tools: ConsoleNotifier(tools.stdout),
        concurrency=1,
        needs=(),
    ),
    "email": KindSpec(name="e-mail", render=render_email, make=_email, concurrency=1, needs=()),
    "webhook": KindSpec(
        name="a webhook",
        render=render_webhook,
        make=lambda tools: WebhookNotifier(tools.client, tools.now),
        may_have=("secret",),
    ),
    "slack": KindSpec(
        name="Slack",
        render=chat.render_slack,
        make=lambda tools: ChatNotifier(tools.client, tools.now, responses.check_slack),
    ),
    "discord": KindSpec(name="Discord", render=chat.render_discord, make=_discord),
    "teams": KindSpec(
        name="Teams",
        render=chat.render_teams,
        make=lambda tools: ChatNotifier(tools.client, tools.now, responses.check_teams),
    ),
    "mattermost": KindSpec(
        name="Mattermost",
        render=chat.render_mattermost,
        make=lambda tools: ChatNotifier(tools.client, tools.now, responses.check_mattermost),
    ),
}


def make_notifiers(tools: Tools) -> dict[str, Notifier]:
    """Return a notifier for each kind that the tools suffice for."""
    made = {kind: spec.make(tools) for kind, spec in KINDS.items()}
    return {kind: notifier for kind, notifier in made.items() if notifier is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where a channel sends to.

    Attributes:
        shown: What may be shown to anybody: secret parts are masked.
        recipients: Who receives a delivery of their own; ("",) for kinds without recipients.
        settings: The kind's settings, secrets in the clear: for the secret store alone.
    """

    kind: str
    shown: str
    recipients: tuple[str, ...] = ("",)
    settings: Mapping[str, str] = field(default_factory=dict, repr=False)


def parse_target(text: str, *, kind: str | None = None) -> Target:
    """Return what `console:`, `mailto:a@b,c@d` or an http(s) URL stands for.

    Args:
        kind: What the user says it is; None to tell by the text.

    Raises:
        ValueError: It is nothing that can be sent to, or another kind's; one sentence, without
            what may be secret in it.
    """
    _check_kind(kind)
    scheme, _, rest = text.strip().partition(":")
    scheme = scheme.lower()
    if scheme == "console":
        _expect(kind, "console", "the console")
        if rest:
            raise ValueError("nothing may stand after console:")
        return Target(kind="console", shown="console:")
    if scheme == "mailto":
        _expect(kind, "email", "an e-mail address")
        return _mail(rest)
    if is_mail_address(text.strip()):
        raise ValueError(f"to send e-mail, write mailto:{text.strip()}")
    if kind in ("console", "email"):
        raise ValueError(f"this is no target for {kind}: write {_EXAMPLES[kind]}")
    url = targets.web_address(text)
    return Target(
        kind=_kind_of(url, kind), shown=targets.masked(url), settings={"url": text.strip()}
    )


_EXAMPLES = {"console": "console:", "email": "mailto:name@example.org"}


def _check_kind(kind: str | None) -> None:
    if kind is None or kind in KINDS or kind == "telegram":
        return
    near = difflib.get_close_matches(kind.lower(), KINDS, n=1)
    hint = f'did you mean "{near[0]}"?' if near else f"known: {', '.join(KINDS)}"
    raise ValueError(f"unknown kind {targets.quoted(kind)}; {hint}")


def _expect(kind: str | None, actual: str, name: str) -> None:
    if kind is not None and kind != actual:
        raise ValueError(f"this is {name}; use --kind {actual}")


def _mail(rest: str) -> Target:
    if "?" in rest:
        raise ValueError("after mailto: only addresses may stand, no subject or other fields")
    recipients = targets.addresses(rest)
    return Target(kind="email", shown=f"mailto:{','.join(recipients)}", recipients=recipients)


def _kind_of(url: httpx.URL, kind: str | None) -> str:
    """Return the kind that the host tells, or the one given when it tells nothing."""
    known = targets.chat_of(url)
    if known is not None:
        if kind is not None and kind != known.kind:
            raise ValueError(f"this is a {known.name} address; use --kind {known.kind}")
        if known.kind not in KINDS:
            raise ValueError(f"{known.name} cannot be sent to yet; use a webhook or e-mail")
        if known.kind == "discord" and url.path.rstrip("/").endswith(("/slack", "/github")):
            raise ValueError("this is a Discord address for another program: remove its last part")
        return known.kind
    if kind == "telegram":
        raise ValueError("Telegram cannot be sent to yet; use a webhook or e-mail")
    if kind is not None:
        return kind
    return "mattermost" if targets.looks_like_mattermost(url) else "webhook"
