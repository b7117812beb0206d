"""Settings: where they come from, who wins, and what is said about mistakes."""

from ipaddress import ip_network
from pathlib import Path

import pytest

from monitor.config import values
from monitor.config.load import Config, ConfigError, load, sqlite_file, without_password
from monitor.config.settings import SETTINGS
from monitor.config.templates import monitor_toml
from storage.admin.engine import open_storage


def mistakes(environ: dict[str, str] | None = None, **given: Path) -> list[str]:
    """Load settings that are wrong, and return what is said about them."""
    with pytest.raises(ConfigError) as caught:
        load(environ={"MONITOR_HOME": "/nowhere", **(environ or {})}, **given)
    return caught.value.mistakes


@pytest.fixture
def toml(tmp_path: Path) -> Path:
    """Where a monitor.toml may be written, outside of any home."""
    return tmp_path / "monitor.toml"


def test_nothing_has_to_be_set(tmp_path: Path) -> None:
    config = load(environ={"HOME": str(tmp_path), "XDG_DATA_HOME": ""})
    assert config.smtp is None
    assert config.poll_threads == 4
    assert config.database_url == f"sqlite:///{config.home / 'monitor.db'}"


def test_the_environment_wins_over_the_file_and_the_option_over_both(toml: Path) -> None:
    toml.write_text('home = "/from/file"\nlog_level = "error"\npoll_threads = 9\n')
    environ = {"MONITOR_HOME": "/from/environment", "MONITOR_LOG_LEVEL": "debug"}
    assert load(environ={}, path=toml).home == Path("/from/file")
    config = load(environ=environ, path=toml)
    assert (config.home, config.log_level, config.poll_threads) == (
        Path("/from/environment"),
        "debug",
        9,
    )
    assert load(environ=environ, path=toml, home=Path("/option")).home == Path("/option")


def test_a_file_in_the_home_is_found_by_itself(tmp_path: Path) -> None:
    (tmp_path / "monitor.toml").write_text("poll_threads = 7\n")
    assert load(environ={"MONITOR_HOME": str(tmp_path)}).poll_threads == 7


def test_the_file_that_lies_in_the_home_cannot_move_it(tmp_path: Path) -> None:
    (tmp_path / "monitor.toml").write_text('home = "/elsewhere"\n')
    assert mistakes({"MONITOR_HOME": str(tmp_path)}) == [
        f"{tmp_path}/monitor.toml:1: home cannot be set in the file that lies in it"
    ]


def test_a_mistake_in_a_file_names_its_line_and_its_key(tmp_path: Path) -> None:
    toml = tmp_path / "m.toml"
    toml.write_text('log_level = "info"\npoll_threads = "x"\nsmtp_port = 0\n')
    assert mistakes(path=toml) == [
        f'{toml}:2: poll_threads: expected a whole number from 1 to 64; got "x"',
        f'{toml}:3: smtp_port: expected a whole number from 1 to 65535; got "0"',
    ]


@pytest.mark.parametrize("name", ["a b ü", "100%", "%41", "what?mode=ro", "a#b"])
def test_the_data_folder_may_be_called_anything(tmp_path: Path, name: str) -> None:
    home = tmp_path / name
    home.mkdir()
    config = load(environ={"MONITOR_HOME": str(home)})
    open_storage(config.database_url, home=home).close()
    assert (home / "monitor.db").exists()
    assert sqlite_file(config.database_url) == home / "monitor.db"


def test_an_empty_variable_counts_as_not_set() -> None:
    config = load(environ={"MONITOR_HOME": "/h", "MONITOR_SMTP_HOST": "", "MONITOR_SMTP_PORT": ""})
    assert config.smtp is None


