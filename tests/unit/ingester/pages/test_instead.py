"""What sites show instead of an article, with status 200, and articles that only sound so."""

import pytest

from ingester.discovery.inspect import inspect
from ingester.entry import Entry, ParseError
from ingester.fetch.ports import Fetched, NotModified
from ingester.pages.facts.metadata import PageFacts
from ingester.pages.fulltext import FullText
from ingester.pages.instead import check_article, looks_of
from ingester.pages.kind import PageKind, _tree, read_listing, read_page
from ingester.pages.refusals import REFUSALS, InsteadOfPageError
from tests.builders import NOON, a_source
from tests.growth import grows_no_faster_than_its_input

HERE = "https://harbour.example/2026/ferry-sails"
MENU = '<nav><a href="/">Start</a> <a href="/world">World</a> <a href="/sport">Sport</a></nav>'
READ = "".join(
    f'<li><a href="/2026/{number}">{title}</a></li>'
    for number, title in enumerate(
        ("Ferry to the islands sails again", "Bakers ask for cheaper flour", "Museum reopens")
    )
)


TEASERS = "".join(
    f"<h3>{title}</h3><p>{said}</p>"
    for title, said in (
        ("Ferry sails again", "It left on Monday morning with all who had waited for three days."),
        ("Bakers ask for flour", "Prices have doubled, and the minister will answer on Friday."),
        ("Museum reopens", "Nobody has to pay until the end of March, its director told us."),
    )
)


def page(title: str, body: str, *, head: str = "") -> bytes:
    whole = f"<title>{title}</title>{head}</head><body>{MENU}{body}<footer>© Harbour</footer>"
    return f"<html><head><meta charset=utf-8>{whole}</body></html>".encode()


def kind_of(body: bytes) -> str:
    """Return what is shown instead of an article, or "" where there is one."""
    try:
        read_page(body, url=HERE, content_type="text/html; charset=utf-8", now=NOON)
    except ParseError as error:
        return error.kind
    return ""


@pytest.mark.parametrize(
    ("kind", "title", "body"),
    [
        ("robot", "Blocked", "<p>A firewall guards what you asked for.</p><p>Rule 18.2f.</p>"),
        ("down", "Service unavailable", "<p>Our engineers work on it.</p><p>Come back later.</p>"),
        ("login", "Giriş yap", "<p>E-posta adresinizi ve şifrenizi yazın.</p>"),
        ("missing", "Harbour", "<h1>Sorry, we cannot find the page</h1><p>Was it moved?</p>"),
        ("missing", "404", "<h2>Ooops</h2><p>Nobody is here but us gulls.</p>"),
        ("missing", "Page not found | Harbour", f"<h1>Hm</h1><ul>{READ}</ul>"),
        ("missing", "Hafen", "<p>Die gewünschte Seite wurde verschoben oder gelöscht.</p>"),
        ("missing", "Le Port", "<h1>Oh non, la page demandée s'est envolée</h1>"),
        ("missing", "Báo", "<h1>Trang này không tồn tại</h1><p>Về trang chủ</p>"),
        ("missing", "港", "<h1>404</h1><p>您要访问的页面已经不在这里。</p>"),
        ("missing", "ميناء", "<p>عذرا، لم نتمكن من العثور على الصفحة التي طلبتها.</p>"),
        ("robot", "Just a moment...", "<p>harbour.example</p>"),
        ("robot", "harbour.example", "<p>Please complete the security check to go on.</p>"),
        ("robot", "Порт", "<h1>Подтвердите, что вы не робот</h1><form></form>"),
        ("robot", "", "<script>window._cf_chl_opt={cType:'managed'}</script>"),
        (
            "consent",
            "Harbour",
            "<h1>Your choice</h1><p>We and our partners store and access information on a device. "
            "You may withdraw your consent at any time.</p><button>Accept all</button>",
        ),
        ("login", "Sign in - Harbour", "<form><input type=password></form><p>E-mail</p>"),
        ("pay", "Harbour", "<p>You have reached your limit of free articles.</p>"),
        ("age", "Wine", "<h1>Please confirm your age</h1><p>Year of birth</p>"),
        ("region", "Film", "<p>Sorry, this film is not available in your country.</p>"),
        ("script", "Harbour", "<p>JavaScript is disabled in your browser.</p>"),
        ("down", "503 Service Unavailable", "<p>nginx</p>"),
        ("down", "Maintenance", "<p>Back at noon.</p>"),
        ("parked", "harbour.example", "<p>The domain has expired.</p>"),
        ("missing", "Page not found - Harbour", f"<h1>Hm</h1>{TEASERS}"),
        ("missing", "404", f"<h1>Gulls!</h1>{TEASERS}"),
        ("missing", "Harbour", f'<h1><a href="/">Harbour</a></h1><h2>Page not found</h2>{TEASERS}'),
        ("robot", "Zugriff verweigert", "<p>Ihre Anfrage wurde blockiert.</p>"),
        ("robot", "", "<iframe>Request unsuccessful. Incapsula incident ID: 7</iframe>"),
        ("down", "Bakım çalışması", "<p>Birazdan yine buradayız.</p>"),
        ("robot", "Blocked", "<p>Something about this visit made the guard of the site wary.</p>"),
        ("robot", "Bloqué", "<p>Notre pare-feu n'aime pas votre visite. Ticket 88 du guichet.</p>"),
        ("robot", "Заблоковано", "<p>Охоронець не пропустив ваш візит. Номер події 771.</p>"),
        ("robot", "접근 금지", "<p>방화벽이 이번 방문을 막았습니다. 고객님 번호는 77입니다.</p>"),
        ("login", "ログイン", "<p>この先は会員だけのページになっております。</p>"),
        ("region", "Port", "<p>Our pages are not available in most European countries.</p>"),
    ],
)
def test_what_stands_there_instead_of_an_article_is_none(kind: str, title: str, body: str) -> None:
    assert kind_of(page(title, body)) == kind


