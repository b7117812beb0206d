"""What an article is known by among others: its words, and signs that no language changes.

Whatever changes the signs of an article needs another `monitor.stories.remaking.VERSION`.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby, pairwise
from types import MappingProxyType
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from common.records import dataclass
from common.stems import SPACELESS
from ingester.stories.counting import Counted, Counter
from ingester.stories.names import HanNames, Sounds
from ingester.stories.passages import Course
from ingester.stories.prints import (
    MOST_PIECES,
    PIECE,
    PIECE_SPACELESS,
    Print,
    hashes_of,
    print_of,
)
from ingester.stories.results import said_results, written
from ingester.stories.said import (
    COUNTED_OTHERWISE,
    MAY_BE_FIGURES,
    UNKNOWN,
    Part,
    Reading,
    decimal,
    said_decimals,
)
from ingester.stories.signs import (
    Common,
    Commonplace,
    Concepts,
    Floats,
    Fold,
    Misread,
    Sign,
    Signs,
    Told,
    concept_signs,
    nothing_known,
    nothing_misread,
)
from ingester.stories.spaced import SpacedReader
from ingester.stories.spaceless import SpacelessReader
from storage.model import Article

TITLE, LEAD, REST = 2.0, 1.5, 0.7
"""What a word counts where it stands."""
NUMBERS_COUNT, GENERAL_COUNT = 2.0, 0.6
"""What numbers, and concepts that are general, count more or less than others."""
LEAD_LENGTH = 350
LOOKED_AT, LOOKED_AT_SPACELESS = 2_000, 1_000
"""So many characters of a text are looked at: where words have no spaces they say more."""
COMES_BACK, ENOUGH_WORDS = 0.13, 100
"""A text of so many words that says fewer of them again is about many things."""
LETTERS_AT_ONCE = 100_000
"""Articles of so many letters, about, are read together: letters take memory, some 60 bytes each at
the peak, and each time that some are read takes its time, however few they are.
"""
_SAME = {"yue": "zh", "wuu": "zh", "nn": "nb", "no": "nb", "bs": "hr"}
_SERBIAN, _LIKE_SERBIAN = "sr", "hr"
_CYRILLIC = re.compile("[\u0400-\u04ff]")


@dataclass(frozen=True, slots=True)
class Signature:
    """What an article is known by.

    Attributes:
        words, word_counts: Words of its language, in order of the signs, and how much each counts.
        signs, sign_counts: Concepts, names and numbers, in order likewise.
        is_unknown: Which of the signs are names that the lexicon does not know.
        shown: Returns how a sign is written in the article; "" of others.
        opening: Returns its title and how its text begins.
        print: Its beginning, by which copies and variations of it are told.
        course: Its words in the order in which they stand.
        is_medley: Whether it tells of many things and comes back to none: a press review, news
            in brief.
        commonplace: The signs of all concepts by how well they tell events from others.
    """

    language: str
    words: Signs
    word_counts: Floats
    signs: Signs
    sign_counts: Floats
    is_unknown: NDArray[np.bool_]
    shown: Callable[[Sign], str]
    opening: Callable[[], str]
    print: Print
    course: Course
    is_medley: bool
    commonplace: Commonplace

    @property
    def size(self) -> float:
        """How much it says, in signs, as far as that matters."""
        return float(min(max(len(self.signs), 4), 80))


class Signer:
    """Reads articles' signatures; not safe to share among threads.

    Many are read at once: what is asked of all words together costs a tenth of what it costs
    word by word.

    Args:
        fold: Returns the form in which words are compared.
        concepts: What the words of a language name.
        common: Returns a language's common words, folded, which are no names where names have
            no capitals.
        everyday, recurring, incidents, naming, callings, places: Numbers of the concepts that
            `Commonplace` has signs of.
        is_misread: Whether a word that begins as a concept is called is another.
        han_sounds: What each Han character says in the name of a foreigner, in letters.
    """

    def __init__(
        self,
        fold: Fold,
        concepts: Concepts,
        common: Common = nothing_known,
        everyday: Sequence[int] = (),
        recurring: Sequence[int] = (),
        incidents: Sequence[int] = (),
        naming: Sequence[int] = (),
        callings: Sequence[int] = (),
        places: Sequence[int] = (),
        is_misread: Misread = nothing_misread,
        han_sounds: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        sounds = Sounds()
        self._commonplace = Commonplace(
            *(
                frozenset(concept_signs(np.array(numbers, dtype=np.int64)).tolist())
                for numbers in (everyday, recurring, incidents, naming, callings, places)
            )
        )
        self._counter = Counter()
        self._spaced = SpacedReader(fold, concepts, common, sounds, is_misread)
        self._spaceless = SpacelessReader(fold, concepts, sounds, HanNames(han_sounds))

    def signature(self, article: Article) -> Signature:
        """Return what an article is known by."""
        return self.signatures([article])[0]

    def signatures(self, articles: Sequence[Article]) -> list[Signature]:
        """Return what each of these articles is known by."""
        return [each for some in _together(articles) for each in self._read(some)]

    def _read(self, articles: Sequence[Article]) -> list[Signature]:
        languages = [*map(_read_as, articles)]
        spaced, spaceless = list[Part](), list[Part]()
        for number, (article, language) in enumerate(zip(articles, languages, strict=True)):
            (spaceless if language in SPACELESS else spaced).extend(
                _parts(number, article, language)
            )
        # Reading nothing takes its time, too, and few polls have texts of both kinds.
        kinds = (spaced, self._spaced, PIECE), (spaceless, self._spaceless, PIECE_SPACELESS)
        read = [(parts, reader.read(parts), size) for parts, reader, size in kinds if parts]
        readings = [reading for _, reading, _ in read]
        spoken = [said for each in readings for said in each.words]
        words = self._counter.counted(spoken, len(articles))
        begun = [
            part
            for part in (*spaced, *spaceless)
            if part.weight >= LEAD
            and (part.language in COUNTED_OTHERWISE or MAY_BE_FIGURES.search(part.text))
        ]
        said = [said for each in readings for said in each.signs]
        said += [said_results(begun), said_decimals(begun)]
        signs = self._counter.counted(said, len(articles))
        signs.counts[signs.signs & 3 == Told.NUMBER] *= NUMBERS_COUNT
        signs.counts[signs.signs & 3 == Told.GENERAL] *= GENERAL_COUNT
        is_unknown = (signs.signs & 3 == Told.NAME) & (signs.written & UNKNOWN > 0)
        prints: dict[int, tuple[Print, Course]] = {}
        for each in read:
            prints |= self._prints(articles, *each)
        is_medley = _are_medleys(words)
        slices = zip(words.slices(), signs.slices(), strict=True)
        return [
            Signature(
                language,
                words.signs[own],
                words.counts[own],
                signs.signs[signed],
                signs.counts[signed],
                is_unknown[signed],
                _Shown(signs, signed, readings[-1 if language in SPACELESS else 0].text_of),
                _Opening(articles[number]),
                *prints[number],
                is_medley[number],
                self._commonplace,
            )
            for number, (language, (own, signed)) in enumerate(zip(languages, slices, strict=True))
        ]

    def _prints(
        self, articles: Sequence[Article], parts: Sequence[Part], reading: Reading, size: int
    ) -> dict[int, tuple[Print, Course]]:
        """Return the prints of those articles of which these are the parts, by their numbers."""
        hashes, tokens, stems = hashes_of(reading.tokens, size), reading.tokens, reading.stems
        texts = [*_texts(parts, reading.ends)]
        begins = np.array([text.body for text in texts], dtype=np.int64)
        ends = np.array([text.end for text in texts], dtype=np.int64)
        ends = np.maximum(begins, ends - size + 1)
        lowest = self._counter.lowest(hashes, begins, ends, MOST_PIECES)
        languages = {each: crc32(each.encode()) for each in {part.language for part in parts}}
        kept = zip(pairwise((0, *lowest.ends)), lowest.scales, ends.tolist(), strict=True)
        prints = {}
        for text, ((first, last), scale, end_of_pieces) in zip(texts, kept, strict=True):
            title = slice(text.start, text.body)
            body, whole = slice(text.body, text.end), slice(text.start, text.end)
            # Copied: those of a whole turn lie in one piece, which none of them shall keep.
            print_ = print_of(
                articles[text.number],
                languages[text.language],
                tokens[title],
                tokens[body],
                (lowest.left[first:last].copy(), scale),
            )
            pieces = hashes[text.body : end_of_pieces]
            course = Course(stems[body], pieces, stems[title], tokens[whole], stems[whole])
            prints[text.number] = print_, course
        return prints


def _together(articles: Sequence[Article]) -> Iterator[Sequence[Article]]:
    """Yield articles in order, so many together as have `LETTERS_AT_ONCE`."""
    start = letters = 0
    for number, article in enumerate(articles):
        letters += len(article.title) + min(len(article.text or article.summary), LOOKED_AT)
        if letters >= LETTERS_AT_ONCE:
            yield articles[start : number + 1]
            start, letters = number + 1, 0
    if start < len(articles):
        yield articles[start:]


def _read_as(article: Article) -> str:
    """Return the language by whose words an article is read: Serbian in Latin letters is Croatian.

    The lexicon has Serbian in Cyrillic letters only.
    """
    language = article.language
    if language == _SERBIAN and not _CYRILLIC.search(article.title):
        return _LIKE_SERBIAN
    return _SAME.get(language, language)


class _Tokens(NamedTuple):
    """Where the tokens of an article stand: those of its title, then those of its body."""

    number: int
    language: str
    start: int
    body: int
    end: int


def _texts(parts: Sequence[Part], ends: Sequence[int]) -> Iterator[_Tokens]:
    """Yield where the tokens of each article stand, whose parts end there."""
    bounds = zip(parts, pairwise((0, *ends)), strict=True)
    for number, of_article in groupby(bounds, lambda each: each[0].article):
        (title, (start, middle)), *body = of_article
        yield _Tokens(number, title.language, start, middle, body[-1][1][1])


@dataclass(slots=True, eq=False)
class _Shown:
    """How the signs of an article are written: of each looked up once, as many stories ask."""

    signs: Counted
    own: slice
    text_of: Callable[[int], str]
    known: dict[Sign, str] | None = None

    def __call__(self, sign: Sign, /) -> str:
        known = self.known = {} if self.known is None else self.known
        if sign not in known:
            known[sign] = self._looked_up(sign)
        return known[sign]

    def _looked_up(self, sign: Sign) -> str:
        own = self.signs.signs[self.own]
        at = int(own.searchsorted(np.uint32(sign)))
        if at == len(own) or own[at] != sign:
            return ""
        if result := written(sign):
            return result
        where = int(self.signs.written[self.own][at])
        return decimal(where) or self.text_of(where)


@dataclass(frozen=True, slots=True)
class _Opening:
    """How an article begins, put together only where somebody asks."""

    article: Article

    def __call__(self) -> str:
        text = self.article.text or self.article.summary
        return f"{self.article.title}\n{text[:LEAD_LENGTH]}"


def _are_medleys(words: Counted) -> list[bool]:
    """Return of each article whether it comes back to nothing that it says."""
    is_own, ends = words.signs & 1 == 0, [0, *words.ends]
    sizes = np.diff(np.append(0, is_own.cumsum())[ends])
    again = np.diff(np.append(0, (is_own & words.again).cumsum())[ends])
    are: list[bool] = ((sizes >= ENOUGH_WORDS) & (again < COMES_BACK * sizes)).tolist()
    return are


def _parts(number: int, article: Article, language: str) -> Iterator[Part]:
    yield Part(number, article.title, TITLE, language)
    text = article.text or article.summary
    yield Part(number, text[:LEAD_LENGTH], LEAD, language)
    most = LOOKED_AT_SPACELESS if language in SPACELESS else LOOKED_AT
    if len(text) > LEAD_LENGTH:
        yield Part(number, text[LEAD_LENGTH:most], REST, language)
