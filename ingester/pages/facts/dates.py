"""When the article on a page was published: what its data say, else what it shows its readers."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import islice, pairwise

from lxml.html import HtmlElement

from ingester.pages.facts.dom import around_headings, is_elsewhere, names_of, pieces
from ingester.text.ago import how_long_ago
from ingester.text.calendars import is_month
from ingester.text.dates import parse_date
from ingester.text.language import primary
from ingester.text.months import (
    NUMBERED,
    fold,
    month_of,
    rare_month_of,
    with_ascii_digits,
    words_of,
)
from ingester.urls.dates import EARLIEST, home_zone, url_date

PUBLISHED = (
    "article:published_time",
    "datepublished",
    "og:published_time",
    "parsely-pub-date",
    "pubdate",
    "publishdate",
    "publish_date",
    "publish-date",
    "publication_date",
    "article:published",
    "sailthru.date",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "datecreated",
    "dc.date",
    "dc.date.created",
    "dcterms.date",
    "date",
    "cxenseparse:recs:publishtime",
)
UPDATED = ("article:modified_time", "og:updated_time", "datemodified", "last-modified")

_BEFORE, _AFTER = 80, 400
"""Elements before and after the heading among which the date of the article is shown."""
_BELOW = 60
"""Elements after it among which a line says how long ago it was published."""

_LONGEST = 140
_AROUND_A_DATE = 60
_LEAST = -4
"""Score of the date in a sentence, which is no date of the article: nothing says that it is."""
_FAR = timedelta(days=2)
_MANY_ALIKE = 3
_ROW, _LONGEST_IN_ROW, _WORDS_IN_ROW, _TIMES = 600, 60, 3, 3

_YEAR = r"(?:(?:19|20|25)\d\d|1[34]\d\d)"
"""Also of Thailand, of Iran, and lunar."""
_NUMBERS = (
    rf"(?:{_YEAR}\s?[-/.]\s?\d\d?\s?[-/.]\s?\d\d?|1[01]\d[-/.]\d\d[-/.]\d\d|"
    rf"\d\d?\s?[-/.|]\s?\d\d?\s?[-/.|]\s?{_YEAR}|"
    rf"(?:{_YEAR}|(?:令和|平成|民國|民国|\b1)\s?[\d元]\d?\d?)\s?[年년]\s?\d\d?\s?[月월]\s?\d\d?\s?[日일]|"
    r"20\d\d\sоны\s\d\d?(?:-?р)?\sсарын\s\d\d?)"
)
_MONTH = r"(?:[^\W\d_][^\s\d.,;:|/()<>]{1,13}(?:\s[^\W\d_]{3,7})?)"
"""A name of a month, or of Levantine Arabic, which has two words; vowels of Indian scripts are no
letters to `re`."""
_NAMED = (
    rf"(?:\d\d?(?:st|nd|rd|th|\.|,|º|er|-)?\s?(?:de\s|d['’])?{_MONTH}\.?,?\s(?:de\s|del\s)?{_YEAR}|"
    rf"{_MONTH}\.?\s\d\d?(?:st|nd|rd|th)?,?\s{_YEAR}|"
    rf"\d\d?(?P<part>[-/])[^\W\d_]{{3,9}}(?P=part){_YEAR}|"
    rf"(?:19|20)\d\d(?:ko|\.)?\s(?:[^\W\d_]{{1,5}}\.?\s)?(?:\d\d?\.?\s)?{_MONTH}\.?(?:\s\d\d?(?!\d))?|"
    rf"\d\d?\s(?:tháng|thg)\s\d\d?,?\s(?:năm\s)?{_YEAR}|"
    r"\d\d?\s?[\u0e01-\u0e2e\u0e40][\u0e01-\u0e4e.]{2,11}\s?"
    r"(?:พ\.?\s?ศ\.?\s?|พุทธศักราช\s)?2[56]\d\d|"
    r"\d\d?\s?[\u0e01-\u0e4e]{1,3}\.[\u0e01-\u0e4e]\.\s?[67]\d(?![\d:.]))"
)
_CLOCK = (
    r"(?:(?:\s?[(（][^\W\d_]{1,3}\.?(?=[)）])|\s(?:года|року|[гр]\.)|\.(?=[\s,]))?"
    r"(?:[T,،、\s|–—•·()）@-]+(?:[^\W\d_]{1,10}[.,]?\s){0,2}\s?"
    r"(?:\d\d?(?::|\s?[hH]\s?)\d\d(?::\d\d)?|\d\d?\.\d\d(?=\s?(?:[ap]\.?m\b|Uhr|uur|น\.|h\b|GMT|[BC]ES?T\b))"
    r"|(?:(?<=\bklo\s)|(?<=\bkl\s)|(?<=\bkl\.\s)|(?<=\bore\s)|(?<=\bob\s)|(?<=-\d\d\s)|(?<=\d{4}\s[-–|]\s)|(?<=\d{4},\s)|(?<=\d{4}\s))\d\d?\.\d\d(?![.\d]))"
    r"|[\s)）]{0,2}\d\d?\s?[時时點点시]\s?\d\d?\s?[分분])"
    r"(?:\s?[ap]\.?m\b\.?|\s?(?:[صم]\b|صباح\w*|مساء\w*))?(?:\s?(?:Uhr|GMT|UTC|МСК|น\.|[A-Z]{3,4}))?(?:\s?\(?(?:GMT)?\s?[+-]\d\d?:?(?:\d\d)?\)?)?)?"
)
_SHORT_YEAR = re.compile(
    r"(?:[^\W\d_]{3,12}:\s)?\W*(\d\d?([-/.])\d\d?\2\d\d(?!\d)(?:\W{1,3}\d\d?[:h]\d\d)?)(?:\sUhr)?\W*"
)
"""A date whose year has two digits, where it stands alone."""
_YEAR_FIRST = frozenset(("zh", "ja", "ko", "hu", "mn", "lt"))
_BEFORE_IT = (
    r"(?:(?<![\d:.])\d\d?[:h]\d\d(?::\d\d)?'?(?:\s?[ap]\.?m\b\.?)?(?:\s?\(?(?:GMT(?:\s?[+-]\d\d?)?|[A-Z]{2,4})\b\)?)?"
    r"(?:[\s,،|/–—•·-]|on\s){1,5})?"
)
"""The time of day where it stands before its date: Vietnamese, American, Ukrainian."""
_HOME = r"(?:(?:thứ\s\w+|chủ\s\w+|ngày)[\s,:|-]{1,4})?"
"""Vietnamese words before a date: they tell its zone."""

_DATE = re.compile(rf"{_BEFORE_IT}(?<![\d/-]){_HOME}(?:{_NUMBERS}|{_NAMED}){_CLOCK}", re.I)
_ALONE = re.compile(r"\d\d?[:h]\d\d")
_CLOCK_FIRST = re.compile(rf"\A{_BEFORE_IT}", re.I)
_TELLING = re.compile(
    r"date|time(?!line|-?now)|publish|posted|veroeff|datum|fecha|byline|meta|info|stamp|created|ngay|data\b",
    re.I,
)
_LABEL = re.compile(
    r"publi|posted|written|created|veröffentlicht|erstellt|vom\b|stand|erschienen|pubblicat|"
    r"đăng|ngày|opublikowano|gepubliceerd|udgivet|publicerad|yayın|опубликован|发布|公開|掲載",
    re.I,
)
_LATER = re.compile(
    r"updated|modified|aktualisiert|geändert|mis à jour|actualizado|aggiornat|cập nhật|更新|"
    r"copyright|©|seit|since|bis\b|until",
    re.I,
)


def stated_date(
    linked: str,
    meta: Mapping[str, list[str]],
    names: tuple[str, ...],
    *,
    url: str,
    language: str = "",
) -> datetime | None:
    """Return the time, in UTC, that a page's data state, or None.

    Times without a zone are read in that of the host's country, or else of the language's.

    Args:
        linked: The time as JSON-LD says it, or "".
        names: The meta elements that may say it, best first.
        url: Where the page is; it tells the country.
        language: What the page says that it is in.
    """
    zone = home_zone(url, language)
    texts = (linked, *(meta[name][0] for name in names if name in meta))
    return next((instant for text in texts if (instant := _read(text, zone, language))), None)


def shown_date(
    tree: HtmlElement, url: str, now: datetime | None = None, *, language: str = ""
) -> datetime | None:
    """Return when a page's article was published, in UTC, as its address or its text show it.

    Args:
        url: Where the page is, or "".
        now: What lies more than a day after it is not believed.
        language: What the page says that it is in.
    """
    zone = home_zone(url, language)
    marked, is_repeated = _marked(tree, zone, language)
    addressed = url_date(url, now=now) if url else None
    if marked and is_repeated:
        shown = _shown(tree, zone, now, language)
        if shown and (shown.hour or shown.minute or abs(shown - marked) > _FAR):
            marked = shown
    if marked and addressed and abs(marked - addressed) > _FAR:
        return addressed  # the time element is another article's
    if marked:
        return marked
    shown = _shown(tree, zone, now, language)
    return surer_of(addressed, shown)


def day_counted_back(
    tree: HtmlElement, url: str, now: datetime, *, language: str
) -> datetime | None:
    """Return the day from which a line below a page's heading counts: "3 hours ago"; or None.

    Args:
        url: Where the page is; it tells where the day begins.
        now: When it was fetched.
        language: What the page says that it is in.
    """
    around = around_headings(tree)
    near = -1
    for element in tree.iter():
        near = 0 if element.tag == "h1" else near + (near >= 0)
        if near > _BELOW or element.tag in ("script", "style"):
            continue
        for said in (element.text, element.tail) if near > 0 else ():
            ago = how_long_ago(" ".join((said or "")[: 2 * _LONGEST].split()), language)
            if ago is not None and not is_elsewhere(element, around):
                day = (now - ago).astimezone(home_zone(url, language) or UTC)
                return datetime(day.year, day.month, day.day, tzinfo=UTC)
    return None


def surer_of(addressed: datetime | None, shown: datetime | None) -> datetime | None:
    """Return what an address and a text say together of when something was published."""
    if addressed and shown:
        # The address is surer of the day, the text knows the time of day.
        has_clock = addressed.hour or addressed.minute
        tells_more = (shown.hour or shown.minute) and not has_clock
        return shown if tells_more and abs(shown - addressed) < _FAR else addressed
    return addressed or shown


def date_of_row(
    row: HtmlElement, *, zone: tzinfo | None = None, language: str = ""
) -> datetime | None:
    """Return the date, in UTC, that an entry of a list shows beside its headline, or None.

    It is what a `time` element says, or what stands by itself between two tags.

    Args:
        zone: Where times without a zone are at home.
        language: What the page says that it is in.
    """
    for element in islice(row.iter("time"), _TIMES):
        if instant := _read(" ".join((element.get("datetime") or "").split()), zone, language):
            return instant
    term = row.getprevious() if row.tag == "dd" else None
    parts = (*(() if term is None else pieces(term, _ROW)), *pieces(row, _ROW))
    lines = (
        f"{part} {clock}" if _ALONE.fullmatch(clock) else part
        for part, clock in zip(parts, (*parts[1:], ""), strict=False)
        if len(part) <= _LONGEST_IN_ROW
    )
    read = (date_of_line(line, zone=zone, language=language) for line in lines)
    return next(filter(None, read), None)


def date_of_line(line: str, *, zone: tzinfo | None = None, language: str = "") -> datetime | None:
    """Return the date, in UTC, that is nearly all of a line, or None."""
    line = with_ascii_digits(line)
    if short := _SHORT_YEAR.fullmatch(line):
        is_year_first = primary(language) in _YEAR_FIRST
        said = ("20" if is_year_first else "") + short[1]
        instant = _read(said, zone, language)
    else:
        match = _DATE.search(line)
        rest = line.replace(match[0], " ", 1).split() if match else ()
        if (
            not match
            or sum(word[0].isalpha() for word in rest) > _WORDS_IN_ROW
            or not _is_date(match[0])
        ):
            return None
        instant = _read(match[0].replace("|", "/").replace(" / ", "/"), zone, language)
    return instant if instant and instant >= EARLIEST else None


def _read(text: str, zone: tzinfo | None, language: str) -> datetime | None:
    return parse_date(text, zone=zone, language=language) if text else None


def _marked(tree: HtmlElement, zone: tzinfo | None, language: str) -> tuple[datetime | None, bool]:
    """Return the first time that is marked as the article's, and whether it is one of many alike.

    Of many that stand alike each dates an entry, as in a live blog, not the article.
    """
    around = around_headings(tree)
    for path, is_any in (
        (".//*[@itemprop='datePublished']", False),
        (".//*[@property='datePublished']", False),
        (".//*[@property='schema:datePublished']", False),
        (".//time[@pubdate]", False),
        (".//relative-time[@datetime]", False),
        (".//abbr[@title]", True),
        (".//article//time[@datetime]", True),
        (".//main//time[@datetime]", True),
    ):
        first = [each for each in islice(tree.iterfind(path), 20) if not is_elsewhere(each, around)]
        if is_any and len(first) > 1:
            first.sort(key=_is_of_change)
        for element in first:
            if element.tag == "abbr" and not _INSTANT.match(element.get("title") or ""):
                continue  # what short forms stand for
            said = (element.get(name) for name in ("datetime", "content", "title"))
            texts = (" ".join(text.split()) for text in (*said, element.text_content()) if text)
            read = (_read(text, zone, language) for text in texts)
            if instant := next(filter(None, read), None):
                alike = sum(_stands_as(each) == _stands_as(element) for each in first)
                return instant, is_any and alike >= _MANY_ALIKE
    return None, False


def _is_of_change(element: HtmlElement) -> bool:
    """Whether a time is said to be that of a change: by its name, or by what stands before it."""
    box, before = element.getparent(), element.getprevious()
    label = (before.tail if before is not None else box.text if box is not None else "") or ""
    names = f"{names_of(element)} {'' if box is None else names_of(box)}"
    return _CHANGED.search(names[:200]) is not None or _LATER.search(label[-40:]) is not None


_CHANGED = re.compile(r"updat|modif|(?:^|[\s_-])upd(?:$|[\s_-])|aktuali[sz]|cap-?nhat", re.I)
_INSTANT = re.compile(r"\s*\d{4}-\d\d-\d\dT\d\d:\d\d")
"""As microformats write it: `<abbr class="published" title="2026-03-01T09:00:00Z">`."""


def _stands_as(element: HtmlElement) -> tuple[tuple[str, str], ...]:
    """Return what an element and the one around it are called."""
    around = (element, element.getparent())
    return tuple((str(box.tag), box.get("class") or "") for box in around if box is not None)


def _shown(
    tree: HtmlElement, zone: tzinfo | None, now: datetime | None, language: str
) -> datetime | None:
    """Return the date that stands near the heading, the one best marked as the article's."""
    best: tuple[int, datetime] | None = None
    for score, dates, after in _candidates(tree):
        # Above the heading the nearest counts: that of a site's header is today's.
        if score < _LEAST or (best is not None and best[0] >= score + (not after)):
            continue
        said = (_read(date.replace("|", "/").replace(" / ", "/"), zone, language) for date in dates)
        # Of several it is the first: changed was what had been published.
        instant = min((day for day in said if day and day >= EARLIEST), default=None)
        if instant and (now is None or instant <= now + timedelta(days=1)):
            best = (score, instant)
    return best[1] if best else None


