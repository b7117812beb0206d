"""Commands about who may ask over HTTP: what a user sees."""

from contextlib import closing

from monitor.access.tokens import token_shown
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


def test_nothing_is_said_to_be_served_that_is_refused(monitor: Monitor) -> None:
    assert monitor("web", "--listen", "0.0.0.0:0", expect=2) == ""
