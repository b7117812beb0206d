"""In which zone a site writes its times: that of the country that the end of its host names."""

from datetime import tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

VIETNAM = "Asia/Ho_Chi_Minh"

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
        "Europe/Belgrade": "rs",
        "Europe/Skopje": "mk",
        "Europe/Tirane": "al",
        "Europe/Bucharest": "ro",
        "Europe/Chisinau": "md",
        "Europe/Sofia": "bg",
        "Europe/Athens": "gr",
        "Asia/Nicosia": "cy",
        "Europe/Kyiv": "ua",
        "Europe/Minsk": "by",
        "Europe/Moscow": "ru su",
        "Europe/Istanbul": "tr",
        "Asia/Tbilisi": "ge",
        "Asia/Yerevan": "am",
        "Asia/Baku": "az",
        "Asia/Jerusalem": "il",
        "Asia/Hebron": "ps",
        "Asia/Beirut": "lb",
        "Asia/Amman": "jo",
        "Asia/Damascus": "sy",
        "Asia/Baghdad": "iq",
        "Asia/Riyadh": "sa ye",
        "Asia/Kuwait": "kw",
        "Asia/Bahrain": "bh",
        "Asia/Qatar": "qa",
        "Asia/Dubai": "ae",
        "Asia/Muscat": "om",
        "Asia/Tehran": "ir",
        "Asia/Kabul": "af",
        "Asia/Karachi": "pk",
        "Asia/Kolkata": "in",
        "Asia/Colombo": "lk",
        "Asia/Kathmandu": "np",
        "Asia/Dhaka": "bd",
        "Asia/Tashkent": "uz",
        "Asia/Almaty": "kz",
        "Asia/Bishkek": "kg",
        "Asia/Dushanbe": "tj",
        "Asia/Yangon": "mm",
        "Asia/Bangkok": "th",
        "Asia/Vientiane": "la",
        "Asia/Phnom_Penh": "kh",
        VIETNAM: "vn vnexpress.net",
        "Asia/Jakarta": "id",
        "Asia/Shanghai": "cn xinhuanet.com",
        "Asia/Hong_Kong": "hk",
        "Asia/Macau": "mo",
        "Asia/Taipei": "tw",
        "Asia/Singapore": "sg",
        "Asia/Kuala_Lumpur": "my",
        "Asia/Manila": "ph",
        "Asia/Tokyo": "jp",
        "Asia/Seoul": "kr",
        "Asia/Ulaanbaatar": "mn",
        "Pacific/Auckland": "nz",
        "Africa/Cairo": "eg",
        "Africa/Tripoli": "ly",
        "Africa/Tunis": "tn",
        "Africa/Algiers": "dz",
        "Africa/Casablanca": "ma",
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
several such zones (Australia, Canada, the United States), and ends that are sold to everybody
(`.co`, `.io`, `.me`, `.tv`): their times are read as UTC."""


@lru_cache(maxsize=1_024)
def zone_of_host(host: str) -> tzinfo | None:
    """Return the zone of the country that a host's end names, or None. Never raises."""
    labels = host.split(".")
    for start in range(max(0, len(labels) - 2), len(labels)):
        if zone := _ENDS.get(".".join(labels[start:])):
            try:
                return ZoneInfo(zone)
            except (OSError, ValueError, KeyError):  # this machine does not know it
                return None
    return None
