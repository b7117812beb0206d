"""Calls about stories: who tells one, taking one apart, joining two."""

from starlette.requests import Request

from monitor.base.errors import Refusal
from monitor.stories.told import merge, split, story_named, told
from monitor.views.article import story_details_shape, story_shape
from monitor.web.api.bodies import TEXT, TEXTS, Field, Fields, Given
from monitor.web.api.nouns import Body, limit_of, since_of
from monitor.web.base.desk import Desk

SPLIT: Fields = {
    "articles": Field(kind=TEXTS, purpose="Those that do not tell it: ids or URLs.", is_needed=True)
}
MERGE: Fields = {
    "other": Field(kind=TEXT, purpose="The story whose articles become this one's.", is_needed=True)
}


def show_all(desk: Desk, request: Request) -> Body:
    """List stories, those first that were told last."""
    limit = limit_of(request)
    with desk.app.storage.reading() as tx:
        found = told(tx, tx.stories.recent(since=since_of(desk, request), limit=limit))
    return {"stories": [story_shape(story) for story in found]}


def show(desk: Desk, request: Request) -> Body:
    """Show one story: who carries it, in order of appearance."""
    with desk.app.storage.reading() as tx:
        [shown] = told(tx, [story_named(tx, request.path_params["id"])])
    return dict(story_details_shape(shown))


def split_off(desk: Desk, request: Request, given: Given) -> Body:
    """Make a story of its own of articles that do not tell this one."""
    app, articles = desk.app, given["articles"]
    words = list(map(str, articles)) if isinstance(articles, list) else []
    if not words:
        raise Refusal("articles: expected at least one")
    with app.storage.changing() as tx:
        story = story_named(tx, request.path_params["id"])
        made = split(tx, app.stories, story, words, now=app.now())
        app.pipeline.tell_moved(tx, made, story)
        [shown] = told(tx, [made])
    return dict(story_details_shape(shown))


def merge_with(desk: Desk, request: Request, given: Given) -> Body:
    """Make one story of two that tell the same."""
    app = desk.app
    with app.storage.changing() as tx:
        one = story_named(tx, request.path_params["id"])
        another = story_named(tx, str(given["other"]))
        made = merge(tx, app.stories, one, another, now=app.now())
        app.pipeline.tell_moved(tx, made)
        [shown] = told(tx, [made])
    return dict(story_details_shape(shown))
