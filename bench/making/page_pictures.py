"""Takes pictures of the page, with a made-up press office's sources, rules and news.

    python -m bench.making.page_pictures docs/img [--page today]

The news go the whole real way: matched, joined to stories, owed to channels. Needs `chromium`.
"""

import argparse
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import sync_playwright

from ingester.entry import Entry, Polled
from monitor.app import App
from monitor.config.load import load
from monitor.pipeline.indexing import ANALYSIS
from monitor.pipeline.indexing import fill as fill_index
from monitor.services.channels import add_channel, add_console, drafted
from monitor.services.fields.rule_fields import RuleChanges
from monitor.services.rules.feedback import rate
from monitor.services.rules.save_rule import save_new
from monitor.services.rules.saving import Saving
from monitor.web.listening import Listening
from monitor.web.serve import bound, server_of
from storage.admin.engine import open_storage
from storage.api.storage import Storage
from storage.model import Source, stable_id

NOW = datetime(2026, 3, 6, 9, 40, tzinfo=UTC)
LEASE = timedelta(minutes=5)

OUTLETS = {
    "Göteborgs Dagblad": "https://gbgdagblad.se/flode",
    "Harbour Gazette": "https://harbourgazette.co.uk/feed",
    "Báo Sông Hồng": "https://songhong.vn/rss",
    "Nordkurier Kiel": "https://nordkurier-kiel.de/feed",
    "Le Courrier du Léman": "https://courrierduleman.ch/rss",
    "El Faro de Valparaíso": "https://farovalpo.cl/feed",
    "صحيفة الميناء": "https://almina.eg/feed",
    "港湾新聞": "https://kowan.jp/rss",
    "หนังสือพิมพ์เจ้าพระยา": "https://chaophraya.th/feed",
    "Vestnik Baltiki": "https://vestnik-baltiki.ee/rss",
}
TREATY = (
    (
        *(
            "Harbour Gazette",
            "en",
            190,
            "Forty states ratify: Hanoi Convention enters into force",
        ),
        "The Hanoi Convention against cybercrime will enter into force in ninety days. Chile "
        "deposited the fortieth ratification in New York on Thursday. The treaty lets police share "
        "electronic evidence across borders. Press groups ask for safeguards for their sources.",
    ),
    (
        *(
            "Göteborgs Dagblad",
            "sv",
            171,
            "Fyrtio länder klara – Hanoi-konventionen träder i kraft",
        ),
        "Hanoi-konventionen mot it-brott träder i kraft om nittio dagar. Chile lämnade den "
        "fyrtionde ratifikationen i New York i torsdags. Avtalet låter polisen dela elektroniska "
        "bevis över gränserna.",
    ),
    (
        *("Báo Sông Hồng", "vi", 160, "Công ước Hà Nội sẽ có hiệu lực sau chín mươi ngày"),
        "Công ước Hà Nội về chống tội phạm mạng sẽ có hiệu lực sau chín mươi ngày. Chile nộp văn "
        "kiện phê chuẩn thứ bốn mươi tại New York hôm thứ Năm.",
    ),
    (
        *(
            "El Faro de Valparaíso",
            "es",
            150,
            "Chile ratifica el Convenio de Hanói",
        ),
        "El Convenio de Hanói contra la ciberdelincuencia entrará en vigor en noventa días. Chile "
        "depositó en Nueva York la cuadragésima ratificación el jueves.",
    ),
    (
        *("Nordkurier Kiel", "de", 121, "Übereinkommen von Hanoi tritt in neunzig Tagen in Kraft"),
        "Das Übereinkommen von Hanoi gegen Computerkriminalität tritt in neunzig Tagen in Kraft. "
        "Chile hinterlegte am Donnerstag in New York die vierzigste Ratifikation.",
    ),
    (
        *("صحيفة الميناء", "ar", 84, "اتفاقية هانوي تدخل حيز النفاذ بعد تسعين يوما"),
        "تدخل اتفاقية هانوي لمكافحة الجريمة السيبرانية حيز النفاذ بعد تسعين يوما. أودعت شيلي "
        "التصديق الأربعين في نيويورك يوم الخميس.",
    ),
    (
        *("港湾新聞", "ja", 62, "ハノイ条約、90日後に発効へ　チリが40番目の批准"),
        "サイバー犯罪に対するハノイ条約が90日後に発効する。チリが木曜日、ニューヨークで40番目の批准書を寄託した。",
    ),
    (
        *(
            "Le Courrier du Léman",
            "fr",
            47,
            "La Convention de Hanoï entre en vigueur",
        ),
        "La Convention de Hanoï contre la cybercriminalité entrera en vigueur dans nonante jours. "
        "Le Chili a déposé jeudi à New York la quarantième ratification.",
    ),
)
STRIKE = (
    "Dock workers in Gothenburg will strike on Monday. The union Hamnfyran says talks on shifts "
    "have failed. Ferries to Kiel and Frederikshavn stay in port from six in the morning. The "
    "mediator has called both sides for Sunday."
)
PORT = (
    ("Harbour Gazette", "en", 140, "Gothenburg dockers call a strike for Monday", STRIKE),
    (
        *("Vestnik Baltiki", "en", 118, "Port strike to halt Gothenburg ferries"),
        STRIKE.replace(" The mediator has called both sides for Sunday.", "")
        + " Tallinn expects two diverted ships.",
    ),
    (
        *("Göteborgs Dagblad", "sv", 101, "Hamnstrejk i Göteborg på måndag"),
        "Hamnarbetarna i Göteborg går i strejk på måndag. Facket Hamnfyran säger att samtalen om "
        "skiften har brutit samman. Färjorna till Kiel och Frederikshavn ställs in från sex.",
    ),
    (
        *("Nordkurier Kiel", "de", 76, "Hafenstreik in Göteborg: Fähren nach Kiel fallen aus"),
        "Hafenarbeiter in Göteborg streiken am Montag. Die Gewerkschaft Hamnfyran erklärte die "
        "Gespräche über Schichten für gescheitert. Die Fähren nach Kiel und Frederikshavn bleiben "
        "ab sechs Uhr im Hafen.",
    ),
)
OTHERS = (
    (
        *("หนังสือพิมพ์เจ้าพระยา", "th", 33, "สื่อมวลชนเรียกร้องเสรีภาพสื่อก่อนการประชุมที่กรุงเทพ"),
        "องค์กรสื่อมวลชนเรียกร้องเสรีภาพสื่อก่อนการประชุมที่กรุงเทพในสัปดาห์หน้า",
    ),
    (
        *("Le Courrier du Léman", "fr", 25, "Liberté de la presse: Genève accueille un sommet"),
        "Un sommet sur la liberté de la presse s'ouvre lundi à Genève.",
    ),
    (
        *("Harbour Gazette", "en", 14, "Harbour museum opens its crane to visitors"),
        "The crane of 1911 can be climbed on Sundays. Tickets are sold at the quay.",
    ),
)
STATES = (
    *(
        "Norway",
        "Ghana",
        "Peru",
        "Japan",
        "Kenya",
        "Austria",
        "Brazil",
        "Canada",
        "Egypt",
        "France",
    ),
    *("Greece", "India", "Jordan", "Latvia", "Malta", "Nepal", "Oman", "Poland", "Qatar", "Rwanda"),
    *("Spain", "Togo", "Uganda", "Yemen", "Zambia", "Cuba"),
)
A_DAY = (1, 2, 1, 3, 0, 1, 2, 4, 1, 0, 2, 1, 3, 2, 1)
SMALL = ("Rain over {0} ends the picnic", "A bakery in {0} bakes for dogs", "{0} wins at chess")


