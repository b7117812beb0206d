"""Which IP addresses are public: everything else is inside somebody's network, or nowhere.

Our own table and not `ipaddress.is_private`, which differs between Python versions and lets pass
carrier-grade NAT, multicast, NAT64 and tunnels.
"""

from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address

_KEPT = 2_000
"""So many answers are remembered: of each connection several questions are asked, at every poll."""

_IPV4 = tuple(
    (IPv4Network(network), name)
    for network, name in (
        ("0.0.0.0/8", "this network"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "carrier-grade NAT"),
        ("127.0.0.0/8", "loopback"),
        ("168.63.129.16/32", "Azure's host, from inside"),
        ("169.254.0.0/16", "link-local, cloud metadata"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "protocol assignments"),
        ("192.0.2.0/24", "documentation"),
        ("192.88.99.0/24", "6to4 relays"),
        ("192.168.0.0/16", "private"),
        ("198.18.0.0/15", "benchmarks"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved, broadcast"),
    )
)

_GLOBAL_UNICAST = IPv6Network("2000::/3")
"""All that is handed out; loopback, link-local, unique-local (fc00::/7), multicast (ff00::/8),
SRv6 (5f00::/16), discard (100::/64) and local NAT64 (64:ff9b:1::/48) lie outside."""

_IPV6 = tuple(
    (IPv6Network(network), name)
    for network, name in (
        ("2001::/23", "protocol assignments, Teredo, benchmarks, ORCHID"),
        ("2001:db8::/32", "documentation"),
        ("2002::/16", "6to4"),
        ("3fff::/20", "documentation"),
    )
)

_NAT64 = IPv6Network("64:ff9b::/96")
_ISATAP = (0x00005EFE, 0x02005EFE)


@lru_cache(_KEPT)
def read_address(text: str) -> Address:
    """Return the address that the operating system wrote so; a scope ("%eth0") is dropped.

    Raises:
        ValueError: It is no address.
    """
    return ip_address(text.partition("%")[0])


def inner_ipv4(address: Address) -> IPv4Address | None:
    """Return the IPv4 address that packets to this IPv6 address end up at, if that is its sense.

    IPv4-mapped addresses and the well-known NAT64 prefix (as DNS64 answers on IPv6-only networks).
    """
    if isinstance(address, IPv4Address):
        return None
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return IPv4Address(int(address) & 0xFFFFFFFF) if address in _NAT64 else None


@lru_cache(_KEPT)
def is_public(address: Address) -> bool:
    """Whether an address may belong to anyone on the Internet, and to no special use."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network, _ in _IPV4)
    inner = inner_ipv4(address)
    if inner is not None:
        return is_public(inner)
    if address not in _GLOBAL_UNICAST or any(address in network for network, _ in _IPV6):
        return False
    if (int(address) >> 32) & 0xFFFFFFFF in _ISATAP:
        return is_public(IPv4Address(int(address) & 0xFFFFFFFF))
    return True
