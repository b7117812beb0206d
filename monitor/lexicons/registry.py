"""The lexicons that rules are compiled with, read from installed packages when first asked."""

import gettext
import json
import pickle
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import version
from importlib.resources import files

from monitor.lexicons import dictionaries
from monitor.lexicons.dictd import Dictionary
from monitor.lexicons.folders import Folders, current, tell
from monitor.lexicons.packed import book
from rules.data.tables import languages, primary
from rules.expand.expand import MAKING
from rules.lexicons.api import Form, Lexicon
from rules.lexicons.names import Name, NameLexicon
from rules.lexicons.news import NewsLexicon
from rules.lexicons.transliteration import TransliterationLexicon

_SHORT = frozenset({"UN", "EU"})
"""Codes that people write as names."""


def lexicons() -> tuple[Lexicon, ...]:
    """Return the lexicons, the same every time; nothing is read before a term is looked up."""
    return _lexicons(current())


def lexicons_at_once() -> tuple[tuple[Lexicon, ...], str]:
    """Return the lexicons that answer without a wait, and their fingerprint.

    Dictionaries that must first be read as a whole are left out, and the fingerprint says so.
    """
    every = lexicons()
    ready = tuple(
        each for each in every if not isinstance(each, dictionaries.Dictionaries) or each.is_ready
    )
    waiting = ", without dictionaries" if ready != every else ""
    return ready, fingerprint() + waiting


def fingerprint() -> str:
    """Return a text that changes when the lists, or how variants are made of them, change."""
    packages = (f"{name} {version(name)}" for name in ("babel", "pycountry"))
    installed = dictionaries.fingerprint(_found(current()))
    lists = (
        f"news {book().edition}",
        *packages,
        *([f"dictionaries {installed}"] if installed else []),
    )
    return ", ".join((MAKING, *lists))


@cache
def _lexicons(folders: Folders) -> tuple[Lexicon, ...]:
    found = _found(folders)
    installed = [dictionaries.Dictionaries(found, folders.cache, tell=tell)] if found else []
    return (NewsLexicon(book), PlaceNames(), TransliterationLexicon(), *installed)


@cache
def _found(folders: Folders) -> tuple[Dictionary, ...]:
    return dictionaries.find(folders.dictionaries)


class PlaceNames:
    """Implements `Lexicon`: countries and cities from CLDR, regions from ISO 3166-2."""

    def forms(self, term: str) -> Iterable[Form]:
        """Return what a country, region or city is called in other languages."""
        return () if not term or term[0].islower() else _place_names().forms(term)


@cache
def _place_names() -> NameLexicon:
    return NameLexicon((*_territories(), *_regions()), "place names")


def _territories() -> Iterator[Name]:
    """Yield countries, unions of countries, and a city for each time zone, from CLDR by babel."""
    from babel import localedata

    for locale in localedata.locale_identifiers():
        language, *rest = locale.split("_")
        if language not in languages() or rest not in ([], ["Hant"], ["Latn"]):
            continue
        path = localedata.resolve_locale_filename(locale)
        with open(path, "rb") as stream:
            # babel would keep every locale in memory; its files are pickles of its own making.
            known = pickle.load(stream)  # noqa: S301
        for code, text in known.get("territories", {}).items():
            if code.isalpha():
                yield Name(code, language, text)
                if code in _SHORT:
                    yield from (Name(code, each, code) for each in ("", language))
        for zone, fields in known.get("time_zones", {}).items():
            if "city" in fields:
                yield Name(zone, language, fields["city"])
                for language_of_id in ("", "en"):  # where the id is the name in English
                    yield Name(zone, language_of_id, zone.split("/")[-1].replace("_", " "))


def _regions() -> Iterator[Name]:
    """Yield the regions of countries, many of them named for their city."""
    root = files("pycountry")
    listed = json.loads(root.joinpath("databases", "iso3166-2.json").read_text(encoding="utf-8"))
    places: dict[str, list[str]] = {}
    for region in listed["3166-2"]:
        places.setdefault(region["name"], []).append(region["code"])
    for name, codes in places.items():
        yield from (Name(code, "", name) for code in codes)
    for folder in root.joinpath("locales").iterdir():
        catalogue = folder.joinpath("LC_MESSAGES", "iso3166-2.mo")
        language = primary(folder.name.partition("@")[0])
        if not catalogue.is_file():
            continue
        with catalogue.open("rb") as stream:
            known = gettext.GNUTranslations(stream)
        yield from _translated(known, language, places)


def _translated(
    known: gettext.NullTranslations, language: str, places: dict[str, list[str]]
) -> Iterator[Name]:
    for original, codes in places.items():
        text = known.gettext(original)
        yield from (Name(code, language, text) for code in codes if text != original)
