"""Stories as people look at them, and as they change them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from common.records import dataclass
from monitor.base.errors import Missing, Refusal, clipped
from monitor.base.names import one_named
from monitor.stories.carried import Carried, carried, members_of, outlet_names
from monitor.stories.placing import StoryPlacer
from storage.api.storage import Transaction
from storage.model import Article, stable_id
from storage.story import Membership, Story

BY_HAND = "put there by hand"
LOOKED_FOR_LATER = (
    "those of a silent first poll are looked for afterwards, by a running daemon within a minute "
    "or so"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """An article of a story.

    Attributes:
        outlet: Who published it: its host's owner, or its source.
        reason: Why it belongs to the story; "" of the first.
    """

    article: Article
    source_name: str
    outlet: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldStory:
    """A story with its articles in order of appearance, and the rules that told of it."""

    story: Story
    tellings: tuple[Telling, ...]
    carried: Carried
    rules: tuple[str, ...]


def story_named(tx: Transaction, word: str) -> Story:
    """Return the story with this id or beginning, of this article, or that an alert is about.

    Raises:
        Refusal: There is no such story, or none of this article yet.
        storage.api.errors.Ambiguous: The word begins several ids.
    """
    return one_named("story", word, lambda text: _found(tx, text), lambda: ())


def _found(tx: Transaction, word: str) -> Story | None:
    code = word.removeprefix("#")
    story = tx.stories.find(word) if code == word else None
    if story is not None:
        return story
    article = tx.articles.find(word) if code == word else None
    if article is not None:
        return _story_of(tx, article, word)
    alert = tx.alerts.find(code)
    return tx.stories.get(alert.story_id) if alert else None


def _story_of(tx: Transaction, article: Article, word: str) -> Story:
    """Return the story that an article tells.

    Raises:
        Refusal: None was looked for yet: it came with a silent first poll, a moment ago.
    """
    story = tx.stories.get(article.story_id)
    if story is None:
        text = f'article "{clipped(article.title)}" has no story yet; {LOOKED_FOR_LATER}'
        raise Missing(text, word=word)
    return story


def told(tx: Transaction, stories: Sequence[Story]) -> list[ToldStory]:
    """Return stories with their articles and rules."""
    ids = [story.id for story in stories]
    members = members_of(tx, ids)
    every = [member for of_story in members.values() for member in of_story]
    articles = tx.articles.some(member.article_id for member in every)
    outlets = outlet_names(tx, every)
    sources = _source_names(tx, articles.values())
    rules = rules_that_told(tx, ids)
    return [
        ToldStory(
            story=story,
            tellings=tuple(
                Telling(
                    article=(article := articles[member.article_id]),
                    source_name=sources[article.source_id],
                    outlet=outlets.get(member.outlet, member.outlet),
                    reason=member.reason,
                )
                for member in members[story.id]
            ),
            carried=carried(members[story.id], outlets),
            rules=tuple(sorted(rules.get(story.id, ()))),
        )
        for story in stories
        if members[story.id]
    ]


def _source_names(tx: Transaction, articles: Iterable[Article]) -> dict[str, str]:
    names: dict[str, str] = {}
    for article in articles:
        if article.source_id not in names:
            source = tx.sources.get(article.source_id)
            names[article.source_id] = source.name if source else article.source_id
    return names


def rules_that_told(tx: Transaction, story_ids: Sequence[str]) -> dict[str, set[str]]:
    """Return the names of the rules that alerted about stories, by story."""
    alerts = tx.alerts.of_stories(story_ids)
    rules = {id_: tx.rules.get(id_) for id_ in {alert.rule_id for alert in alerts}}
    told: dict[str, set[str]] = {}
    for alert in alerts:
        if rule := rules[alert.rule_id]:
            told.setdefault(alert.story_id, set()).add(rule.name)
    return told


def split(
    tx: Transaction, placer: StoryPlacer, story: Story, words: Iterable[str], *, now: datetime
) -> Story:
    """Make a story of its own of some articles of a story; return it.

    They stay apart: an article is placed once.

    Args:
        words: The articles, each by its id, its beginning or its URL.

    Raises:
        Refusal: One is not an article of the story, or none would be left.
    """
    tx.placing.hold()
    members = tx.stories.members([story.id])
    ids = [member.article_id for member in members]
    moved = dict.fromkeys(_member(tx, word, ids, story).id for word in words)
    left = [id_ for id_ in ids if id_ not in moved]
    if not left:
        raise Refusal("a story keeps at least one article; leave one out")
    first = next(iter(moved))
    new_id = first if tx.stories.get(first) is None else stable_id("story", first)
    made = Story(id=new_id, seen_at=story.seen_at)
    _write(tx, placer, {made: list(moved), story: left}, members, now=now)
    return _stored(tx, new_id)


def merge(
    tx: Transaction, placer: StoryPlacer, one: Story, other: Story, *, now: datetime
) -> Story:
    """Move all articles of another story into one; return it.

    Raises:
        Refusal: They are one already.
    """
    if one.id == other.id:
        raise Refusal(f'"{clipped(one.id)}" is that story already; name two')
    tx.placing.hold()  # else what joins the other one meanwhile would go with it
    members = sorted(tx.stories.members([one.id, other.id]), key=lambda m: m.story_id != one.id)
    whole = {one: [member.article_id for member in members]}
    _write(tx, placer, whole, members, now=now, is_any_gone=True)
    tx.stories.remove(other.id)
    return _stored(tx, one.id)


def _stored(tx: Transaction, id: str) -> Story:
    story = tx.stories.get(id)
    assert story is not None
    return story


def _member(tx: Transaction, word: str, ids: Sequence[str], story: Story) -> Article:
    article = one_named("article", word, tx.articles.find, lambda: ())
    if article.id not in ids:
        raise Refusal(f'"{clipped(article.title)}" is no article of story {story.id}')
    return article


def _write(
    tx: Transaction,
    placer: StoryPlacer,
    told_by: Mapping[Story, Sequence[str]],
    members: Iterable[Membership],
    *,
    now: datetime,
    is_any_gone: bool = False,
) -> None:
    """Write which articles tell each of these stories; those that are moved say so.

    They have joined when they joined the story that they come from: whoever was told of them
    there is told nothing by a person's moving them.

    Args:
        members: All of them, as they are now.
    """
    articles = tx.articles.some(id_ for ids in told_by.values() for id_ in ids)
    told_now = {story: [articles[id_] for id_ in ids] for story, ids in told_by.items()}
    placer.write(tx, told_now, now=now, is_any_gone=is_any_gone)
    homes = {id_: story.id for story, ids in told_by.items() for id_ in ids}
    moved = [member for member in members if homes[member.article_id] != member.story_id]
    tx.stories.join(
        replace(member, story_id=homes[member.article_id], reason=BY_HAND) for member in moved
    )
    tx.stories.move({member.article_id: homes[member.article_id] for member in moved})
