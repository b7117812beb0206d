"""Asks the site of this machine whether news is read and alerts go out; a container's health check.

Exits with 0 when it is ready. Where the page asks everybody for a token, or is not served, the
data folder is asked instead.
"""

import http.client
import os
import sys

from monitor.config.load import Config, load
from monitor.web.listening import Listening

PATIENCE_S = 8


def is_ready(config: Config) -> tuple[bool, str]:
    """Return whether all is well, and what was said."""
    if not config.web_listen:
        return _daemon_runs(config)
    place = Listening.of(config.web_listen)
    host = place.host if place.names else "127.0.0.1"
    connection = http.client.HTTPConnection(host, place.port, timeout=PATIENCE_S)
    try:
        connection.request("GET", "/readyz")
        response = connection.getresponse()
        said = response.read(10_000).decode("utf-8", "replace")
    except OSError as error:
        return False, f"{place.url} does not answer ({type(error).__name__})"
    finally:
        connection.close()
    return _daemon_runs(config) if response.status == 401 else (response.status == 200, said)


def _daemon_runs(config: Config) -> tuple[bool, str]:
    from monitor.config.home import daemon_pid

    runs = daemon_pid(config.home) is not None
    return runs, "the daemon runs" if runs else "the daemon does not run"


if __name__ == "__main__":
    ready, said = is_ready(load(environ=os.environ))
    sys.stdout.write(f"{said}\n")
    sys.exit(0 if ready else 1)
