"""What somebody may choose about a channel's messages, one row a field.

Options of commands, keys of a rules file and JSON are made of these rows. A new field is a row, a
field of `storage.model.Channel` of the same name, and what it is used for. Where a channel sends
to, and its secrets, are no such fields: they are `monitor.services.channels`'.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from common.records import dataclass
from monitor.base.errors import clipped
from monitor.base.zones import zone_named
from monitor.quiet.routing import checked_take
from monitor.quiet.schedule import STORY, parse_hours, parse_schedule
from notifiers.content.template import checked_template
from rules.languages.codes import code_of
from storage.model import Channel

CLEAR = "none"
"""The word that takes back what was chosen."""

MOST_ALERTS = 999_999_999


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelField:
    """One row.

    Attributes:
        name: In `Channel`, in JSON and in a rules file; with dashes also the option.
        purpose: One sentence for the help of the option.
        parse: Returns what is stored for what somebody wrote; raises ValueError.
        default: What is stored when nothing is chosen.
    """

    name: str
    metavar: str
    purpose: str
    parse: Callable[[str], str | int]
    default: object = ""

    @property
    def option(self) -> str:
        """On the command line, without its dashes."""
        return self.name.replace("_", "-")

    @property
    def has_parts(self) -> bool:
        """Whether its option and its key may hold several."""
        return isinstance(self.default, tuple)

    def parsed(self, text: str) -> object:
        """Return what is stored for one text; the default for the word that clears it."""
        return self.default if text.strip() == CLEAR else self.parse(text)


def _schedule(text: str) -> str:
    if text.strip().lower() == STORY:
        return STORY
    return str(parse_schedule(text, or_else=f"{STORY}, "))


def _hours(text: str) -> str:
    return str(parse_hours(text))


def _zone(text: str) -> str:
    return zone_named(text).key


def _count(text: str) -> int:
    if text.isascii() and text.isdecimal() and 0 < len(text) < 10 and int(text) > 0:
        return int(text)
    raise ValueError(f'expected a whole number from 1 to {MOST_ALERTS}; got "{clipped(text)}"')


def _language(text: str) -> str:
    code = code_of(text.strip().lower())
    if code is None:
        raise ValueError(f'expected a language code such as sv; got "{clipped(text)}"')
    return code


FIELDS = (
    ChannelField(
        name="takes",
        metavar="tag=T|priority>=P",
        purpose="Send it what rules with this tag or priority have to say, whoever they name, and "
        "nothing else.",
        parse=checked_take,
        default=(),
    ),
    ChannelField(
        name="digest",
        metavar="WHEN",
        purpose="Send together what several rules find of one story at once (story, which new "
        "mail and chat channels do unless this says otherwise; none), or all its alerts: hourly, "
        "daily@08:00 or weekly@mon-08:00.",
        parse=_schedule,
    ),
    ChannelField(
        name="quiet",
        metavar="HH:MM-HH:MM",
        purpose="Send only critical alerts in these hours, and one digest of the others after.",
        parse=_hours,
    ),
    ChannelField(
        name="max_per_hour",
        metavar="N",
        purpose="Send at most N alerts an hour; the rest waits for a digest at its end.",
        parse=_count,
        default=None,
    ),
    ChannelField(
        name="max_per_day",
        metavar="N",
        purpose="Send at most N alerts a day; the rest waits for a digest at its end.",
        parse=_count,
        default=None,
    ),
    ChannelField(
        name="zone",
        metavar="ZONE",
        purpose="The time zone of its reader, such as Asia/Ho_Chi_Minh; else the setting's.",
        parse=_zone,
    ),
    ChannelField(
        name="language",
        metavar="LANG",
        purpose="The language of its reader, such as sv; else the setting's.",
        parse=_language,
    ),
    ChannelField(
        name="template",
        metavar="TEXT",
        purpose="Word alerts so: named fields in braces, such as {title}, {outlet}, {why}; for a "
        "webhook, JSON with fields in its strings (docs/channels.md).",
        parse=checked_template,
    ),
)
BY_NAME = {field.name: field for field in FIELDS}

Chosen = Mapping[str, object]
"""What is chosen, by the name of the field, as it is stored."""


def values_of(channel: Channel) -> dict[str, object]:
    """Return what has been chosen about a channel, by the name of the field."""
    return {field.name: getattr(channel, field.name) for field in FIELDS}


def with_chosen(channel: Channel, chosen: Chosen) -> Channel:
    """Return the channel with what is chosen; the rest of it stays."""
    return replace(channel, **chosen)  # type: ignore[arg-type]  # as the rows say
