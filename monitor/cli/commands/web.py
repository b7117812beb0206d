"""The commands that serve the page alone, and say what was found in some days."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.base.errors import Refusal, clipped, escaped
from monitor.base.files import check_place
from monitor.base.times import show_age
from monitor.cli import output
from monitor.cli.params import PATH, SINCE, TEXT
from monitor.cli.session import Command, Session, pass_session

if TYPE_CHECKING:
    from monitor.report.report import Report

_MOST_NAMED = 8
"""So many outlets, and languages, are named on a terminal."""


@click.command("web", cls=Command)
@click.option("--listen", metavar="HOST:PORT", help="Serve it there; web_listen unless said.")
@click.pass_context
def web(ctx: click.Context, listen: str | None) -> None:
    """Serve the page and the API, until Ctrl-C; polls and delivers nothing.

    `run` serves them, too. This is for a daemon on another machine with the same database, or
    for a look at an archive.

    \b
    Example:
        monitor web
        monitor web --listen 127.0.0.1:8421
    """
    from monitor.config.settings import BY_NAME
    from monitor.daemon.logs import start_logging
    from monitor.web.listening import Listening
    from monitor.web.serve import serve

    session = ctx.ensure_object(Session)
    config = session.config
    try:
        where = str(BY_NAME["web_listen"].parse(listen)) if listen else config.web_listen
    except ValueError as error:
        raise Refusal(f"--listen: {error}") from None
    if not where:
        raise Refusal("web_listen is none: nothing is served; say where with --listen")
    start_logging(level=config.log_level, form=config.log_format)
    place = Listening.of(where)
    with session.app() as app:
        serve(app, place, tell=lambda: output.say(f"The page is at {place.url} until Ctrl-C."))


@click.command("report", cls=Command)
@click.argument("rule", type=TEXT)
@click.option("--since", type=SINCE, metavar="TIME", help="From then on; 7d unless said.")
@click.option("--output", "file", type=PATH, metavar="FILE", help="Write HTML there, not here.")
@click.option("--html", is_flag=True, help="Print HTML on a terminal, too.")
@pass_session
def report(
    session: Session, rule: str, since: datetime | None, file: Path | None, html: bool
) -> None:
    """Say what a rule found: on a terminal in short, else as one page of HTML made for paper.

    RULE is a rule, or a tag: then it is about all rules with it. The page's Rules lead to the same.

    \b
    Example:
        monitor report "Hanoi Convention" --since 7d --output week.html
        monitor report asia --since 2026-11-01 > november.html
    """
    from monitor.report.report import report_of
    from monitor.report.view import report_shape
    from monitor.web.base.render import Renderer
    from monitor.web.pages.report import file_of

    if file is not None:
        check_place(file)
    config, now = session.config, session.now()
    with session.storage() as storage, storage.reading() as tx:
        begin = since or now - timedelta(days=7)
        found = report_of(tx, rule, since=begin, until=now, zone=config.zone)
    if session.json:
        output.emit(report_shape(found))
        return
    if file is None and not html and output.terminal_columns() is not None:
        _print_report(session, found)
        return
    page = file_of(Renderer(zone=config.zone, command=config.command_name), found, now=now)
    if file is None:
        output.say(page)
        return
    try:
        file.write_text(page, encoding="utf-8")
    except OSError as error:
        why = (error.strerror or type(error).__name__).lower()
        raise Refusal(f"{clipped(str(file), 200)}: {why}", misuse=False) from None
    stories = output.counted(found.stories, "story", "stories")
    output.say(f"Wrote {file}: {stories} of {output.quoted(found.name)}.")


def _print_report(session: Session, found: "Report") -> None:
    """Print a report in short; all of it is in HTML and JSON."""
    began, ended = (session.local(at) for at in (found.since, found.until))
    stories = output.counted(found.stories, "story", "stories")
    articles = output.counted(found.articles, "article")
    told = f"{output.quoted(escaped(found.name))}: {stories} of {articles}, {began} to {ended}"
    output.say(output.fitting(f"{told}; {found.before} in as many days before.", 2))
    if not found.stories:
        return
    output.say("")
    output.table(
        ("STORY", "TITLE", "APPEARED", "OUTLETS", "LANGUAGES"),
        [
            (
                output.short_id(told.id),
                told.title,
                session.local(told.began_at),
                len(told.carried.outlets),
                ", ".join(told.carried.languages),
            )
            for told in found.top
        ],
    )
    output.say("")
    for name, value in (
        ("outlets:   ", escaped(_most(found.by_outlet))),
        ("languages: ", escaped(_most(found.by_language))),
        ("rated:     ", f"{found.useful} useful, {found.noise} noise"),
    ):
        output.say(output.fitting(name + value, len(name)))
    if not found.is_whole:
        output.say("Only the newest alerts of the time were looked at.")


def _most(counted: Sequence[tuple[str, int]]) -> str:
    named = [f"{name} {count}" for name, count in counted[:_MOST_NAMED]]
    more = len(counted) - len(named)
    return ", ".join([*named, *([f"and {more} more"] if more else [])])


@click.command("coverage", cls=Command)
@click.option("--since", type=SINCE, metavar="TIME", help="From then on; 7d unless said.")
@pass_session
def coverage(session: Session, since: datetime | None) -> None:
    """Say how much came of each source, those first that gave least.

    A source that gives nothing may be broken without an error: its feed forgotten, its page redone.

    \b
    Example:
        monitor coverage --since 30d
    """
    from monitor.report.coverage import coverage as covered_by
    from monitor.report.view import covered_shape

    now = session.now()
    with session.storage() as storage, storage.reading() as tx:
        found = covered_by(tx, since=since or now - timedelta(days=7), until=now)
    if not found:
        session.found_nothing("Nothing is followed yet.")
    if session.json:
        for each in found:
            output.emit(covered_shape(each))
        return
    output.table(
        ("SOURCE", "STATE", "ARTICLES", "DAYS WITHOUT", "ALERTS", "LAST NEWS"),
        [
            (
                each.source.name,
                f"failing {each.source.failures}x"
                if each.source.failures
                else each.source.state.value,
                each.articles,
                f"{each.days_without} of {each.followed}",
                each.alerts,
                show_age(each.source.last_entry_at, now=now) if each.source.last_entry_at else None,
            )
            for each in found
        ],
    )


@click.command("mcp", cls=Command)
@click.option("--write", is_flag=True, help="Offer adding rules, rating alerts and silencing, too.")
@click.pass_context
def mcp(ctx: click.Context, write: bool) -> None:
    """Offer search, stories, alerts and rules to a program that speaks the Model Context Protocol.

    It is asked on standard input and answers on standard output; such programs start it
    themselves. Nothing can be changed through it unless --write is given.

    \b
    Example:
        monitor mcp
    """
    import io
    import sys
    from contextlib import redirect_stdout

    from monitor.mcp.protocol import Server
    from monitor.mcp.tools import tools
    from monitor.web.site import desk_of

    session = ctx.ensure_object(Session)
    for stream in (sys.stdin, sys.stdout):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    asked, answers = sys.stdin, sys.stdout
    # What else is printed would be taken for an answer.
    with redirect_stdout(sys.stderr), session.app() as app:
        Server(tools(desk_of(app), writing=write)).serve(asked, answers)
