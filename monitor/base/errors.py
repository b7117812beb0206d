"""What the program says when it will not or cannot do what somebody asked for."""

import re
from collections.abc import Iterable
from enum import StrEnum

from common.clip import clip
from common.records import dataclass


class RemedyKind(StrEnum):
    """What can be done about something that is refused or found wrong."""

    ADD_CHANNEL = "add_channel"
    SEND_ELSEWHERE = "send_elsewhere"
    ENABLE_CHANNEL = "enable_channel"
    """First, before something is sent to it."""
    ENABLE_FOR_THE_OWED = "enable_for_the_owed"
    """All that the channel is owed goes out then."""
    MEND_CHANNEL = "mend_channel"
    MEND_TARGET = "mend_target"
    """Say again where it sends to; what it is owed goes out by itself."""
    MEND_AND_ENABLE = "mend_and_enable"
    GIVE_SECRET = "give_secret"  # noqa: S105  # no secret, but what to do with one
    CHANGE_SECRET = "change_secret"  # noqa: S105  # no secret, but what to do with one
    LEAVE_SECRET_OUT = "leave_secret_out"  # noqa: S105  # no secret, but what to do with one

    LIST_SOURCES = "list_sources"
    SHOW_NOTICES = "show_notices"
    RESUME_OR_REMOVE_SOURCE = "resume_or_remove_source"
    SAY_KIND = "say_kind"
    FOLLOW_AS_FEED = "follow_as_feed"
    FOLLOW_ANYWAY = "follow_anyway"
    DISCOVER_MORE = "discover_more"
    HEAR_QUIET = "hear_quiet"
    """What was listed before its source was added."""
    STOP_FULL_TEXT = "stop_full_text"

    SHOW_RULE = "show_rule"
    SHOW_QUIET_RULE = "show_quiet_rule"
    RESUME_RULE = "resume_rule"
    RESUME_SOURCE = "resume_source"
    EDIT_RULE = "edit_rule"
    NOTIFY_CHANNEL = "notify_channel"
    NAME_EACH = "name_each"
    FORCE_RULE = "force_rule"
    ADD_RULE = "add_rule"
    SEARCH_STORED = "search_stored"
    ADD_VARIANT = "add_variant"
    REJECT_VARIANT = "reject_variant"
    DECIDE_VARIANTS = "decide_variants"
    NARROW_RULE = "narrow_rule"
    LIMIT_RULE = "limit_rule"
    SHARPEN_RULE = "sharpen_rule"
    TRANSLATE_AGAIN = "translate_again"

    SEND_SOONER = "send_sooner"
    """All that its channel is owed."""
    SEND_AGAIN = "send_again"
    """Though it was delivered."""
    REDELIVER = "redeliver"
    REDELIVER_DIGEST = "redeliver_digest"
    SHOW_ALERT = "show_alert"
    LIST_HELD = "list_held"
    """What waits for a digest."""
    SEND_OLD = "send_old"
    """What was stored before a rule was there."""
    EXTEND_RULE = "extend_rule"
    RUN_ALONE = "run_alone"
    """One process does all."""
    START_DAEMON = "start_daemon"
    FILL_INDEX = "fill_index"
    MIGRATE = "migrate"
    MIGRATE_FIRST = "migrate_first"
    """Of a database that the settings need not name."""
    """The database is that of an older program."""
    SET_MAIL_SERVER = "set_mail_server"
    ADD_TOKEN = "add_token"  # noqa: S105  # no secret, but what to do about one


@dataclass(frozen=True, slots=True)
class Remedy:
    """What to do, by kind; `monitor.base.remedies` words it for the command line.

    Attributes:
        name: Of what it is done to: a rule, a channel, a delivery's id, a URL; "" for none.
        changes: The fields to change, each with its new value as people write it.
    """

    kind: RemedyKind
    name: str = ""
    changes: tuple[tuple[str, str], ...] = ()


class Refusal(Exception):
    """One clear sentence: where, what, why; `remedies.worded` adds what to do.

    Attributes:
        misuse: Whether asking differently helps (exit 2), rather than that something is not
            there, or in the way (exit 1).
        remedy: What to do, where it has to be said in the words of whoever asks.
    """

    def __init__(self, text: str, *, misuse: bool = True, remedy: Remedy | None = None) -> None:
        super().__init__(text)
        self.misuse = misuse
        self.remedy = remedy


class Missing(Refusal):
    """There is nothing that a word names.

    Attributes:
        word: What was asked for.
    """

    def __init__(self, text: str, *, word: str) -> None:
        super().__init__(text, misuse=False)
        self.word = word


def clipped(text: str, limit: int = 80) -> str:
    """Return text that is safe and short enough to quote: at most `limit` characters."""
    return clip(escaped(text), limit, dots="...")


def quoted(text: str, limit: int = 80) -> str:
    """Return text from outside in quotes, clipped and safe; a phrase stands in its own.

    What has quotes inside, as the query "Kiel Port Authority" OR KPA, stands in others.
    """
    shown = clipped(text, limit)
    if re.fullmatch('"[^"]+"', shown):
        return shown
    return f"“{shown}”" if '"' in shown else f'"{shown}"'


def escaped(text: str) -> str:
    """Return the text with everything that could act on a terminal written as an escape.

    Control characters, direction overrides, line separators and lone surrogates; letters,
    marks and joiners of any script stay, and the marks of direction of Arabic and Hebrew, which
    turn nothing round that is not theirs.
    """
    return "".join(_shown(letter) for letter in text)


_ENOUGH_OF_A_NAME = 3
"""So many letters a part of a name must have."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return `; did you mean "..."?` for the nearest known word, or "".

    What is typed may also be a part of the name, from the beginning of one of its words.
    """
    lowered = {name.casefold(): name for name in known}
    typed = word.casefold()[:200].strip()
    import difflib

    near = difflib.get_close_matches(typed, lowered, n=1, cutoff=0.7)
    if not near and len(typed) >= _ENOUGH_OF_A_NAME:
        near = sorted((each for each in lowered if f" {typed}" in f" {each}"), key=len)
    return f"; did you mean {quoted(lowered[near[0]], 500)}?" if near else ""


_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def _shown(letter: str) -> str:
    code = ord(letter)
    if 0x20 <= code < 0x7F or (code >= 0xA0 and not _acts(code)):
        return letter
    return _SHORT.get(letter) or (f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}")


def _acts(code: int) -> bool:
    return (
        code in (0x2028, 0x2029, 0xFEFF)
        or 0x202A <= code <= 0x202E
        or 0x2066 <= code <= 0x2069
        or 0xD800 <= code <= 0xDFFF
    )
