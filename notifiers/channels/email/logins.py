"""Refused logins are counted: more of them than some an hour lock accounts."""

from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta

from notifiers.api import DeliveryError, Failure

MOST_LOGINS = 3
"""Refused logins in an hour before we stop."""

_LOCKED_FOR = timedelta(hours=1)


class RefusedLogins:
    """Remembers the last logins that the mail server refused.

    Args:
        let_at: Returns when somebody last said that it may be tried once more.
    """

    def __init__(self, let_at: Callable[[], datetime | None] = lambda: None) -> None:
        self._let_at = let_at
        self._at: deque[datetime] = deque(maxlen=MOST_LOGINS)

    def add(self, at: datetime) -> None:
        """Note a refused login."""
        self._at.append(at)

    def clear(self) -> None:
        """Forget them: one was accepted."""
        self._at.clear()

    def check(self, now: datetime) -> None:
        """Return while another try is harmless.

        Raises:
            DeliveryError: DISABLED, since it is not.
        """
        if len(self._at) == MOST_LOGINS and now - self._at[0] < _LOCKED_FOR:
            until = self._at[-1] + _LOCKED_FOR
            let_at = self._let_at()
            if let_at is not None and let_at > self._at[-1]:
                return
            raise DeliveryError(
                f"the mail server refused the login {MOST_LOGINS} times in an hour: "
                "correct smtp_user and smtp_password and restart (not for a password in its file), "
                "or mend the server, then enable the channel, which tries it once; by itself the "
                f"same is not tried again before {until:%H:%M} UTC",
                Failure.DISABLED,
            )
