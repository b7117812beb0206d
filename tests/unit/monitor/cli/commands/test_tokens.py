"""Commands about who may ask over HTTP: what a user sees."""

from contextlib import closing
from pathlib import Path

from monitor.access.tokens import token_shown
from monitor.access.users import user_shown
from tests.unit.monitor.cli.conftest import Monitor


def test_a_token_is_shown_once_and_never_again(monitor: Monitor) -> None:
    secret = monitor("add-token", "board", "--scope", "write").strip()
    with closing(monitor.storage()) as storage, storage.reading() as tx:
        token = token_shown(tx, secret)
    assert token is not None
    assert (token.name, token.scope) == ("board", "write")
    assert secret not in monitor("list-tokens")
    assert secret not in str(monitor.json("list-tokens"))
    monitor("add-token", "board", expect=1)
    monitor("add-token", "other", "--scope", "everything", expect=2)
    monitor("remove-token", "board", "--yes")
    monitor("list-tokens", expect=1)


def test_a_user_is_added_with_a_password_of_a_file(monitor: Monitor, tmp_path: Path) -> None:
    file = tmp_path / "password"
    for text in ("several words\n", "several other words\n"):
        file.write_text(text)
        file.chmod(0o600)
        verb = "edit-user" if "other" in text else "add-user"
        said = monitor(verb, "anna", "--password-file", file)
        assert "reader" in said
        with closing(monitor.storage()) as storage, storage.reading() as tx:
            users = tx.users.all()
        assert text.strip() not in users[0].password
        assert user_shown(users, "anna", text.strip()) == users[0]
    assert "anna" in monitor("list-users")
    monitor("add-user", "anna", "--password-file", file, expect=1)
    monitor("add-user", "bo", expect=2)
    monitor("edit-user", "anna", expect=2)
    monitor("edit-user", "nobody", "--role", "admin", expect=1)
    monitor("remove-user", "anna", "--yes")
    monitor("list-users", expect=1)


def test_nothing_is_said_to_be_served_that_is_refused(monitor: Monitor) -> None:
    assert monitor("web", "--listen", "0.0.0.0:0", expect=2) == ""
