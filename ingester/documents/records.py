"""Named values that came with an article (front matter, JSON) made into an entry."""

import math
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from ingester.entry import Entry
from ingester.text.dates import parse_date
from ingester.text.text import one_line, plain_text, unescaped_line
from ingester.urls.urls import canonical_url

NAMES = {
    "id": "id guid articleid uuid docid",
    "title": "title headline heading ogtitle",
    "text": "text body maintext fulltext articlebody articletext contenttext plaintext content "
    "contenthtml html article",
    "summary": "summary description abstract excerpt lead dek standfirst",
    "url": "url link canonicalurl canonical sourceurl originalurl permalink href uri source "
    "articleurl ogurl externalurl",
    "language": "language lang inlanguage locale langcode languagecode",
    "published": "publishedat published datepublished pubdate publishdate publisheddate "
    "publicationdate publishedon publishedtime publicationtime date datetime timestamp time "
    "createdat created",
    "updated": "updatedat updated modified datemodified lastmodified modifiedat lastmod",
    "authors": "authors author byline creator writer",
    "categories": "categories category tags tag keywords section topics topic",
}
"""What is looked for, and under which names (case, "_", "-", ":" and blanks apart), best first."""

LABELS = {
    "title": "title headline subject rubrik titel überschrift overskrift otsikko titre "
    "título titulo titolo tytuł titulek názov cím başlık заголовок tiêuđề judul "
    "标题 標題 タイトル 題名 제목 العنوان عنوان τίτλος",
    "published": "date published datepublished publicationdate datum publicerad publiceret "
    "publisert julkaistu päivämäärä veröffentlicht publié datedepublication "
    "fecha publicado data pubblicato opublikowano dátum tarih дата опубликовано "
    "опубліковано ngày ngàyđăng tanggal 日期 发布时间 日付 公開日 날짜 التاريخ تاريخ "
    "ημερομηνία",
    "authors": "author authors by byline författare forfatter kirjoittaja autor autorin "
    "verfasser auteur autore autorzy auteurs autores szerző yazar автор tácgiả "
    "penulis 作者 著者 기자 저자 الكاتب نویسنده συγγραφέας",
    "url": "source url link källa kilde lähde quelle fuente fonte bron źródło zdroj "
    "forrás kaynak источник джерело nguồn sumber 来源 來源 出典 출처 المصدر منبع πηγή",
    "language": "language lang språk sprog kieli sprache langue idioma lingua taal język "
    "язык мова ngônngữ bahasa 语言 言語 언어 اللغة γλώσσα",
    "categories": "tags keywords category categories",
}
"""What the lines before a plain text call these values, as `NAMES`, in languages of the house."""

_SIGNS = re.compile(r"[\W_]+")
_COMMA = re.compile(r"\s*[,;]\s*")


def entry_from(record: Mapping[str, object]) -> Entry:
    """Return what a record says; what it does not say, or says unintelligibly, stays empty."""
    named: dict[str, object] = {}
    for name, value in record.items():
        named.setdefault(_SIGNS.sub("", name).lower(), value)
    return Entry(
        id=_word(_first(named, "id")),
        title=unescaped_line(_word(_first(named, "title"))),
        text=plain_text(_text(_first(named, "text"))),
        summary=plain_text(_text(_first(named, "summary"))),
        url=_url(named),
        language=_word(_first(named, "language")),
        authors=tuple(_names(_first(named, "authors"), split=False)),
        categories=tuple(_names(_first(named, "categories"), split=True)),
        published_at=_instant(_first(named, "published")),
        updated_at=_instant(_first(named, "updated")),
    )


def unread_date(record: Mapping[str, object]) -> str:
    """Return the date of publication that a record names and that is none, or ""."""
    named = {_SIGNS.sub("", name).lower(): value for name, value in record.items()}
    said = _word(_first(named, "published"))
    return said if said and parse_date(said) is None else ""


def meaning_of_label(label: str) -> str:
    """Return which value of `NAMES` a label before a text names in some language, or ""."""
    folded = _SIGNS.sub("", unicodedata.normalize("NFC", label)).lower()
    return next((name for name, labels in LABELS.items() if folded in labels.split()), "")


def is_known_name(name: str) -> bool:
    """Whether a record's value of this name is one that is looked for."""
    folded = _SIGNS.sub("", name).lower()
    return any(folded in names.split() for names in NAMES.values())


def filled_up(entry: Entry, other: Entry) -> Entry:
    """Return the entry with what it does not say taken from the other one."""
    return replace(
        entry,
        **{
            name: getattr(entry, name) or getattr(other, name)
            for name in Entry.__dataclass_fields__
        },
    )


def _first(named: Mapping[str, object], meaning: str) -> object:
    return next(
        (named[name] for name in NAMES[meaning].split() if named.get(name) not in (None, "", [])),
        None,
    )


def _url(named: Mapping[str, object]) -> str:
    for name in NAMES["url"].split():
        value = named.get(name)
        if isinstance(value, Mapping):
            value = value.get("url")
        if isinstance(value, str) and (url := canonical_url(value.strip())):
            return url
    return ""


def _word(value: object) -> str:
    if isinstance(value, str):
        return one_line(value)
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return str(int(value) if value == int(value) else value)[:100]
    return ""


def _text(value: object) -> str:
    if isinstance(value, list | tuple):
        return "\n\n".join(part for item in value if (part := _text(item)))
    return value if isinstance(value, str) else ""


def _instant(value: object) -> datetime | None:
    return parse_date(_word(value))


def _names(value: object, *, split: bool) -> Iterator[str]:
    """Yield names from "A", "A, B", ["A", "B"], {"name": "A"} or a list of such."""
    if isinstance(value, Mapping):
        value = value.get("name")
    if isinstance(value, list | tuple):
        for item in value:
            yield from _names(item, split=False)
    elif isinstance(value, str):
        yield from (one_line(part) for part in (_COMMA.split(value) if split else [value]) if part)