@dataclass
class Time:
    """What time it is in the made-up press office."""

    at: datetime = NOW - timedelta(days=30)


def tell(app: App, time: Time, outlet: str, code: str, at: datetime, title: str, text: str) -> None:
    """Let a source list one more article."""
    time.at = at
    url = OUTLETS[outlet]
    site = url.rpartition("/")[0]
    link = f"{site}/{stable_id('x', title)[:8]}"
    entry = Entry(
        id=link,
        url=link,
        title=title,
        content=text,
        language=code,
        published_at=at - timedelta(minutes=3),
    )
    with app.storage.transaction() as tx:
        [claimed] = tx.sources.claim_due(
            now=at, limit=1, lease=LEASE, owner="pictures", ids=[stable_id("source", "feed", url)]
        )
    claimed = replace(claimed, last_ok_at=at, last_entry_at=at)
    polled = Polled(entries=(entry,))
    app.pipeline.take_in(claimed, polled, next_poll_at=lambda _: NOW + timedelta(minutes=9))


def fill(app: App, time: Time) -> None:
    """Let a press office begin, and a month go by."""
    storage = app.storage
    begun = time.at
    with storage.transaction() as tx:
        for name, url in OUTLETS.items():
            source = Source(
                id=stable_id("source", "feed", url),
                kind="feed",
                url=url,
                name=name,
                every=timedelta(minutes=15),
                added_at=begun,
                baseline_done=True,
                tags=("press",),
            )
            tx.sources.add(source)
        add_console(tx, now=begun)
        desk = drafted(name="press desk", target="mailto:desk@example.org", now=begun)
        add_channel(tx, app.config.home, desk, now=begun)
    _rules(app, storage)
    _month(app, time)
    for outlet, code, ago, title, text in sorted((*TREATY, *PORT, *OTHERS), key=lambda n: -n[2]):
        tell(app, time, outlet, code, NOW - timedelta(minutes=ago), title, text)
    time.at = NOW
    with storage.reading() as tx:
        alerts = tx.alerts.recent(limit=40)
    for place, alert in enumerate(alerts[6:26]):
        rate(storage, alert.id, "noise" if place % 5 == 4 else "useful", now=NOW)