def test_all_mistakes_are_reported_together_with_their_places(toml: Path) -> None:
    toml.write_text('\nlog_levl = "info"\npoll_threads = "many"\n[smtp]\nhost = "x"\n')
    assert mistakes({"MONITOR_SMTP_PORT": "0"}, path=toml) == [
        f'{toml}:2: unknown key "log_levl"; did you mean "log_level"?',
        f'{toml}:4: unknown key "smtp"; write smtp_host = ... without a table',
        f'{toml}:3: poll_threads: expected a whole number from 1 to 64; got "many"',
        'MONITOR_SMTP_PORT: expected a whole number from 1 to 65535; got "0"',
    ]


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        pytest.param("LOG_FORMAT", "xml", 'expected text or json; got "xml"', id="a choice"),
        pytest.param("POLL_THREADS", "1e9", 'got "1e9"', id="not a whole number"),
        pytest.param("ALLOW_PRIVATE", "127.0.0.0/8, home", 'got "home"', id="one bad network"),
        pytest.param(
            "SMTP_FROM", "a@x.se, b@y.se", "is not one e-mail address", id="two addresses"
        ),
        pytest.param("SMTP_FROM", "a@x.se\r\nBcc: b@y.se", "is not one e-mail", id="a header"),
        pytest.param("SMTP_FROM", f"{'a' * 400}@x.se", "is not one e-mail address", id="too long"),
        pytest.param("SMTP_FROM", "käse@x.se", "is not one e-mail address", id="not ASCII"),
        pytest.param("SMTP_FROM", ".news@x.se", "is not one e-mail", id="a dot in front"),
        pytest.param("SMTP_FROM", "news@-x.se", "is not one e-mail", id="a host with a dash"),
        pytest.param("SMTP_FROM", f"news@{'x' * 64}.se", "is not one e-mail", id="a long host"),
        pytest.param("SMTP_HOST", "smtp://x", "without a scheme", id="a URL for a host"),
        pytest.param("SMTP_HOST", "smtp.x.se:25", "or port", id="a port behind a host"),
        pytest.param("USER_AGENT_CONTACT", "Büro", "in plain ASCII", id="a header"),
        pytest.param("WATCHED_LANGUAGES", "sv,xx", 'got "xx"', id="a language nobody knows"),
        pytest.param("ZONE", "Paris", "did you mean Europe/Paris?", id="a city"),
        pytest.param(
            "DATABASE_URL", "postgresql://u:p/w@db/x", "a password write / as", id="a slash"
        ),
        pytest.param("DATABASE_URL", "postgresql://u@db:x/y", "expected a port", id="a port"),
        pytest.param("DATABASE_URL", "mysql://x/y", 'unknown scheme "mysql"', id="a database"),
        pytest.param("DATABASE_URL", "sqlite://monitor.db", "three slashes", id="two slashes"),
    ],
)
def test_a_wrong_value_is_named_with_what_was_expected(
    variable: str, value: str, said: str
) -> None:
    [mistake] = [
        mistake
        for mistake in mistakes({f"MONITOR_{variable}": value})
        if mistake.startswith(f"MONITOR_{variable}: ")
    ]
    assert said in mistake
    assert "\r" not in mistake


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://me@db:5432?sslmode=require",
        "postgresql://me:what?1@db:5432/news?sslmode=require",
        "postgresql://me@[::1]:5432/news",
        "postgresql://me@one:5432,two:5433/news",
        "postgresql:///news?host=/run/postgresql",
    ],
)
def test_a_database_may_be_named_in_any_form_of_its_url(url: str) -> None:
    assert values.database(url) == url


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        pytest.param({"USER": "u"}, "smtp_user set, but not smtp_host", id="no host"),
        pytest.param(
            {"HOST": "h", "USER": "u"},
            "smtp_user is set, but smtp_password is not",
            id="no password",
        ),
        pytest.param({"HOST": "h", "PASSWORD": "p"}, "but smtp_user is not", id="no user"),
        pytest.param(
            {"HOST": "h", "PORT": "25", "SECURITY": "tls"},
            "port 25 does not begin with TLS",
            id="25",
        ),
        pytest.param(
            {"HOST": "h", "PORT": "465", "SECURITY": "starttls"},
            "port 465 begins with TLS",
            id="465",
        ),
        pytest.param(
            {"HOST": "10.0.0.9", "SECURITY": "none"}, "in the clear", id="nothing is allowed"
        ),
    ],
)
def test_mail_settings_that_do_not_fit_together_are_refused(
    settings: dict[str, str], said: str
) -> None:
    environ = {f"MONITOR_SMTP_{name}": value for name, value in settings.items()}
    assert any(said in mistake for mistake in mistakes(environ))


