"""Calls that change sources, channels, deliveries and silences."""

from collections.abc import Callable
from datetime import timedelta
from time import sleep

from starlette.requests import Request

from ingester.kinds import FEED, FOLDER
from monitor.base.errors import Refusal
from monitor.base.times import parse_duration, parse_since, parse_until
from monitor.feed_lists.follow import follow as follow_list
from monitor.feed_lists.opml import NoListError, read_opml
from monitor.feed_lists.view import listed_shape
from monitor.services import channels as channelbook
from monitor.services.channel_trouble import trouble_here
from monitor.services.deliveries import Owed, requeue_failed, requeue_one, send_test, with_channels
from monitor.services.fields.source_fields import (
    READING,
    USUAL,
    USUAL_WORD,
    SourceChanges,
    checked_every,
)
from monitor.services.sources import sources as catalogue
from monitor.services.sources.follow import follow, place_to_follow
from monitor.silences.silencing import Wanted, add_silence, silence_named, told, unsilence
from monitor.views.channel import ChannelShape, channel_shape
from monitor.views.delivery import delivery_shape
from monitor.views.silence import silence_shape
from monitor.views.sources.source import source_shape
from monitor.web.api.bodies import FLAG, TEXT, TEXTS, Field, Fields, Given, chosen_of_channel
from monitor.web.api.nouns import Body, flag_of
from monitor.web.base.desk import Desk
from storage.model import Channel, Source, SourceState

TEST_PATIENCE = timedelta(seconds=5)

RETRY: Fields = {"again": Field(kind=FLAG, purpose="Though it was delivered already.")}
RETRY_SINCE: Fields = {
    "since": Field(kind=TEXT, purpose="Those made since: 24h, 2026-11-24.", is_needed=True)
}
LIST: Fields = {
    "opml": Field(kind=TEXT, purpose="The list, as feed readers write it.", is_needed=True),
    "every": Field(kind=TEXT, purpose="How often to poll each; as usual unless said."),
    "tags": Field(kind=TEXTS, purpose="Words to group all of them by."),
}
NEW_SILENCE: Fields = {
    "rule": Field(kind=TEXT, purpose="Alerts of this rule."),
    "source": Field(kind=TEXT, purpose="Alerts about articles of this source."),
    "story": Field(kind=TEXT, purpose="Alerts about the story of this alert or article."),
    "query": Field(kind=TEXT, purpose="Alerts about articles that match this."),
    "reason": Field(kind=TEXT, purpose="Why, for whoever wonders.", is_needed=True),
    "for": Field(kind=TEXT, purpose="How long: 24h, 7d."),
    "until": Field(kind=TEXT, purpose="Until when: 2026-12-31, or an instant."),
}


def _text(given: Given, name: str) -> str | None:
    value = given.get(name)
    return None if value is None else str(value)


def add_source(desk: Desk, request: Request, given: Given) -> Body:
    """Follow a feed, or the best that a site offers."""
    wish = source_changes(given, tags=())
    place = place_to_follow(str(given["url"]), _text(given, "kind"), wish)
    if place.kind == FOLDER:
        raise Refusal("a folder is followed from the command line only: add-source FOLDER")
    app = desk.app
    followed = follow(
        app.storage,
        app.looking.sites,
        place,
        wish,
        now=app.now,
        anyway=given.get("anyway") is True,
    )
    return dict(source_shape(followed.source, articles=0))


def edit_source(desk: Desk, request: Request, given: Given) -> Body:
    """Change what is given of a source, and leave the rest as it is."""
    if not given:
        raise Refusal("nothing to change was given")
    app = desk.app
    with app.storage.changing() as tx:
        source = catalogue.source_named(tx, request.path_params["id"])
        changes = source_changes(given, tags=source.tags)
        edited = catalogue.edit(tx, source, changes, now=app.now())
        return dict(source_shape(edited, articles=tx.sources.article_counts().get(edited.id, 0)))


