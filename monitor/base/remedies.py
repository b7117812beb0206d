"""What can be done, in the words of the command line: the one place that names commands to users.

The command line says it, and so do messages and notices, whose reader has only the command line.
"""

from monitor.base.checkout import command_name, shell_word
from monitor.base.errors import Refusal, Remedy, RemedyKind

_WORDS = {
    RemedyKind.ADD_CHANNEL: "; add it with add-channel",
    RemedyKind.SEND_ELSEWHERE: "; to send elsewhere: {command} edit-channel {name} --target TARGET",
    RemedyKind.ENABLE_CHANNEL: "; first: {command} enable-channel {name}",
    RemedyKind.ENABLE_FOR_THE_OWED: "; enable-channel sends all that it is owed",
    RemedyKind.MEND_CHANNEL: "; mend it, then enable-channel",
    RemedyKind.MEND_TARGET: "; mend it there, or with: {command} edit-channel {name}",
    RemedyKind.MEND_AND_ENABLE: "; mend it and run: {command} enable-channel {plain}",
    RemedyKind.GIVE_SECRET: "; write it into a file and add --secret-file FILE",
    RemedyKind.CHANGE_SECRET: (
        "; to give it another: {command} edit-channel {name} --secret-file FILE"
    ),
    RemedyKind.LEAVE_SECRET_OUT: "; leave --secret-file out",
    RemedyKind.MIGRATE_FIRST: "; first: MONITOR_DATABASE_URL={name} {command} migrate",
    RemedyKind.LIST_SOURCES: "; see list-sources",
    RemedyKind.SHOW_NOTICES: "; see: {command} show-source {name}",
    RemedyKind.RESUME_OR_REMOVE_SOURCE: "; remove it, or resume-source",
    RemedyKind.SAY_KIND: "; --kind says otherwise",
    RemedyKind.FOLLOW_AS_FEED: "; --kind feed follows it as a feed",
    RemedyKind.FOLLOW_ANYWAY: "; nothing is followed (--anyway does, and tries again at each poll)",
    RemedyKind.DISCOVER_MORE: " What else there is: {command} discover {plain}",
    RemedyKind.HEAR_QUIET: (
        "; to see them: {command} search WORDS; a new rule tells of them with --backfill 7d"
    ),
    RemedyKind.STOP_FULL_TEXT: " (edit-source --no-full-text stops the asking)",
    RemedyKind.SHOW_RULE: (" (see: {command} show-rule {name}); give this one another --name"),
    RemedyKind.SHOW_QUIET_RULE: " See: {command} show-rule {name}",
    RemedyKind.RESUME_SOURCE: "; to poll it by itself: {command} resume-source {name}",
    RemedyKind.RESUME_RULE: "; go on with: {command} resume-rule {name}",
    RemedyKind.EDIT_RULE: (
        "; change it with: {command} edit-rule {name} {changes}\nor give this one another --name"
    ),
    RemedyKind.NOTIFY_CHANNEL: "; mend it with: {command} edit-rule {name} --notify CHANNEL",
    RemedyKind.NAME_EACH: "; name each by itself: {changes}",
    RemedyKind.FORCE_RULE: ", or add --force",
    RemedyKind.ADD_RULE: '; first: {command} add-rule "your words"',
    RemedyKind.SEARCH_STORED: " (--backfill)",
    RemedyKind.ADD_VARIANT: "; see show-rule, or name a new one with add-variant",
    RemedyKind.REJECT_VARIANT: "; reject-variant can do it",
    RemedyKind.DECIDE_VARIANTS: (
        "; to have it otherwise: {command} accept-variant {name} TEXT, or reject-variant"
    ),
    RemedyKind.NARROW_RULE: (
        " A sharper rule leaves it out:\n  {command} edit-rule {name} {changes}\n"
        "or let it count only in some languages or sources, with --language or --source"
    ),
    RemedyKind.LIMIT_RULE: (
        " No word tells it from others; the rule can count only in some languages or sources:\n"
        "  {command} edit-rule {name} --language CODES --source NAME"
    ),
    RemedyKind.SHARPEN_RULE: "{command} edit-rule {name} {changes}",
    RemedyKind.TRANSLATE_AGAIN: " To ask again: {command} expand-rule {name} --translate",
    RemedyKind.SEND_SOONER: "; to send all that is owed there now: {command} enable-channel {name}",
    RemedyKind.SEND_AGAIN: "; add --again to send it once more",
    RemedyKind.REDELIVER: (
        ". To send it all the same, run: {command} redeliver {plain} "
        "(others like it: list-deliveries)"
    ),
    RemedyKind.REDELIVER_DIGEST: "; to send that again: {command} redeliver {plain} --again",
    RemedyKind.SHOW_ALERT: "; see show-alert",
    RemedyKind.LIST_HELD: "; to see it now: {command} list-alerts --held",
    RemedyKind.SEND_OLD: (
        " To be sent all that was stored: {command} edit-rule {name} --backfill all"
    ),
    RemedyKind.EXTEND_RULE: ". To keep it: {command} edit-rule {name} --expires never",
    RemedyKind.MIGRATE: (
        "; stop the daemon, if one runs, and bring it up to date with: {command} migrate"
    ),
    RemedyKind.RUN_ALONE: (
        ", with which one process works: {command} run does all of it (copy moves an archive "
        "to PostgreSQL)"
    ),
    RemedyKind.START_DAEMON: "; start it: {command} run (from cron: {command} run --once)",
    RemedyKind.FILL_INDEX: "; to fill it now: {command} migrate",
    RemedyKind.ADD_TOKEN: (
        "; first: {command} add-user NAME --role admin, or {command} add-token NAME --scope admin"
    ),
    RemedyKind.SET_MAIL_SERVER: (
        ": set smtp_host (MONITOR_SMTP_HOST; {command} init writes a monitor.toml), and start again"
    ),
}
"""How a sentence goes on: `{plain}` is the name as it is, `{name}` one word of a command line."""


def remedy_words(remedy: Remedy | None) -> str:
    """Return how a sentence goes on that is followed by a remedy; "" without one."""
    if remedy is None:
        return ""
    return _WORDS[remedy.kind].format(
        command=command_name(),
        name=shell_word(remedy.name),
        plain=remedy.name,
        changes=" ".join(f"--{key} {shell_word(value)}" for key, value in remedy.changes),
    )


def worded(refusal: Refusal) -> str:
    """Return all that a refusal has to say, and what to do about it."""
    return f"{refusal}{remedy_words(refusal.remedy)}"