@pytest.mark.parametrize(
    ("settings", "port", "security"),
    [
        pytest.param({}, 587, "starttls", id="as usual"),
        pytest.param({"PORT": "465"}, 465, "tls", id="the port tells"),
        pytest.param({"SECURITY": "tls"}, 465, "tls", id="the security tells"),
    ],
)
def test_what_is_not_said_about_mail_is_guessed(
    settings: dict[str, str], port: int, security: str
) -> None:
    environ = {f"MONITOR_SMTP_{name}": value for name, value in settings.items()}
    smtp = load(
        environ={"MONITOR_HOME": "/h", "MONITOR_SMTP_HOST": "smtp.example.org", **environ}
    ).smtp
    assert smtp is not None
    assert (smtp.port, smtp.security) == (port, security)
    assert smtp.sender == "newsroom-monitor@example.org"


@pytest.mark.parametrize(
    ("host", "user", "sender"),
    [
        pytest.param("smtp.example.org", "bo@example.org", "bo@example.org", id="the user"),
        pytest.param("smtp.example.org", ".bo@x.se", "newsroom-monitor@example.org", id="no user"),
        pytest.param("mail_gateway", "bo", "newsroom-monitor@localhost", id="an underscore"),
        pytest.param("fe80::1", "bo", "newsroom-monitor@localhost", id="IPv6"),
    ],
)
def test_a_sender_that_nobody_named_is_one_that_is_sent_from(
    host: str, user: str, sender: str
) -> None:
    given = {"SMTP_HOST": host, "SMTP_USER": user, "SMTP_PASSWORD": "x"}
    config = load(environ={"MONITOR_HOME": "/h"} | {f"MONITOR_{k}": v for k, v in given.items()})
    assert config.smtp is not None
    assert config.smtp.sender == sender


def test_mail_in_the_clear_is_possible_towards_an_allowed_network() -> None:
    environ = {
        "MONITOR_HOME": "/h",
        "MONITOR_SMTP_HOST": "127.0.0.1",
        "MONITOR_SMTP_SECURITY": "none",
        "MONITOR_ALLOW_PRIVATE": "127.0.0.0/8, fd00::/8",
    }
    config = load(environ=environ)
    assert config.smtp is not None
    assert config.smtp.security == "none"
    assert config.allow_private == (ip_network("127.0.0.0/8"), ip_network("fd00::/8"))


@pytest.mark.parametrize(
    ("make", "said"),
    [
        pytest.param(lambda path: None, "there is no such file", id="missing"),
        pytest.param(lambda path: path.mkdir(), "is a folder", id="a folder"),
        pytest.param(lambda path: path.touch(), "is empty", id="empty"),
        pytest.param(
            lambda path: path.write_bytes(b"#" * (1 << 20) + b"#"), "over 1 MiB", id="huge"
        ),
        pytest.param(lambda path: path.symlink_to(path), "too many levels", id="a loop"),
        pytest.param(
            lambda path: path.write_bytes(b"a=1\n\xe9"),
            ":2: not UTF-8 (byte 0xe9); save it as UTF-8",
            id="Latin-1",
        ),
        pytest.param(
            lambda path: path.write_text("a=1\n", encoding="utf-16"), "UTF-16", id="UTF-16"
        ),
        pytest.param(
            lambda path: path.write_text("a=1\n", encoding="utf-16-be"),
            "UTF-16; save it",
            id="UTF-16 without a mark",
        ),
        pytest.param(
            lambda path: path.write_text("zone = 'UTC'\nzone = 'CET'\n"),
            ":2: not TOML: a key is given twice",
            id="a key twice",
        ),
        pytest.param(
            lambda path: path.write_text("zone = UTC\n"), "text stands in quotes", id="no quotes"
        ),
        pytest.param(
            lambda path: path.write_text('zone = "UTC\n'), "a quote is not closed", id="a quote"
        ),
        pytest.param(lambda path: path.write_text("x = \n"), ":1: not TOML", id="not TOML"),
        pytest.param(
            lambda path: path.write_text("web_port = " + "9" * 5_000),
            "a number has too many digits",
            id="a number of 5,000 digits",
        ),
        pytest.param(
            lambda path: path.symlink_to("/dev/zero"), "is not a plain file", id="a device"
        ),
    ],
)
def test_a_file_that_cannot_be_read_has_a_sentence_of_its_own(
    toml: Path, make: object, said: str
) -> None:
    assert callable(make)
    make(toml)
    [mistake] = mistakes(path=toml)
    assert mistake.startswith(str(toml))
    assert said in mistake


