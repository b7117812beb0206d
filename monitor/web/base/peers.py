"""Where somebody asks from, and how often they were wrong about who they are."""

import ipaddress
import re
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from starlette.requests import Request

from monitor.web.base.loopback import is_loopback

MOST_TRIES = 10
MOST_PASSED_ON = 100
"""Of all whom a server on this machine passes on: who is believed to be whom is its word alone.

But for those who have shown lately who they are: whoever uses this up locks out no colleague.
"""
KNOWN_LAST = timedelta(days=30)
MOST_PLACES = 20
"""From the last so many somebody is known: who may only read, and has a thousand addresses, must
not guess the passwords of the others from each.
"""
MOST_KNOWN = 1_000
TRIES_LAST = timedelta(minutes=1)
MOST_PEERS = 10_000
_WITH_PORT = re.compile(r"([\d.]+|\[.*\]):\d{1,5}")


class Peer(NamedTuple):
    """Whom wrong tries are counted for.

    Attributes:
        own: An address; of IPv6 its network, since whoever has one address there has as many as
            they like.
        through: The address of this machine from which a server passed them on; "" for who has
            connected themselves.
    """

    own: str
    through: str = ""


def peer_of(request: Request) -> Peer:
    """Return who asks: whose the connection is, or whom a server on this machine names.

    Of what such a server says the last counts, which it has added itself; the rest is anybody's.
    """
    host = request.client.host if request.client else ""
    if is_loopback(host):
        named = ",".join(request.headers.getlist("x-forwarded-for")).rpartition(",")[2].strip()
        if own := _counted_as(named):
            return Peer(own, host)
    return Peer(_counted_as(host) or host)


def _counted_as(host: str) -> str:
    """Return an address in one spelling, or its network; "" for what is no address."""
    try:
        address = ipaddress.ip_address(_bare(host))
    except ValueError:
        return ""
    if address.version == 6 and address.ipv4_mapped:
        address = address.ipv4_mapped
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((address, 64), strict=False))


def _bare(host: str) -> str:
    """Return an address without its port, as some servers name it, and its interface."""
    with_port = _WITH_PORT.fullmatch(host)
    return (with_port[1] if with_port else host).strip("[]").partition("%")[0]


class Tries:
    """Counts wrong tokens and passwords by who showed them: nobody can go through many."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._wrong: OrderedDict[Peer, deque[datetime]] = OrderedDict()
        self._known: OrderedDict[str, OrderedDict[Peer, datetime]] = OrderedDict()

    def recognise(self, peer: Peer, who: str) -> None:
        """Note that somebody there has shown who they are.

        Args:
            who: The id of the token or the person.
        """
        places = self._known.pop(who, None) or OrderedDict()
        places.pop(peer, None)
        places[peer] = self._now()
        self._known[who] = places
        while len(places) > MOST_PLACES:
            places.popitem(last=False)
        while len(self._known) > MOST_KNOWN:
            self._known.popitem(last=False)

    def failed(self, peer: Peer) -> None:
        """Note a wrong token."""
        for one, most in self._counting(peer):
            wrong = self._wrong.setdefault(one, deque(maxlen=most))
            wrong.append(self._now())
            self._wrong.move_to_end(one)
        while len(self._wrong) > MOST_PEERS:
            self._wrong.popitem(last=False)

    def forgive(self, peer: Peer, who: str) -> None:
        """Take back what was noted last: it was right, and shows who this is."""
        for one, _ in self._counting(peer):
            if wrong := self._wrong.get(one):
                wrong.pop()
        self.recognise(peer, who)

    def are_too_many(self, peer: Peer) -> bool:
        """Whether the last of them came too fast."""
        return any(self._are_full(one, most) for one, most in self._counting(peer))

    def _are_full(self, one: Peer, most: int) -> bool:
        wrong = self._wrong.get(one)
        if wrong is None:
            return False
        return len(wrong) == most and self._now() - wrong[0] < TRIES_LAST

    def _counting(self, peer: Peer) -> Iterator[tuple[Peer, int]]:
        """Yield whom a try counts for, and how many they have a minute."""
        yield peer, MOST_TRIES
        if peer.through and not self._has_been_known(peer):
            yield Peer("", peer.through), MOST_PASSED_ON

    def _has_been_known(self, peer: Peer) -> bool:
        since = self._now() - KNOWN_LAST
        # A copy: others log in meanwhile.
        seen = (places.get(peer) for places in [*self._known.values()])
        return any(at is not None and at > since for at in seen)
