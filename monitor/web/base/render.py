"""Templates and what they may ask: times in the reader's zone, marked words, names of languages."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from functools import cache
from hashlib import sha256
from importlib.resources import files
from urllib.parse import urlencode

import jinja2
from markupsafe import Markup, escape

from common.clip import clip_words
from common.language_names import language_name
from common.zones import shown_in
from monitor.base.times import show_age, show_duration, show_span
from monitor.web.base.charts import bars
from monitor.web.base.messages import base_direction
from notifiers.content.excerpt import Excerpt, excerpt_of
from notifiers.content.sanitize import safe_link
from storage.model import Channel, Evidence

_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur", "ps", "sd", "ug", "yi", "dv", "ckb"})


LISTED_TITLE = 160
"""Characters that a list shows of a title; its own page has all of it."""


class Renderer:
    """Makes HTML of templates; everything that is put in is escaped.

    Args:
        zone: In which people read times; None for this machine's own.
        command: What starts this program, for what can only be done there.
    """

    def __init__(self, *, zone: tzinfo | None, command: str) -> None:
        self._zone = zone
        self._environment = jinja2.Environment(
            loader=jinja2.PackageLoader("monitor.web", "templates"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters |= {
            "local": lambda instant: "" if instant is None else shown_in(instant, zone),
            "day": lambda instant: instant.astimezone(zone).strftime("%A %-d %B"),
            "date": lambda instant: instant.astimezone(zone).strftime("%-d %B %Y"),
            "weekday": lambda day: day.strftime("%a %-d"),
            "clipped": lambda text: clip_words(text, LISTED_TITLE),
            "shown_target": shown_target,
            "iso": lambda instant: "" if instant is None else instant.isoformat(),
            "every": show_duration,
            "duration": _duration,
            "language": lambda code: language_name(code) if code else "",
            "direction": direction,
            "base_direction": base_direction,
            "link": safe_link,
            "marked": marked,
            "counted": counted,
            "place": place,
            "query": lambda values: urlencode([(k, v) for k, v in values.items() if v]),
        }
        self._environment.globals |= {
            "since": lambda instant, now: _since(instant, now, zone),
            "clock": lambda instant, now: clock(instant, now, zone),
            "static": static_path,
            "command": command,
            "said": "",
            "bars": bars,
        }

    def local(self, instant: datetime) -> str:
        """Return an instant as the reader's clock shows it."""
        return shown_in(instant, self._zone)

    def warm(self) -> None:
        """Read all templates, so that nobody waits for that."""
        for name in self._environment.list_templates():
            self._environment.get_template(name)

    def page(self, template: str, **values: object) -> str:
        """Return the template's HTML."""
        return self._environment.get_template(template).render(values)


def _since(instant: datetime, now: datetime, zone: tzinfo | None) -> str:
    """Return how long ago something was, or its day when that says more."""
    if now - instant < timedelta(days=7):
        return show_age(instant, now=now)
    local = instant.astimezone(zone)
    is_this_year = local.year == now.astimezone(zone).year
    return local.strftime("%-d %b" if is_this_year else "%-d %b %Y")


def clock(instant: datetime, now: datetime, zone: tzinfo | None) -> str:
    """Return when something will be, shortly: the time of today, else with its day."""
    local, today = instant.astimezone(zone), now.astimezone(zone)
    if local.date() == today.date():
        return local.strftime("%H:%M")
    return local.strftime("%-d %b %H:%M" if local.year == today.year else "%-d %b %Y")


def shown_target(channel: Channel) -> str:
    """Return where a channel sends to, as it can be read: addresses are parted by a space."""
    return channel.target.removeprefix("mailto:").replace(",", ", ")


def _duration(seconds: float) -> str:
    """Return how long something took, in two figures or so."""
    return show_span(timedelta(seconds=seconds))


def direction(code: str) -> str:
    """Return in which direction a language is written; "auto" when it is not known."""
    if not code:
        return "auto"
    return "rtl" if code.partition("-")[0] in _RIGHT_TO_LEFT else "ltr"


def marked(excerpt: Excerpt | None) -> Markup:
    """Return an excerpt with its matched words marked."""
    parts = excerpt.parts() if excerpt is not None else []
    return Markup("").join(
        Markup("<mark>{}</mark>").format(text) if is_marked else escape(text)
        for text, is_marked in parts
    )


def marked_text(text: str, spans: Iterable[tuple[int, int]]) -> list[Excerpt]:
    """Return a text's paragraphs, each with its matched words marked.

    Args:
        spans: As code points of the text.
    """
    paragraphs = []
    at = 0
    places = list(spans)
    for line in text.split("\n"):
        end = at + len(line)
        inside = [(max(s, at) - at, min(e, end) - at) for s, e in places if s < end and e > at]
        if line.strip():
            paragraphs.append(excerpt_of(line, inside, width=len(line) + 1))
        at = end + 1
    return paragraphs


def spans_in(field: str, evidence: Sequence[Evidence]) -> list[tuple[int, int]]:
    """Return where the words that count are in a field."""
    return [(proof.start, proof.end) for proof in evidence if proof.field == field]


def counted(count: int, noun: str, nouns: str = "") -> str:
    """Return `1 alert`, `2 alerts`."""
    return f"{count:,} {noun if count == 1 else nouns or noun + 's'}"


def place(path: object) -> Markup:
    """Return a path or URL that is broken behind its slashes, where it does not fit."""
    return Markup("/<wbr>").join(map(escape, str(path).split("/")))


@cache
def static_path(name: str) -> str:
    """Return where a file of `static` is served: its address changes with its content."""
    content = files("monitor.web").joinpath("static", name).read_bytes()
    return f"/static/{name}?v={sha256(content).hexdigest()[:12]}"


def filters(values: Mapping[str, str], names: Iterable[str]) -> dict[str, str]:
    """Return what a page was asked for, of what it can be asked for; each at most 200 letters."""
    return {name: (asked(values, name) or "").strip()[:200] for name in names}


def asked(values: Mapping[str, str], name: str) -> str | None:
    """Return what an address asks for; `q`, as other sites call it, is `query`, too."""
    return values.get("q" if name == "query" and "query" not in values else name)
