"""The names in a byline: without "By", roles, addresses and dates."""

import re
import unicodedata

from common.scripts import letters
from ingester.pages.facts.dom import folded
from ingester.text.language import primary
from ingester.text.months import fold, month_of
from ingester.text.titles import title_text

LONGEST = 100
LONGEST_BYLINE = 160
BY = re.compile(
    r"^(?:[-–—|•·]\s*)?(?:"
    r"(?:(?:written|submitted|redactado|geschreven|artikel|article|artículo|articolo|posted|published|reported|reporting|edited|words|text|story|photos?|geschrieben|"
    r"veröffentlicht|publicado|escrito|écrit|publié|scritto|rédigé|skrevet|skriven)\s+)?"
    r"(?:by|von|par|por|di|da|door|af|av|od|przez|oleh|bởi|от|από|του|της|scris de|"
    r"unsere[mrn]\s\w+|napisała?|kirjoittanut|pv|โดย|เรื่องโดย|מאת|بقلم|द्वारा|piše|пише|oprac(?=\.)|autorius|сурвалжлагч|"
    r"a cura di|(?:propos )?recueillis par|γράφει [οη])(?=[\s:.])\.?\s*:?\s*|기자명\s+|記者・|"
    r"来源\s*[:：]\s*\S+\s+(?=作者)|"
    r"文\s*[/／・]\s*|글\s*[·/=]\s*|(?:автор|автори)\s+(?:стат\w+\s*[:—–-]\s*|(?=\w+\s))|"
    r"(?:an?|eine?)\s+(?:analysis|analyse|opinion|kommentar|report)\s+(?:by|von)\s+|"
    r"(?:kommentar|interview|gastbeitrag)\s+von\s+|"
    r"(?:text|texte|texto|testo|words|autor(?:in|en|es)?|auteurs?|authors?|autores|autori|"
    r"tekst|teksti|texti|szöveg|írta|szerző|yazan|yazar|autorius|autors|autorzy|autore|autorka|skribent|"
    r"kirjoittaja|toimittaja|συντάκτης|κείμενο|текст|журналіст|журналист|بقلم|كتبت?|گزارش|haber|الكاتب|نویسنده|تحریر|מאת|लेखक|लेखिका|संवाददाता|रिपोर्टर|लेखन|लेख|रिपोर्ट|লেখক|প্রতিবেদক|எழுதியவர்|రచయిత|લેખક|ਲੇਖਕ|ലേഖകൻ|ಲೇಖಕ(?:ರು)?|"
    r"ผู้เขียน|โดย|người viết|撰文|著者|執筆|取材|记者|글|"
    r"redakteur(?:in)?|reporter|foto|text\s*(?:&|und|and|\+)\s*(?:fotos?|photos?|bilder)|"
    r"muhabir|reportagem|opracowanie|mwandishi|egilea|müəllif|muallif|корреспондент|сурвалжлагч|"
    r"خبرنگار|إعداد|כתבה?|লেখা|ავტორი|հեղինակ|ලියුවේ|ដោយ|ရေးသားသူ|ผู้สื่อข่าว|bài(?:(?:,| và) ảnh)?|"
    r"tác giả|theo|penulis|автор|автори|作者|文|取材・文|文・写真|記者|责任编辑|編集|저자|기자)"
    r"(?:\s*[:：՝៖]\s*|\s[-–—]\s)"
    r")",
    re.I,
)
_CUT = re.compile(
    r"\s*(?:[|•·;]|(?<=\s)(?:fotos?|photos?|bild(?:er)?|ảnh|фото)\s*[:：]|"
    r"\s[-–—]\s|\d|\bpublished\b|\blast updated\b|\bupdated\b|\bposted\b|"
    r"\bthứ\s(?:hai|ba|tư|năm|sáu|bảy)\b|\bchủ nhật\b|"
    r"\bzeige alle\b|\bview all\b|\bmehr von\b|\bmore (?:by|from)\b|\bfollow\b|\bstand:|\bsays?:|\bsagt:|https?://|www\.).*$",
    re.I | re.S,
)
REPORTER = re.compile(
    r"^[（(]?(?:本[報报])?[記记]者\s*(?P<first>[\u4e00-\u9fff]{2,4}?)(?:\s*[／/].*|\s*[報报][導道].*|\s+通[讯訊][员員].*)?[)）]?$|"
    r"^(?P<last>[\u4e00-\u9fff]{2,4})(?:本[報报])?[記记]者$|"
    r"^(?:\[[^\]=]{1,20}[=\s]\s*)?(?P<korean>[가-힣]{2,4})\s?(?:선임|전문|수습|인턴)?\s?(?:기자|특파원)\]?$"
)
"""What East Asian papers call a reporter, around the name."""
_DATELINE = re.compile(r"(?<=\w)\s*/\s*[^\W\d_]{3,}$")
"""The town behind a slash, in capitals, as Turkish papers print it behind a name."""
_PLACE = re.compile(r"(?<=\w)\s(?:in|à)\s[A-Z][\w'’-]+(?:\s[A-Z][\w'’-]+)?$")
_WITH_AGENCY = re.compile(r"\s*[（(](?:[a-z]{1,4}\s[A-ZČÓŠ]{2,6}|記者|记者|기자)[)）]$")
OTHERS_WORK = re.compile(
    r"(?:additional reporting|editing|edited|photos?|photographs|illustrations?) by\b", re.I
)
_NUMBER = re.compile(r"\s*\d")
_DAY = re.compile(r"\s*(?:(?:19|20)\d\d\b|\d\d?(?:st|nd|rd|th)?(?![\d./:-]|\s*[^\W\d_]{3}))")
"""The day or year behind the name of a month, not the one before it or in a date of numbers."""
_GLUED = re.compile(
    r"(?<=[a-z])(?=(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.? \d)"
)
_YEAR_AT_END = re.compile(r"\b(?:19|20)\d\d\W*$")
_BEFORE_A_DAY = re.compile(
    r"on|at|le|am|den|vom|el|il|the|de|del|em|op|ngày|thứ|публикация|от|"
    r"(?:sun|mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|satur|sat)(?:day)?|"
    r"(?:sonn|mon|diens|donners|frei|sams)tag|mittwoch|"
    r"lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|"
    r"lunes|martes|miércoles|jueves|viernes|sábado|domingo|"
    r"published|posted|updated|publié|veröffentlicht|publicado|pubblicato|erstellt|gepubliceerd"
)
_URL_OR_MAIL = re.compile(
    r"\(?\s{0,3}(?:https?://|www\.|mailto:)\S+|(?<![^\s@(])[^\s@(]+@[^\s@]+\.\w+|(?<!\S)@\w+",
    re.I,
)
_EMPTY_BRACKETS = re.compile(r"[(\[<]\s*[)\]>]?")
_JOINED = re.compile(
    r"\s*(?:[;、，/]|\s&\s|\s\+\s|\s(?:and|und|et|og|och|en|i|и|và|dan|&amp;)\s)\s*", re.I
)
_JOINED_LATIN = re.compile(r"\s(?:y|e)\s")
_SUFFIX = re.compile(
    r"(?:[A-Z]{1,2}\.?[A-Z]{1,3}\.?|PhD|Ph\.D\.?|Jr\.?|Sr\.?|I{1,3}|Esq\.?|Inc\.?|LLC|GmbH|Ltd\.?)$"
)
_NOBODIES = (
    "admin administrator unknown null none guest anonymous editor webmaster author autor name "
    "undefined default root user by von redactor staff last"
)
_NOBODY = frozenset(
    (*_NOBODIES.split(), "super user", "site admin", "site administrator", "web admin")
)
_IS_A = re.compile(
    r"^[a-zа-яіїєґ]|\b(?i:correspondent|reporter|editor|writer|journalist|staff|producer|analyst|"
    r"redaktion|redazione|redacción|redação|rédaction|redakcja|redactie)\b",
)
_WHEN = re.compile(
    r"(?:veröffentlicht|published|posted|updated|erstellt|geschrieben|written|publié|publicado|"
    r"pubblicato|gepubliceerd|opublikowano|опубликовано|опубліковано|yayınlanma|diterbitkan|"
    r"נכתב|פורסם|প্রকাশ|प्रकाशित|نُشر|نشر|شائع|منتشر شده|เผยแพร่|입력|公開|发布|發布|"
    r"reading time|lesezeit)\b(?:\s+(?:am|on|by|von|in|le|el|il))?\W*$|\W*$",
    re.I,
)
_EAST_ASIAN = letters(frozenset({"han", "hiragana", "katakana"})) + "・"
_NAME = re.compile(
    r"(?:[^\W\d_][\w.'’-]*\s+){1,4}(?:[^\W\d_][\w.'’-]*)$|" rf"[{_EAST_ASIAN}]{{2,6}}$"
)
_NAME_FIRST = re.compile(r"(?:[^\W\d_a-z][^\W\d_]+[\s,]+){2}")
_MOST_WORDS = 4
_PARTICLES = (
    "de da do dos das di del della der den van von zu zum ten ter du la le el al bin binti af av "
    "y e i"
)
_NO_NAMES = (
    "news press release releases media breaking update updates story stories article articles "
    "report reports opinion editorial analysis interview video videos photos gallery live blog "
    "world local national international regional politics political business economy finance "
    "money markets sport sports culture arts life lifestyle health science tech technology "
    "education travel food style opinions home city county state council office department "
    "ministry government university institute agency group team staff desk editors newsroom "
    "redaktion redazione redacción redação rédaction redakcja redactie cronaca "
    "correspondent reporter editor writer columnist journalist "
    "magazine times post daily herald journal weekly online newsletter read more less share print "
    "comment comments subscribe follow save listen download sign log menu search back next "
    "previous all latest top featured exclusive sponsored advertisement published posted updated "
    "today yesterday north south east west new old san santa saint los las united hong "
    "noticias actualidad comunicado prensa nota actualités communiqué presse meldung "
    "pressemitteilung nachrichten aktuelles pressmeddelande nyheter nyhet tiedote uutiset "
    "aktuality zprávy aktualności komunikat notizie comunicato stampa nieuws persbericht tin tức "
    "berita siaran pers"
)


