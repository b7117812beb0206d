"""Whether a host can only be this machine. Quick to import."""

import ipaddress


def is_loopback(host: str) -> bool:
    """Whether a host name can only mean this machine."""
    try:
        address = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
    # Before Python 3.13 an IPv4 address in IPv6 is loopback to nobody.
    inner = address.ipv4_mapped if address.version == 6 else None
    return (inner or address).is_loopback