def _rules(app: App, storage: Storage) -> None:
    saving = Saving(
        storage=storage,
        now=app.now,
        lexicons=lambda: app.lexicons,
        translation=lambda: None,
        catch_up=lambda: 0,
    )
    for query, name, tags, priority in (
        ("Hanoi Convention", "Hanoi Convention", ("cyber", "asia"), "high"),
        ("port strike", "Port strikes", ("harbours",), "normal"),
        ("press freedom", "Press freedom", ("media",), "normal"),
        ("cybercrime AND (treaty OR law)", "Cybercrime law", ("cyber",), "normal"),
        ('"harbour museum"', "Harbour museum", ("harbours",), "low"),
    ):
        changes = RuleChanges(
            query=query,
            name=name,
            tags=tags,
            priority=priority,
            notify=("console", "press desk") if priority == "high" else ("console",),
        )
        save_new(saving, changes, forced=True)


def _month(app: App, time: Time) -> None:
    """Let smaller news come, more of them on some days than on others."""
    outlets, number = list(OUTLETS), 0
    for day in range(29):
        at = NOW - timedelta(days=29 - day, hours=day % 5)
        for _ in range(A_DAY[day % len(A_DAY)]):
            state, number = STATES[number % len(STATES)], number + 1
            title = f"{state} {'signs' if number <= len(STATES) else 'ratifies'} Hanoi Convention"
            text = f"{state} joined the treaty on cybercrime, {40 + number} votes to {number}."
            for copy in range(1 + number % 3):
                outlet = outlets[(number + copy * 3) % len(outlets)]
                tell(app, time, outlet, "en", at + timedelta(minutes=copy * 20), title, text)
        for place, small in enumerate(SMALL):
            state = STATES[(day * 3 + place) % len(STATES)]
            text = (
                f"{small.format(state)}. Nobody had expected it, says a reader of {day + 3} years."
            )
            later = at + timedelta(hours=1, minutes=place)
            tell(app, time, outlets[(day + place) % 10], "en", later, small.format(state), text)
        if day % 4 == 0:
            title = f"Dockers in {state} threaten a port strike"
            text = f"A port strike in {state} would stop {day + 3} ships, says the union."
            tell(app, time, outlets[day % 7], "en", at + timedelta(hours=2), title, text)
        if day % 6 == 1:
            title = f"Press freedom in {state} under debate"
            text = f"Editors in {state} speak of press freedom after {day + 2} trials."
            tell(app, time, outlets[day % 5], "en", at + timedelta(hours=3), title, text)


