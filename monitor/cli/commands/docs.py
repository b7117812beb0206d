"""The command that writes docs/cli.md and the table of docs/settings.md."""

import click

from monitor.cli.session import Command

_WIDTH = 80
_INTRODUCTION = """\
# Commands

Made by `monitor docs cli > docs/cli.md`; a test compares the two.

Every command takes `--json` (JSON lines on standard output and nothing else there), and the
options that `monitor --help` lists, before its name or after it. Ids may be shortened to a unique
beginning; names work where ids do. Exit codes: 0 done, 1 nothing found or failed, 2 misuse, 3 a
daemon runs already, 65 the store is damaged, 75 it cannot be used now, 130 interrupted, 141 the
reader went away.
"""

_JSON = """\
## What --json prints

One object a line. Instants are UTC ISO 8601 with Z, or null. Fields may be added, never taken away.

- **source**: `id` `name` `kind` `url` `state` `every` `next_poll_at` `last_ok_at` `last_entry_at`
  `last_error` `failures` `articles` `tags` `options` `backfill` `added_at`;
  in options: `full_text` (yes or no), `selector` (CSS); show-source adds `notices`
- **candidate** (discover): `url` `kind` `title` `entries` `newest_at` `full_text` (true, false for
  summaries, or null) `overlap` (the share of its articles that the best lists, too) `declared`
  `chosen` (what add-source would take) `found` `news` (a sitemap of news) `problem`
- **rule**: `id` `name` `query` `state` `channels` `match` `languages`
  `written_in` (the language of its query, or the few that it may be of) `variants` `sources` `tags`
  `priority` `digest` `max_per_day` `follow_ups` `min_outlets` `escalate` `spike` `expires_at`
  `created_at` `revision`; add-rule adds `raised` and `reach`, the others `alerts`, show-rule also
  `reach` and `last_alert_at` (reach: of each watched language, or of those that the newest articles
  are in, `language` `forms` `proposed` `missing`); edit-, pause-, resume- and remove-rule add
  `gathered` (alerts that one digest tells); with --dry-run add- and edit-rule add `card`
- **card**: `since` `until` `archive_begins_at` `articles` `whole` (false when only the newest were
  looked at) `hits` `stories` `alerts` `alerts_by_day` `alerts_a_day` `busiest_day` `by_source`
  `by_language` `by_variant` (how many articles show each variant's text) `newest` `borderline`
  (lists of `id` `title` `source` `language` `first_seen_at` `score` `reason`) `borderline_match`
  (the --match that would find them, or null) `gained` `lost` (by an edit, else null) `variants`
  (`total` `by_state` `by_language` `by_source`) `verdict` (silent, fine, noisy) `reasons` `hints`
- **variant**: `language` (`""` for any) `text` `of` (the words of the query that it stands for,
  `""` for its first keyword or phrase) `kind` `source` `score` `state` `key`; show-rule adds `hits`
  `last_hit_at` `idle` (it has found nothing in 30 days); add-, accept- and reject-variant print
  `rule` and `changed`, expand-rule `rule` `variants` (how many) `came` `went` `confusable`,
  rate-alert `alert` `rule` `verdict` `words` `proposal` (null, or query, left_out, noise, kept,
  others, lost_useful, card), wrong-match `alert` `rule` `rejected` `matches` (still) `no_longer`
  (ids of other alerts)
- **channel**: `id` `name` `kind` `target` (masked) `recipients` `state` `state_reason` `not_before`
  `trouble_here` (why this machine cannot send to it, or null) `added_at` `takes` `digest` `quiet`
  `max_per_hour` `max_per_day` `zone` `language` `template`; add-, edit- and
  enable-channel add `released` (deliveries that go out now), the last two `gathered`
  (alerts that one digest tells)
- **article**: `id` `story_id` `source` `url` `title` `summary` `language` `authors` `categories`
  `published_at` `updated_at` `first_seen_at`; show-article adds `text`,
  `text_from` (in words) and `versions` (what its source said before it edited it: `until_at`
  `title` `text`)
- **story**: `id` `title` `url` `first_seen_at` `last_seen_at` `articles` `outlets` (how many)
  `languages` `rules` (names of those that told of it) `follows` (an earlier story's id, or
  null); show-, split- and merge-stories add `members` in order of appearance (`article` (an
  object) `outlet` `language` `published_at` `reason`, `""` of the first)
- **alert**: `id` `rule` `story_id` `article` (an object) `raised_at` `score` `evidence` `articles`
  (how many of the story) `seq` `held` (a list of channel, reason, due_at and why of what waits for
  a digest); show-alert adds `deliveries`
- **evidence**: `field` `start` `end` (code points of that field as it is now, 0 of what is gone)
  `text` `term` `layer` `language` `variants` (texts of the rule's variants through which it was
  found) `cut` (whether more was found than the 1,000 characters that are kept)
- **delivery**: `id` `kind` `alert` `channel` `recipient` `state` `state_reason` `attempts` `maybe`
  `created_at` `next_at` `waits_for` (null, or what an open one waits for) `delivered_at`
  `last_error` `receipt` `hold` (null, or reason and due_at of what is or was held back)
  `digest` (the delivery that carries it)
- **render**: `id` `kind` `channel` `recipient` `payload` (the message's bytes, as text) `frozen`
  (whether a delivery with these bytes was made)
- **report**: `name` `rules` `since` `until` `stories` `articles` `before` (stories of the same time
  before) `stories_by_day` `by_outlet` `by_language` `useful` `noise` `whole` (false when only the
  newest alerts were looked at) `top` (the stories that most told: `id` `title` `url` `language`
  `source` `first_seen_at` `articles` `outlets` `languages` `rules`)
- **coverage**: `source` `state` `articles` `articles_by_day` `days_without` `alerts`
  `last_entry_at` `last_ok_at` `failures`
- **silence**: `id` `reason` `rule` `source` `story_id` `query` (null for any) `created_at`
  `until_at` `ended_at` `is_over` `held` (how many alerts it holds back); unsilence adds `gathered`
- **trial** (try-rule): `id` `matched` `score` `language` `evidence`
- **hit** (search): an article's fields, `score` `evidence` `snippet` (`field` `text`, in which the
  words that were found stand in brackets)
- **explain**: `rule` `article` (objects) `matched` `score` `is_rule` (false when it is tried as a
  query) `stages` (each `stage` `outcome` `text`, and facts of its own) `clause` (`text` `kind`
  `holds` `score` `evidence` `why` `miss` `parts`, clauses in turn; a miss is `kind` `text` `found`
  `distance` `needed` `variant` `missing`) `verdict`
- **poll**: `source` `new_articles` `alerts` `error` `notices`
- **inspect**: `kind` `parser` `problem` `feed` `entries` `article`
"""


@click.command("docs", cls=Command, hidden=True)
@click.argument("page", type=click.Choice(["cli", "settings"]))
@click.pass_context
def docs(ctx: click.Context, page: str) -> None:
    """Print a page of the documentation that is made from the program.

    \b
    Example:
        monitor docs cli > docs/cli.md
    """
    from monitor.config.templates import settings_page

    click.echo(cli_page() if page == "cli" else settings_page(), nl=False)


def cli_page() -> str:
    """Return docs/cli.md: the help of every command."""
    from monitor.cli.main import COMMANDS, cli

    parts = [_INTRODUCTION, f"## monitor\n\n```\n{_help(cli, 'monitor')}\n```\n"]
    root = click.Context(cli, info_name="monitor", max_content_width=_WIDTH)
    for name in COMMANDS:
        command = cli.get_command(root, name)
        if command is not None and not command.hidden:
            parts.append(f"## {name}\n\n```\n{_help(command, f'monitor {name}')}\n```\n")
    parts.append(_JSON)
    return "\n".join(parts)


def _help(command: click.Command, name: str) -> str:
    ctx = click.Context(
        command,
        info_name=name,
        terminal_width=_WIDTH,
        help_option_names=["-h", "--help"],
    )
    return command.get_help(ctx)
