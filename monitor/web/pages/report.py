"""The report of a rule or a tag, made for paper; the command writes the same as a file."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from monitor.base.errors import Refusal
from monitor.report.report import Report, report_of
from monitor.web.base.desk import Desk, number
from monitor.web.base.render import Renderer, filters


def show(desk: Desk, request: Request) -> Response:
    """Show the report of a rule or a tag, of the last days."""
    chosen = filters(request.query_params, ("rule", "tag"))
    days = number(request.query_params, "days", default=7, low=1, high=366)
    word = chosen["rule"] or chosen["tag"]
    if not word:
        raise Refusal("rule: name a rule, or a tag")
    now = desk.app.now()
    with desk.app.storage.reading() as tx:
        report = report_of(
            tx, word, since=now - timedelta(days=days), until=now, zone=desk.app.config.zone
        )
    html = written(desk.render, report, now=now, asked=chosen)
    return HTMLResponse(html, headers={"Cache-Control": "no-cache"})


def written(
    render: Renderer,
    report: Report,
    *,
    now: datetime,
    asked: Mapping[str, str] | None = None,
    style: str = "",
) -> str:
    """Return a report as HTML.

    Args:
        asked: By what the page was asked for, to ask for other days.
        style: Its style, to stand in it; "" to be asked of the site.
    """
    last = report.until - timedelta(microseconds=1)
    values = {"report": report, "last": last, "now": now, "asked": asked or {}, "style": style}
    return render.page("report.html", **values)


def file_of(render: Renderer, report: Report, *, now: datetime) -> str:
    """Return a report as a file that needs no other."""
    style = files("monitor.web").joinpath("static", "report.css").read_text(encoding="utf-8")
    return written(render, report, now=now, style=style)
