"""The data files of this package, read once: what is known about languages.

Nothing about a single language is written in code. To teach the matcher one, add rows.
"""

from collections import defaultdict
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from unicodedata import normalize

from common.language_names import NAMES
from common.records import dataclass


def rows(name: str) -> Iterator[list[str]]:
    """Yield the tab-separated cells of a data file's lines; `#` begins a comment line."""
    text = folder().joinpath(name).read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            yield line.split("\t")


@cache
def folder() -> Traversable:
    """Return where the data files are; to look it up takes longer than to read a small one."""
    return files("rules.data")


@cache
def lines_of(name: str) -> dict[str, list[str]]:
    """Return the lines of a data file of two cells by the first one, which is a language."""
    by_language: dict[str, list[str]] = {}
    for language, line in rows(name):
        by_language.setdefault(language, []).append(line)
    return by_language


def words_of(name: str, language: str) -> Iterator[str]:
    """Yield the words that the lines of such a file have for a language."""
    return (word for line in lines_of(name).get(language, ()) for word in line.split())


@dataclass(frozen=True, slots=True)
class Language:
    """What is known about a language.

    Attributes:
        code: BCP 47 primary subtag.
        name: In English, as people read it.
        compounds: Whether it writes several nouns as one word.
        plain_j: Whether the letter j sounds like i, not as in "jet".
        capital_nouns: Whether every noun begins with a capital, so that one says nothing.
        cases: Whether the endings of names say what they do in the sentence.
        added: Whether these are only added, and names lose nothing before them.
        tones: Whether marks tell words apart, so that two words with other marks never are one.
        small_acronyms: Whether its press writes acronyms that have become words small: hiv, aids.
        listed: Whether words that a list has are none but as it says: vowels are not written there,
            or signs say syllables, and its press borrows few words.
        latin: By whose ways, in phonetics.tsv and digraphs.tsv, its Latin letters are read.
    """

    code: str
    name: str
    compounds: bool
    plain_j: bool
    capital_nouns: bool
    cases: bool
    added: bool
    tones: bool
    small_acronyms: bool
    listed: bool
    latin: str


@cache
def languages() -> dict[str, Language]:
    """Return the known languages by code."""
    return {
        code: Language(
            code,
            NAMES[code],
            compounds="compounds" in flags,
            plain_j="j=i" in flags.split(),
            capital_nouns="Nouns" in flags,
            cases="cases" in flags,
            added="added" in flags,
            tones="tones" in flags,
            small_acronyms="acronyms" in flags,
            listed="listed" in flags,
            latin="".join(latin) or "LATIN",
        )
        for code, flags, *latin in rows("languages.tsv")
    }


@lru_cache(maxsize=1_000)
def primary(code: str) -> str:
    """Return the first subtag in lower case: "zh" for "zh-Hant"."""
    return code.replace("_", "-").split("-")[0].lower()


@cache
def has_plain_j(language: str) -> bool:
    """Whether the letter j sounds like i in this language; False when it is not known."""
    known = languages().get(primary(language))
    return known is not None and known.plain_j


@cache
def latin_of(language: str) -> str:
    """Return by whose ways Latin letters are read in this language; "LATIN" if by the usual ones.

    Some languages spell the names of foreigners as they hear them: Šolcs, Xhonson.
    """
    known = languages().get(primary(language))
    return known.latin if known is not None else "LATIN"


@cache
def ways_of_latin() -> frozenset[str]:
    """Return the ways in which languages read Latin letters."""
    return frozenset(language.latin for language in languages().values())


@cache
def has_capital_nouns(language: str) -> bool:
    """Whether every noun of the language begins with a capital; False when it is not known."""
    known = languages().get(primary(language))
    return known is not None and known.capital_nouns


@cache
def has_cases(language: str) -> bool:
    """Whether names change their endings in this language; False when it is not known."""
    known = languages().get(primary(language))
    return known is not None and known.cases


@cache
def only_adds_endings(language: str) -> bool:
    """Whether names lose no letters before endings in this language, but for its own writing."""
    known = languages().get(primary(language))
    return known is not None and known.added


@cache
def has_tones(language: str) -> bool:
    """Whether other marks make another word in this language; False when it is not known."""
    known = languages().get(primary(language))
    return known is not None and known.tones


@cache
def with_full_stop() -> frozenset[str]:
    """Return the languages in which a full stop makes an ordinal of a number: 7. Flotte."""
    return frozenset(code for code, digits, _ in rows("ordinals.tsv") if "#." in digits)


@cache
def says_as_listed(language: str) -> bool:
    """Whether words that a list has are none but as it says, since their sounds say too little."""
    known = languages().get(primary(language))
    return known is not None and known.listed


@cache
def has_small_acronyms(language: str) -> bool:
    """Whether the language writes acronyms small, as words; False when it is not known."""
    known = languages().get(primary(language))
    return known is not None and known.small_acronyms


@cache
def simplified_han() -> dict[int, int]:
    """Return the simplified form of traditional and Japanese Han characters, one to one."""
    pairs = (map(ord, pair) for (line,) in rows("han_simplified.tsv") for pair in line.split())
    return {sign: plain for plain, *signs in pairs for sign in signs}


@cache
def crossing() -> dict[str, frozenset[str]]:
    """Return, for Han characters that begin names, those that make a word with them before."""
    return {sign: frozenset(before) for sign, before in rows("han_crossing.tsv")}


@cache
def longer_names() -> dict[str, tuple[str, ...]]:
    """Return, for names without spaces, what before them makes the names of others; folded."""
    found = (
        (name, tuple(before.split()))
        for names, before in rows("longer_names.tsv")
        for name in names.split()
    )
    return dict(found)


