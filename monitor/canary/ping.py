"""Tells an address elsewhere that all is well; who misses that there raises the alarm."""

import logging
from collections.abc import Callable

import httpx

log = logging.getLogger("monitor.canary")

PATIENCE_S = 10.0


class Ping:
    """Asks a URL, and never says which: whoever knows it can feign that all is well.

    Args:
        client: Returns the client that all requests go through.
    """

    def __init__(self, client: Callable[[], httpx.Client], url: str) -> None:
        self._client = client
        self._url = url
        self._failed = False

    def __call__(self) -> None:
        """Ask it; a failure is logged once."""
        try:
            response = self._client().get(self._url, timeout=PATIENCE_S, follow_redirects=False)
            why = "" if response.is_success else f"it answered {response.status_code}"
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            why = type(error).__name__
        except Exception as error:  # what the guard refuses has a class of its own
            why = str(error)
        if why and not self._failed:
            log.warning("ping_url could not be asked", extra={"why": why})
        self._failed = bool(why)