STORY = "<p>The harbour office said so on Monday, after a meeting that went on for nine hours.</p>"
LONGER = f"{STORY}<p>It moves to the old customs house in May, where there is room for all.</p>"


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Page not found: a novel without an end wins the prize", STORY),
        ("Access denied, 1968: how a town kept strangers out", STORY),
        ("Are you a robot? What the new test asks of travellers", STORY),
        ("We use cookies, they said, and meant flour", STORY),
        ("Maintenance of the northern lock begins", STORY),
        ("Harbour office moves", "<p>Callers heard that the page could not be found.</p>" + LONGER),
        ("Nicht gefunden: Taucher geben Suche auf", STORY),
        ("Không tìm thấy trang sức trong nhà nạn nhân", STORY),
        ("Flash", "<p>Ferry sails again.</p>"),
        ("Ferry sails again", "<p>Ferry sails again</p>"),
        ("Today's picture", '<img src="/gull.jpg" alt="A gull">'),
        ("Ferry sails", f"<div><p>We use cookies.</p><button>Accept all</button></div>{STORY * 5}"),
        ("Ferry sails", f"{STORY}<p>Already a subscriber? Log in to continue.</p>"),
        ("The mayor's account has been suspended", STORY),
        ("I am not a bottle opener, says minister", STORY),
        ("Gone", LONGER + STORY),
        ("Blocked", LONGER + STORY),
        ("Page not found: the library's loss", LONGER + STORY),
        ("Are you over 18? Inns must ask", LONGER + STORY),
        ("Web shut down for maintenance", LONGER + STORY),
        ("Fehler", f"<p>{'Die Fähre lief auf Grund, weil niemand die Tiefe kannte. ' * 4}</p>"),
        ("Zugriff verweigert: Hafen klagt", f"<p>{'Das Amt schweigt seit Mai dazu. ' * 5}</p>"),
        ("Accès refusé au phare", "<p>Le gardien n'a laissé monter personne dimanche.</p>"),
        ("Il vous reste dix jours", "<p>Le guichet du port ferme le 25 mai à midi.</p>"),
        ("Acceso denegado al muelle", "<p>La policía cerró el muelle el domingo.</p>"),
        ("Elevador em manutenção", "<p>O elevador do porto está parado desde segunda-feira.</p>"),
        ("Доступ ограничен: пляж закрыт", "<p>Пляж у порта закрыт до конца лета.</p>"),
        ("Köprüde bakım çalışması", "<p>Liman köprüsü pazar gününe kadar kapalı olacak.</p>"),
        ("Cầu cảng đang bảo trì", "<p>Xe máy phải đi đường vòng trong hai tuần tới.</p>"),
        ("系统维护致渡轮延误", "<p>港口周一因系统维护有十班渡轮延误，旅客可免费改签。</p>"),
        ("メンテナンス中の桟橋で事故", "<p>港の桟橋から作業員が転落し、重傷を負った。</p>"),
        ("Blocked", "<p>Driftwood has kept the lock shut since Monday, the harbour said.</p>"),
        ("Gesperrt", "<p>Die Schleuse ist zu, seit am Montag Treibholz darin hängt.</p>"),
        ("Bloqueado", "<p>El alcalde y sus vecinos esperan desde el lunes junto al puente.</p>"),
        ("Blocked", "<p>The lock of the northern canal is shut again, said the harbour.</p>"),
        ("Bị chặn", "<p>Gỗ trôi làm kẹt cửa âu thuyền từ sáng thứ Hai, cảng vụ cho biết.</p>"),
        ("Заблоковано", "<p>Шлюз стоїть від понеділка через колоди, каже порт.</p>"),
        ("로그인", "<p>항구 극단이 새 연극을 금요일에 올린다. 표는 부두에서 판다.</p>"),
        ("メンテナンス", "<p>水門の点検のため、金曜は川の水位が一メートル下がる。</p>"),
        ("Blocked", "<p>Boats shut the lock for nine hours.</p><p>The site was full of tugs.</p>"),
        ("Consent", "<p>Only yes means yes in the new bill.</p><p>Your rights grow, it says.</p>"),
        ("Wartung", "<p>Die Schleuse steht bis Mai still.</p><p>Ein Fehler sei es nicht.</p>"),
        ("Zablokowano", "<p>Barki zamknęły śluzę w porcie.</p><p>Serwis policji radzi czekać.</p>"),
        ("Вход", "<p>В музей порта пускают даром.</p><p>На сайте очереди нет.</p>"),
        ("تم رفض الوصول إلى الميناء", "<p>قالت النقابة إن الشاحنات انتظرت ثلاثة أيام.</p>"),
    ],
)
def test_an_article_that_only_sounds_so_is_one(title: str, body: str) -> None:
    assert kind_of(page(f"{title} | Harbour", f"<article><h1>{title}</h1>{body}</article>")) == ""