@cache
def stop_words(language: str = "") -> frozenset[str]:
    """Return stop words that may stand between the words of a keyword, folded.

    Of any language, or of one; none of one whose marks make other words, since each counts.
    """
    if has_tones(language):
        return frozenset()
    code = primary(_WRITTEN_AS.get(language, language))
    every = (code,) if code else lines_of("stop_words.tsv")
    return frozenset(word for each in every for word in words_of("stop_words.tsv", each))


@cache
def written_stop_words() -> frozenset[str]:
    """Return stop words of any language as texts write them, casefolded: été, της."""
    return frozenset(word.casefold() for word in stop_words())


_WRITTEN_AS = {"no": "nb"}
_FIRST_MARKED, _LAST = "\u00c0", "\u0250"
_CLAUSE, _TELLING = "clause", 4


def may_write(text: str, language: str) -> bool:
    """Whether a language has all Latin letters of a text, so that it may be of it: no Czech å."""
    own = lines_of("marks.tsv").get(primary(_WRITTEN_AS.get(language, language)))
    if own is None or text.isascii():
        return True
    marked = (sign for sign in normalize("NFC", text.lower()) if _FIRST_MARKED <= sign < _LAST)
    return all(sign in own[0] for sign in marked)


@cache
def conjunctions(language: str = "") -> frozenset[str]:
    """Return what says "and" in a language, or in any."""
    code = primary(_WRITTEN_AS.get(language, language))
    every = ((of, line.split()) for of, line in rows("conjunctions.tsv"))
    return frozenset(word for of, some in every if code in ("", of) for word in some)


@cache
def particles(what: str) -> frozenset[str]:
    """Return small words of names, or what says of them that they are none (`particles.tsv`)."""
    return frozenset(
        word for of, some in rows("particles.tsv") if of == what for word in some.split()
    )


@cache
def clause_words(language: str, what: str) -> frozenset[str]:
    """Return what a language says of clauses (`clauses.tsv`).

    Of a language that is not known, what begins a clause in any and is no small word of others.
    """
    code = primary(_WRITTEN_AS.get(language, language))
    every = [(of, line.split()) for of, kind, line in rows("clauses.tsv") if kind == what]
    if not code and what == _CLAUSE:
        return frozenset(word for _, some in every for word in some if len(word) >= _TELLING)
    return frozenset(word for of, some in every if of == code for word in some)


@cache
def articles(language: str) -> frozenset[str]:
    """Return what a language writes before a noun, as far as it is a word of its own."""
    return frozenset(words_of("articles.tsv", primary(_WRITTEN_AS.get(language, language))))


@dataclass(frozen=True, slots=True)
class Kept:
    """A word of one language that is a small one of others, and that its keywords keep.

    Attributes:
        language: Its own.
        small_in: Those in which it is a small one.
        at_first: Whether it counts only where a keyword begins.
        is_small_first: Whether it counts only beside words that are likelier of its own language.
    """

    language: str
    small_in: frozenset[str]
    at_first: bool
    is_small_first: bool


@cache
def kept_words() -> dict[str, tuple[Kept, ...]]:
    """Return words of one language that are small ones of others, folded: war, van, most."""
    every = lines_of("stop_words.tsv").items()
    small = [(of, frozenset(" ".join(some).split())) for of, some in every]
    kept = defaultdict[str, tuple[Kept, ...]](tuple)
    for language, *cells in rows("kept_words.tsv"):
        for place, cell in enumerate(cells):
            for word in cell.split():
                small_in = frozenset(of for of, those in small if word in those)
                kept[word] += (Kept(language, small_in, place == 1, place == 2),)
    return dict(kept)


@cache
def title_words() -> tuple[frozenset[str], frozenset[str]]:
    """Return the stop words that begin titles, and those inside them, written with a capital."""
    cells = list(rows("titles.tsv"))
    first = frozenset(word for _, line, _ in cells for word in line.split())
    inside = frozenset(word for _, _, line in cells for word in line.split())
    return first, inside


@cache
def written_on() -> frozenset[str]:
    """Return the articles that Arabic writes onto a name, as Latin letters have them: al-Sharaa."""
    return frozenset(word for _, line in rows("written_on.tsv") for word in line.split())


@cache
def separable(language: str = "") -> frozenset[str]:
    """Return what of verbs a language, or any, writes at the end of their clause: zurück."""
    if not language:
        return frozenset(word for _, line in rows("separable.tsv") for word in line.split())
    return frozenset(words_of("separable.tsv", language))


@cache
def brand_nouns(language: str) -> dict[str, frozenset[str]]:
    """Return brands that are common nouns of a language, with the words behind which they are."""
    every = [(names, words) for code, names, words in rows("brand_nouns.tsv") if code == language]
    return {name: frozenset(words.split()) for names, words in every for name in names.split()}


@cache
def told_by_articles() -> frozenset[str]:
    """Return the brands of which, in some language, what stands before says whether they are."""
    return frozenset(name for _, names, _ in rows("brand_nouns.tsv") for name in names.split())


@cache
def noun_surnames() -> frozenset[str]:
    """Return the nouns that are better known abroad as surnames: Koch, a cook."""
    return frozenset(name for _, names in rows("noun_surnames.tsv") for name in names.split())


@cache
def brands() -> frozenset[str]:
    """Return the names that are also common words, each with its capital."""
    every = (name for _, names in rows("brands.tsv") for name in names.split())
    return frozenset(name.replace("_", " ") for name in every)
