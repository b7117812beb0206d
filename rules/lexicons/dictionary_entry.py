"""What an entry of a dictionary says: its headwords and, sense by sense, their translations.

Dictionaries are written for people, so this reads what several of them have in common: one
line of headwords, then senses, numbered or not; pronunciation, grammar, domains and remarks in
brackets of all kinds; examples and references on lines of their own.
"""

import re
import unicodedata
from functools import cache
from itertools import takewhile
from typing import NamedTuple

from rules.data.tables import rows, stop_words
from rules.languages.scripts import script_of, scripts_of
from rules.text.folding import fold

MOST_WORDS = 4
"""A form of more words explains instead of naming."""

_LONGEST = 60
_MOST_SENSES = 40


class DictionaryEntry(NamedTuple):
    """One entry.

    Attributes:
        heads: Its headwords, as the dictionary writes them.
        senses: The translations of each sense, the first sense first.
        speech: "n" if it says that it is a noun, "v" if a verb, else "".
    """

    heads: tuple[str, ...]
    senses: tuple[tuple[str, ...], ...]
    speech: str = ""


def read_entry(text: str, source: str, target: str) -> DictionaryEntry:
    """Read an entry of a dictd dictionary; what cannot be understood is left out.

    Args:
        source, target: The codes of the languages of headwords and translations.
    """
    head, _, body = text.strip("\n").partition("\n")
    heads = head.split("|") if "|" in head else _parts(head)
    senses = (_forms(sense, target) for sense in _senses(body)[:_MOST_SENSES])
    marks = _SPEECH.search(head)
    speech = marks[1].lower() if marks else ""
    return DictionaryEntry(
        _clean_all(heads, source), tuple(sense for sense in senses if sense), speech
    )


_SPEECH = re.compile(r"<([nNvV])(?=[,>\s])")


def read_line(line: str, source: str, target: str) -> DictionaryEntry:
    """Read a line of EDICT: HEAD;HEAD [READING] /(n) (1) sense/synonym/(2) other/EntL123/."""
    head, _, rest = line.partition("/")
    senses: list[list[str]] = [[]]
    for part in rest.split("/"):
        if _NEXT_SENSE.search(part):
            senses.append([])
        if not part.startswith("EntL"):
            senses[-1].extend(_forms(part, target))
    common = [part for part in head.partition("[")[0].split(";") if not _RARE.search(part)]
    heads = _clean_all([head.partition("(")[0] for head in common], source)
    return DictionaryEntry(heads, tuple(tuple(sense) for sense in senses[:_MOST_SENSES] if sense))


_RARE = re.compile(r"\((?:iK|ik|oK|ok|rK|rk|sK|sk)\)")
_NEXT_SENSE = re.compile(r"^(?:\([^()]*\)\s*)*\((?!1\))\d+\)")


# --- the lines of an entry -----------------------------------------------------------------

_NUMBERED = re.compile(r"^ {0,2}\d{1,2}\.\s+(?:[a-z]\.\s+)?(\S.*)$")
_BESIDES = re.compile(r'\s*(?:$|"|(?:Note|Synonyms?|Antonyms?|See also|see):)')
_INDENTED = re.compile(r" {3}[^\s\"](?!ynonym|ee)")
_PINYIN = re.compile(r"^\[[^\]]+\]$")


def _senses(body: str) -> list[str]:
    """Return the lines, or joined lines, that hold the translations of one sense each."""
    lines = body.split("\n")
    if _PINYIN.match(lines[0]):  # CC-CEDICT: one sense a line
        return _unwrapped(lines[1:])
    numbered = [match[1] for line in lines if (match := _NUMBERED.match(line))]
    if numbered:
        return numbered
    if len(lines) > 1 and lines[0][:1] in ("", " ") and _INDENTED.match(lines[1]):
        wrapped = takewhile(str.strip, lines[1:])  # Ding: one sense
        return [" ".join(map(str.strip, wrapped))]
    return next(([line] for line in lines if not _is_beside(line)), [])


def _is_beside(line: str) -> bool:
    """Whether a line is an example, a reference, or all in brackets."""
    return bool(_BESIDES.match(_BRACKETED.sub("", line)))


def _unwrapped(lines: list[str]) -> list[str]:
    """Join a line that a bracket or a comma leaves open with the next one."""
    joined: list[str] = []
    for line in lines:
        is_open = joined and (
            joined[-1].endswith(",") or joined[-1].count("(") > joined[-1].count(")")
        )
        if is_open:
            joined[-1] = f"{joined[-1]} {line}"
        elif line.strip():
            joined.append(line)
    return joined