def _candidates(tree: HtmlElement) -> Iterator[tuple[int, list[str], bool]]:
    """Yield (score, dates, whether it stands after the heading) of texts near the heading.

    They hold dates and little else.
    """
    elements = list(tree.iter())
    around = around_headings(tree)
    heading = next((n for n, element in enumerate(elements) if element.tag == "h1"), 0)
    first = max(0, heading - _BEFORE)
    for number, element in enumerate(elements[first : heading + _AFTER], first):
        if not isinstance(element.tag, str) or element.tag in (
            "script",
            "style",
            "title",
            "option",
            "h1",  # it says of when it tells
        ):
            continue
        for text in (element.text, element.tail if _has_tail(element) else ""):
            plain = with_ascii_digits(" ".join((text or "")[: 2 * _LONGEST].split())[:_LONGEST])
            if len(plain) < 8:
                continue
            dates = [match[0] for match in _DATE.finditer(plain) if _is_date(match[0])]
            if len(dates) == 1 and (stamp := _stamp_of(element)):
                dates = [stamp]  # it knows the zone
            if dates and not is_elsewhere(element, around):
                after = number > heading
                yield _score(element, plain, dates[0], after=after), dates, after


def _stamp_of(element: HtmlElement) -> str:
    """Return what a `time` element says to programs, where that is a time of day, or ""."""
    near = (element, element.getparent())
    stamps = (box.get("datetime") or "" for box in near if box is not None and box.tag == "time")
    return next(filter(_INSTANT.match, stamps), "")


