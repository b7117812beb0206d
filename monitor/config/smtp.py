"""How e-mail leaves, and what of its settings does not fit together."""

import ipaddress
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import field
from pathlib import Path
from typing import Any

from common.mail_address import is_mail_address
from common.records import dataclass
from monitor.base.errors import Refusal
from monitor.base.files import read_secret
from monitor.config.values import Network

READ_ANEW = "smtp_password_file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Smtp:
    """How e-mail leaves.

    Attributes:
        security: "starttls", "tls" or "none".
        sender: One address.
        user: None when no login is made; then `password` is None too.
        first_password: What `password` was when the settings were read.
        password_file: Where it is read anew, so that a mended one counts without a restart.
    """

    host: str
    port: int
    security: str
    sender: str
    user: str | None = None
    first_password: str | None = field(default=None, repr=False)
    password_file: Path | None = None

    @property
    def password(self) -> str | None:
        """The password as its file has it now, if that can be read; else as it was."""
        if self.password_file is None:
            return self.first_password
        try:
            return read_secret(self.password_file)
        except Refusal:
            return self.first_password


def checked(
    values: Mapping[str, Any], *, unreadable: Collection[str]
) -> tuple[Smtp | None, list[str]]:
    """Return how e-mail leaves, None when it is not set up, and what does not fit together.

    Args:
        unreadable: Settings that are given and wrong, which is said already.
    """
    host, user = values.get("smtp_host"), values.get("smtp_user")
    if host is None:
        given = sorted(values.keys() - {READ_ANEW})
        lonely = [name for name in given if name.startswith("smtp_")]
        is_told = not lonely or "smtp_host" in unreadable
        why = f"{', '.join(lonely)} set, but not smtp_host, the server that mail leaves by"
        return None, [] if is_told else [why]
    port = values.get("smtp_port")
    security = values.get("smtp_security") or ("tls" if port == 465 else "starttls")
    password = values.get("smtp_password")
    mistakes = []
    if user and password is None and "smtp_password" not in unreadable:
        mistakes.append("smtp_user is set, but smtp_password is not")
    if password is not None and not user and "smtp_user" not in unreadable:
        mistakes.append("smtp_password is set, but smtp_user is not")
    if security == "tls" and port in (25, 587):
        mistakes.append(f"port {port} does not begin with TLS: use smtp_security = starttls")
    if security == "starttls" and port == 465:
        mistakes.append("port 465 begins with TLS: use smtp_security = tls")
    if security == "none" and _surely_public(host, values.get("allow_private", ())):
        mistakes.append(
            f"smtp_security none sends to {host} in the clear: use starttls or tls, "
            f"or add its private network to allow_private"
        )
    chosen = Smtp(
        host=host,
        port=port or {"starttls": 587, "tls": 465, "none": 25}[security],
        security=security,
        sender=values.get("smtp_from") or _sender(host, user),
        user=user or None,
        first_password=password,
        password_file=values.get(READ_ANEW),
    )
    return chosen, mistakes


def _surely_public(host: str, allowed: Iterable[Network]) -> bool:
    """Whether no address of the host can be allowed; names are checked when we connect."""
    allowed = list(allowed)
    if host.lower() == "localhost":
        host = "127.0.0.1"
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return not allowed
    return not any(address in network for network in allowed if network.version == address.version)


def _sender(host: str, user: str | None) -> str:
    if user and is_mail_address(user):
        return user
    domain = re.sub(r"^(smtp|mail)\d*\.", "", host) if re.search(r"[a-z]", host, re.I) else ""
    sender = f"newsroom-monitor@{domain}"
    return sender if is_mail_address(sender) else "newsroom-monitor@localhost"
