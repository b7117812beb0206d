"""Why this machine cannot, or should not, send to a channel, as far as shows without asking."""

from contextlib import suppress
from urllib.parse import urlsplit

from monitor.config import secrets
from monitor.config.load import Config
from monitor.services.channels import Draft, doubts_of
from notifiers.channels.kinds import KINDS
from storage.model import Channel


def trouble_here(config: Config, channel: Channel) -> str | None:
    """Return why this machine cannot send to a channel, or None; no name is looked up."""
    from monitor.net.guard import AddressRefused  # most that name channels ask for nothing here

    spec = KINDS.get(channel.kind)
    if spec is not None and spec.needs_smtp and config.smtp is None:
        return "no mail server is set: set MONITOR_SMTP_HOST"
    try:
        secrets.read(config.home, channel)
        _check_target(config, channel.target)
    except (secrets.MissingTarget, AddressRefused) as trouble:
        return str(trouble)
    if spec is not None and spec.needs_smtp and config.smtp is not None:
        port = config.smtp.port
        try:
            _check_literal(config, config.smtp.host, port, ports=frozenset({port}))
        except AddressRefused as trouble:
            return f"the mail server cannot be used: {trouble}"
    return None


def doubts_here(config: Config, channel: Channel) -> list[str]:
    """Return what speaks against the secrets of a channel that works, a sentence each."""
    with suppress(secrets.MissingTarget, ValueError):
        return doubts_of(Draft(channel=channel, settings=secrets.read(config.home, channel)))
    return []


def _check_target(config: Config, target: str) -> None:
    """Check the host of a target that is a URL, as `_check_literal` does."""
    from monitor.net.guard import WEB_PORTS

    url = urlsplit(target)
    if url.scheme not in ("http", "https") or url.hostname is None:
        return
    with suppress(ValueError):
        port = url.port or (443 if url.scheme == "https" else 80)
        _check_literal(config, url.hostname, port, ports=WEB_PORTS)


def _check_literal(config: Config, host: str, port: int, *, ports: frozenset[int]) -> None:
    """Refuse a host that says already, as an address, that it may not be connected to.

    Raises:
        AddressRefused: It may not.
    """
    from monitor.net.addresses import read_address
    from monitor.net.guard import AddressGuard

    address = "127.0.0.1" if host == "localhost" else host
    with suppress(ValueError):
        read_address(address)
        AddressGuard(config.allow_private).check_address(address, port, ports=ports)
