"""The command that shows what would be taken in."""

from typing import TYPE_CHECKING

import click

from monitor.base.errors import Refusal
from monitor.base.remedies import worded
from monitor.cli import output
from monitor.cli.params import TEXT
from monitor.cli.session import Command, Session

if TYPE_CHECKING:
    from monitor.views.sources.inspection import InspectionShape


@click.command("inspect", cls=Command)
@click.argument("places", metavar="URL_OR_FILE...", type=TEXT, nargs=-1, required=True)
@click.option("--url", type=TEXT, help="Where a file came from; links are joined to it.")
@click.option("--content-type", type=TEXT, help="As a server would have said.")
@click.pass_context
def inspect(
    ctx: click.Context, places: tuple[str, ...], url: str | None, content_type: str | None
) -> None:
    """Show what would be taken in from a URL or a file, without storing anything.

    \b
    Example:
        monitor inspect https://example.com/feed.xml
        monitor inspect page.html --url https://example.com/news/1
    """
    from monitor.services.sources.inspect import Inspector
    from monitor.views.sources.inspection import inspection_shape, nothing_shape

    session = ctx.ensure_object(Session)
    look = Inspector(
        session.config, now=session.now, url=url or "", content_type=content_type or ""
    )
    ctx.call_on_close(look.close)
    failed = False
    for place in places:
        try:
            shape = inspection_shape(look.at(place))
        except Refusal as refusal:
            if len(places) == 1:
                raise
            shape = nothing_shape(worded(refusal))
        failed = failed or shape["kind"] == "not-recognised"
        if session.json:
            output.emit(shape)
        else:
            _print(place, shape)
    if failed:
        ctx.exit(1)


def _print(place: str, shown: "InspectionShape") -> None:
    feed, article = shown["feed"], shown["article"]
    text = article["text"] if article else ""
    output.details(
        [
            ("place", place),
            ("kind", shown["kind"]),
            ("parser", shown["parser"]),
            ("problem", shown["problem"]),
            ("title", (feed and feed["title"]) or (article and article["title"])),
            ("url", (feed and feed["link"]) or (article and article["url"])),
            ("language", (feed and feed["language"]) or (article and article["language"])),
            ("published", article["published_at"] if article else None),
            ("authors", article["authors"] if article else None),
            ("text", f"{len(text)} characters" if text else None),
        ]
    )
    if text:
        output.say_prose([(" ".join(text.split())[:300], False)], indent="  ")
    if shown["entries"]:
        output.table(
            ("PUBLISHED", "TITLE", "LINK"),
            [(entry["published_at"], entry["title"], entry["link"]) for entry in shown["entries"]],
            whole="LINK",
        )
    output.say("")
