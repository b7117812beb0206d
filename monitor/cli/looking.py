"""What somebody at a terminal sees while a site is looked at."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from common.widths import shortened
from monitor.base.errors import escaped
from monitor.cli import output
from monitor.cli.session import Session


@contextmanager
def looking(session: Session) -> Iterator[Callable[[str], None]]:
    """Give a function that says on a terminal what is looked at, on one line that goes away."""
    stream = sys.stderr
    if session.json or stream is None or not stream.isatty():
        yield lambda _: None
        return
    count = 0

    def tell(url: str) -> None:
        nonlocal count
        count += 1
        line = shortened(f"{count}. {escaped(url)}", output.terminal_columns() or 80)
        click.echo(f"\r\x1b[K{line}", nl=False, err=True)

    try:
        yield tell
    finally:
        if count:
            click.echo("\r\x1b[K", nl=False, err=True)
