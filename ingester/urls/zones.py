"""In which zone a site writes its times: by the country that its host or its language names."""

import re
from datetime import tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

VIETNAM = "Asia/Ho_Chi_Minh"
_ENCODED = "xn--"

_ENDS = {
    end: zone
    for zone, ends in {
        "Europe/London": "uk",
        "Europe/Dublin": "ie",
        "Europe/Lisbon": "pt",
        "Atlantic/Reykjavik": "is",
        "Europe/Berlin": "de",
        "Europe/Vienna": "at",
        "Europe/Zurich": "ch li",
        "Europe/Paris": "fr",
        "Europe/Brussels": "be",
        "Europe/Luxembourg": "lu",
        "Europe/Amsterdam": "nl",
        "Europe/Madrid": "es cat eus gal",
        "Europe/Rome": "it sm va",
        "Europe/Malta": "mt",
        "Europe/Copenhagen": "dk",
        "Europe/Oslo": "no",
        "Europe/Stockholm": "se",
        "Europe/Helsinki": "fi",
        "Europe/Tallinn": "ee",
        "Europe/Riga": "lv",
        "Europe/Vilnius": "lt",
        "Europe/Warsaw": "pl",
        "Europe/Prague": "cz",
        "Europe/Bratislava": "sk",
        "Europe/Budapest": "hu",
        "Europe/Ljubljana": "si",
        "Europe/Zagreb": "hr",
        "Europe/Sarajevo": "ba",
        "Europe/Belgrade": "rs срб",
        "Europe/Skopje": "mk мкд",
        "Europe/Tirane": "al",
        "Europe/Bucharest": "ro",
        "Europe/Chisinau": "md",
        "Europe/Sofia": "bg бг",
        "Europe/Athens": "gr ελ",
        "Asia/Nicosia": "cy",
        "Europe/Kyiv": "ua укр",
        "Europe/Minsk": "by бел",
        "Europe/Moscow": "ru su рф",
        "Europe/Istanbul": "tr",
        "Asia/Tbilisi": "ge გე",
        "Asia/Yerevan": "am հայ",
        "Asia/Baku": "az",
        "Asia/Jerusalem": "il",
        "Asia/Hebron": "ps",
        "Asia/Beirut": "lb",
        "Asia/Amman": "jo الاردن",
        "Asia/Damascus": "sy سورية",
        "Asia/Baghdad": "iq",
        "Asia/Riyadh": "sa ye السعودية",
        "Asia/Kuwait": "kw",
        "Asia/Bahrain": "bh",
        "Asia/Qatar": "qa قطر",
        "Asia/Dubai": "ae امارات",
        "Asia/Muscat": "om",
        "Asia/Tehran": "ir",
        "Asia/Kabul": "af",
        "Asia/Karachi": "pk",
        "Asia/Kolkata": "in भारत",
        "Asia/Colombo": "lk",
        "Asia/Kathmandu": "np",
        "Asia/Dhaka": "bd বাংলা",
        "Asia/Tashkent": "uz",
        "Asia/Almaty": "kz қаз",
        "Asia/Bishkek": "kg",
        "Asia/Dushanbe": "tj",
        "Asia/Yangon": "mm",
        "Asia/Bangkok": "th ไทย",
        "Asia/Vientiane": "gov.la com.la org.la edu.la",
        "Asia/Phnom_Penh": "kh",
        VIETNAM: "vn vnexpress.net",
        "Asia/Jakarta": "id",
        "Asia/Shanghai": "cn 中国 中國 xinhuanet.com",
        "Asia/Hong_Kong": "hk 香港",
        "Asia/Macau": "mo",
        "Asia/Taipei": "tw 台灣 台湾",
        "Asia/Singapore": "sg 新加坡",
        "Asia/Kuala_Lumpur": "my",
        "Asia/Manila": "ph",
        "Asia/Tokyo": "jp",
        "Asia/Seoul": "kr 한국",
        "Asia/Ulaanbaatar": "mn мон",
        "Pacific/Auckland": "nz",
        "Africa/Cairo": "eg مصر",
        "Africa/Tripoli": "ly",
        "Africa/Tunis": "tn تونس",
        "Africa/Algiers": "dz",
        "Africa/Casablanca": "ma المغرب",
        "Africa/Dakar": "sn",
        "Africa/Abidjan": "ci",
        "Africa/Accra": "gh",
        "Africa/Lagos": "ng",
        "Africa/Addis_Ababa": "et",
        "Africa/Nairobi": "ke",
        "Africa/Kampala": "ug",
        "Africa/Dar_es_Salaam": "tz",
        "Africa/Kigali": "rw",
        "Africa/Harare": "zw",
        "Africa/Lusaka": "zm",
        "Africa/Johannesburg": "za",
        "America/Argentina/Buenos_Aires": "ar",
        "America/Sao_Paulo": "br",
        "America/Santiago": "cl",
        "America/Lima": "pe",
        "America/Guayaquil": "ec",
        "America/La_Paz": "bo",
        "America/Asuncion": "py",
        "America/Montevideo": "uy",
        "America/Caracas": "ve",
        "America/Bogota": "com.co gov.co edu.co org.co",
        "America/Panama": "pa",
        "America/Costa_Rica": "cr",
        "America/Guatemala": "gt",
        "America/El_Salvador": "sv",
        "America/Tegucigalpa": "hn",
        "America/Managua": "ni",
        "America/Mexico_City": "mx",
        "America/Santo_Domingo": "do",
        "America/Havana": "cu",
    }.items()
    for end in ends.split()
}
"""End of a host -> the zone of its country, as national media write. Left out are countries of
several such zones, and ends that are sold to everybody (`.co`, `.io`, `.la`, `.me`, `.tv`)."""

