"""What is wrong with a query that can be read: it matches everything, nothing, or says too much."""

from collections.abc import Iterator

from common.clip import clip
from common.records import dataclass
from rules.data.tables import kept_words, stop_words
from rules.query.pitfalls import pitfalls
from rules.query.regex import compile_linear
from rules.query.tree import (
    OTHER_FIELDS,
    AllOf,
    AnyOf,
    Exact,
    Field,
    Keyword,
    Near,
    Not,
    Phrase,
    Query,
    Regex,
    Scored,
    Weighted,
    Wildcard,
    anchors,
    is_loss,
    walk,
)
from rules.text.folding import fold
from rules.text.tokenizer import Word, words
from rules.text.wildcard import wildcard_pattern


@dataclass(frozen=True, slots=True)
class LintFinding:
    """Something about a query that its owner should know.

    Attributes:
        kind: "everything" (it holds for nearly every article), "never" (it can hold for none),
            "nothing added" (a part may be left out) or "doubt" (it may be meant otherwise).
        text: One sentence.
    """

    kind: str
    text: str

    def __str__(self) -> str:
        return self.text


def lint(query: Query, *, strictness: str = "all") -> list[LintFinding]:
    """Return the findings, those about the whole query first; an empty list for a sound one.

    Args:
        strictness: As in `Rule.strictness`.
    """
    findings = []
    reason = _never(query)
    if reason:
        findings.append(LintFinding("never", f'"{_shown(query)}" can never match: {reason}'))
    else:
        why = _holds_often(query)
        if why:
            text = f'"{_shown(query)}" matches nearly everything: {why}'
            findings.append(LintFinding("everything", text))
    findings.extend(dict.fromkeys(_idle(query)))
    doubts = [*_against_itself(query), *pitfalls(query, strictness=strictness)]
    findings.extend(LintFinding("doubt", doubt) for doubt in dict.fromkeys(doubts))
    return findings


def _holds_often(query: Query) -> str:
    """Return what to do about a query that needs no rare word, or ""."""
    if _is_scoped(query):
        return ""
    terms = anchors(query, lambda term: _DEAR if _is_broad(term) else 1)
    if terms is None:
        return "name a word that must be there"
    broad = sorted((str(term), why) for term in terms if (why := _is_broad(term)))
    if not broad:
        return ""
    term, why = broad[0]
    return why if term == str(query) else f"because of {term}: {why}"


def _is_scoped(query: Query) -> bool:
    """Whether a scope (language:, source: ...) narrows it down although no word does."""
    match query:
        case Field(name, _):
            return name in OTHER_FIELDS
        case AllOf(parts):
            return any(map(_is_scoped, parts))
        case AnyOf(parts):
            return all(map(_is_scoped, parts))
        case Weighted(part, _) | Scored(part, _):
            return _is_scoped(part)
        case _:
            return False


_DEAR = 1_000_000
_SYMBOLS = frozenset("+#@$€£%&.")
_SIGNS = "abcdefghijklmnopqrstuvwxyz0123456789"


def _is_broad(term: Query) -> str:
    """Return why a term stands in nearly every article and what to do, or ""."""
    match term:
        case Keyword(text) | Phrase(text):
            if isinstance(term, Keyword) and _is_small_elsewhere(fold(text)):
                return ""  # in texts where it is one it does not count
            return _is_broad_text(text, words(text))
        case Wildcard(text):
            letters = [letter for letter in text if letter not in "*?"]
            if len(letters) < 2 and all(letter.isascii() for letter in letters):
                return "give at least two letters beside the wildcard"
            return ""
        case Regex(text):
            compiled = compile_linear(text)
            hits = sum(any(True for _ in compiled.spans(sign, 1)) for sign in _SIGNS)
            return "a single letter or digit is enough for it" if hits >= 5 else ""
        case _:
            return ""


def _is_small_elsewhere(word: str) -> bool:
    """Whether a word of a language is a stop word of others, and not of its own: war."""
    return any(
        not kept.is_small_first and kept.small_in and word not in stop_words(kept.language)
        for kept in kept_words().get(word, ())
    )


