"""A real newspaper's own address works as it is: https, its name, its time zone, its front page."""

import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from ipaddress import ip_network
from pathlib import Path

import pytest

from monitor.app import App
from monitor.config.load import load
from monitor.net.client import make_client, tls_context
from monitor.net.guard import AddressGuard
from monitor.services.fields.rule_fields import RuleChanges
from monitor.services.rules import rules
from monitor.services.sources import sources
from tests.answers import conditional, reply
from tests.certificates import trust
from tests.servers import FaultServer

FEED = "https://dantri.com.vn/rss/home.rss"

ITEM = """<item><title>{title}</title>
<link>https://dantri.com.vn/the-gioi/{slug}-2025102{day}083015123.htm</link>
<guid isPermaLink="true">https://dantri.com.vn/the-gioi/{slug}-2025102{day}083015123.htm</guid>
<description><![CDATA[<a href="https://dantri.com.vn/a.htm"><img src="/a.jpg" /></a>
<br />{text}]]></description>
<pubDate>Sun, 2{day} Oct 2025 08:30:15 GMT+7</pubDate></item>"""

FIRST = ITEM.format(
    title="Giá gạo xuất khẩu tăng nhẹ", slug="gia-gao", day=5, text="Thị trường ổn định."
)
SECOND = ITEM.format(
    title="Lễ ký Công ước Hà Nội thu hút nhiều nước",
    slug="le-ky",
    day=6,
    text="Công ước Hà Nội (Hanoi Convention) được ký hôm nay.",
)


def home_page(*items: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>'
        "<title>Trang chủ - Báo mẫu</title><link>https://dantri.com.vn</link>"
        f"<description>Tin mới</description>{''.join(items)}</channel></rss>"
    ).encode()


class _AtPort443(socket.socket):
    """A connection to the server that plays the newspaper, which may not listen at port 443."""

    def getpeername(self) -> tuple[str, int]:
        return ("127.0.0.1", 443)


@pytest.fixture
def dantri() -> Iterator[FaultServer]:
    """A server with a certificate for dantri.com.vn."""
    with FaultServer(tls="good") as server:
        yield server


@pytest.fixture
def app(tmp_path: Path, dantri: FaultServer) -> Iterator[App]:
    """An app for which the name dantri.com.vn leads to that server."""

    def look_up(host: str, timeout: float) -> list[str]:
        if host != "dantri.com.vn":
            raise socket.gaierror(socket.EAI_NONAME, "only one name is known here")
        return ["127.0.0.1"]

    def connect(ip: str, port: int, timeout: float) -> socket.socket:
        sock = _AtPort443(socket.AF_INET, socket.SOCK_STREAM)
        sock.settimeout(timeout)
        sock.connect((ip, dantri.port))
        return sock

    config = load(environ={"MONITOR_HOME": str(tmp_path)})
    with App.open(config) as opened:
        guard = AddressGuard([ip_network("127.0.0.0/8")], resolve=look_up, open_socket=connect)
        client = make_client(guard, user_agent="test", tls=trust(tls_context()))
        # What the app would build when first asked, with another network behind it.
        opened.__dict__.update(guard=guard, client=client)
        yield opened


def test_the_feed_of_the_home_page_can_be_followed_as_it_is(app: App, dantri: FaultServer) -> None:
    dantri.on("/rss/home.rss", conditional(home_page(FIRST), etag='"1"'))
    place = sources.place_of(FEED, None)
    seen = app.looking.sites.look_at(place.url, tell=print)
    assert (seen.kind, seen.title) == ("feed", "Trang chủ - Báo mẫu")
    with app.storage.transaction() as tx:
        source = sources.add_source(
            tx, kind=seen.kind, url=place.url, title=seen.title, now=app.now()
        )
        rules.add_rule(tx, RuleChanges(query="Hanoi Convention"), now=app.now())

    [first] = app.looking.poller.poll([source.id])
    dantri.on("/rss/home.rss", reply(home_page(SECOND, FIRST)))
    [second] = app.looking.poller.poll([source.id])

    assert (first.error, first.new_articles, first.alerts) == (None, 1, 0)
    assert (second.error, second.new_articles, second.alerts) == (None, 1, 1)
    assert dantri.seen("/rss/home.rss")[-1].headers["host"] == "dantri.com.vn"
    with app.storage.reading() as tx:
        newest = tx.articles.recent(limit=1)[0]
    assert newest.language == "vi"
    assert newest.published_at == datetime(2025, 10, 26, 1, 30, 15, tzinfo=UTC)
    assert "img" not in newest.text