OF_SEVERAL_ZONES = ("au", "ca", "us")
"""Ends of countries of several zones: times there are read as UTC, in whatever language."""

_LANGUAGES = {
    language: end
    for end, languages in {
        "al": "sq",
        "am": "hy",
        "az": "az",
        "ba": "bs",
        "bd": "bn",
        "bg": "bg",
        "by": "be",
        "cn": "zh",
        "cz": "cs",
        "de": "de",
        "dk": "da",
        "ee": "et",
        "es": "ca eu gl",
        "et": "am",
        "fi": "fi",
        "ge": "ka",
        "gr": "el",
        "hr": "hr",
        "hu": "hu",
        "id": "id",
        "il": "he iw",
        "in": "hi ta te ml kn mr gu as or",
        "ir": "fa",
        "is": "is",
        "it": "it",
        "jp": "ja",
        "ke": "sw",
        "kg": "ky",
        "kh": "km",
        "kr": "ko",
        "kz": "kk",
        "lk": "si",
        "lt": "lt",
        "lv": "lv",
        "mk": "mk",
        "mm": "my",
        "mn": "mn",
        "mt": "mt",
        "my": "ms",
        "nl": "nl",
        "no": "no nb nn",
        "np": "ne",
        "ph": "fil tl",
        "pk": "ur",
        "pl": "pl",
        "ro": "ro",
        "rs": "sr",
        "ru": "ru",
        "se": "sv",
        "si": "sl",
        "sk": "sk",
        "th": "th",
        "tj": "tg",
        "tr": "tr",
        "ua": "uk",
        "uz": "uz",
        "vn": "vi",
        "gov.la": "lo",
    }.items()
    for language in languages.split()
}
"""A language -> the end of hosts of the country where most of its media are. Left out are those of
many countries far apart: Arabic, English, French, Portuguese, Spanish."""

_LETTERS = (
    ("ko", "[\uac00-\ud7a3]"),
    ("ja", "[\u3041-\u30fa]"),
    ("zh", "[\u4e00-\u9fff]"),
    ("th", "[\u0e01-\u0e2e]"),
    ("lo", "[\u0e81-\u0eae]"),
    ("my", "[\u1000-\u102a]"),
    ("km", "[\u1780-\u17b3]"),
    ("hi", "[\u0904-\u0939]"),
    ("bn", "[\u0985-\u09b9]"),
    ("ta", "[\u0a05-\u0d39]"),
    ("si", "[\u0d85-\u0dc6]"),
    ("he", "[\u05d0-\u05ea]"),
    ("am", "[\u1200-\u1357]"),
    ("ka", "[\u10d0-\u10f0]"),
    ("hy", "[\u0561-\u0586]"),
    ("el", "[\u03ac-\u03ce]"),
    ("vi", r"[\u1ea0-\u1ef9ơư].*\s.*[\u1ea0-\u1ef9ơư]"),
    ("be", "ў"),
    ("uk", "[їєґ]"),
    ("ru", "^(?!.*[әғқңөүұһіјўҳ]).*[ыэё]"),
    ("pl", r"[łńśźż].*\s.*[łńśźż]"),
    ("cs", r"[řěů].*\s.*[řěů]"),
    ("hu", r"[őű].*\s.*[őű]"),
    ("tr", r"^(?!.*ə).*[ğı].*\s.*[ğış]"),
    ("ro", r"[șț].*\s.*[șț]"),
)
"""What of a text tells its language as far as its zone goes, in this order: Japanese has signs of
Han, too, and the scripts of Southern India are of one zone. A Latin letter may be of a name."""

_REGIONS = {"gb": "uk", "co": "com.co", "la": "gov.la"}
_ANYWHERE = ("es-es",)
"""What systems of publishing write wherever the language is spoken."""


@lru_cache(maxsize=1_024)
def zone_of_language(tag: str) -> tzinfo | None:
    """Return the zone of the country that a declared language names ("pt-BR", "ko"), or None.

    Without a country it is that of most of the language's media. Never raises.
    """
    tag = tag.lower().replace("_", "-")
    language, *others = tag.split("-")
    region = next((part for part in others if len(part) == 2), "")
    ends = (_REGIONS.get(region, region), _LANGUAGES.get(language))
    known = (_zone(_ENDS[end]) for end in ends if end in _ENDS and tag not in _ANYWHERE)
    return next(known, None)


def language_of_letters(text: str) -> str:
    """Return the language of which a text has letters that tell it and its zone, or ""."""
    low = text.lower()
    return next((language for language, sign in _LETTERS if re.search(sign, low)), "")


@lru_cache(maxsize=1_024)
def zone_of_host(host: str) -> tzinfo | None:
    """Return the zone of the country that a host's end names, or None. Never raises."""
    *labels, end = host.split(".")
    labels.append(_as_written(end))
    for start in range(max(0, len(labels) - 2), len(labels)):
        if zone := _ENDS.get(".".join(labels[start:])):
            return _zone(zone)
    return None


def _zone(name: str) -> tzinfo | None:
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):  # this machine does not know it
        return None


def _as_written(label: str) -> str:
    """Return a label of a host in its own letters: "рф" of "xn--p1ai"."""
    if not label.startswith(_ENCODED):
        return label
    try:
        return label.removeprefix(_ENCODED).encode().decode("punycode")
    except UnicodeError:
        return label