def test_a_file_that_a_variable_names_is_told_with_the_variable(toml: Path) -> None:
    [mistake] = mistakes({"MONITOR_CONFIG": str(toml)})
    assert mistake == f"MONITOR_CONFIG: {toml}: there is no such file"


def test_a_mail_server_may_be_an_address(tmp_path: Path) -> None:
    for host in ("2001:db8::25", "192.0.2.25", "smtp-1.example.org"):
        assert values.host(host) == host


def test_a_byte_order_mark_and_windows_line_ends_are_fine(toml: Path) -> None:
    toml.write_bytes(b'\xef\xbb\xbfhome = "/h"\r\npoll_threads = 3\r\n')
    assert load(environ={}, path=toml).poll_threads == 3


def test_a_secret_may_lie_in_a_file_that_only_its_owner_reads(tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text("geheim\n")
    secret.chmod(0o600)
    environ = {
        "MONITOR_HOME": "/h",
        "MONITOR_SMTP_HOST": "smtp.example.org",
        "MONITOR_SMTP_USER": "u",
        "MONITOR_SMTP_PASSWORD_FILE": str(secret),
    }
    config = load(environ=environ)
    assert config.smtp is not None
    assert config.smtp.password == "geheim"
    assert "geheim" not in repr(config)

    secret.chmod(0o644)
    assert mistakes(environ)[0] == (
        f"MONITOR_SMTP_PASSWORD_FILE: {secret}: everybody can read it (mode 0644); chmod 600 it"
    )
    secret.chmod(0o600)
    secret.write_text("\n")
    assert "is empty" in mistakes(environ)[0]
    assert "keep one of them" in mistakes({**environ, "MONITOR_SMTP_PASSWORD": "x"})[0]


def test_a_secret_of_the_environment_replaces_the_files_of_the_file(toml: Path) -> None:
    toml.write_text(
        'smtp_host = "smtp.example.org"\nsmtp_user = "u"\nsmtp_password_file = "/missing"\n'
    )
    config = load(environ={"MONITOR_HOME": "/h", "MONITOR_SMTP_PASSWORD": "p"}, path=toml)
    assert config.smtp is not None
    assert config.smtp.password == "p"


def test_the_password_of_mail_is_read_anew_from_its_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("wrong\n")
    secret.chmod(0o600)
    smtp = load(
        environ={
            "MONITOR_HOME": "/h",
            "MONITOR_SMTP_HOST": "smtp.example.org",
            "MONITOR_SMTP_USER": "u",
            "MONITOR_SMTP_PASSWORD_FILE": str(secret),
        }
    ).smtp
    assert smtp is not None
    secret.write_text("right\n")
    assert smtp.password == "right"
    secret.unlink()
    assert smtp.password == "wrong"
    assert "wrong" not in repr(smtp)


def test_variables_are_put_into_the_file_and_must_be_set(toml: Path) -> None:
    toml.write_text('home = "${PLACE}/x"\nsmtp_host = "${NOPE}"\n')
    assert mistakes({"MONITOR_HOME": "", "PLACE": "/p"}, path=toml) == [
        f"{toml}:2: environment variable NOPE is not set"
    ]
    toml.write_text('home = "${PLACE}/x"\n')
    assert load(environ={"PLACE": "/p"}, path=toml).home == Path("/p/x")


def test_a_secret_in_the_file_works_but_is_told(toml: Path) -> None:
    toml.write_text('database_url = "postgresql://me:geheim@db/x"\n')
    config = load(environ={"MONITOR_HOME": "/h"}, path=toml)
    assert config.warnings == (
        f"{toml}:1: a secret in the file; use database_url_file or ${{NAME}}",
    )
    assert "geheim" not in repr(config)
    assert "geheim" not in without_password(config.database_url)


def test_no_mistake_repeats_a_secret(toml: Path) -> None:
    toml.write_text('smtp_password = ["geheim"]\ndatabase_url = "geheim"\n')
    assert "geheim" not in "\n".join(mistakes({"MONITOR_DATABASE_URL": "geheim:x"}, path=toml))


def test_a_secret_that_cannot_be_read_is_one_mistake_not_two(tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text("geheim")
    secret.chmod(0o644)
    environ = {
        "MONITOR_HOME": "/h",
        "MONITOR_SMTP_HOST": "smtp.example.org",
        "MONITOR_SMTP_USER": "me",
        "MONITOR_SMTP_PASSWORD_FILE": str(secret),
    }
    [mistake] = mistakes(environ)
    assert "everybody can read it (mode 0644); chmod 600 it" in mistake


@pytest.mark.parametrize(
    ("zone", "is_known"),
    [("Foo/Bar", False), (":Foo/Bar", False), ("Europe/Oslo", True), ("CET-1CEST,M3.5.0/2", True)],
)
def test_a_machine_in_a_zone_that_it_does_not_know_is_told(zone: str, is_known: bool) -> None:
    environ = {"MONITOR_HOME": "/h", "TZ": zone}
    said = "TZ: unknown time zone Foo/Bar, so times are in UTC"
    assert load(environ=environ).warnings == (() if is_known else (said,))
    assert load(environ=environ | {"MONITOR_ZONE": "Europe/Oslo"}).warnings == ()


def test_a_variable_that_is_not_ours_is_told_with_the_nearest_that_is() -> None:
    environ = {
        "MONITOR_HOME": "/h",
        "MONITOR_SMPT_HOST": "x",
        "MONITOR_BUILD_NUMBER_XYZ": "7",
        "MONITOR_FOO": "1",
        "MONITOR_TEST_POSTGRES": "url",
        "MONITOR_SHARED": "/s",
        "MONITOR_WEB_PORT": "8421",
    }
    assert load(environ=environ).warnings == (
        "MONITOR_BUILD_NUMBER_XYZ: unknown variable",
        "MONITOR_FOO: unknown variable",
        'MONITOR_SMPT_HOST: unknown variable; did you mean "MONITOR_SMTP_HOST"?',
        'MONITOR_WEB_PORT: unknown variable; did you mean "MONITOR_WEB_LISTEN"?',
    )


def test_the_file_that_init_writes_sets_nothing_and_names_everything(toml: Path) -> None:
    toml.write_text(monitor_toml())
    assert load(environ={"MONITOR_HOME": "/h"}, path=toml) == load(environ={"MONITOR_HOME": "/h"})
    assert all(f"# {setting.name} = " in monitor_toml() for setting in SETTINGS)


def test_every_example_that_init_writes_is_valid(toml: Path) -> None:
    examples = [
        f"{setting.name} = {setting.example}" for setting in SETTINGS if setting.name != "home"
    ]
    toml.write_text("\n".join(examples))
    environ = {"MONITOR_HOME": "/h", "SMTP_PASSWORD": "p", "TRANSLATOR_KEY": "k"}
    config: Config = load(environ=environ, path=toml)
    assert config.log_format == "json"


def test_the_seed_folder_may_be_none(tmp_path: Path) -> None:
    environ = {"MONITOR_HOME": str(tmp_path)}
    assert load(environ={**environ, "MONITOR_SEEDS": "none"}).seeds is None
    assert load(environ=environ).seeds is not None
