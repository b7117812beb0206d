"""Ways in which the names of people may stand in scripts that write them as one word."""

import re
from collections.abc import Iterator, Sequence

from rules.data.tables import particles
from rules.languages.phonemes import TRANSCRIBED, written_as
from rules.languages.syllables import (
    IN_HANGUL,
    SyllableReadings,
    in_latin,
    is_syllabic,
    readings_of,
    respellings,
)
from rules.patterns.designations import with_joined_number
from rules.patterns.pattern import Pattern, Slot
from rules.patterns.word_index import WordIndex
from rules.query.terms import content
from rules.text.tokenizer import CAPITALS, INITIAL, Word, words

_MOST_WORDS = 4
_SHORTEST_JOINED = 5
_LEAST_JOINED = 0.84
_PART = re.compile("(?<= )(Mc|[A-Z][a-z]{1,2})(?=[A-Z][a-z]{2})")
_PARTICLES = re.compile(r"(?<= )(?:\w{1,5} )+(?=[A-Z][a-z]{2})")
_CAPITAL_PARTICLES = re.compile(r"(?<= )(?:[A-Z]\w{1,4} )+(?=[A-Z][^\W\d_]{3})")
_CUT_OFF = re.compile(r"\b([A-Z])['’](?=[A-Z][a-z])")
_TITLE = re.compile(r"^(?:Dr|Mrs?|Ms|Prof|Professor|Sir|Dame|Gen|Sen|Rep|Gov)\.? (?=\S+ [A-Z])")
_PATRONYMIC = re.compile(
    r"(?<=\w )(?:[A-Z][a-z]+(?:[oe]vi(?:ch|tch|č)|[oei]vna)"
    r"|[А-ЯЁЄІЇ]\w+(?:[ое]вич|[оеиії]вна)) (?=\w)"
)
_TWO_PLAIN_WORDS = re.compile("[A-Z]?[a-z]+ [A-Z]?[a-z]+")
"""Which are written otherwise in no way that is told by titles, particles and initials."""

_EAST_ASIAN = "\u3041-\u3096\u30a1-\u30fa\u30fc\u3400-\u9fff\uac00-\ud7a3"
_DOT_OF_NAMES = re.compile(rf"(?<=[{_EAST_ASIAN}])[・･·•‧＝゠](?=[{_EAST_ASIAN}])")
_SMALL = rf"[^\W\d_{CAPITALS}]"
_INITIALS = re.compile(rf"^(?:(?:{INITIAL})\. ?){{2,3}}(?=[{CAPITALS}]{_SMALL})")
_BARE_INITIALS = re.compile(rf"^[{CAPITALS}]{{2,3}}(?= [{CAPITALS}]{_SMALL})")
_MIDDLE_INITIALS = re.compile(rf"(?<={_SMALL} )(?:[{CAPITALS}]\.? ?){{1,2}} (?=[{CAPITALS}])")


def has_parts(text: str) -> bool:
    """Whether a sign parts the words of a keyword, so that each may be looked for by itself.

    Those of a script without spaces that nothing parts stand in texts just so. The dot inside the
    name of a foreigner is a space: ボリス・ジョンソン.
    """
    return " " in text or "-" in text or _DOT_OF_NAMES.search(text) is not None


def is_dotted_in_han(text: str, content_words: Sequence[Word]) -> bool:
    """Whether a keyword is the name of a foreigner in Han characters, whose parts have an order."""
    dotted = _DOT_OF_NAMES.search(text) is not None
    return dotted and any(written_as(word.text) == TRANSCRIBED for word in content_words)


def is_name(content_words: Sequence[Word], text: str) -> bool:
    """Whether all words of a keyword begin with a capital, or stand behind a hyphen."""
    return all(
        not word.text[0].islower() or text[word.start - 1 : word.start] == "-"
        for word in content_words
    )


def has_name_patterns(text: str) -> bool:
    """Whether a keyword may be found written together or sign by sign.

    A presearch that asks for words of texts alone would hide that.
    """
    if text.isascii() and text.isalnum():
        return False
    if not _TWO_PLAIN_WORDS.fullmatch(text) and _is_otherwise_written(text):
        return True
    content_words = content(text)
    return (
        2 <= len(content_words) <= _MOST_WORDS
        and is_name(content_words, text)
        and not any(word.is_run for word in content_words)
        and is_syllabic([word.text for word in content_words])
    )


def _is_otherwise_written(text: str) -> bool:
    return bool(
        name_in_latin(text)
        or with_other_parts(text)
        or with_other_initials(text)
        or without_middle_initials(text)
        or with_joined_number(text)
    )


def name_in_latin(text: str) -> list[str]:
    """Return a name in Han characters or hangul in Latin letters, as texts may write it."""
    content_words = content(text)
    return [" ".join(words) for words in in_latin(text)] if len(content_words) == 1 else []


def is_particle(word: Word) -> bool:
    """Whether a word belongs to the next one in names: Robert De Niro, Ludwig van Beethoven."""
    return word.folded in particles("particle")