def people(text: str) -> list[str]:
    """Return the names in a byline: "By A and B, Berlin" gives those that look like names."""
    plain = title_text(text, markup=True)
    plain = (
        _EMPTY_BRACKETS.sub(" ", _URL_OR_MAIL.sub(" ", plain))
        if "@" in plain or ("http" in plain or "www." in plain)
        else plain
    )
    while (shorter := BY.sub("", plain.strip())) != plain.strip() and shorter:
        plain = shorter
    plain = " ".join(plain.split()).strip(" ,;:|·•-–—")
    if reporter := REPORTER.match(plain):
        return [next(name for name in reporter.groups() if name)]
    if len(plain.split()) > 3:
        plain = _PLACE.sub("", plain)
    if (town := _DATELINE.search(plain)) and town[0].isupper() and not plain.isupper():
        plain = plain[: town.start()]
    plain = _WITH_AGENCY.sub("", plain)
    if "(" in plain:
        return [plain] if _is_somebody(plain) else []
    names = [name for name in _parted(plain) if _is_somebody(name) and not OTHERS_WORK.match(name)]
    if len(names) < 2 or not is_plainly_name(names[0]):
        return names
    # Behind a name a comma parts what somebody is, and for whom.
    are_many = is_plainly_name(names[1])
    others = (name for name in names[1:] if are_many or " " in name)
    return [names[0], *(name for name in others if not _IS_A.search(name))]


