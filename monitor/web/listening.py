"""Where the site is served, and who can reach it there. Quick to import."""

import ipaddress

from common.records import dataclass
from monitor.web.base.loopback import is_loopback


@dataclass(frozen=True, slots=True)
class Listening:
    """Where the site is served."""

    host: str
    port: int

    @classmethod
    def of(cls, text: str) -> "Listening":
        """Return the place that the setting names, which was checked."""
        host, _, port = text.rpartition(":")
        return cls(host.strip("[]"), int(port))

    @property
    def is_private(self) -> bool:
        """Whether only this machine can reach it."""
        return is_loopback(self.host)

    @property
    def names(self) -> tuple[str, ...]:
        """Under which names it is asked besides those that settings say."""
        try:
            everywhere = ipaddress.ip_address(self.host).is_unspecified
        except ValueError:
            everywhere = False
        return () if everywhere else (self.host,)

    @property
    def url(self) -> str:
        """What to type into a browser, on this machine where it is served on every address."""
        own = "::1" if ":" in self.host else "127.0.0.1"
        host = self.host if self.names else own
        host = f"[{host}]" if ":" in host else host
        return f"http://{host}:{self.port}/"