def test_what_says_when_it_was_published_is_an_article_whatever_it_is_called() -> None:
    dated = '<meta property="article:published_time" content="2026-03-01T09:00:00Z">'
    assert kind_of(page("Not found", "<h1>Page not found</h1>" + STORY, head=dated)) == ""
    assert kind_of(page("Not found", "<h1>Page not found</h1>" + STORY)) == "missing"


def test_the_call_to_subscribe_under_the_free_part_is_not_its_text() -> None:
    body = f"<article><h1>Ferry sails</h1>{STORY * 3}<p>Already a subscriber? Log in.</p></article>"
    assert "subscriber" not in read_page(page("Ferry sails", body), url=HERE).text


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ("0; url=/2026/ferry-sails-again", "redirect"),
        ("3;URL='https://harbour.example/new'", "redirect"),
        ("0;https://harbour.example/new", "redirect"),
        (".5 url = /new", "redirect"),
        ("0; url=javascript:location='/new'", ""),
        ("0; url=data:text/html,new", ""),
        (f"0; url={HERE}", ""),
        ("3", ""),
        ("new; url=/new", ""),
        ("300", ""),
        ("600; url=/", ""),
    ],
)
def test_a_page_that_sends_its_reader_on_at_once_is_no_article(content: str, kind: str) -> None:
    refresh = f'<meta http-equiv="Refresh" content="{content}">'
    assert kind_of(page("Ferry", "<h1>Ferry</h1><p>It sails again.</p>", head=refresh)) == kind


@pytest.mark.parametrize(
    "head",
    [
        '<noscript><meta http-equiv="refresh" content="0; url=/plain"></noscript>',
        f'<meta http-equiv="refresh" content="9; url={HERE}?again=1">',
        '<script src="/_Incapsula_Resource?SWJIYLWA=1"></script>',
    ],
)
def test_a_short_article_is_one_whatever_its_site_has_in_all_of_its_heads(head: str) -> None:
    assert kind_of(page("Ferry", "<h1>Ferry</h1><p>It sails again.</p>", head=head)) == ""


def test_a_line_that_only_quotes_a_call_to_log_in_stays() -> None:
    quoted = '<p>The thieves had put up a sign in the customs house that read "please log in".</p>'
    body = f"<article><h1>Ferry sails</h1>{STORY * 3}{quoted}</article>"
    assert "please log in" in read_page(page("Ferry sails", body), url=HERE).text