@contextmanager
def served() -> Iterator[tuple[App, str]]:
    """Serve the made-up press office's page."""
    with tempfile.TemporaryDirectory() as folder:
        environ = {"MONITOR_HOME": folder, "MONITOR_ZONE": "Europe/Stockholm"}
        config = load(environ=environ)
        storage = open_storage(
            f"sqlite:///{folder}/monitor.db", home=config.home, migrate=True, analysis=ANALYSIS
        )
        time = Time()
        storage.now = lambda: time.at  # type: ignore[method-assign]  # it shows a day of its own
        app = App(config, storage, owner="pictures", now=lambda: time.at)
        fill(app, time)
        for _ in fill_index(storage):
            pass
        with bound(Listening("127.0.0.1", 0)) as listener:
            server = server_of(app, Listening("127.0.0.1", 0), is_daemon=True)
            thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
            thread.start()
            try:
                yield app, f"http://127.0.0.1:{listener.getsockname()[1]}"
            finally:
                server.should_exit = True
                thread.join()
        storage.close()


def pages(app: App) -> dict[str, str]:
    """Return what is taken pictures of, by name."""
    with app.storage.reading() as tx:
        stories = tx.stories.recent(limit=10)
        alerts = {tx.rules.get(a.rule_id).name: a for a in reversed(tx.alerts.recent(limit=20))}  # type: ignore[union-attr]
        rule = tx.rules.find("Hanoi Convention")
        source = tx.sources.find("Harbour Gazette")
        channel = tx.channels.find("press desk")
    assert rule is not None
    assert source is not None
    assert channel is not None
    port = alerts["Port strikes"]
    return {
        "today": "/?order=told",
        "story": f"/stories/{max(stories, key=lambda story: story.articles).id}",
        "copies": f"/stories/{port.story_id}",
        "article": f"/articles/{port.article_id}?rule=Hanoi+Convention",
        "rules": "/rules",
        "rule": f"/rules/{rule.id}",
        "new-rule": "/rules/new?query=port+strike",
        "sources": "/sources",
        "source": f"/sources/{source.id}",
        "channels": "/channels",
        "channel": f"/channels/{channel.id}",
        "search": "/search?query=strike&match=forms",
        "overview": "/overview",
        "report": "/report?rule=Hanoi+Convention",
        "silences": "/silences",
        "about": "/about",
    }


SHAPES = {
    "": (1280, 900, "light"),
    "-dark": (1280, 900, "dark"),
    "-phone": (390, 844, "light"),
}


def main() -> None:
    """Take the pictures."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("folder", type=Path)
    options.add_argument("--page", action="append", help="only these")
    options.add_argument("--shape", action="append", help="only these: light, dark, phone")
    given = options.parse_args()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    wanted = {"light": "", "dark": "-dark", "phone": "-phone"}
    shapes = [wanted[name] for name in given.shape or wanted]
    with served() as (app, base), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for shape in shapes:
            width, height, scheme = SHAPES[shape]
            context = browser.new_context(
                base_url=base,
                viewport={"width": width, "height": height},
                color_scheme=scheme,  # type: ignore[arg-type]
            )
            page = context.new_page()
            for name, address in pages(app).items():
                if given.page and name not in given.page:
                    continue
                page.goto(address)
                page.wait_for_timeout(2_500 if "rule" in name else 600)
                page.screenshot(path=given.folder / f"page-{name}{shape}.png")
        browser.close()


if __name__ == "__main__":
    main()