def _is_broad_text(text: str, own_words: list[Word]) -> str:
    are_stop_words = [word.folded in stop_words() and not _is_acronym(word) for word in own_words]
    if all(are_stop_words) and any(len(word.text) > 1 for word in own_words):
        return f'"{text}" stands anywhere; name a rarer word, or write ="{text}" for just this'
    needed = [
        word
        for word, is_stop_word in zip(own_words[:-1], are_stop_words, strict=False)
        if not is_stop_word
    ]
    needed += own_words[-1:]
    if len(needed) == 1 and _is_one_letter(needed[0].text) and not _SYMBOLS.intersection(text):
        return "one letter is too short; use =X"
    return ""


def _is_acronym(word: Word) -> bool:
    return len(word.text) > 1 and word.text.isupper()


def _is_one_letter(text: str) -> bool:
    return len(text) == 1 and text < "\u0900"


def _never(query: Query) -> str:
    """Return why the query cannot hold, or ""."""
    match query:
        case AllOf(parts):
            reason = next((why for part in parts if (why := _never(part))), "")
            return reason or _contradiction(parts)
        case AnyOf(parts):
            reasons = [_never(part) for part in parts]
            return reasons[0] if all(reasons) else ""
        case Near(parts, _):
            return next((why for part in parts if (why := _never(part))), "")
        case Weighted(part, _) | Field(_, part):
            return _never(part)
        case Scored(part, at_least):
            most = _most_points(part)
            if most < at_least:
                return f"its weights are worth {most:g} at most, and it asks for {at_least:g}"
            return _never(part)
        case _:
            return ""


def _contradiction(parts: tuple[Query, ...]) -> str:
    flat = list(_flat(parts))
    excluded = [
        alternative
        for part in flat
        if isinstance(part, Not)
        for alternative in _alternatives(part.part)
    ]
    for part in flat:
        if isinstance(part, Not) or not excluded:
            continue
        against = [_excluding(alternative, excluded) for alternative in _alternatives(part)]
        if all(against) and against[0] is not None:
            if _same(against[0]) == _same(part):
                return f'it asks for "{_shown(part)}" and for its absence'
            return f'"{_shown(part)}" has what NOT {_shown(against[0])} excludes'
    languages = {
        fold(part.part.text)
        for part in flat
        if isinstance(part, Field) and part.name == "language" and isinstance(part.part, Keyword)
    }
    if len(languages) > 1:
        return f"an article has one language, and it asks for {' and '.join(sorted(languages))}"
    return ""


def _alternatives(query: Query) -> tuple[Query, ...]:
    return query.parts if isinstance(query, AnyOf) else (query,)


def _excluding(part: Query, excluded: list[Query]) -> Query | None:
    """Return what of the excluded every article with the part has for certain, or None."""
    return next(
        (other for other in excluded if _same(other) == _same(part) or _has(part, other)), None
    )


def _has(part: Query, excluded: Query) -> bool:
    """Whether an article that holds the part as it is written holds the excluded, too."""
    match part, excluded:
        case Field(name, inner), Field(other, wanted):
            return name == other and _has(inner, wanted)
        case Field("title" | "text", inner), _:
            return _same(inner) == _same(excluded) or _has(inner, excluded)
        case (Phrase(text), Keyword(wanted) | Phrase(wanted)):
            return _follow_each_other(_folded(wanted), _folded(text))
        case (Keyword(text), Phrase(_)):
            return False
        case (Phrase(text) | Keyword(text), Wildcard(wild)) if len(text.split()) == 1:
            return wildcard_pattern(wild).fits(fold(text))
        case _:
            return False


def _folded(text: str) -> list[str]:
    return [word.folded for word in words(text)]


def _follow_each_other(wanted: list[str], own_words: list[str]) -> bool:
    count = len(wanted)
    return any(own_words[at : at + count] == wanted for at in range(len(own_words) - count + 1))