def test_a_list_is_not_called_as_the_story_that_stands_first_in_it() -> None:
    first = LIST.replace(b"The ferry of pier 0 sails", b"You have been blocked, ferry told")
    assert b"blocked" in first
    listing = read_listing(first, url="https://harbour.example/")
    assert listing is not None
    assert len(listing.entries) == 9
    linked = first.replace(b"h2>", b"h1>")
    assert read_listing(linked, url="https://harbour.example/") is not None


def test_where_it_leads_is_said() -> None:
    refresh = '<meta http-equiv="refresh" content="0; url=/2026/elsewhere">'
    with pytest.raises(InsteadOfPageError, match=r"https://harbour\.example/2026/elsewhere"):
        read_page(page("Ferry", "", head=refresh), url=HERE)


def test_a_file_that_somebody_saved_is_read_whatever_it_says() -> None:
    saved = page("Page not found", "<h1>Page not found</h1><p>So it is.</p>")
    assert read_page(saved, is_file=True).title == "Page not found"
    assert inspect(saved, url=HERE)["article"] is None
    assert inspect(saved, url=HERE)["problem"].startswith("the site says that there is no such")


def test_each_kind_has_its_words() -> None:
    for kind in REFUSALS:
        error = InsteadOfPageError(kind)
        assert error.kind == kind
        assert str(error).count(": ") == 1


class Site:
    """Answers with one page, which changes."""

    def __init__(self, body: bytes) -> None:
        self.body = body

    def get(self, url: str, **_: object) -> Fetched | NotModified:
        return Fetched(
            url=url, status=200, content_type="text/html", charset="utf-8", body=self.body
        )


GONE = page("Harbour", f"<h1>This page could not be found</h1><h2>Most read</h2><ul>{READ}</ul>")
LIST = page(
    "News",
    "".join(
        f'<article><h2><a href="/2026/03/{n}-ferry-sails">The ferry of pier {n} sails</a></h2>'
        f"<p>It was said on Monday.</p></article>"
        for n in range(9)
    ),
)
ARTICLE = page("Ferry sails", f"<article><h1>Ferry sails</h1>{STORY * 5}</article>")


@pytest.mark.parametrize("first", [LIST, ARTICLE])
def test_a_page_that_was_read_before_fails_with_the_reason_and_comes_back(first: bytes) -> None:
    site = Site(first)
    kind = PageKind(site, lambda: NOON)
    polled = kind.poll(a_source(kind="page", url=HERE), dict)
    source = a_source(kind="page", url=HERE, validators=polled.validators)
    for other in (GONE, page("Just a moment...", "<p>harbour.example</p>")):
        site.body = other
        with pytest.raises(ParseError, match="nothing was taken in"):
            kind.poll(source, dict)
    site.body = first.replace(b"ferry", b"night ferry").replace(b"hours", b"days")
    assert len(kind.poll(source, dict).entries) == len(polled.entries)


@pytest.mark.parametrize(
    ("body", "said", "of_page", "of_site", "passes"),
    [
        (GONE, "the pages show an error page", True, False, False),
        (page("Just a moment...", ""), "the pages show a check for robots", False, True, True),
        (page("Log in", "<p>E-mail</p>"), "the pages show a login", False, False, False),
    ],
)
def test_an_entry_keeps_what_its_feed_says_and_its_page_is_asked_for_as_long_as_it_may_come(
    body: bytes, said: str, of_page: bool, of_site: bool, passes: bool
) -> None:
    entry = Entry(url=HERE, title="Ferry sails again")
    result = FullText(Site(body), None, lambda: NOON).enrich(entry, a_source())
    assert result.entry == entry
    assert result.trouble is not None
    trouble = result.trouble
    assert trouble.text.startswith(said)
    assert (trouble.of_page, trouble.of_site, trouble.passes) == (of_page, of_site, passes)


@pytest.mark.parametrize("junk", ["page you ", "404 ", "<h1>", "a. ", "<meta http-equiv=refresh>"])
def test_looking_takes_no_longer_than_the_page_is_long(junk: str) -> None:
    def look(size: int) -> None:
        html = f"<html><title>{junk * 9}</title><body>" + junk * (size // len(junk))
        tree = _tree(html)
        assert tree is not None
        looks = looks_of(html, tree, PageFacts(url=HERE), HERE)
        try:
            check_article(looks, PageFacts(url=HERE), junk * (size // len(junk)), is_dated=False)
        except InsteadOfPageError:
            return

    assert grows_no_faster_than_its_input(look, 50_000)
