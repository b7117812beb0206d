"""Every setting there is: its name, what it may be, and what it is for.

The names are keys of monitor.toml; in the environment each is `MONITOR_` and the name in
capitals. What a setting's value means together with others is checked in `monitor.config.load`.
"""

from collections.abc import Callable
from pathlib import Path

from common.records import dataclass
from monitor.config import values

SYSTEM = Path("/usr/share/dictd")
"""Where Debian and others install dictionaries."""
DATABASE = "monitor.db"
"""What the database in a data folder is called, unless a setting says otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting.

    Attributes:
        parse: Turns what a file or the environment holds into the value; raises ValueError
            that says what was expected.
        purpose: One sentence for monitor.toml and docs/settings.md.
        example: As it is written in monitor.toml.
        default: In words; "" when there is none.
        secret: Never shown; may be read from a file named by `<name>_file`.
    """

    name: str
    parse: Callable[[object], object]
    purpose: str
    example: str
    default: str = ""
    secret: bool = False

    @property
    def variable(self) -> str:
        """The name in the environment."""
        return f"MONITOR_{self.name.upper()}"


SETTINGS = (
    Setting(
        name="home",
        parse=values.path,
        purpose="The data folder: database, locks, secrets of channels and backups live in it.",
        example='"/var/lib/newsroom-monitor"',
        default="`data/` of the checkout under `./run`, else `newsroom-monitor/` in "
        "`$XDG_DATA_HOME` or `~/.local/share`",
    ),
    Setting(
        name="database_url",
        parse=values.database,
        purpose="Where everything is kept: `sqlite:///PATH` or `postgresql://USER:PASSWORD@HOST/NAME`.",
        example='"postgresql://monitor@db.example.org/monitor"',
        default="`monitor.db` in the data folder",
        secret=True,
    ),
    Setting(
        name="seeds",
        parse=values.folder_or_none,
        purpose="The seed folder, polled before everything else; `none` for no folder.",
        example='"/srv/seeds"',
        default="the sample documents that come with the program, while there are no rules and "
        "channels",
    ),
    Setting(
        name="allow_private",
        parse=values.networks,
        purpose="Networks that are not public and may be connected to all the same, on any port.",
        example='["192.168.1.0/24", "127.0.0.0/8"]',
        default="none",
    ),
    Setting(
        name="smtp_host",
        parse=values.host,
        purpose="The server that e-mail is handed to; one that is not public must be in "
        "allow_private.",
        example='"smtp.example.org"',
    ),
    Setting(
        name="smtp_port",
        parse=values.whole_number(1, 65535),
        purpose="Its port.",
        example="587",
        default="587 for starttls, 465 for tls, 25 for none",
    ),
    Setting(
        name="smtp_security",
        parse=values.one_of("starttls", "tls", "none"),
        purpose="How the connection is encrypted; `none` only towards an address in allow_private.",
        example='"starttls"',
        default="starttls (tls when the port is 465)",
    ),
    Setting(
        name="smtp_user",
        parse=values.text_of,
        purpose="The name to log in with.",
        example='"alerts@example.org"',
        default="no login",
    ),
    Setting(
        name="smtp_password",
        parse=values.secret,
        purpose="The password to log in with; better kept in a file, see smtp_password_file.",
        example='"${SMTP_PASSWORD}"',
        secret=True,
    ),
    Setting(
        name="smtp_from",
        parse=values.mail_address,
        purpose="The sender of e-mail.",
        example='"alerts@example.org"',
        default="smtp_user when that is an address",
    ),
    Setting(
        name="fallback_channel",
        parse=values.text_of,
        purpose="The channel that is told when a source or another channel does not work.",
        example='"console"',
        default="the oldest channel that works",
    ),
    Setting(
        name="user_agent_contact",
        parse=values.header_text,
        purpose="An address or URL of yours in the User-Agent, for owners of sites that we poll.",
        example='"https://example.org/monitor"',
        default="none",
    ),
    Setting(
        name="translator",
        parse=values.translator,
        purpose="Who proposes what a rule's terms are called in other languages, when it is "
        "saved: `libretranslate`, or `openai` for any endpoint that speaks its protocol.",
        example='"openai"',
        default="nobody",
    ),
    Setting(
        name="translator_url",
        parse=values.web_address,
        purpose="Its address: LibreTranslate's server, or an API up to and with `/v1`.",
        example='"http://127.0.0.1:11434/v1"',
    ),
    Setting(
        name="translator_key",
        parse=values.secret,
        purpose="The key that it asks for; better kept in a file, see translator_key_file.",
        example='"${TRANSLATOR_KEY}"',
        default="none",
        secret=True,
    ),
    Setting(
        name="translator_model",
        parse=values.text_of,
        purpose="The model that `openai` shall use.",
        example='"qwen3:14b"',
    ),
    Setting(
        name="translator_languages",
        parse=values.languages,
        purpose="The languages that it is asked for.",
        example='"sv,vi,zh,zh-Hant"',
        default="some fifty in which most news is written, see docs/translators.md",
    ),
    Setting(
        name="translator_timeout",
        parse=values.whole_number(1, 600),
        purpose="How many seconds it gets for all the terms of a rule together.",
        example="60",
        default="30",
    ),
    Setting(
        name="translator_check_back",
        parse=values.one_of("yes", "no"),
        purpose="Whether LibreTranslate's answers are translated back, and only proposed when "
        "the rule's words are not in that; twice the requests.",
        example='"yes"',
        default="no",
    ),
    Setting(
        name="dictionaries",
        parse=values.folders,
        purpose="Folders with dictionaries in the format of dictd, which say what a rule's words "
        "are called in other languages; `none` for no dictionaries. See docs/lexicons.md.",
        example='"/usr/share/dictd, ~/dictionaries"',
        default="`/usr/share/dictd`, and `dictionaries/` in the data folder",
    ),
    Setting(
        name="zone",
        parse=values.zone,
        purpose="The time zone in which people read and write times: messages, tables, `--since`. "
        "JSON is in UTC.",
        example='"Europe/Stockholm"',
        default="that of the machine",
    ),
    Setting(
        name="message_language",
        parse=values.rule_language,
        purpose="The language that messages are written in: en, vi, sv, de, fr, es, ja, zh, else "
        "English. A channel may have one of its own.",
        example='"sv"',
        default="en",
    ),
    Setting(
        name="rule_language",
        parse=values.rule_language,
        purpose="The language that rules are written in, unless their words are of another one "
        "or `--in` says so.",
        example='"sv"',
        default="en",
    ),
    Setting(
        name="watched_languages",
        parse=values.languages_or_any,
        purpose="The languages of which add-rule and show-rule say in which words a rule is "
        "looked for, and what it has no word for; `any` for those of the newest articles.",
        example='"vi,th,ar"',
        default="any",
    ),
    Setting(
        name="web_listen",
        parse=values.listen,
        purpose="Where the page and the API are served; `none` for nowhere. Where other machines "
        "can ask, everybody logs in or shows a token.",
        example='"127.0.0.1:8420"',
        default="127.0.0.1:8420",
    ),
    Setting(
        name="web_hosts",
        parse=values.hosts,
        purpose="Names, besides those of the machine itself, under which the page may be asked "
        "for: that of the server that stands before it.",
        example='["news.example.org"]',
        default="none",
    ),
    Setting(
        name="web_login",
        parse=values.one_of("page", "proxy"),
        purpose="Who asks people who they are whom another server on this machine passes on: the "
        "page, or that server (`proxy`; whom it lets through may then do everything).",
        example='"proxy"',
        default="page",
    ),
    Setting(
        name="public_url",
        parse=values.web_address,
        purpose="Where readers reach the page, with its path where that is under another site. "
        "Messages then link each alert's page there, and e-mails that with which their reader "
        "leaves the list.",
        example='"https://news.example.org"',
        default="none",
    ),
    Setting(
        name="slack_signing_secret",
        parse=values.secret,
        purpose="With which Slack signs the command that people type there (docs/web.md).",
        example='"..."',
        default="none",
        secret=True,
    ),
    Setting(
        name="mattermost_slash_token",
        parse=values.secret,
        purpose="Which Mattermost sends with the command that people type there (docs/web.md).",
        example='"..."',
        default="none",
        secret=True,
    ),
    Setting(
        name="canary_every",
        parse=values.every_or_none,
        purpose="How often a made-up article is sent the whole way to nobody, so that `/readyz` "
        "tells when alerts would not arrive; `none` for never.",
        example='"5m"',
        default="5m",
    ),
    Setting(
        name="ping_url",
        parse=values.web_address,
        purpose="Asked (GET) each time that made-up article arrives; a service that misses it "
        "tells you when this machine has gone.",
        example='"https://ping.example.org/key"',
        default="none",
        secret=True,
    ),
    Setting(
        name="keep_articles",
        parse=values.kept,
        purpose="For how long articles are kept that nobody was told of, such as `400d`, or how "
        "many, such as `500000`; `all` for ever. What is pruned stays known: listed again, it is "
        "not new (docs/operations.md).",
        example='"400d"',
        default="all",
    ),
    Setting(
        name="keep_size",
        parse=values.size_or_all,
        purpose="How large the database may become, such as `2GB`: before it is, articles go that "
        "nobody was told of, the oldest first (docs/operations.md); `all` for any size.",
        example='"2GB"',
        default="all",
    ),
    Setting(
        name="poll_threads",
        parse=values.whole_number(1, 64),
        purpose="How many sources are polled at the same time; twice as many more while they are "
        "slow to answer.",
        example="4",
        default="4",
    ),
    Setting(
        name="log_format",
        parse=values.one_of("text", "json"),
        purpose="How log lines on stderr are written.",
        example='"json"',
        default="text",
    ),
    Setting(
        name="log_level",
        parse=values.one_of("debug", "info", "warning", "error"),
        purpose="The least important log lines that are written.",
        example='"warning"',
        default="info",
    ),
)

BY_NAME = {setting.name: setting for setting in SETTINGS}
SECRET_FILES = {f"{setting.name}_file": setting for setting in SETTINGS if setting.secret}

VARIABLES = frozenset(
    {"MONITOR_CONFIG"}
    | {setting.variable for setting in SETTINGS}
    | {f"{setting.variable}_FILE" for setting in SETTINGS if setting.secret}
)
"""Every variable of the environment that is read."""
