"""Which of the entries that a source lists are known articles, which are edited, which new."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import field, replace
from datetime import timedelta
from functools import cached_property
from typing import Protocol

from common.records import dataclass
from ingester.crowding import crowded, numberings, without_repeats
from ingester.editions import are_alike, are_unlike, edition_of, have_one_text, say_the_same
from ingester.fingerprints import Sighting, folded, shared, tries_of, words_of, words_said_by
from ingester.urls.owners import owner_of
from ingester.urls.urls import fragment_of, identity_key
from storage.api.articles import Known
from storage.model import SHARED, Article, Fingerprint, stable_id

FRESH = timedelta(days=1)
"""What was published so lately is not what is kept no more."""


class Stored(Protocol):
    """What is asked of what is stored: part of `storage.api.articles.Articles`."""

    def known(self, keys: Iterable[str]) -> Mapping[str, Known]:
        """Return, for those of the fingerprint keys that are known, whose they are."""
        ...

    def some(self, ids: Iterable[str]) -> Mapping[str, Article]:
        """Return those of these articles that are there, by id."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An entry, and the article that it is of.

    Attributes:
        article: As it is to be stored.
        before: As it is stored; None when it is new.
        fingerprints: Those that become the article's.
    """

    sighting: Sighting
    article: Article
    before: Article | None = None
    fingerprints: tuple[Fingerprint, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """What of a document is new, and what was seen before.

    Attributes:
        new: Articles to add, in document order.
        edited: Known articles of which their own source says something else than before.
        listed: Fingerprints of known articles that were met, old and new, with the articles' ids.
        relisted: Known articles that came from another source and that this one did not list yet.
        shares_names: Whether several articles have one id or address.
        renamed: Keys of ids, or links for want of any, that their source gave to articles that it
            had called otherwise.
        asked: The keys that all of this was found by.
        known: Those of them that were known.
        idle: Those of the keys whose answers decide nothing here, whatever they are: how a site
            numbers articles, where none of the numbers is known.
    """

    new: tuple[Found, ...] = ()
    edited: tuple[Found, ...] = ()
    listed: tuple[tuple[Fingerprint, str], ...] = ()
    relisted: tuple[Found, ...] = ()
    shares_names: bool = False
    renamed: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()
    known: Mapping[str, Known] = field(default_factory=dict)
    idle: frozenset[str] = frozenset()

    def still_holds(self, stored: Stored) -> bool:
        """Whether recognising the same document anew would come to the same."""
        return stored.known(self.asked) == self.known

    def stands_alone(self, document: Sequence[Sighting]) -> bool:
        """Whether none of these entries has anything in common with what is stored.

        Then what stood beside them in their source, and is stored, makes no difference to them:
        but that it may show how a site numbers articles, if that is not known.
        """
        numberings = {each.numbering.key for each in document if each.numbering is not None}
        return self.known.keys() == numberings


def recognise(document: Sequence[Sighting], stored: Stored) -> Recognised:
    """Return which of the entries of one document are new, and which articles the others are.

    Two entries of a document are two articles, unless they repeat each other: address, title and
    text, and their ids where one of these is missing. Beyond that an article is known by what its
    source calls it, else by its address, both only as long as not several articles have it; else
    by the number in its address, if the site names articles so, as this document shows or an
    earlier one has shown; else by title and day, if the text is similar or missing in both. What
    is known and kept no more is known by what its source calls it, its address or title and day.
    """
    return _Recognition(document, stored).result()


_Way = Callable[[int], str | None]
"""The place of an entry to the key that tells which known article it is of, or None."""


class _Recognition:
    """Finds for each entry of a document the id of its article: its home."""

    def __init__(self, document: Sequence[Sighting], stored: Stored) -> None:
        self._document = without_repeats(document)
        self._stored = stored
        self._asked: set[str] = set()
        self._known: dict[str, Known] = {}
        self._articles: dict[str, Article] = {}
        self._homes: dict[int, str] = {}
        self._ways: dict[int, str] = {}
        self._owners: dict[str, str] = {}
        self._taken: set[str] = set()
        self._own = [sighting.own for sighting in self._document]
        self._url = [sighting.url for sighting in self._document]
        self._crowded = crowded(self._document, self._own, self._url)

    def result(self) -> Recognised:
        self._ask({own.key for own in self._own})
        if self._known:
            self._settle(self._as_it_was)
        unchanged = set(self._homes)
        self._look_up(self._left())
        if self._known:  # else no way leads anywhere
            for way in (
                self._by_name,
                self._by_own_key,
                self._by_address,
                self._by_number,
                self._by_title,
                self._by_what_is_gone,
            ):
                self._settle(way)
        return self._sorted(unchanged)

    def _ask(self, keys: Set[str]) -> None:
        self._asked |= keys
        self._known.update(self._stored.known(keys))

    def _left(self) -> list[int]:
        return [place for place in range(len(self._document)) if place not in self._homes]

    def _look_up(self, left: Sequence[int]) -> None:
        """Ask for all that those may be known by whom their source calls otherwise, or edits."""
        if not left:
            return
        keys: set[str] = set()
        numberings: set[str] = set()
        for place in left:
            sighting = self._document[place]
            prints = [*sighting.others]
            if self._own[place].key in self._known:
                # Only what has no key of its own is known by these, and then its key is known.
                prints += [sighting.whole, sighting.named]
            keys.update(print_.key for print_ in prints)
            if sighting.numbering is not None:
                numberings.add(sighting.numbering.key)
        self._ask(keys)
        keys.update(self._own[place].key for place in left)
        # Whichever article showed how a site numbers them, none is known by that.
        homes = {self._known[key].article_id for key in keys - numberings if key in self._known}
        if homes:
            self._articles.update(self._stored.some(homes))

    def _settle(self, way: _Way) -> None:
        """Find homes in one way, in document order; a known article is that of one entry."""
        for place in self._left():
            key = way(place)
            home = self._known[key].article_id if key is not None else None
            if key is not None and home is not None and home not in self._taken:
                self._homes[place], self._ways[place] = home, key
                self._taken.add(home)

    # --- the ways ---

    def _as_it_was(self, place: int) -> str | None:
        key, noted = self._own[place].key, self._document[place].noted
        known = self._known.get(key)
        return key if known is not None and known.said in (noted, "") else None

    def _by_name(self, place: int) -> str | None:
        sighting = self._document[place]
        if self._own[place].key not in self._known:
            return None
        for print_ in (sighting.whole, sighting.named):
            known = self._known.get(print_.key)
            if known is not None and known.said != SHARED:
                return print_.key
        return None

    def _by_own_key(self, place: int) -> str | None:
        own, new = self._own[place], self._document[place].article
        article = self._owner(own)
        if article is None:
            return None
        if self._is_shared(own):
            is_it = folded(new.title) == folded(article.title)
        elif not (new.url and article.url):
            is_it = not are_unlike(new, article)
        else:
            is_there = identity_key(new.url) == identity_key(article.url)
            is_it = is_there or are_alike(new, article)
        return own.key if is_it else None

    def _by_address(self, place: int) -> str | None:
        url, sighting = self._url[place], self._document[place]
        article = self._owner(url)
        if url is None or article is None:
            return None
        is_named = sighting.entry_id and article.source_id == sighting.article.source_id
        # Another part of a page may be another article, such as a comment on it.
        is_other = is_named or fragment_of(sighting.link)
        if self._is_shared(url):
            is_it = folded(sighting.article.title) == folded(article.title)
        else:
            is_it = not is_other or are_alike(sighting.article, article)
        return url.key if is_it else None

    def _by_number(self, place: int) -> str | None:
        sighting = self._document[place]
        number, new = sighting.number, sighting.article
        article = self._owner(number)
        if number is None or article is None:
            return None
        tells = (
            not self._is_shared(number)
            and not fragment_of(sighting.link)
            and self._numbers_tell(sighting)
        )
        is_it = tells or are_alike(new, article) or have_one_text(new, article)
        return number.key if is_it else None

    def _by_title(self, place: int) -> str | None:
        sighting = self._document[place]
        title = sighting.title
        article = self._owner(title)
        if title is None or article is None:
            return None
        is_it = say_the_same(sighting.article, article)
        return title.key if is_it and not _are_of_two_outlets(sighting.article, article) else None

    def _by_what_is_gone(self, place: int) -> str | None:
        """Know an article that is kept no more: nobody is to be told of it again.

        What it said cannot be asked. An address under which something was published just now is
        that of something else, unless its source calls it the same.
        """
        sighting, own = self._document[place], self._own[place]
        article = sighting.article
        published_at = article.published_at
        is_fresh = published_at is not None and article.first_seen_at - published_at < FRESH
        for print_ in (own, None if is_fresh else self._url[place], sighting.title):
            known = self._known.get(print_.key) if print_ is not None else None
            if print_ is None or known is None or known.said == SHARED:
                continue
            if known.article_id not in self._articles:
                return print_.key
        return None

    def _owner(self, print_: Fingerprint | None) -> Article | None:
        """Return the stored article whose fingerprint that is, unless another entry is of it."""
        known = self._known.get(print_.key) if print_ is not None else None
        if known is None or known.article_id in self._taken:
            return None
        return self._articles.get(known.article_id)

    def _is_shared(self, print_: Fingerprint | None) -> bool:
        known = self._known.get(print_.key) if print_ is not None else None
        return known is not None and known.said == SHARED

    def _numbers_tell(self, sighting: Sighting) -> bool:
        """Whether the site of an address is known to name each article by a number of its own."""
        numbering = sighting.numbering
        known = self._known.get(numbering.key) if numbering is not None else None
        if known is not None:
            return known.said != SHARED
        return numbering is not None and self._numbering.get(numbering.key, False)

    @cached_property
    def _numbering(self) -> dict[str, bool]:
        return numberings(self._document)

    # --- what comes of it ---

    def _sorted(self, unchanged: Set[int]) -> Recognised:
        new: list[Found] = []
        edited: list[Found] = []
        relisted: list[Found] = []
        listed: list[tuple[Fingerprint, str]] = []
        renamed: set[str] = set()
        stories: dict[tuple[str, str, str], str] = {}
        for place, sighting in enumerate(self._document):
            home = self._homes.get(place)
            if home is None:
                article = self._new_article(place)
                # The same words at one address under two ids: two articles, told of once.
                words = (article.url, article.title, article.text)
                story_id = stories.setdefault(words, article.id) if article.url else article.id
                if story_id != article.story_id:
                    article = replace(article, story_id=story_id)
                prints = tuple(self._prints(place, article.id))
                new.append(Found(sighting=sighting, article=article, fingerprints=prints))
                listed += self._no_longer_one(place, article.id)
                listed += self._learned(sighting, article.id)
                continue
            is_plain = place in unchanged and self._own[place].key not in self._crowded
            prints = (self._own[place],) if is_plain else tuple(self._prints(place, home))
            listed += [(print_, home) for print_ in prints]
            before = self._articles.get(home)
            if place in unchanged or before is None:
                continue
            is_unknown = self._own[place].key not in self._known
            is_own = before.source_id == sighting.article.source_id
            if is_unknown and is_own and self._own[place].kind == "id":
                renamed.add(self._own[place].key)
            if not is_own:
                if is_unknown:
                    relisted.append(Found(sighting=sighting, article=before, before=before))
            elif not self._says_the_same(place, before):
                article = edition_of(before, sighting, was=self._said_before(place))
                edited.append(Found(sighting=sighting, article=article, before=before))
        return Recognised(
            new=tuple(new),
            edited=tuple(edited),
            listed=tuple(listed),
            relisted=tuple(relisted),
            shares_names=self._shares_names,
            renamed=frozenset(renamed),
            asked=frozenset(self._asked),
            known=self._known,
            idle=self._idle(),
        )

    def _idle(self) -> frozenset[str]:
        """Return the keys of numberings, if no number is known of which they would tell."""
        numbered = [each for each in self._document if each.number is not None]
        if any(each.number and each.number.key in self._known for each in numbered):
            return frozenset()
        return frozenset(each.numbering.key for each in numbered if each.numbering is not None)

    def _new_article(self, place: int) -> Article:
        """Return an article under an id that follows from the first key that is its own."""
        sighting, url = self._document[place], self._url[place]
        name = next(filter(self._is_free, self._names(place)), None) or sighting.whole
        id_ = stable_id("article", name.key)
        is_at_its_own = url is None or self._is_free(url)
        article = sighting.article if is_at_its_own else sighting.with_link()
        return article if id_ == article.story_id else replace(article, id=id_, story_id=id_)

    def _names(self, place: int) -> Iterator[Fingerprint]:
        """Yield what an article may be named after, the best first."""
        if (url := self._url[place]) is not None:
            yield url
        yield self._own[place]
        yield self._document[place].named

    def _is_free(self, print_: Fingerprint) -> bool:
        key = print_.key
        return key not in self._crowded and key not in self._known and key not in self._owners

    def _prints(self, place: int, home: str) -> list[Fingerprint]:
        """Return the fingerprints of an entry that are its article's, or become so."""
        sighting, own = self._document[place], self._own[place]
        prints = [own, self._url[place], sighting.number, sighting.title]
        if not self._is_its_own(own, home):
            prints += [sighting.named, sighting.whole]
        kept = []
        for print_ in prints:
            if print_ is not None and self._owner_of(print_, home) == home:
                is_shared = print_.key in self._crowded or self._is_shared(print_)
                kept.append(shared(print_) if is_shared else print_)
        return kept

    def _is_its_own(self, print_: Fingerprint, home: str) -> bool:
        is_shared = print_.key in self._crowded or self._is_shared(print_)
        return not is_shared and self._owner_of(print_, home) == home

    def _owner_of(self, print_: Fingerprint, home: str) -> str:
        known = self._known.get(print_.key)
        return known.article_id if known else self._owners.setdefault(print_.key, home)

    def _no_longer_one(self, place: int, home: str) -> list[tuple[Fingerprint, str]]:
        """Return the keys of a new article that another one has: from now on they tell nothing."""
        prints = []
        for print_ in (self._own[place], self._url[place]):
            known = self._known.get(print_.key) if print_ is not None else None
            if print_ is not None and known is not None and known.article_id != home:
                prints.append((shared(print_), known.article_id))
        return prints

    def _learned(self, sighting: Sighting, home: str) -> list[tuple[Fingerprint, str]]:
        """Return what is to be kept of how a site numbers articles, if that is new."""
        numbering = sighting.numbering
        tells = self._numbering.get(numbering.key) if numbering is not None else None
        if numbering is None or tells is None:
            return []
        known = self._known.get(numbering.key)
        if known is not None and (tells or known.said == SHARED):
            return []
        if self._owner_of(numbering, home) != home and known is None:
            return []  # another entry of this document has brought it
        return [(numbering if tells else shared(numbering), home)]

    def _says_the_same(self, place: int, before: Article) -> bool:
        """Whether only what the article is called has changed, not what is read."""
        said, was = self._document[place].said, self._said_before(place)
        if tries_of(was) and words_of(said) == words_of(was):
            # Nothing else was said, but its page may have been had at last.
            return self._document[place].article.text in before.text
        return words_of(said) in (words_of(self._said_before(place)), words_said_by(before))

    def _said_before(self, place: int) -> str:
        """Return what was said when the article was last listed, or "" when nobody knows."""
        said = self._known[self._ways[place]].said
        return "" if said == SHARED else said

    @property
    def _shares_names(self) -> bool:
        return any(
            print_ is not None and (print_.key in self._crowded or self._is_shared(print_))
            for print_ in (*self._own, *self._url)
        )


def _are_of_two_outlets(new: Article, stored: Article) -> bool:
    """Whether two sources of one host, such as feeds of an aggregator, list different papers.

    Within one source it is one paper that has moved.
    """
    return (
        new.source_id != stored.source_id
        and bool(new.url and stored.url)
        and _outlet_of(new) != _outlet_of(stored)
    )


def _outlet_of(article: Article) -> str:
    return article.publisher or owner_of(article.url)
