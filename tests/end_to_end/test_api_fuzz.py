"""Whatever can be asked of the API as it says of itself: it never breaks and keeps to its word."""

import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.access.tokens import add_token
from monitor.app import App
from monitor.web.api.table import OPERATIONS
from monitor.web.listening import Listening
from monitor.web.serve import bound, server_of
from storage.access import Scope
from tests.stored import dead_delivery, fill
from tests.unit.monitor.web.asking import NOW, app

__all__ = ["app"]

LONGEST_S = 300
"""For all of it; nobody waits longer."""
EXAMPLES = 4
EXCLUDED = "positive_data_acceptance"
"""A schema cannot say which names there are, nor that a query makes sense."""


@pytest.fixture
def address(app: App) -> Iterator[str]:
    """Where the site is served as to other machines: nobody is let in without a token."""
    fill(app.storage)
    dead_delivery(app.storage)
    place = Listening("0.0.0.0", 0)  # as on a server
    with bound(place, lets_in=True) as listener:
        server = server_of(app, place)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join(60)


@pytest.mark.long
def test_no_call_breaks_it_or_is_answered_otherwise_than_it_says(
    app: App, address: str, tmp_path: Path
) -> None:
    with app.storage.transaction() as tx:
        secret = add_token(tx, "fuzz", Scope.ADMIN, now=NOW)[1]
    words = [
        *(str(Path(sys.executable).with_name("schemathesis")), "run"),
        f"{address}/api/v1/openapi.json",
        *("-H", f"Authorization: Bearer {secret}", "--exclude-checks", EXCLUDED),
        *("--phases", "coverage,fuzzing", "--max-examples", str(EXAMPLES)),
        *("--continue-on-failure", "--no-color", "--seed", "1"),
        # It would be removed in the middle, and all after it refused.
        *("--exclude-path", "/api/v1/tokens/{id}"),
    ]
    done = subprocess.run(
        words, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=LONGEST_S
    )
    assert done.returncode == 0, done.stdout[-8000:]
    tested = re.search(r"Tested: (\d+)", done.stdout)
    assert tested is not None
    assert int(tested[1]) == len(OPERATIONS) - 1