def source_changes(given: Given, *, tags: tuple[str, ...]) -> SourceChanges:
    """Return what a call changes of a source.

    Args:
        tags: Those that the source has.

    Raises:
        Refusal: What it gives cannot be meant.
    """
    every = _text(given, "every")
    try:
        duration = None
        if every is not None:
            duration = USUAL if every == USUAL_WORD else parse_duration(every)
    except ValueError as error:
        raise Refusal(f"every: {error}") from None
    wanted = given.get("tags")
    new = tuple(map(str, wanted)) if isinstance(wanted, list) else tags
    backfill = given.get("backfill")
    return SourceChanges(
        name=_text(given, "name"),
        every=duration,
        tags=tuple(tag for tag in new if tag not in tags),
        untag=tuple(tag for tag in tags if tag not in new),
        reading={row.name: str(given[row.name]) for row in READING if row.name in given},
        backfill=backfill if isinstance(backfill, int) else None,
    )


def source_into(state: SourceState | None) -> Callable[[Desk, Request, Given], Body]:
    """Return the call that pauses, resumes or removes a source; of None, that polls it next."""

    def call(desk: Desk, request: Request, given: Given) -> Body:
        with desk.app.storage.changing() as tx:
            source: Source = catalogue.source_named(tx, request.path_params["id"])
            wanted = state or source.state
            changed = catalogue.set_state(tx, source, wanted, now=desk.app.now())
            count = tx.sources.article_counts().get(changed.id, 0)
            return dict(source_shape(changed, articles=count))

    return call


def _shape(desk: Desk, channel: Channel) -> ChannelShape:
    trouble = trouble_here(desk.app.config, channel)
    return channel_shape(channel, trouble_here=trouble)


def _headers(given: Given) -> str | None:
    headers = given.get("headers")
    return "\n".join(map(str, headers)) if isinstance(headers, list) else None


def add_channel(desk: Desk, request: Request, given: Given) -> Body:
    """Add a channel; what is secret about it is kept in the data folder."""
    app = desk.app
    draft = channelbook.drafted(
        name=str(given["name"]),
        target=str(given["target"]),
        now=app.now(),
        kind=_text(given, "kind"),
        secret=_text(given, "secret"),
        headers=_headers(given) or None,
        cloudevents="yes" if given.get("cloudevents") else None,
        chosen=chosen_of_channel(given),
    )
    with app.storage.changing() as tx:
        channel, released = channelbook.add_channel(tx, app.config.home, draft, now=app.now())
    return {**_shape(desk, channel), "released": released}


def edit_channel(desk: Desk, request: Request, given: Given) -> Body:
    """Change what is given of a channel, and leave the rest as it is."""
    app = desk.app
    events = given.get("cloudevents")
    changes = channelbook.ChannelChanges(
        name=_text(given, "name"),
        target=_text(given, "target"),
        kind=_text(given, "kind"),
        secret=(_text(given, "secret") or "") if "secret" in given else None,
        headers=_headers(given),
        cloudevents=None if events is None else "yes" if events else "",
        chosen=chosen_of_channel(given),
    )
    with app.storage.changing() as tx:
        old = channelbook.channel_named(tx, request.path_params["id"])
        edited = channelbook.edit_channel(tx, app.config.home, old, changes, now=app.now())
    channelbook.forget_replaced(app.config.home, edited)
    shape = _shape(desk, edited.draft.channel)
    counts = {"released": edited.released, "unsent": edited.unsent, "gathered": edited.gathered}
    return {**shape, **counts}


def pause_channel(desk: Desk, request: Request, given: Given) -> Body:
    """Send nothing to a channel until it is enabled."""
    with desk.app.storage.changing() as tx:
        channel = channelbook.channel_named(tx, request.path_params["id"])
        paused = channelbook.pause_channel(tx, channel)
    return dict(_shape(desk, paused))


def enable_channel(desk: Desk, request: Request, given: Given) -> Body:
    """Send to a channel again."""
    with desk.app.storage.changing() as tx:
        channel = channelbook.channel_named(tx, request.path_params["id"])
        done = channelbook.enable_channel(tx, channel, now=desk.app.now())
    shape = _shape(desk, done.channel)
    return {**shape, "released": done.released, "gathered": done.gathered}


def remove_channel(desk: Desk, request: Request, given: Given) -> Body:
    """Remove a channel and forget its secrets."""
    home = desk.app.config.home
    with desk.app.storage.changing() as tx:
        channel = channelbook.channel_named(tx, request.path_params["id"])
        users = channelbook.users_of(tx, channel)
        held = channelbook.remove_channel(tx, home, channel)
        shape = channel_shape(tx.channels.get(channel.id) or channel)
    channelbook.forget_secrets(home, [channel])
    return {**shape, "held": held, "rules": users.names, "silent": users.silent}