def _against_itself(query: Query) -> Iterator[str]:
    """Yield a sentence where NOT excludes words of a keyword beside it.

    It may still be found by a variant in another language, so it is no contradiction.
    """
    for node in walk(query):
        if not isinstance(node, AllOf):
            continue
        flat = list(_flat(node.parts))
        wanted = [part for part in flat if isinstance(part, Keyword)]
        for part in flat:
            for alternative in _alternatives(part.part) if isinstance(part, Not) else ():
                if isinstance(alternative, Keyword | Phrase):
                    yield from _excluded(alternative, wanted)


def _excluded(excluded: Keyword | Phrase, wanted: list[Keyword]) -> Iterator[str]:
    lost = set(_folded(excluded.text))
    for keyword in wanted:
        if len(keyword.text.split()) > len(lost) and lost <= set(_folded(keyword.text)):
            yield (
                f'NOT {_shown(excluded)} excludes words of "{_shown(keyword)}": articles that have '
                "it as written are lost"
            )


def _flat(parts: tuple[Query, ...]) -> Iterator[Query]:
    for part in parts:
        if isinstance(part, AllOf):
            yield from _flat(part.parts)
        else:
            yield part


def _most_points(query: Query) -> float:
    match query:
        case Weighted(_, weight):
            return max(0.0, weight)
        case AllOf(parts) | AnyOf(parts) | Near(parts, _):
            return sum(map(_most_points, parts))
        case Field(name, part) if name in OTHER_FIELDS:
            return 0.0
        case Scored(part, _) | Field(_, part):
            return _most_points(part)
        case _:
            return 0.0


def _idle(query: Query) -> Iterator[LintFinding]:
    """Yield parts that could be left out."""
    counted = {
        inner for node in walk(query) if isinstance(node, Scored) for inner in walk(node.part)
    }
    for node in walk(query):
        match node:
            case AllOf(parts) | AnyOf(parts):
                yield from _repeated(parts)
                yield from _absorbed(node)
            case Near(parts, _):
                yield from _repeated(parts)
            case Scored(part, at_least) if _all_are_enough(part, at_least):
                yield _finding(f"score>={at_least:g}: any weighted part is enough for it alone")
            case Not(Not(part)):
                yield _finding(f'NOT NOT adds nothing: write "{_shown(part)}"')
            case Weighted(_, _) if node not in counted:
                yield _finding(f'"{_shown(node)}": a weight without score>= adds nothing')
            case _:
                pass


def _all_are_enough(part: Query, at_least: float) -> bool:
    """Whether points decide nothing: each part alone has enough of them."""
    parts = _alternatives(part)
    if len(parts) < 2 or any(map(is_loss, parts)):
        return False
    return all(isinstance(part, Weighted) and part.weight >= at_least for part in parts)


def _repeated(parts: tuple[Query, ...]) -> Iterator[LintFinding]:
    seen = set()
    for part in parts:
        if _same(part) in seen:
            yield _finding(f'"{_shown(part)}" stands there twice: the second adds nothing')
        seen.add(_same(part))


def _absorbed(node: AllOf | AnyOf) -> Iterator[LintFinding]:
    """Yield alternatives that another alternative already covers, and the like for AND."""
    inner: type[AllOf] | type[AnyOf] = AllOf if isinstance(node, AnyOf) else AnyOf
    single = {_same(part) for part in node.parts if not isinstance(part, inner)}
    for part in node.parts:
        if isinstance(part, inner) and any(
            _same(inner_part) in single for inner_part in part.parts
        ):
            yield _finding(f'"{_shown(part)}" adds nothing: a part of it stands there alone')


def _finding(text: str) -> LintFinding:
    return LintFinding("nothing added", text)


def _same(query: Query) -> str:
    """Return what two queries share that ask the same but for case and accents."""
    return str(query) if isinstance(query, Exact) else fold(str(query))


def _shown(query: Query) -> str:
    return clip(str(query), 80)
