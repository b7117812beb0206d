"""All doubles, by the kind of channel that is sent to them."""

from collections.abc import Mapping

from tests.vendors.discord import Discord
from tests.vendors.double import Double
from tests.vendors.google_chat import GoogleChat
from tests.vendors.gotify import Gotify
from tests.vendors.matrix import Matrix
from tests.vendors.mattermost import Mattermost
from tests.vendors.mattermost_bot import MattermostBot
from tests.vendors.ntfy import Ntfy
from tests.vendors.slack import Slack
from tests.vendors.slack_bot import SlackBot
from tests.vendors.teams import Teams
from tests.vendors.telegram import Telegram

DOUBLES: Mapping[str, type[Double]] = {
    double.kind: double
    for double in (
        Slack,
        SlackBot,
        Discord,
        Teams,
        Mattermost,
        MattermostBot,
        Telegram,
        GoogleChat,
        Matrix,
        Ntfy,
        Gotify,
    )
}