# --- clean forms ---------------------------------------------------------------------------

_BRACKETED = re.compile(
    r"//.*?//|(?<!\S)/[^/]*/|\([^()]*\)|\[[^\[\]]*\]|<[^<>]*>|\{[^{}]*\}|（[^（）]*）"
)
_IN_A_WORD = re.compile(r"\w[(\[]\w|\w[)\]]\w")
_OPENING = frozenset("([<{/（")
_WORD_WITH_BRACKETS = re.compile(r"[^\s,;]*\w[(\[]\w[^\s,;]*|[^\s,;]*\w[)\]]\w[^\s,;]*")
_DEEPEST = 3
_BETWEEN = re.compile("[,;、，；،؛]")
_NEXT_NUMBER = re.compile(r"\s\d{1,2}\.$")
_SENTENCE = re.compile(r"(?<=\w{3})\.\s")
_SIGNS = re.compile(r"[/~=+*<>\[\](){}|:…!?_\"“”„«»@#&]|\.\.|--")


def _forms(text: str, language: str) -> tuple[str, ...]:
    """Return the clean forms that a text lists between commas and semicolons."""
    return _clean_all(_parts(text), language)


def _parts(text: str) -> list[str]:
    """Return what stands between commas and semicolons, without anything in brackets."""
    text = _NEXT_NUMBER.sub("", text.strip())
    if not _OPENING.isdisjoint(text):
        text = _without_brackets(text)
    if ". " in text:
        text = _SENTENCE.split(text, maxsplit=1)[0]
    return _BETWEEN.split(text)


def _without_brackets(text: str) -> str:
    for _ in range(_DEEPEST):
        if _IN_A_WORD.search(text):  # iš(si)rikiavimas: two words in one
            text = _WORD_WITH_BRACKETS.sub("*", text)
        text, count = _BRACKETED.subn(" ", text)
        if not count:
            break
    return text


def _clean_all(texts: list[str] | tuple[str, ...], language: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(form for text in texts if (form := clean(text, language))))


def clean(text: str, language: str) -> str:
    """Return a form without articles, stress marks and stray signs; "" if it is no form.

    It is of at most `MOST_WORDS` words, in a script of its language, and not all stop words.
    """
    text = _without_stress(text).strip(" .·'’‘`´-–\t")
    if not text or len(text) > _LONGEST or _SIGNS.search(text):
        return ""
    kept = _without_articles(text.split(), language)
    if not 0 < len(kept) <= MOST_WORDS or not _placeholders().isdisjoint(kept):
        return ""
    text = " ".join(kept)
    if not _is_written_in(text, language):
        return ""
    known = stop_words()
    return "" if all(fold(word) in known for word in kept) else text


def _is_written_in(text: str, language: str) -> bool:
    """Whether the text has letters, all of scripts of the language."""
    own = scripts_of(language)
    if text.isascii():
        return "latin" in own and any(map(str.isalpha, text))
    scripts = {script_of(letter) for letter in text} - {""}
    return bool(scripts) and scripts <= own


def _without_stress(text: str) -> str:
    """Drop the accent that dictionaries set on stressed vowels of Cyrillic, and no other."""
    if "\u0301" not in text and "\u0300" not in text:
        return text
    kept = (
        letter
        for place, letter in enumerate(text)
        if letter not in "\u0301\u0300" or not "\u0400" <= text[place - 1 : place] <= "\u04ff"
    )
    return unicodedata.normalize("NFC", "".join(kept))


def _without_articles(own_words: list[str], language: str) -> list[str]:
    free, bound = _articles().get(language, (frozenset(), ()))
    while len(own_words) > 1 and own_words[0].casefold().rstrip("'’") in free:
        own_words = own_words[1:]
    for article in bound:
        own_words = [
            word[len(article) :]
            if word.startswith(article) and len(word) >= len(article) + 3
            else word
            for word in own_words
        ]
    return own_words


@cache
def _articles() -> dict[str, tuple[frozenset[str], tuple[str, ...]]]:
    """Return, by language, the articles that are words, and those written onto words."""
    return {
        language: (
            frozenset(part for part in cells.split() if not part.endswith("-")),
            tuple(part[:-1] for part in cells.split() if part.endswith("-")),
        )
        for language, cells in rows("articles.tsv")
    }


@cache
def _placeholders() -> frozenset[str]:
    return frozenset(word for _, cells in rows("placeholders.tsv") for word in cells.split())
