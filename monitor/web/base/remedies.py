"""What can be done, in the words of the page; `monitor.base.remedies` has those of commands."""

from monitor.base.errors import Refusal, Remedy, RemedyKind
from monitor.base.remedies import remedy_words as words_of_commands

_WORDS = {
    RemedyKind.ADD_CHANNEL: "; add it under Channels",
    RemedyKind.SEND_ELSEWHERE: "; to send elsewhere, change it on its page",
    RemedyKind.ENABLE_CHANNEL: "; enable it under Channels first",
    RemedyKind.ENABLE_FOR_THE_OWED: "; enabling it under Channels sends all that it is owed",
    RemedyKind.MEND_CHANNEL: "; mend it, then enable it under Channels",
    RemedyKind.MEND_TARGET: "; mend it there, or change its target under Channels",
    RemedyKind.MEND_AND_ENABLE: "; mend it, then enable “{name}” under Channels",
    RemedyKind.GIVE_SECRET: "; give its secret",
    RemedyKind.CHANGE_SECRET: "; give it another secret on its page",
    RemedyKind.LEAVE_SECRET_OUT: "; leave the secret out",
    RemedyKind.LIST_SOURCES: "; all that are followed are under Sources",
    RemedyKind.SHOW_NOTICES: "; see the source's page",
    RemedyKind.RESUME_OR_REMOVE_SOURCE: "; resume or remove it on its page",
    RemedyKind.FOLLOW_AS_FEED: "; it can be followed as a feed",
    RemedyKind.FOLLOW_ANYWAY: "; nothing is followed",
    RemedyKind.DISCOVER_MORE: " “Look first” shows what else there is.",
    RemedyKind.HEAR_QUIET: "; to see them, search",
    RemedyKind.STOP_FULL_TEXT: " (the source's page can stop the asking)",
    RemedyKind.SHOW_RULE: "; give this one another name",
    RemedyKind.SHOW_QUIET_RULE: " It is under Rules.",
    RemedyKind.RESUME_SOURCE: "; resume it on its page",
    RemedyKind.RESUME_RULE: "; resume it under Rules",
    RemedyKind.EDIT_RULE: "; change that one under Rules, or give this one another name",
    RemedyKind.NOTIFY_CHANNEL: "; choose whom it tells on its page",
    RemedyKind.NAME_EACH: "; name each by itself",
    RemedyKind.FORCE_RULE: ", or save it all the same",
    RemedyKind.SEARCH_STORED: "",
    RemedyKind.ADD_VARIANT: "; name it under “Also called”",
    RemedyKind.REJECT_VARIANT: "; it can be rejected on the rule's page",
    RemedyKind.DECIDE_VARIANTS: "; its page accepts and rejects each form",
    RemedyKind.NARROW_RULE: (
        " A sharper rule leaves it out: {changes}; or let it count in few languages or sources"
    ),
    RemedyKind.LIMIT_RULE: (
        " No word tells it from others; the rule can count only in some languages or sources."
    ),
    RemedyKind.SHARPEN_RULE: "{changes}",
    RemedyKind.SEND_SOONER: "; to send it now, pause its channel under Channels and enable it",
    RemedyKind.SEND_AGAIN: "; it would have to be sent once more",
    RemedyKind.REDELIVER: ". “Try again” under Channels sends it all the same",
    RemedyKind.REDELIVER_DIGEST: "",
    RemedyKind.SHOW_ALERT: "; the alert says more",
    RemedyKind.LIST_HELD: "; what waits is under Channels",
    RemedyKind.EXTEND_RULE: ". To keep it, clear its last day",
}
"""How a sentence goes on; of what no page can do, the command says how."""


def remedy_words(remedy: Remedy | None) -> str:
    """Return how a sentence goes on that is followed by a remedy; "" without one."""
    if remedy is None:
        return ""
    if remedy.kind not in _WORDS:
        return words_of_commands(remedy)
    changes = ", ".join(f"{key}: {value}" for key, value in remedy.changes)
    return _WORDS[remedy.kind].format(name=remedy.name, changes=changes)


def worded(refusal: Refusal) -> str:
    """Return all that a refusal has to say, and what to do about it."""
    return f"{refusal}{remedy_words(refusal.remedy)}"
