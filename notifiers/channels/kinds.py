"""The kinds of channel. What there is to know about one stands in its own file."""

from collections.abc import Mapping

from notifiers.api import Notifier
from notifiers.channels import (
    console,
    discord,
    google_chat,
    gotify,
    matrix,
    mattermost,
    mattermost_bot,
    ntfy,
    slack,
    slack_bot,
    teams,
    telegram,
    unsupported,
    webhook,
)
from notifiers.channels.apprise import kind as apprise
from notifiers.channels.email import kind as email
from notifiers.spec import ChannelSpec, NotifierTools, UnsupportedKind

KINDS: Mapping[str, ChannelSpec] = {
    spec.kind: spec
    for spec in (
        console.SPEC,
        email.SPEC,
        webhook.SPEC,
        slack.SPEC,
        slack_bot.SPEC,
        discord.SPEC,
        teams.SPEC,
        mattermost.SPEC,
        mattermost_bot.SPEC,
        telegram.SPEC,
        google_chat.SPEC,
        matrix.SPEC,
        ntfy.SPEC,
        gotify.SPEC,
        apprise.SPEC,
    )
}

KIND_OF_ANY_URL = webhook.SPEC.kind
"""What a URL is that no kind knows."""

UNSUPPORTED: Mapping[str, UnsupportedKind] = {spec.kind: spec for spec in unsupported.SPECS}


def make_notifiers(tools: NotifierTools) -> dict[str, Notifier]:
    """Return a notifier for each kind that the tools suffice for."""
    made = {kind: spec.make(tools) for kind, spec in KINDS.items()}
    return {kind: notifier for kind, notifier in made.items() if notifier is not None}
