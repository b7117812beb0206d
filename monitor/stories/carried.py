"""By whom a story is told: how many articles, from which outlets, in which languages."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import chain

from common.records import dataclass
from ingester.kinds import spec_of
from ingester.urls.owners import owner_of
from ingester.urls.urls import site_of
from storage.api.storage import Transaction
from storage.model import Article, Source
from storage.story import Membership


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """By whom a story is told.

    Attributes:
        outlets: Who publishes it, in order of appearance: different owners by their sites.
        languages: Likewise.
        joined_at: When the last of its articles joined it; None where nobody can say.
    """

    articles: int = 1
    outlets: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    joined_at: datetime | None = None


ALONE = Carried()


def outlet_of(article: Article) -> str:
    """Return who published an article: a host's owner, or its source without an address."""
    return article.publisher or (owner_of(article.url) if article.url else "") or article.source_id


def publisher_of(article: Article, source: Source) -> str:
    """Return the host that published an article which its source only lists; else "".

    Alerts, searches and aggregators as feeds list what others publish. What the source's name says
    as well needs no saying, such as that BBC News is from bbc.com.
    """
    if not article.url or not spec_of(source.kind).is_remote:
        return ""
    if not article.publisher and site_of(article.url) == site_of(source.url):
        return ""  # of most; it needs no list to be read
    publisher = article.publisher or owner_of(article.url)
    if publisher in ("", owner_of(source.url)):
        return ""
    label, name = _letters(publisher.split(".")[0]), _letters(source.name)
    return "" if name and (label in name or name in label) else publisher


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def appeared_at(article: Article) -> datetime:
    """Return when an article was published, else first seen."""
    return article.published_at or article.first_seen_at


def carried(members: Sequence[Membership], names: Mapping[str, str]) -> Carried:
    """Return by whom a story is told whose articles these are.

    Args:
        names: What the sources are called that are outlets themselves, by id.
    """
    if not members:
        return ALONE
    outlets = dict.fromkeys(names.get(each.outlet, each.outlet) for each in members)
    languages = dict.fromkeys(each.language for each in members if each.language)
    return Carried(
        articles=len(members),
        outlets=tuple(outlets),
        languages=tuple(languages),
        joined_at=max(each.joined_at for each in members),
    )


def carried_by(tx: Transaction, story_ids: Iterable[str]) -> dict[str, Carried]:
    """Return by whom each of these stories is told so far."""
    members = members_of(tx, story_ids)
    names = outlet_names(tx, chain.from_iterable(members.values()))
    return {id_: carried(of_story, names) for id_, of_story in members.items()}


def members_of(tx: Transaction, story_ids: Iterable[str]) -> dict[str, list[Membership]]:
    """Return the articles of each of these stories, by appearance; none of one that is unknown."""
    members: dict[str, list[Membership]] = {id_: [] for id_ in story_ids}
    for member in tx.stories.members(members) if members else ():
        members[member.story_id].append(member)
    return members


def outlet_names(tx: Transaction, members: Iterable[Membership]) -> dict[str, str]:
    """Return what the sources are called that are outlets themselves, by id."""
    ids = {member.outlet for member in members if "." not in member.outlet}
    return {id_: source.name for id_, source in tx.sources.some(ids).items()} if ids else {}