def with_other_parts(text: str) -> list[str]:
    """Return a name of a person as others write its parts: Di Caprio, OConnor, DeNiro.

    The last name begins with a part that some write as a word, and others with the next one. A
    small one (Ludwig van Beethoven), which is a stop word in some languages, is heard in others.
    Titles of address and patronymics are left out: Dr Anna Weber, Юрий Алексеевич Гагарин.
    """
    every = content(text)
    bare = _PATRONYMIC.sub("", _TITLE.sub("", text))
    if bare != text:
        return [bare, *with_other_parts(bare)]
    if not 2 <= len(every) <= _MOST_WORDS or not (every[0].text[0].isupper()):
        return []
    if every[0].folded in particles("surname"):
        return []
    apart = _PART.sub(lambda part: part[1].replace("Mc", "Mac") + " ", text)
    together = _CUT_OFF.sub("\\1", _PARTICLES.sub(_as_one, text))
    heard = _PARTICLES.sub(_in_capitals, text)
    return [other for other in dict.fromkeys((apart, together, heard)) if other != text]


def with_other_initials(text: str) -> str:
    """Return a name with its initials apart, or together if they are: J. D. Vance, J.D. Vance.

    Also for JD Vance; what else begins so (EU Commission) does not stand so in texts. "" if it
    does not begin with initials.
    """
    if bare := _BARE_INITIALS.match(text):
        return ". ".join(bare[0]) + "." + text[bare.end() :]
    found = _INITIALS.match(text)
    if found is None:
        return ""
    initials = found[0].split(".")[:-1]
    between = "." if " " in found[0][:-1] else ". "
    return between.join(map(str.strip, initials)) + ". " + text[found.end() :]


def without_middle_initials(text: str) -> str:
    """Return a name without the initials in it, as most other languages write it; "" for none."""
    bare = _MIDDLE_INITIALS.sub("", text)
    return bare if bare != text and len(content(bare)) > 1 else ""


def without_particles(text: str) -> str:
    """Return a name without particles in capitals, which other scripts write small; "" for none.

    Кевин де Брюйне. Not where a brief name would remain: Le Pen.
    """
    if not with_other_parts(text):
        return ""
    bare = _CAPITAL_PARTICLES.sub(lambda found: "" if _are_particles(found) else found[0], text)
    return bare if bare != text and len(content(bare)) > 1 else ""


def _as_one(particles: re.Match[str]) -> str:
    return particles[0].title().replace(" ", "") if _are_particles(particles) else particles[0]


def _in_capitals(particles: re.Match[str]) -> str:
    return particles[0].title() if _are_particles(particles) else particles[0]


def _are_particles(found: re.Match[str]) -> bool:
    return all(is_particle(word) for word in words(found[0]))


def name_patterns(
    index: WordIndex, base: Pattern, content_words: Sequence[Word], text: str
) -> Iterator[Pattern]:
    """Yield the patterns of a name with words written together, or sign by sign: 시진핑, 习近平.

    Only for names that may be of East Asia: others are found word by word.
    """
    if len(content_words) < 2 or not has_name_patterns(text):
        return
    written = [word.text for word in content_words]
    names = readings_of(written)
    in_hangul = any(reading.startswith(IN_HANGUL) for name in names for reading in name[0])
    if names:
        yield _signed(index, base, written, names)
    yield from _spans(index, base, written, written, in_hangul=in_hangul)
    for other in respellings(written):
        numbers = [index.add_phonetic(word) for word in other]
        pairs = zip(base.slots, numbers, strict=True)
        slots = tuple(slot._replace(entries=slot.entries | {number}) for slot, number in pairs)
        pattern = base._replace(slots=slots, least=max(base.least, _LEAST_JOINED))
        yield pattern
        yield from _spans(index, pattern, written, other, in_hangul=in_hangul)


def _signed(
    index: WordIndex, base: Pattern, written: Sequence[str], names: list[SyllableReadings]
) -> Pattern:
    """Return the pattern of a name whose syllables are signs of other scripts."""
    entry = index.add_signed(" ".join(written), names)
    return base._replace(slots=(Slot(frozenset({entry}), entry),), least=0.0)


def _spans(
    index: WordIndex,
    base: Pattern,
    written: Sequence[str],
    heard: Sequence[str],
    *,
    in_hangul: bool,
) -> Iterator[Pattern]:
    """Yield the patterns by which neighbouring words, heard so, are written as one."""
    for start in range(len(heard)):
        for end in range(start + 2, len(heard) + 1):
            together = "".join(heard[start:end])
            if len(together) < _SHORTEST_JOINED:
                continue
            entry = index.add_phonetic(together, together=True, in_hangul=in_hangul)
            weight = sum(slot.weight for slot in base.slots[start:end])
            words_in_it = " ".join(written[start:end])
            slot = Slot(frozenset({entry}), entry, weight=weight, written=words_in_it)
            slots = (*base.slots[:start], slot, *base.slots[end:])
            yield base._replace(slots=slots, least=max(base.least, _LEAST_JOINED))
