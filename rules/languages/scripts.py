"""How languages are written, and which codes mean them: what a word of one must look like."""

import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache

from rules.data.tables import languages, rows
from rules.languages.codes import code_of

_AS_WRITTEN = {"cjk": "han", "halfwidth": "katakana", "ideographic": "han"}
"""First words of Unicode's names of letters that are no script's name."""


@lru_cache(maxsize=5_000)
def normal(tag: str) -> str:
    """Return the code that articles in a language have: "no" for "nb-NO", "sv" for "Swedish".

    What is neither a code nor a name gives "".
    """
    name = tag.partition(" (")[0].strip().casefold()  # "Chinese (Simplified)"
    return code_of(_names().get(name, tag)) or ""


def scripts_of(language: str) -> frozenset[str]:
    """Return the scripts of a language by its code; nothing if they are not known."""
    return _scripts().get(language, frozenset())


@cache
def script_of(letter: str) -> str:
    """Return the script of a letter as `scripts_of` names it, "" for marks, digits and signs."""
    if unicodedata.category(letter) not in ("Lu", "Ll", "Lt", "Lo"):
        return ""
    name = unicodedata.name(letter, "").partition(" ")[0].lower()
    name = name.partition("-")[0]
    return _AS_WRITTEN.get(name, name)


def letters(text: str) -> Iterator[tuple[str, str]]:
    """Yield each letter of a text with its script."""
    for letter in unicodedata.normalize("NFKC", text):
        script = script_of(letter)
        if script:
            yield letter, script


def is_short(text: str) -> bool:
    """Whether a text has so few signs, for its script, that it means too many things.

    Vowels that are written onto their letters count as signs, too.
    """
    if sum(map(str.isalpha, text)) > max(_few().values()):
        return False
    few = max((_few().get(script, 0) for _, script in letters(text)), default=0)
    signs = (unicodedata.category(letter) for letter in unicodedata.normalize("NFC", text))
    return sum(sign[0] in "LM" for sign in signs) <= few


@lru_cache(maxsize=128)
def has_capitals(text: str) -> bool:
    """Whether a text is in a script in which a capital tells a name from a common word."""
    return any(script in _with_capitals() for _, script in letters(text))


def article_of(language: str) -> str:
    """Return the article that a language writes onto its words, "" for most."""
    return articles().get(language, "")


@cache
def news_languages() -> tuple[str, ...]:
    """Return the tags of the languages that translators are asked for, the most read first."""
    return tuple(tag for (line,) in rows("news_languages.tsv") for tag in line.split())


@cache
def _scripts() -> dict[str, frozenset[str]]:
    return {code: frozenset(scripts.split()) for code, scripts, _ in rows("writing.tsv")}


@cache
def articles() -> dict[str, str]:
    """Return the articles that languages write onto their words, by language."""
    return {code: article for code, _, article in rows("writing.tsv") if article != "-"}


@cache
def _names() -> dict[str, str]:
    return {language.name.casefold(): code for code, language in languages().items()}


@cache
def _few() -> dict[str, int]:
    return {script: int(count) for script, count, _ in rows("scripts.tsv")}


@cache
def _with_capitals() -> frozenset[str]:
    return frozenset(script for script, _, flag in rows("scripts.tsv") if flag == "capitals")


def has_other_letters(language: str) -> bool:
    """Whether a language is written in other letters than Latin ones; not if it is not known."""
    scripts = scripts_of(language)
    return bool(scripts) and "latin" not in scripts
