"""Documents from outside open no file, make no connection, and take no time that they ask for.

Whether a file was opened is asked of the kernel (inotify), since libxml2 tells Python nothing;
whether there was a connection, of the server that would have been connected to.
"""

import ctypes
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ingester.discovery.inspect import inspect
from ingester.entry import ParseError
from ingester.feeds import kind
from ingester.feeds.fast import read_strict
from ingester.feeds.lenient import read_xml
from ingester.fetch.robots_rules import read_robots
from ingester.pages.kind import read_listing, read_page
from ingester.sitemaps.parse import read_sitemap
from ingester.text.encoding import decode
from monitor.feed_lists.opml import NoListError, read_opml
from tests.answers import reply
from tests.servers import FaultServer

URL = "https://news.example/"
SECRET = "CANARY-of-a-file"
_IN_OPEN = 0x20
_IN_NONBLOCK = 0o4000

Reader = Callable[[bytes], object]
READERS: dict[str, Reader] = {
    "feed": lambda body: kind.read(body, url=URL),
    "strict feed": lambda body: read_strict(decode(body).text, url=URL),
    "lenient feed": lambda body: read_xml(decode(body).text, url=URL),
    "page": lambda body: read_page(body, url=URL),
    "list page": lambda body: read_listing(body, url=URL),
    "list page, selector": lambda body: read_listing(body, url=URL, selector="a"),
    "sitemap": lambda body: read_sitemap(body, url=URL),
    "robots.txt": lambda body: read_robots(decode(body).text, robot="newsroom-monitor"),
    "OPML": lambda body: read_opml(decode(body).text),
    "inspect": lambda body: inspect(body, url=URL),
}

RSS = '<rss version="2.0"><channel><item><title>{0}</title></item></channel></rss>'
ATOM = '<feed xmlns="http://www.w3.org/2005/Atom"><title>{0}</title><entry><title>{0}</title></entry></feed>'
SITEMAP = "<urlset><url><loc>https://news.example/{0}</loc></url></urlset>"
OPML = '<opml><body><outline text="{0}" xmlUrl="https://news.example/{0}"/></body></opml>'
PAGE = "<html><head><title>{0}</title></head><body><p>Words of the page {0}</p></body></html>"
BODIES = {"rss": RSS, "feed": ATOM, "urlset": SITEMAP, "opml": OPML, "html": PAGE}

PLACES = {
    "external entity": '<!DOCTYPE {root} [<!ENTITY e SYSTEM "{place}">]>|&e;',
    "public entity": '<!DOCTYPE {root} [<!ENTITY e PUBLIC "-//X//Y" "{place}">]>|&e;',
    "parameter entity": '<!DOCTYPE {root} [<!ENTITY % p SYSTEM "{place}"> %p;]>|',
    "entity in lower case": '<!doctype {root} [<!entity e SYSTEM "{place}">]>|&e;',
    "external DTD": '<!DOCTYPE {root} SYSTEM "{place}">|',
    "public DTD": '<!DOCTYPE {root} PUBLIC "-//X//Y" "{place}">|',
    "stylesheet": '<?xml-stylesheet type="text/xsl" href="{place}"?>|',
    "XInclude": '|<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{place}" '
    'parse="text"/>',
    "schema": '|<a xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xsi:schemaLocation="{place} {place}" xsi:noNamespaceSchemaLocation="{place}"/>',
    "base and frames": '|<base href="{place}"/><iframe src="{place}"></iframe><img src="{place}"/>'
    '<link rel="stylesheet" href="{place}"/><script src="{place}"></script>',
}


class Watch:
    """Asks the kernel whether a file has been opened."""

    def __init__(self, path: Path) -> None:
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._fd = self._libc.inotify_init1(_IN_NONBLOCK)
        assert self._libc.inotify_add_watch(self._fd, os.fsencode(path), _IN_OPEN) >= 0

    def was_opened(self) -> bool:
        """Whether it was since the last question."""
        try:
            return bool(os.read(self._fd, 65_536))
        except BlockingIOError:
            return False

    def close(self) -> None:
        os.close(self._fd)


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret.txt"
    path.write_text(SECRET)
    return path


@pytest.fixture
def watch(secret: Path) -> Iterator[Watch]:
    if not sys.platform.startswith("linux"):
        pytest.skip("only Linux tells who opens a file")
    made = Watch(secret)
    yield made
    made.close()


