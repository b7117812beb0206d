"""Kinds of argument: text, durations, instants, languages. Each is checked where it is typed."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import click

from common.patterns import pattern
from monitor.base import clock, times
from monitor.base.errors import clipped, escaped
from storage.model import Variant

if TYPE_CHECKING:
    from monitor.quiet.backfill import Backfill

MOST_DIGITS = 9

_WHOLE = pattern(r"[+-]?\d+")

Function = TypeVar("Function", bound=Callable[..., Any])


def with_options(function: Function, options: Iterable[Callable[[Function], Function]]) -> Function:
    """Add options to a command, in the order in which help shows them."""
    # The option that is added last stands first in the help.
    for option in reversed(list(options)):
        function = option(function)
    return function


class TextParam(click.ParamType[str]):
    """Text that can be stored: valid Unicode without NUL; not empty, which is most often a slip."""

    name = "text"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if not value.strip():
            self.fail("it cannot be empty", param, ctx)
        if any(0xD800 <= ord(letter) <= 0xDFFF or letter == "\0" for letter in value):
            self.fail(f'"{clipped(value)}" is not UTF-8', param, ctx)
        return value


class LineParam(TextParam):
    """Text on one line, of signs that can be seen."""

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        text = super().convert(value, param, ctx)
        if escaped(text) != text:
            self.fail("it holds a control character; leave it out", param, ctx)
        return text


class Count(click.IntRange):
    """A whole number of at most nine digits, which every database keeps."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if isinstance(value, str) and len(value.strip().lstrip("+-0")) > MOST_DIGITS:
            self._refuse(value, param, ctx)
        if isinstance(value, str) and not _WHOLE.fullmatch(value.strip()):
            self._refuse(value, param, ctx)
        number = int(value)
        if (self.min is not None and number < self.min) or (
            self.max is not None and number > self.max
        ):
            self._refuse(value, param, ctx)
        return number

    def _refuse(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> None:
        most = self.max if self.max is not None else 10**MOST_DIGITS - 1
        wanted = f"from {self.min} to {most}" if self.min is not None else f"up to {most}"
        self.fail(f'expected a whole number {wanted}; got "{clipped(str(value))}"', param, ctx)


class Parsed(click.ParamType[Any]):
    """What a function makes of the text; its ValueError says what was expected.

    Args:
        metavar: How help names it.
        parse: Gets the text.
    """

    def __init__(self, metavar: str, parse: Callable[[str], object]) -> None:
        self.name = metavar
        self.parse = parse

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> object:
        if not isinstance(value, str):
            return value
        try:
            return self.parse(TEXT.convert(value, param, ctx))
        except ValueError as error:
            self.fail(str(error), param, ctx)


class PathParam(click.Path):
    """A path; the empty one, which the system takes for this very folder, is most often a slip.

    Whoever reads or writes what lies there says what is wrong with it.
    """

    def __init__(self, *, allow_dash: bool = False) -> None:
        super().__init__(path_type=Path, readable=False, allow_dash=allow_dash)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not str(value).strip():
            self.fail("it cannot be empty; . is this folder", param, ctx)
        return super().convert(value, param, ctx)


class Instant(click.ParamType[datetime]):
    """A point in time, in the reader's zone.

    Args:
        metavar: How help names it.
        parse: Gets the text, what time it is and the zone; its ValueError says what was expected.
    """

    def __init__(self, metavar: str, parse: "ParseInstant") -> None:
        self.name = metavar
        self.parse = parse

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        if isinstance(value, datetime):
            return value
        zone = ctx.obj.config.zone if ctx is not None else None
        try:
            return self.parse(TEXT.convert(value, param, ctx), now=clock.now(), zone=zone)
        except ValueError as error:
            self.fail(str(error), param, ctx)


class ParseInstant(Protocol):
    """As `monitor.base.times.parse_since`."""

    def __call__(self, text: str, *, now: datetime, zone: tzinfo | None) -> datetime: ...


class _Cleared:
    """What an option gives that takes back what was chosen."""


CLEARED = _Cleared()


class OrCleared(click.ParamType[Any]):
    """A kind of argument, or a word that takes back what was chosen."""

    def __init__(self, kind: click.ParamType[Any], *words: str) -> None:
        self.name = kind.name
        self._kind = kind
        self._words = words

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str | None:
        return self._kind.get_metavar(param, ctx)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if value in self._words or value is CLEARED:
            return CLEARED
        return self._kind.convert(value, param, ctx)


def _duration(text: str) -> timedelta:
    return times.parse_duration(text)


def _size(text: str) -> int:
    from monitor.config.values import size_of

    return size_of(text)


def _languages(text: str) -> tuple[str, ...]:
    from monitor.services.rules.rules import languages_of

    return languages_of(text)


def _language(text: str) -> str:
    from monitor.services.rules.rules import language_of

    return language_of(text)


def _variant(text: str) -> Variant:
    from monitor.services.rules.rules import variant_of

    return variant_of(text)


def _schedule(text: str) -> str:
    from monitor.quiet.schedule import parse_schedule

    return str(parse_schedule(text))


def _backfill(text: str) -> "Backfill":
    from monitor.quiet.backfill import parse_backfill

    return parse_backfill(text)


TEXT = TextParam()
LINE = LineParam()
PATH = PathParam()
SINCE = Instant("time", times.parse_since)
BEFORE = Instant("time", times.parse_before)
UNTIL = Instant("date", times.parse_until)
DURATION = Parsed("duration", _duration)
SIZE = Parsed("size", _size)
LANGUAGE = Parsed("language", _language)
LANGUAGES = Parsed("languages", _languages)
SCHEDULE = Parsed("when", _schedule)
BACKFILL = Parsed("n|7d|all|none", _backfill)
VARIANT = Parsed("lang:text", _variant)
