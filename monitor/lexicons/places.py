"""What places are called, as installed packages say: CLDR by babel, ISO 3166-2 by pycountry."""

import gettext
import json
import pickle
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator
from importlib.metadata import version
from importlib.resources import files
from itertools import chain
from pathlib import Path

from monitor.lexicons.packed_file import packed_apart, packed_file
from rules.data.tables import languages, primary
from rules.lexicons.api import Form, NoHeadwords
from rules.lexicons.names import NameLexicon
from rules.lexicons.names_packed import Name, PackedNames, pack_names

NAME = "places.names"

_SHORT = frozenset({"UN", "EU"})
"""Codes that people write as names."""


class PlaceNames(NoHeadwords):
    """Implements `Lexicon`: countries and cities from CLDR, regions from ISO 3166-2."""

    def __init__(self, packed: Callable[[], PackedNames]) -> None:
        """Take how the names are had; asked when the first term is looked up."""
        self._names = NameLexicon(packed, "place names")

    def forms(self, term: str, written_in: Collection[str] = ()) -> Iterable[Form]:
        """Return what a country, region or city is called in other languages."""
        return self._names.forms(term)


def packed_places(cache: Path | None = None, *, apart: bool = False) -> PackedNames:
    """Return the names of places, as `monitor.lexicons.packed.packed_news` does the news."""
    versions = " ".join(version(name) for name in ("babel", "pycountry"))
    signature = format(zlib.crc32(versions.encode()), "08x")

    def make() -> bytes:
        return pack_names(chain(_territories(), _regions()), signature=signature)

    path = Path(__file__).with_name("__pycache__") / NAME
    return packed_file(
        path,
        cache,
        signature,
        read=PackedNames,
        make=make,
        apart=lambda: apart and packed_apart(cache),
    )


def _territories() -> Iterator[Name]:
    """Yield countries, unions of countries, and a city for each time zone, from CLDR by babel."""
    from babel import localedata

    for locale in localedata.locale_identifiers():
        language, *rest = locale.split("_")
        if language not in languages() or rest not in ([], ["Hant"], ["Latn"]):
            continue
        # Not merged with what it inherits: only what the language itself says counts. Babel's own
        # `load` would keep this in its cache, for all that later ask for the whole locale.
        file = Path(localedata.resolve_locale_filename(locale))
        known = pickle.loads(file.read_bytes())  # noqa: S301  as Babel does with its own files
        for code, text in known.get("territories", {}).items():
            if code.isalpha():
                yield Name(code, language, text)
                if code in _SHORT:
                    yield from (Name(code, of_language, code) for of_language in ("", language))
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
