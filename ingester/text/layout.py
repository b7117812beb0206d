"""How a plain document is laid out: headline, source line, date line, captions, trailers.

Nothing here knows words of a language: a source line is a short label, a colon and one URL; a
caption ends in "(label: credit)"; a trailer is a label with a number behind it.
"""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from common.patterns import pattern
from common.records import dataclass
from ingester.text.calendars import solar_month_of
from ingester.text.dates import ZONES, parse_date
from ingester.text.months import fold, month_of, rare_month_of, with_ascii_digits, words_of
from ingester.text.text import clip_sentence, one_line
from ingester.urls.urls import canonical_url

TITLE_LENGTH = 120
"""Of a title made from a sentence."""

HEADLINE_LENGTH = 160
CAPTION_LENGTH = 200
SMALL_LENGTH = 80
FIRST_LINES = 5
LAST_LINES = 15
_LONGEST_URL_LINE = 9_000

COLONS = ":：﹕︓∶꞉׃៖፡፥፦᠄"
_STOPS = ".!?…。！？｡؟۔।॥։።"
_CLOSERS = "\"'”’»«)）]】」』>"

_URL = pattern(r"(?:https?://|www\.)[^\s<>\"'“”«»「」（）【】，。、；]+", re.I)
_BARE_HOST = pattern(r"(?<![a-z0-9-])(?:[a-z0-9-]++\.)++[a-z]{2,24}/[^\s<>\"'“”«»（）]+", re.I)
_DIRECTION = pattern("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")
_DATE_LINE = pattern(
    rf"(?:[^{COLONS}\d]{{1,30}}[{COLONS}]\s*)?"
    r"(?P<date>(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4})"
    r"(?P<time>[\sT,|–-]*\d{1,2}[:.h]\d{2}(?::\d{2})?(?:[.,]\d+)?)?"
    r"\s*(?:\(?(?:Z|(?:UTC|GMT)?\s*[+-]\d{1,2}(?::?\d{2})?|UTC|GMT)\)?)?)",
    re.I,
)
_LABELLED = pattern(rf"(?:[^{COLONS}\d]{{1,30}}[{COLONS}]\s*)?(?P<said>.{{8,60}})")
_NUMBERS = pattern(r"(?<!\d)\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?!\d)")
_YEAR = pattern(r"(?<!\d)(?:(?:19|20|25)\d\d|1(?:3\d|40|41)\d)(?!\d)")
_MONTHS = (month_of, rare_month_of, solar_month_of)
_CLOCK = pattern(r"\d{1,2}[:.h]\d\d(?!\d)")
_DATELINE_LENGTH = 90
_DATELINE = pattern(r"(?P<said>[^!?]{8,70}?)\s?[–—-]{1,2}\s")
_UNDERLINE = pattern(r"[=\-_*~ ]{3,}")
_CREDIT = pattern(
    rf"\s*[(（\[](?P<label>[^()（）\[\]{COLONS}]{{1,25}})[{COLONS}]\s*"
    rf"(?P<credit>[^()（）\[\]{COLONS}]{{1,60}})[)）\]]\s*[{re.escape(_STOPS)}]?$"
)
_TRAILER = pattern(
    rf"[^\W\d_][^\d()（）\[\]]{{0,30}}[{COLONS}]?\s*(?:[(（\[]\s*\d{{1,6}}\s*[)）\]])"
)
_SENTENCE_END = pattern(
    rf"(?<![\s.])(?<!\b\w)(?<!\d)[.!?…؟۔।]+[{re.escape(_CLOSERS)}]*(?=\s)|[。！？｡]+[」』”）]*"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What a plain document says.

    Attributes:
        headline: Its first short line, when that is no sentence of the text; else "".
        text: The rest, without source line, date line, captions and trailers.
        url: What the source line names, canonical, or "".
        date, has_time: What the date line says, as written, or "".
    """

    headline: str
    text: str
    url: str
    date: str
    has_time: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _UrlLine:
    index: int
    url: str
    score: int
    at_end: bool


def lay_out(text: str, *, has_title: bool = False) -> Layout:
    """Return the parts of a cleaned text (as `clean_text` makes it).

    With `has_title` the title is known from elsewhere, and no line is taken for one.
    """
    lines: list[str] = text.split("\n")
    url = ""
    source = _source_line(lines)
    if source is not None:
        url = source.url
        _drop_source(lines, source)
    date, has_time = _take_date(lines)
    _drop_trailers(lines)
    _drop_captions(lines)
    headline = "" if has_title else _take_headline(lines)
    body = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    return Layout(headline=headline, text=body, url=url, date=date, has_time=has_time)


def title_from(text: str) -> str:
    """Return the first sentence of a text as a title of at most 120 characters, or ""."""
    for line in text.split("\n"):
        if line:
            sentence = one_line(_first_sentence(line))
            if sentence.endswith((".", "。", "｡")) and not sentence.endswith(".."):
                sentence = sentence[:-1]
            return clip_sentence(sentence, TITLE_LENGTH)
    return ""


def _first_sentence(line: str) -> str:
    for match in _SENTENCE_END.finditer(line):
        if match.start() >= 25 or not line[: match.start()].isascii():
            return line[: match.end()]
    return line


# --- the line that names the source --------------------------------------------------------------


def _source_line(lines: Sequence[str]) -> _UrlLine | None:
    filled = [index for index, line in enumerate(lines) if line]
    url_lines = []
    for rank, index in enumerate(filled):
        from_end = len(filled) - rank
        if rank >= FIRST_LINES and from_end > LAST_LINES:
            continue
        url, labelled = _url_line(lines[index])
        if not url or _is_front_page(url):
            continue
        labelled = labelled or (rank > 0 and _is_label(lines[filled[rank - 1]]))
        at_end = all(_is_small(lines[other]) for other in filled[rank + 1 :])
        at_start = rank < FIRST_LINES and all(_is_small(lines[other]) for other in filled[:rank])
        if not (at_end or at_start or labelled):
            continue
        score = 4 * (at_end or at_start) + 2 * _names_an_article(url) + labelled
        url_lines.append(_UrlLine(index=index, url=url, score=score, at_end=at_end and rank > 0))
    return max(url_lines, key=lambda url_line: (url_line.score, -url_line.index), default=None)


def _url_line(line: str) -> tuple[str, bool]:
    """Return the URL of a line that is one URL, with or without a label before it, else ""."""
    if len(line) > _LONGEST_URL_LINE:
        return "", False
    line = _DIRECTION.sub("", line).strip(" *_|•·–—-")
    matches = list(_URL.finditer(line)) or list(_BARE_HOST.finditer(line))
    if len(matches) != 1:
        return "", False
    written = matches[0][0].rstrip(".,;:!?)]}»*_|")
    rest = line[matches[0].start() + len(written) :].strip(f" .,;{_CLOSERS}}}*_|")
    label = line[: matches[0].start()].strip(" <(（[【*_«»“\"'")
    if rest or len(label) > 60 or len(label.split()) > 6 or label.endswith(tuple(_STOPS)):
        return "", False
    url = canonical_url(written if "://" in written else f"https://{written}")
    if url is None or "." not in (urlsplit(url).hostname or ""):
        return "", False
    has_colon = any(colon in label for colon in COLONS)
    if label and not has_colon and len(label.split()) > 3:
        return "", False
    return url, has_colon


def _is_label(line: str) -> bool:
    return len(line) <= 40 and line.rstrip("*_ ").endswith(tuple(COLONS))


def _names_an_article(url: str) -> bool:
    """Whether the path is that of one article rather than of a site, a section or a profile."""
    path = urlsplit(url).path.rstrip("/")
    last = path.rpartition("/")[2]
    return last.count("-") >= 2 or sum(map(str.isdigit, path)) >= 4 or path.count("/") >= 3


def _is_front_page(url: str) -> bool:
    """Whether it names a site; taken as an address it would make all of its articles one."""
    parts = urlsplit(url)
    return parts.path in ("", "/") and not parts.query


def _is_small(line: str) -> bool:
    """Whether a line is a label, a name or a link rather than a sentence of the text."""
    if _url_line(line)[0] or "©" in line:
        return True
    if len(line) > SMALL_LENGTH:
        return False
    ends = line.rstrip(_CLOSERS + " ").endswith(tuple(_STOPS))
    return not ends or len(line.split()) < 4


def _drop_source(lines: list[str], source: _UrlLine) -> None:
    above = source.index - 1
    while above >= 0 and not lines[above]:
        above -= 1
    has_label = any(colon in lines[source.index].partition("://")[0] for colon in COLONS)
    if above >= 0 and not has_label and _is_label(lines[above]):
        lines[above] = ""
    last = len(lines) if source.at_end else source.index + 1
    for index in range(source.index, last):
        lines[index] = ""


# --- the other lines that are no text ------------------------------------------------------------


def _take_date(lines: list[str]) -> tuple[str, bool]:
    filled = [index for index, line in enumerate(lines) if line]
    if len(filled) < 2:
        return "", False
    for index in filled[:FIRST_LINES] + filled[-3:]:
        line = lines[index]
        if match := _DATE_LINE.fullmatch(line):
            lines[index] = ""
            return match["date"].strip(), match["time"] is not None
        if date := _date_said(line, others_most=int(index != filled[0])):
            lines[index] = ""
            return date, _CLOCK.search(date) is not None
    # A dateline says the day and begins the text: "OSLO, 3 November 2026 - The quay is shut."
    for line in (lines[index][:_DATELINE_LENGTH] for index in filled[:3]):
        match = _DATELINE.match(line) if _YEAR.search(line) else None
        if match and (date := _date_said(match["said"], others_most=4)):
            return date, False
    return "", False


def _date_said(line: str, *, others_most: int) -> str:
    """Return the date of a line that says little else, or "".

    Args:
        others_most: So many other words, as that for the day of the week. The first line may be a
            headline, so there it is a date alone.
    """
    match = _LABELLED.fullmatch(line) if len(line) <= 2 * SMALL_LENGTH else None
    if match is None or not _YEAR.search(with_ascii_digits(said := match["said"])):
        return ""
    words = [word for word in words_of(fold(said)) if not word.isdecimal()]
    months = {word for word in words if any(of(word) for of in _MONTHS)}
    others = [word for word in words if len(word) > 2 and word not in months | ZONES.keys()]
    ends_sentence = bool(others) and said.endswith(tuple(_STOPS)) and words[-1] == others[-1]
    is_dated = months or _NUMBERS.search(said)
    if not is_dated or ends_sentence or len(others) > others_most:
        return ""
    return said if parse_date(said) else ""


def _drop_trailers(lines: list[str]) -> None:
    for index in range(len(lines) - 1, 0, -1):
        line = lines[index]
        if line and not (len(line) <= 45 and _TRAILER.fullmatch(line)):
            return
        lines[index] = ""


def _drop_captions(lines: list[str]) -> None:
    """Empty the lines that are captions; of longer or doubtful ones only the credit goes."""
    captions = {
        index: match.start() for index, line in enumerate(lines) if (match := _credit(line))
    }
    letters = sum(map(len, lines))
    in_captions = sum(len(lines[index]) for index in captions)
    all_is_captions = in_captions * 2 > letters
    for index, start in captions.items():
        sentence = lines[index][:start]
        if all_is_captions or len(sentence) > CAPTION_LENGTH or _SENTENCE_END.search(sentence):
            stop = lines[index][-1] if lines[index][-1] in _STOPS else ""
            lines[index] = sentence.rstrip() + stop
        else:
            lines[index] = ""


def _credit(line: str) -> re.Match[str] | None:
    match = _CREDIT.search(line)
    if match is None or len(match["label"].split()) > 3:
        return None
    # "(Art: 12)" or "(1:0)" says something; who took a picture is a name.
    named = any(map(str.isalpha, match["label"])) and any(map(str.isalpha, match["credit"]))
    return match if named and len(match["credit"].split()) <= 6 else None


def _take_headline(lines: list[str]) -> str:
    filled = [index for index, line in enumerate(lines) if line]
    if len(filled) < 2:
        return ""
    first = lines[filled[0]]
    is_sentence = first.rstrip(_CLOSERS + " ").endswith((".", "。", "｡", "।", "።", "۔", ",", ";"))
    if len(first) > HEADLINE_LENGTH or is_sentence or first.endswith(tuple(COLONS)):
        return ""
    lines[filled[0]] = ""
    if _UNDERLINE.fullmatch(lines[filled[1]]):
        lines[filled[1]] = ""
    return one_line(first)
