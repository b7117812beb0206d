"""What a new home is given: the seed folder, and one rule that shows how it works."""

import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from ingester.kinds import FOLDER
from monitor.app import App
from storage.api.storage import Transaction
from storage.model import Source, SourceState

QUERY = "Hanoi Convention"

FOUND = 'That was the starter rule "{query}", found in the documents of {seeds}.\n'
NOT_FOUND = 'The starter rule "{query}" has found nothing in {seeds} so far.\n'
NO_SEEDS = 'The starter rule "{query}" was added; there is no seed folder in which it could find.\n'

HELP = """\
  Your own channel:  {command} add-channel desk https://example.com/hook
  Your own rule:     {command} add-rule "your words" --notify desk
  Your own source:   {command} add-source https://example.com/feed.xml
"""

PAGE = """\
  To look at it all: {page}
"""


SEEDS = "seeds"
"""How the source of the setting is called, and under which key its id is kept."""


def prepare(app: App, *, starter: bool) -> bool:
    """Follow the seed folder; in an empty home also add the starter rule and its channel.

    Returns:
        Whether the starter rule was added now.
    """
    with app.storage.changing() as tx:
        is_new = starter and tx.meta.get("starter") is None
        is_empty = is_new and not (tx.rules.watching() or tx.channels.all())
        seeds = app.config.seeds
        if (
            not app.config.seeds_are_samples
            or (is_new and is_empty)
            or tx.meta.get(SEEDS) is not None
        ):
            # The samples are for who looks at the program, not for whom it already works.
            _follow_seeds(tx, seeds, now=app.now())
        if not is_new:
            return False
        tx.meta.set("starter", "seen")
        if not is_empty:
            return False
        # Dear to load, and needed at the first start alone.
        from monitor.services.channels import add_console
        from monitor.services.rules.rules import starter_rule

        console = add_console(tx, now=app.now())
        tx.rules.add(starter_rule(QUERY, channel_ids=(console.id,), now=app.now()))
        return True


def _follow_seeds(tx: Transaction, seeds: Path | None, *, now: datetime) -> None:
    """Follow the folder that the setting names, instead of the one that it named before."""
    place = None if seeds is None else str(seeds.absolute())
    former = _former(tx)
    noted = tx.meta.get(SEEDS)
    of_former = (former.id, former.url) if former is not None else ("", None)
    if (noted, place) == of_former:
        return  # as at most starts: what follows is long to load
    from monitor.services.sources.sources import free_name, new_source, set_state

    folder = None
    if place is not None:
        folder = new_source(kind=FOLDER, url=place, now=now, name=SEEDS)
    moved = former is not None and (folder is None or former.id != folder.id)
    if former is not None and moved and former.state is not SourceState.REMOVED:
        set_state(tx, former, SourceState.REMOVED, now=now)
    was_none = noted == ""
    # A folder that its owner has removed stays removed; one that the setting left may come back.
    if folder is not None and (moved or was_none or tx.sources.get(folder.id) is None):
        taken = {source.name for source in tx.sources.all() if source.id != folder.id}
        tx.sources.add(replace(folder, name=free_name(SEEDS, taken)))
    tx.meta.set(SEEDS, folder.id if folder is not None else "")


def _former(tx: Transaction) -> Source | None:
    """Return the source that the setting named at the last start."""
    id_ = tx.meta.get(SEEDS)
    if id_ is not None:
        return tx.sources.get(id_) if id_ else None
    if tx.meta.get("starter") is None:
        return None  # never started: what is called so is somebody's own
    # Before its id was kept, only its name told.
    named = (source for source in tx.sources.all() if source.name == SEEDS)
    return next((source for source in named if source.kind == FOLDER), None)


def say_what_next(app: App, *, has_alerts: bool, page: str | None) -> None:
    """Print, after the starter's first round, how to add one's own channel, rule and source.

    Args:
        page: Where the page is served; while it is not, the command is told.
    """
    seeds, command = app.config.seeds, app.config.command_name
    text = (FOUND if has_alerts else NOT_FOUND) if seeds else NO_SEEDS
    text += HELP
    if app.config.web_listen:
        text += PAGE.format(page=page or f"{command} web")
    sys.stdout.write("\n" + text.format(query=QUERY, seeds=seeds, command=command))
    sys.stdout.flush()