_LED_BY = dict(af="deur", cy="gan", fil="ni", ro="de", sq="nga", sw="na", tl="ni")
_LED_BY["is"] = "eftir"
"""Language -> its "by", where elsewhere it is another word or a name."""


def without_by(name: str, language: str) -> str:
    """Return a name of a byline without the "by" of a language that is no such word in others."""
    by, _, rest = name.partition(" ")
    return rest if by.lower() == _LED_BY.get(primary(language)) and " " in rest else name


def is_byline(text: str) -> bool:
    """Tell a line that begins as bylines do: "By Ann Bee, our correspondent on the island"."""
    match = BY.match(text)
    return match is not None and bool(_NAME_FIRST.match(text[match.end() :]))


def _parted(text: str) -> list[str]:
    pieces = [piece for part in _JOINED.split(text) for piece in _at_latin_and(part)]
    parts: list[str] = []
    for piece in pieces:
        for name in piece.split(","):
            bare = name.strip()
            if parts and _SUFFIX.match(bare) and " " in parts[-1]:
                parts[-1] += f", {bare}"
            elif bare:
                parts.append(bare)
    return parts


def _at_latin_and(text: str) -> list[str]:
    sides = _JOINED_LATIN.split(text)
    return sides if all(len(side.split()) >= 2 for side in sides) else [text]