def documents(place: str) -> Iterator[bytes]:
    """Yield documents of each kind that ask in each way for what is at a place."""
    for root, body in BODIES.items():
        for asked in PLACES.values():
            before, _, inside = asked.format(root=root, place=place).partition("|")
            for declaration in (
                '<?xml version="1.0"?>',
                '<?xml version="1.0" standalone="no"?>\n',
                "",
            ):
                yield f"{declaration}{before}{body.format(inside)}".encode()


def what_came(reader: Reader, body: bytes) -> str:
    try:
        return repr(reader(body))
    except (ParseError, NoListError) as refusal:
        return str(refusal)


@pytest.mark.parametrize("name", READERS)
def test_no_file_is_opened_and_nothing_is_connected_to(
    name: str, secret: Path, watch: Watch
) -> None:
    what_came(READERS[name], b"<rss/>")  # what is imported late is read now
    with FaultServer() as server:
        server.otherwise(reply(SECRET))
        places = [
            secret.as_uri(),
            str(secret),
            server.url("/evil.dtd"),
            f"//{server.host}:{server.port}/",
        ]
        for place in places:
            for body in documents(place):
                assert SECRET not in what_came(READERS[name], body)
                assert not watch.was_opened(), body
        assert server.connections == 0


def test_the_kernel_tells_when_a_file_is_opened(secret: Path, watch: Watch) -> None:
    assert not watch.was_opened()
    secret.read_text()
    assert watch.was_opened()


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("root", BODIES)
def test_entities_do_not_grow(name: str, root: str) -> None:
    laughs = "".join(f'<!ENTITY e{number} "{f"&e{number - 1};" * 10}">' for number in range(1, 12))
    for definitions in (f'<!ENTITY e0 "ha">{laughs}', f'<!ENTITY e11 "{"x" * 60_000}">'):
        reference = "&e11;" * 200
        body = f"<!DOCTYPE {root} [{definitions}]>{BODIES[root].format(reference)}".encode()
        said = what_came(READERS[name], body)
        assert len(said) < 4 * len(body)
        assert "hahahaha" not in said


SLOW_ONCE = [
    ("OPML", "<opml><outline " + "a" * 300_000 + "/></opml>"),
    ("OPML", "<opml><outline " + "a b:c " * 50_000 + "/></opml>"),
    ("OPML", "<opml><outline a" + " " * 300_000 + "/></opml>"),
    ("page", "<html><body><p>a" + " " * 300_000 + "b</p></body></html>"),
    ("page", "<html><body><p>a" + "\n" * 300_000 + "b</p></body></html>"),
    ("page", "<html><body><article><p>" + "<span>a</span>" * 30_000),
    ("page", "<html><body><p " + " ".join(f"a{number}" for number in range(200_000)) + ">x</p>"),
    ("inspect", "a" * 1_000_000),
    ("sitemap", "<urlset>" + "<url>" * 240 + "<loc>a</loc>" * 30_000),
    ("list page", "<html><body>" + "<a href='/a-b-c-d-1'><div>one two three four " * 5_000),
    ("feed", "<rss><channel><item><description><![CDATA[" + "<!--" * 175_000),
    ("strict feed", "<rss><channel><item><description><![CDATA[" + "<!--" * 175_000),
    ("inspect", "<html><body><div>" + "<!--" * 175_000),
    ("inspect", "<html><body>" + "<div>" * 20_000),
    ("inspect", '{"items":' + "[" * 100_000),
    ("inspect", '{"version":"https://jsonfeed.org/version/1","items":[{"id":' + "9" * 1_000_000),
    ("robots.txt", "User-agent: *\nDisallow: /" + "*a" * 100_000),
    ("lenient feed", "<rss><channel><item></item></channe" + "l" * 300_000),
    ("inspect", "<rss><channel><item></item></channe" + "l" * 300_000),
    ("inspect", "<rss><channel><item><title>" + "<a" + "b" * 300_000),
]


@pytest.mark.parametrize(("name", "document"), SLOW_ONCE)
def test_what_once_took_minutes_is_linear(name: str, document: str) -> None:
    """Not measured: what is quadratic again would be noticed. `bench.reading.bounds` measures."""
    what_came(READERS[name], document.encode())