def _has_tail(element: HtmlElement) -> bool:
    """Whether what stands behind an element may be a line of its own, with a date."""
    if element.tag in ("br", "b", "strong", "i", "small", "em", "label"):
        return True
    box = element.getparent()
    return element.tag in ("a", "span") and box is not None and _is_telling(box)


def _is_telling(element: HtmlElement) -> bool:
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return len(names) > 1 and _TELLING.search(names[:300]) is not None


def _is_date(text: str) -> bool:
    if re.search(_NUMBERS, text):
        return True
    words = words_of(fold(_CLOCK_FIRST.sub("", text, count=1).split(":")[0]))
    names = (*words, *(f"{one}_{other}" for one, other in pairwise(words)))
    return any(
        word in NUMBERED or month_of(word) or rare_month_of(word) or is_month(word)
        for word in names
    )


def _score(element: HtmlElement, text: str, date: str, *, after: bool) -> int:
    names = " ".join(
        f"{box.get('class') or ''} {box.get('id') or ''}"
        for box in (element, element.getparent())
        if box is not None
    )
    score: int = 2 * after + 2 * (element.tag == "time") + 2 * bool(_TELLING.search(names[:300]))
    score += 2 * bool(_LABEL.search(text)) - 4 * bool(_LATER.search(text))
    score += len(text) - len(date) <= _AROUND_A_DATE / 3
    if len(text) - len(date) <= _AROUND_A_DATE:
        return score
    return score - 3 if score > 2 else _LEAST - 1
