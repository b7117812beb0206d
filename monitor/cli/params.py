"""Kinds of argument: text, durations, instants, languages. Each is checked where it is typed."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, TypeVar

import click

from monitor.base import clock, times
from monitor.base.errors import clipped
from storage.model import Variant

MOST_DIGITS = 9

Function = TypeVar("Function", bound=Callable[..., Any])


def with_options(function: Function, options: Iterable[Callable[[Function], Function]]) -> Function:
    """Add options to a command, in the order in which help shows them."""
    # The option that is added last stands first in the help.
    for option in reversed(list(options)):
        function = option(function)
    return function


class TextParam(click.ParamType[str]):
    """Text that can be stored: valid Unicode without NUL."""

    name = "text"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if any(0xD800 <= ord(letter) <= 0xDFFF or letter == "\0" for letter in value):
            self.fail(f'"{clipped(value)}" is not UTF-8', param, ctx)
        return value


class Count(click.IntRange):
    """A whole number of at most nine digits, which every database keeps."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if isinstance(value, str) and len(value.strip().lstrip("+-0")) > MOST_DIGITS:
            self.fail(
                f'expected a whole number of at most {MOST_DIGITS} digits; got "{clipped(value)}"',
                param,
                ctx,
            )
        return super().convert(value, param, ctx)


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


def _since(text: str) -> datetime:
    return times.parse_since(text, now=clock.now())


def _until(text: str) -> datetime:
    return times.parse_until(text, now=clock.now())


def _duration(text: str) -> timedelta:
    return times.parse_duration(text)


def _languages(text: str) -> tuple[str, ...]:
    from monitor.services.rules import languages_of

    return languages_of(text)


def _variant(text: str) -> Variant:
    from monitor.services.rules import variant_of

    return variant_of(text)


TEXT = TextParam()
SINCE = Parsed("time", _since)
UNTIL = Parsed("date", _until)
DURATION = Parsed("duration", _duration)
LANGUAGES = Parsed("languages", _languages)
VARIANT = Parsed("lang:text", _variant)
