"""Settings from monitor.toml, the environment and files of secrets: one frozen `Config`.

Later wins: defaults, monitor.toml, `MONITOR_*`, `--home`. All mistakes are reported together.
"""

import re
from collections.abc import Mapping
from dataclasses import field
from datetime import timedelta, tzinfo
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from common.records import dataclass
from monitor.base.checkout import command_name, own_checkout
from monitor.base.errors import Refusal, clipped, did_you_mean
from monitor.base.files import read_secret, read_text
from monitor.base.toml_words import in_toml_words
from monitor.base.zones import known_zone
from monitor.config import settings
from monitor.config import smtp as mail
from monitor.config import translator as setup
from monitor.config.settings import BY_NAME, DATABASE, SECRET_FILES, SYSTEM
from monitor.config.smtp import Smtp
from monitor.config.translator import TranslatorSettings
from monitor.config.values import Network

_FILE_LIMIT_BYTES = 1024 * 1024
_NOT_SETTINGS = ("MONITOR_TEST_", "MONITOR_BENCH_", "MONITOR_SHARED", "MONITOR_DEBUG")
"""What variables begin with that the tests, the measurements and `--debug` read."""


USUAL_CANARY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Everything that can be set, checked.

    Attributes:
        home: Absolute; may not exist yet.
        database_url: `sqlite:///...` or `postgresql://...`; may hold a password.
        seeds: The seed folder; None for none, or when the program came without one.
        seeds_are_samples: Whether nobody has named it: it is what came with the program.
        translator: Who proposes variants of rules in other languages; None for nobody.
        dictionaries: The folders in which dictionaries are looked for.
        zone: In which people read and write times; None for this machine's own.
        web_listen: `HOST:PORT` at which the page is served; "" for nowhere.
        web_hosts: Names under which it may be asked for, besides those of this machine.
        web_login: Who asks people who they are that a server on this machine passes on.
        public_url: Where readers reach it; None when they do not.
        keep_articles: For how long articles are kept, or how many; None for all.
        keep_size: How many bytes the database may have; None for any size.
        canary_every: How often a made-up article is sent; zero for never.
        ping_url: Asked when it arrives.
        slack_signing_secret, mattermost_slash_token: What proves that a command comes from there.
        message_language: What messages are written in.
        rule_language: What rules are written in, unless their words say otherwise.
        watched_languages: Of which it is told what a rule has; none for the newest articles'.
        warnings: Sentences for whoever runs this: it works, but should be changed.
    """

    home: Path
    database_url: str = field(repr=False)
    seeds: Path | None = None
    seeds_are_samples: bool = False
    allow_private: tuple[Network, ...] = ()
    smtp: Smtp | None = None
    translator: TranslatorSettings | None = None
    dictionaries: tuple[Path, ...] = ()
    message_language: str = "en"
    rule_language: str = "en"
    watched_languages: tuple[str, ...] = ()
    fallback_channel: str | None = None
    user_agent_contact: str | None = None
    zone: tzinfo | None = None
    web_listen: str = "127.0.0.1:8420"
    web_hosts: tuple[str, ...] = ()
    web_login: str = "page"
    public_url: str | None = None
    canary_every: timedelta = USUAL_CANARY
    keep_articles: timedelta | int | None = None
    keep_size: int | None = None
    ping_url: str | None = field(default=None, repr=False)
    slack_signing_secret: str | None = field(default=None, repr=False)
    mattermost_slash_token: str | None = field(default=None, repr=False)
    poll_threads: int = 4
    log_format: str = "text"
    log_level: str = "info"
    warnings: tuple[str, ...] = ()

    @property
    def command_name(self) -> str:
        """What to type to reach this program, for sentences that say what to do next."""
        return command_name()


class ConfigError(Exception):
    """The settings cannot be used.

    Attributes:
        mistakes: One sentence each, with its place; never empty.
    """

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


@dataclass(frozen=True, slots=True)
class _Given:
    """A value as somebody wrote it, and where; the place of a variable is its name."""

    place: str
    value: object
    key: str = ""

    @property
    def where(self) -> str:
        """Its place and, in a file, its key."""
        return f"{self.place}: {self.key}" if self.key else self.place


_Layer = dict[str, _Given]


def load(
    *, environ: Mapping[str, str], path: Path | None = None, home: Path | None = None
) -> Config:
    """Read all settings.

    Args:
        environ: Where `MONITOR_*` is looked up; an empty value counts as not set.
        path: What `--config` names; else `MONITOR_CONFIG`, else monitor.toml in the data
            folder if it is there.
        home: What `--home` names.

    Raises:
        ConfigError: Something is wrong; everything that is wrong is in it.
    """
    reading = _SettingsReader({name: value for name, value in environ.items() if value})
    named = {} if home is None else {"home": _Given("--home", str(home))}
    environment = reading.environment()
    in_file = reading.file(path, known_so_far=_merged(environment, named))
    values = reading.values(_merged(in_file, environment, named))
    if "zone" not in values:
        reading.warn_of_zone()
    smtp = reading.smtp(values)
    translator = reading.translator(values)
    folder = values.get("home") or reading.default_home()
    if reading.mistakes or folder is None:
        raise ConfigError(reading.mistakes)
    together = ("smtp_", "translator")
    values = {name: value for name, value in values.items() if not name.startswith(together)}
    values = {
        "seeds": default_seeds(),
        "seeds_are_samples": "seeds" not in values,
        "database_url": sqlite_url(folder / DATABASE),
        "dictionaries": (SYSTEM, folder / "dictionaries"),
    } | values
    values |= {"seeds": values["seeds"] or None}
    values |= {"home": folder, "smtp": smtp, "translator": translator}
    return Config(**{**values, "warnings": tuple(reading.warnings)})


def default_seeds() -> Path | None:
    """Return the sample documents that came with the program: the wheel's, or the checkout's."""
    packaged = Path(__file__).parents[1] / "_seeds"
    if packaged.is_dir():
        return packaged
    checkout = Path(__file__).resolve().parents[2]
    beside = checkout / "seeds"
    return beside if (checkout / "pyproject.toml").is_file() and beside.is_dir() else None


def sqlite_url(path: Path) -> str:
    """Return the database URL of a SQLite file, whatever it and its folders are called."""
    return f"sqlite:///{str(path).replace('%', '%25').replace('?', '%3F')}"


def sqlite_file(url: str) -> Path | None:
    """Return the file that a database URL names, or None if it names a server."""
    if not url.startswith("sqlite:///"):
        return None
    return Path(unquote(url.removeprefix("sqlite:///").partition("?")[0]))


def without_password(url: str) -> str:
    """Return the database URL as it may be shown."""
    return re.sub(r"(?<=://)([^/@:]*):[^@]*@", r"\1:***@", url)


class _SettingsReader:
    """Collects what is wrong while the layers are read."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._unreadable: set[str] = set()
        self.mistakes: list[str] = []
        self.warnings: list[str] = []

    def environment(self) -> _Layer:
        layer = {}
        for variable in sorted(self._environ):
            name = variable.removeprefix("MONITOR_").lower()
            if variable in settings.VARIABLES and name != "config":
                layer[name] = _Given(variable, self._environ[variable])
            elif (
                variable.startswith("MONITOR_")
                and variable not in settings.VARIABLES
                and not variable.startswith(_NOT_SETTINGS)
            ):
                hint = _hint_of_variable(variable)
                self.warnings.append(f"{clipped(variable)}: unknown variable{hint}")
        self._one_secret_each(layer)
        return layer

    def file(self, path: Path | None, *, known_so_far: _Layer) -> _Layer:
        """Return what monitor.toml holds; nothing if there is none and none was asked for."""
        if path:
            return self._toml(path.expanduser())
        if named := self._environ.get("MONITOR_CONFIG"):
            return self._toml(Path(named).expanduser(), named_by="MONITOR_CONFIG: ")
        folder = self._parsed("home", known_so_far["home"]) if "home" in known_so_far else None
        folder = folder or self.default_home()
        beside = folder / "monitor.toml" if folder else None
        if not beside or not (beside.exists() or beside.is_symlink()):
            return {}
        layer = self._toml(beside)
        if moved := layer.pop("home", None):
            self.mistakes.append(f"{moved.place}: home cannot be set in the file that lies in it")
        return layer

    def _toml(self, path: Path, *, named_by: str = "") -> _Layer:
        import tomllib  # most have no such file

        try:
            text = read_text(path, limit_bytes=_FILE_LIMIT_BYTES)
            if not text:
                raise Refusal(
                    f"{clipped(str(path), 200)}: is empty; a new one writes: {command_name()} init"
                )
            table = tomllib.loads(text)
        except Refusal as refusal:
            self.mistakes.append(f"{named_by}{refusal}")
            return {}
        except tomllib.TOMLDecodeError as error:
            self.mistakes.append(_not_toml(path, str(error)))
            return {}
        except RecursionError:
            self.mistakes.append(f"{clipped(str(path), 200)}: is nested too deeply")
            return {}
        except ValueError:  # thousands of digits, which tomllib leaves to Python to refuse
            self.mistakes.append(f"{clipped(str(path), 200)}: a number has too many digits")
            return {}
        layer = {}
        for key, value in table.items():
            place = _place(path, text, key)
            if key not in BY_NAME and key not in SECRET_FILES:
                self.mistakes.append(f'{place}: unknown key "{clipped(key)}"{_hint(key, value)}')
                continue
            self._warn_of_secret(place, key, value)
            layer[key] = _Given(place, self._expanded(place, value), key)
        self._one_secret_each(layer)
        return layer

    def _expanded(self, place: str, value: object) -> object:
        """Put environment variables in: "${NAME}" inside a string."""
        if not isinstance(value, str):
            return value

        def fill(variable: re.Match[str]) -> str:
            if variable[1] not in self._environ:
                self.mistakes.append(
                    f"{place}: environment variable {clipped(variable[1])} is not set"
                )
            return self._environ.get(variable[1], "unset")

        return re.sub(r"\$\{(\w+)\}", fill, value)

    def _warn_of_secret(self, place: str, key: str, value: object) -> None:
        if key not in BY_NAME or not BY_NAME[key].secret or not isinstance(value, str):
            return
        if "${" not in value and (key != "database_url" or without_password(value) != value):
            self.warnings.append(f"{place}: a secret in the file; use {key}_file or ${{NAME}}")

    def _one_secret_each(self, layer: _Layer) -> None:
        for file_name, setting in SECRET_FILES.items():
            if file_name in layer and setting.name in layer:
                place = layer[file_name].place
                self.mistakes.append(f"{place}: {setting.name} is given as well; keep one of them")

    def values(self, given: _Layer) -> dict[str, Any]:
        """Return the parsed values of what is right."""
        values = {}
        for name, said in given.items():
            if name in BY_NAME:
                parsed = self._parsed(name, said)
                if parsed is not None:
                    values[name] = parsed
                else:
                    self._unreadable.add(name)
                continue
            setting = SECRET_FILES[name]
            try:
                secret = read_secret(Path(str(said.value)).expanduser())
            except Refusal as refusal:
                self.mistakes.append(f"{said.where}: {refusal}")
                self._unreadable.add(setting.name)
                continue
            parsed = self._parsed(setting.name, _Given(said.place, secret, said.key))
            if parsed is not None:
                values[setting.name] = parsed
                if name == mail.READ_ANEW:
                    values[name] = Path(str(said.value)).expanduser()
        return values

    def _parsed(self, name: str, given: _Given) -> Any:
        try:
            return BY_NAME[name].parse(given.value)
        except ValueError as error:
            sentence = f"{given.where}: {error}"
            if sentence not in self.mistakes:
                self.mistakes.append(sentence)
            return None

    def warn_of_zone(self) -> None:
        """Note a time zone of the machine that it does not know: it is UTC then, in silence."""
        named = self._environ.get("TZ", "").removeprefix(":")
        if re.fullmatch(r"[A-Za-z_]+(?:/[A-Za-z_+-]+)+", named) and known_zone(named) is None:
            self.warnings.append(f"TZ: unknown time zone {named[:80]}, so times are in UTC")

    def smtp(self, values: Mapping[str, Any]) -> Smtp | None:
        """Return how e-mail leaves, None when it is not set up; note what does not fit together."""
        chosen, mistakes = mail.checked(values, unreadable=self._unreadable)
        self.mistakes += mistakes
        return chosen

    def translator(self, values: Mapping[str, Any]) -> TranslatorSettings | None:
        """Return who is asked for translations, if anybody; note what does not fit together."""
        chosen, mistakes = setup.checked(values)
        if not any(name.startswith("translator") for name in self._unreadable):
            self.mistakes += mistakes
        if chosen and setup.sends_key_in_the_clear(chosen):
            self.warnings.append(
                "translator_key is sent unencrypted: use https in translator_url where you can"
            )
        return chosen

    def default_home(self) -> Path | None:
        """Return the data folder when none is set; note it when there is no place for one."""
        checkout = own_checkout()
        if checkout:
            return checkout / "data"
        shared = Path(self._environ.get("XDG_DATA_HOME", ""))
        if shared.is_absolute():
            return shared / "newsroom-monitor"
        try:
            own = Path(self._environ.get("HOME") or Path.home())
        except RuntimeError:
            self.mistakes.append("this user has no home folder: set MONITOR_HOME to a data folder")
            return None
        return own.absolute() / ".local" / "share" / "newsroom-monitor"


