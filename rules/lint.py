"""What is wrong with a query that can be read: it matches everything, nothing, or says too much."""

from collections.abc import Iterator
from dataclasses import dataclass

from rules.folding import fold
from rules.query import (
    AllOf,
    AnyOf,
    Exact,
    Field,
    Keyword,
    Near,
    Not,
    Phrase,
    Query,
    Scored,
    Weighted,
    Wildcard,
    anchors,
    walk,
)
from rules.words import words


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a query that its owner should know.

    Attributes:
        kind: "everything" (it holds for nearly every article), "never" (it can hold for none)
            or "nothing added" (a part may be left out).
        text: One sentence.
    """

    kind: str
    text: str

    def __str__(self) -> str:
        return self.text


def lint(query: Query) -> list[Finding]:
    """Return the findings, those about the whole query first; an empty list for a sound one."""
    found = []
    reason = _never(query)
    if reason:
        found.append(Finding("never", f'"{_shown(query)}" can never match: {reason}'))
    elif isinstance(query, Keyword | Phrase) and _is_broad(query):
        text = f'"{_shown(query)}" matches nearly everything: one letter is too short; use =X'
        found.append(Finding("everything", text))
    elif _holds_often(query):
        found.append(
            Finding(
                "everything",
                f'"{_shown(query)}" matches nearly everything: name a word that must be there',
            )
        )
    found.extend(dict.fromkeys(_idle(query)))
    return found


def _holds_often(query: Query) -> bool:
    """Whether no rare word is needed."""
    terms = anchors(query)
    if terms is None:
        return not _is_scoped(query)
    return any(_is_broad(term) for term in terms)


def _is_scoped(query: Query) -> bool:
    """Whether a scope (language:, source: ...) narrows it down although no word does."""
    match query:
        case Field():
            return True
        case AllOf(parts):
            return any(map(_is_scoped, parts))
        case AnyOf(parts):
            return all(map(_is_scoped, parts))
        case Weighted(part, _) | Scored(part, _):
            return _is_scoped(part)
        case _:
            return False


def _is_broad(term: Query) -> bool:
    match term:
        case Keyword(text) | Phrase(text):
            found = words(text)
            return len(found) == 1 and _is_one_letter(found[0].text)
        case Wildcard(pattern):
            letters = [each for each in pattern if each not in "*?"]
            return len(letters) < 2 and all(each.isascii() for each in letters)
        case _:
            return False


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
    wanted = {_same(part) for part in _flat(parts) if not isinstance(part, Not)}
    for part in _flat(parts):
        if isinstance(part, Not):
            refused = part.part.parts if isinstance(part.part, AnyOf) else (part.part,)
            for each in refused:
                if _same(each) in wanted:
                    return f'it asks for "{_shown(each)}" and for its absence'
    languages = {
        fold(part.part.text)
        for part in _flat(parts)
        if isinstance(part, Field) and part.name == "language" and isinstance(part.part, Keyword)
    }
    if len(languages) > 1:
        return f"an article has one language, and it asks for {' and '.join(sorted(languages))}"
    return ""


def _flat(parts: tuple[Query, ...]) -> Iterator[Query]:
    for part in parts:
        if isinstance(part, AllOf):
            yield from _flat(part.parts)
        else:
            yield part


def _most_points(query: Query) -> float:
    match query:
        case Weighted(_, weight):
            return weight
        case AllOf(parts) | AnyOf(parts) | Near(parts, _):
            return sum(map(_most_points, parts))
        case Scored(part, _) | Field(_, part):
            return _most_points(part)
        case _:
            return 0.0


def _idle(query: Query) -> Iterator[Finding]:
    """Yield parts that could be left out."""
    counted = {each for node in walk(query) if isinstance(node, Scored) for each in walk(node.part)}
    for node in walk(query):
        match node:
            case AllOf(parts) | AnyOf(parts):
                yield from _repeated(parts)
                yield from _absorbed(node)
            case Not(Not(part)):
                yield _finding(f'NOT NOT adds nothing: write "{_shown(part)}"')
            case Weighted(_, _) if node not in counted:
                yield _finding(f'"{_shown(node)}": a weight without score>= adds nothing')
            case _:
                pass


def _repeated(parts: tuple[Query, ...]) -> Iterator[Finding]:
    seen = set()
    for part in parts:
        if _same(part) in seen:
            yield _finding(f'"{_shown(part)}" stands there twice: the second adds nothing')
        seen.add(_same(part))


def _absorbed(node: AllOf | AnyOf) -> Iterator[Finding]:
    """Yield alternatives that another alternative already covers, and the like for AND."""
    inner: type[AllOf] | type[AnyOf] = AllOf if isinstance(node, AnyOf) else AnyOf
    single = {_same(part) for part in node.parts if not isinstance(part, inner)}
    for part in node.parts:
        if isinstance(part, inner) and any(_same(each) in single for each in part.parts):
            yield _finding(f'"{_shown(part)}" adds nothing: a part of it stands there alone')


def _finding(text: str) -> Finding:
    return Finding("nothing added", text)


def _same(query: Query) -> str:
    """Return what two queries share that ask the same but for case and accents."""
    return str(query) if isinstance(query, Exact) else fold(str(query))


def _shown(query: Query) -> str:
    text = str(query)
    return text if len(text) <= 80 else text[:79] + "…"