def _is_somebody(name: str) -> bool:
    if not folded(name) or len(name) > LONGEST:
        return False
    return name.lower() not in _NOBODY and not _WHEN.match(name)


def shortened(text: str) -> str:
    """Return a byline without what follows the names: "Ann Bee on Dec 12, 2019" without the day."""
    apart = _GLUED.sub(" ", text)
    by = BY.match(apart)
    cut = _CUT.search(apart, by.end() if by else 0)
    if cut is None:
        return apart
    words = apart[: cut.start()].split()
    if all(_is_of_a_day(word, cut[0]) for word in words):
        return ""
    while len(words) > 2 and _is_of_a_day(words[-1], cut[0]):
        words.pop()
    return " ".join(words)


def undated(text: str) -> str:
    """Return what a meta element says of authors, short of a day at its end."""
    return shortened(text) if _YEAR_AT_END.search(text) else text


def _is_of_a_day(word: str, after: str) -> bool:
    """Tell what stands between a name and the number of a day: "on", "Thursday", "Dec."."""
    bare = word.strip(".,:|").lower()
    if _BEFORE_A_DAY.fullmatch(bare):
        return _NUMBER.match(after) is not None
    return _DAY.match(after) is not None and month_of(fold(bare)) is not None


def is_name(text: str) -> bool:
    """Whether a text may be the name of a person: some words, in capitals where there are any."""
    words = text.split()
    # Vowels of Indian scripts are no letters to `re`.
    bare = "".join(sign for sign in text if not unicodedata.category(sign).startswith("M"))
    return bool(_NAME.match(bare)) and (
        not text.isascii() or sum(word[:1].isupper() for word in words) >= 2
    )


def is_plainly_name(text: str) -> bool:
    """Whether a line is a person's name though nothing says so: Ann Bee, Anke de Wit, Minh Châu.

    Sections, places and buttons look so, too: words of theirs are in no name.
    """
    words = text.split()
    particles, others = _PARTICLES.split(), _NO_NAMES.split()
    return (
        2 <= len(words) <= _MOST_WORDS
        and is_name(text)
        and words[0][0].isupper()
        and words[-1][0].isupper()
        and not text.isupper()
        and all(word[0].isupper() or word.casefold() in particles for word in words)
        and not any(folded(word) in others for word in words)
    )


def without_address(text: str) -> str:
    """Return a line without the addresses of mail and the web that stand in it."""
    return _URL_OR_MAIL.sub("", text).strip()