def test_channel(desk: Desk, request: Request, given: Given) -> Body:
    """Send a channel a test message, the whole real way; what became of it is answered."""
    channel, ended = send_test(
        desk.app.sending.courier,
        request.path_params["id"],
        render=desk.app.sending.renderer.test,
        patience=TEST_PATIENCE,
        pause=sleep,
    )
    shapes = [delivery_shape(Owed(delivery, channel)) for delivery in ended]
    return {"deliveries": shapes, "more": False}


def retry_delivery(desk: Desk, request: Request, given: Given) -> Body:
    """Make a delivery due again that is dead or held."""
    word, again = request.path_params["id"], given.get("again") is True
    with desk.app.storage.changing() as tx:
        delivery = requeue_one(tx, word, again=again, now=desk.app.now())
        [owed] = with_channels(tx, [delivery])
    return dict(delivery_shape(owed))


def retry_since(desk: Desk, request: Request, given: Given) -> Body:
    """Make all deliveries due again that are dead or held and were made since."""
    app = desk.app
    try:
        since = parse_since(str(given["since"]), now=app.now(), zone=app.config.zone)
    except ValueError as error:
        raise Refusal(f"since: {error}") from None
    with app.storage.changing() as tx:
        requeued = with_channels(tx, requeue_failed(tx, since=since, now=app.now()))
    return {"deliveries": [delivery_shape(owed) for owed in requeued], "more": False}


def import_list(desk: Desk, request: Request, given: Given) -> Body:
    """Follow the feeds of an OPML list; nothing is fetched."""
    tags = given.get("tags")
    try:
        every = parse_duration(str(given["every"])) if "every" in given else None
        listed = read_opml(str(given["opml"]))
    except (NoListError, ValueError) as error:
        raise Refusal(f"{'opml' if isinstance(error, NoListError) else 'every'}: {error}") from None
    checked_every(FEED, every)
    batches = follow_list(
        desk.app.storage,
        listed,
        now=desk.app.now(),
        every=every,
        tags=tuple(map(str, tags)) if isinstance(tags, list) else (),
    )
    return {"feeds": [listed_shape(taken) for batch in batches for taken in batch]}


def silences(desk: Desk, request: Request) -> Body:
    """List the silences that last; with `all=true` those that are over, too."""
    now = desk.app.now()
    everything = flag_of(request, "all")
    with desk.app.storage.reading() as tx:
        shown = [told(tx, each) for each in tx.silences.all(now=None if everything else now)]
    return {"silences": [silence_shape(each, now=now) for each in shown]}


def silence(desk: Desk, request: Request, given: Given) -> Body:
    """Hold back alerts for a while."""
    app, now = desk.app, desk.app.now()
    if ("for" in given) == ("until" in given):
        raise Refusal("say how long: either for or until")
    try:
        if "for" in given:
            until = now + parse_duration(str(given["for"]))
        else:
            until = parse_until(str(given["until"]), now=now, zone=app.config.zone)
    except ValueError as error:
        raise Refusal(f"{'for' if 'for' in given else 'until'}: {error}") from None
    except OverflowError:
        raise Refusal("for: this is too long") from None
    names = ("rule", "source", "story", "query")
    wanted = Wanted(**{name: _text(given, name) for name in names})
    with app.storage.changing() as tx:
        added = add_silence(
            tx,
            wanted,
            reason=str(given["reason"]),
            until=until,
            now=now,
            made=app.lexicons.made,
        )
        return dict(silence_shape(told(tx, added), now=now))


def end_silence(desk: Desk, request: Request, given: Given) -> Body:
    """End a silence before its time; what it has held back comes as one digest."""
    now = desk.app.now()
    with desk.app.storage.changing() as tx:
        ended = silence_named(tx, request.path_params["id"], now=now)
        gathered = unsilence(tx, ended, now=now)
        shown = told(tx, tx.silences.get(ended.id) or ended)
    return {**silence_shape(shown, now=now), "gathered": gathered}
