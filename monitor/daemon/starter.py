"""What a new home is given: the seed folder, and one rule that shows how it works."""

import sys

from ingester.kinds import FOLDER
from monitor.app import App
from monitor.services.channels import add_console
from monitor.services.rules import starter_rule
from monitor.services.sources import new_source

QUERY = "Hanoi Convention"

FOUND = 'That was the starter rule "{query}", found in the documents of {seeds}.\n'
NOT_FOUND = 'The starter rule "{query}" has found nothing in {seeds} so far.\n'

HELP = """\
  Your own channel:  {command} add-channel desk https://example.com/hook
  Your own rule:     {command} add-rule "your words" --notify desk
  Your own source:   {command} add-source https://example.com/feed.xml
"""


def prepare(app: App, *, starter: bool) -> bool:
    """Follow the seed folder; in an empty home also add the starter rule and its channel.

    Returns:
        Whether the starter rule was added now.
    """
    with app.storage.transaction() as tx:
        seeds = app.config.seeds
        if seeds is not None:
            location = str(seeds.absolute())
            folder = new_source(kind=FOLDER, url=location, now=app.now(), name="seeds")
            # A seed folder that its owner has removed stays removed.
            if tx.sources.get(folder.id) is None:
                tx.sources.add(folder)
        if not starter or tx.meta.get("starter") is not None:
            return False
        tx.meta.set("starter", "seen")
        if tx.rules.all() or tx.channels.all():
            return False
        console = add_console(tx, now=app.now())
        tx.rules.add(starter_rule(QUERY, channel_ids=(console.id,), now=app.now()))
        return True


def say_what_next(app: App, *, has_alerts: bool) -> None:
    """Print, after the starter's first round, how to add one's own channel, rule and source."""
    text = (FOUND if has_alerts else NOT_FOUND) + HELP
    seeds, command = app.config.seeds or "no folder", app.config.command_name
    sys.stdout.write("\n" + text.format(query=QUERY, seeds=seeds, command=command))
    sys.stdout.flush()