_MEANT = dict.fromkeys(("MONITOR_PORT", "MONITOR_WEB_PORT"), "MONITOR_WEB_LISTEN")
"""What other programs call a setting."""


def _hint_of_variable(variable: str) -> str:
    """Compare what is each one's own: all begin alike."""
    prefix = "MONITOR_"
    if variable in _MEANT:
        return f'; did you mean "{_MEANT[variable]}"?'
    names = (name.removeprefix(prefix) for name in settings.VARIABLES)
    near = did_you_mean(variable.removeprefix(prefix), names)
    return near.replace('mean "', f'mean "{prefix}')


def _merged(*layers: _Layer) -> _Layer:
    """Later layers win; a secret's file and its value stand for the same setting."""
    merged: _Layer = {}
    for layer in layers:
        for name in layer:
            plain = SECRET_FILES[name].name if name in SECRET_FILES else name
            merged.pop(plain, None)
            merged.pop(f"{plain}_file", None)
        merged |= layer
    return merged


def _place(path: Path, text: str, key: str) -> str:
    """Return file:line of a top-level key or table; tomllib does not keep it."""
    name = re.escape(key)
    pattern = re.compile(rf"^\s*(?:\[+\s*)?[\"']?{name}[\"']?\s*[=.\]]", re.MULTILINE)
    place = pattern.search(text)
    line = (
        text.count("\n", 0, place.start() + len(place[0]) - len(place[0].lstrip())) + 1
        if place
        else 1
    )
    return f"{clipped(str(path), 200)}:{line}"


def _hint(key: str, value: object) -> str:
    if isinstance(value, dict):
        flat = [f"{key}_{part}" for part in value if f"{key}_{part}" in BY_NAME]
        return f"; write {flat[0]} = ... without a table" if flat else ""
    return did_you_mean(key, [*BY_NAME, *SECRET_FILES])


def _not_toml(path: Path, error: str) -> str:
    place = re.search(r"^(.*) \(at line (\d+), column (\d+)\)$", error, re.DOTALL)
    name = clipped(str(path), 200)
    if not place:
        return f"{name}: not TOML: {clipped(error)}"
    return f"{name}:{place[2]}: not TOML: {in_toml_words(place[1])} (column {place[3]})"
