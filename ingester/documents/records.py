"""Named values that came with an article (front matter, JSON) made into an entry."""

import math
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache

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
    "title": "title headline subject rubrik titel überschrift schlagzeile overskrift otsikko "
    "titre título titulo títol titolo tytuł titulek nadpis názov cím naslov наслов titlu tittel "
    "titill fyrirsögn pealkiri virsraksts antraštė pavadinimas başlık başlıq заголовок загаловак "
    "заглавие tiêuđề judul tajuk kop koptitel 标题 標題 题目 タイトル 題名 見出し 件名 제목 "
    "العنوان عنوان تیتر כותרת τίτλος शीर्षक শিরোনাম หัวข้อ หัวข้อข่าว ชื่อเรื่อง სათაური վերնագիր",
    "published": "date published datepublished publicationdate releasedate datum publicerad "
    "publicerat publiceret publisert julkaistu päivämäärä päiväys veröffentlicht veröffentlichtam "
    "erschienen publié publiéle datedepublication fecha fechadepublicación publicado publicadoel "
    "publicadoem data datadepublicação publicat pubblicato pubblicatoil opublikowano "
    "datapublikacji dátum zverejnené publikováno vydáno objavljeno datumobjave објављено датум "
    "dată datapublicării megjelent közzétéve dagsetning birt kuupäev avaldatud datums publicēts "
    "paskelbta tarih yayıntarihi tarix дата датапубликации опубликовано датапублікації "
    "опубліковано публикувано ngày ngàyđăng đăng tanggal tarikh diterbitkan gepubliceerd "
    "gepubliceerdop 日期 发布时间 发布日期 發布時間 發布日期 時間 时间 日付 日時 公開日 公開日時 "
    "掲載日 날짜 일자 작성일 등록일 게시일 التاريخ تاريخ تاریخ تاريخالنشر نُشر תאריך פורסם "
    "ημερομηνία ημερομηνίαδημοσίευσης δημοσίευση दिनांक तारीख তারিখ วันที่ วันที่เผยแพร่ თარიღი",
    "authors": "author authors by byline writtenby reporter journalist författare skribent "
    "forfatter kirjoittaja autor autorin autorka autorica autori verfasser auteur auteure autore "
    "autrice autora autores autorzy auteurs autoare szerző avtor avtorica аутор höfundur autors "
    "autorius yazar müəllif автор авторы автори аўтар tácgiả ngườiviết penulis penyusun 作者 记者 "
    "記者 撰文 著者 執筆者 筆者 기자 저자 작성자 글쓴이 الكاتب الكاتبة بقلم نویسنده נכתבעלידי מאת "
    "συγγραφέας συντάκτης συντάκτρια लेखक লেখক ผู้เขียน โดย ავტორი",
    "url": "source url link weblink källa länk kilde lenke lähde linkki quelle fuente "
    "enlace font enllaç fonte ligação bron źródło zdroj odkaz izvor poveznica извор vir povezava "
    "sursa sursă forrás heimild allikas avots šaltinis nuoroda kaynak bağlantı mənbə источник "
    "ссылка джерело посилання крыніца източник връзка nguồn liênkết sumber tautan 来源 來源 链接 "
    "連結 出典 出所 リンク 출처 링크 المصدر الرابط منبع مأخذ لینک מקור קישור πηγή σύνδεσμος स्रोत "
    "উৎস ที่มา แหล่งที่มา წყარო աղբյուր",
    "language": "language lang språk sprog kieli sprache langue idioma lingua taal język jazyk "
    "jezik језик limbă limba nyelv tungumál keel valoda kalba dil язык мова език ngônngữ bahasa "
    "语言 語言 言語 언어 اللغة زبان שפה γλώσσα भाषा ভাষা ภาษา",
    "categories": "tags keywords category categories",
    "summary": "summary abstract lead standfirst sammanfattning ingress zusammenfassung "
    "kurzfassung résumé chapô resumen resumo riassunto sommario samenvatting streszczenie "
    "resumé tiivistelmä özet резюме кратко аннотация короткозміст tómtắt ringkasan 摘要 要約 概要 "
    "요약 ملخص خلاصه תקציר περίληψη सारांश সারাংশ สรุป",
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
    return _meanings().get(_folded(label), "")


@cache
def _meanings() -> Mapping[str, str]:
    pairs = ((_folded(label), name) for name, labels in LABELS.items() for label in labels.split())
    return dict(reversed(list(pairs)))  # of what means two things the first counts


def _folded(label: str) -> str:
    return _SIGNS.sub("", unicodedata.normalize("NFC", label)).lower()


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
    """Yield names from "A", "A, B", ["A", "B"], {"name": "A"} or a list of such.

    Without `split` a comma parts whole names only: "Bee, Ann" is one.
    """
    if isinstance(value, Mapping):
        value = value.get("name")
    if isinstance(value, list | tuple):
        for item in value:
            yield from _names(item, split=False)
    elif isinstance(value, str):
        parts = _COMMA.split(value)
        is_list = split or (len(parts) > 1 and all(" " in part for part in parts))
        yield from (one_line(part) for part in (parts if is_list else [value]) if part)
