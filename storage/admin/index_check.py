"""Reads the whole search index, to see damage in it before a search does."""

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from storage.postings.damage import damage_told, damaged
from storage.postings.sealing import opened
from storage.postings.segments import firsts_of
from storage.sql.archive.numbers import PLACES_OF_SEGMENT
from storage.sql.archive.places import are_sealed, places_of
from storage.sql.archive.search import is_damaged
from storage.sql.archive.segments import GONE
from storage.sql.tables.schema import article_index, article_page, article_segment

_AT_ONCE = 500
_NONE = np.array([], np.int64)


def check(connection: Connection) -> None:
    """Read every segment that is needed, one after the other.

    Raises:
        IndexDamaged: One is not as it was written, or an article in none that is known by one.
    """
    if is_damaged(connection):
        return
    kept = article_segment.c
    ids = connection.execute(select(kept.id).where(kept.level != GONE).order_by(kept.id)).scalars()
    placed = [_check_segment(connection, id_) for id_ in ids.all()]
    known = connection.execute(select(article_index.c.number)).scalars().all()
    if not np.isin(known, np.concatenate([_NONE, *placed])).all():
        raise damaged()  # it is known by a number that nothing is found by


def _check_segment(connection: Connection, id_: int) -> NDArray[np.int64]:
    """Check one; return the numbers of its articles."""
    segment = connection.execute(select(article_segment).where(article_segment.c.id == id_)).one()
    seal = are_sealed(segment.places)
    with damage_told():
        firsts = firsts_of(opened(segment.firsts, id_, has_seal=seal))
    places = places_of(id_, segment.places)
    told = (segment.pages, segment.articles, segment.oldest, segment.newest)
    if told != (len(firsts), len(places.seen), places.seen.min(), places.seen.max()):
        raise damaged()
    first = id_ * PLACES_OF_SEGMENT
    for start in range(0, segment.pages, _AT_ONCE):
        end = min(start + _AT_ONCE, segment.pages)
        _check_pages(connection, range(first + start, first + end), seal=seal)
    return places.numbers


def _check_pages(connection: Connection, numbers: range, *, seal: bool) -> None:
    kept = article_page.c
    pages = select(kept.id, kept.bytes).where(kept.id.between(numbers[0], numbers[-1]))
    found = connection.execute(pages).all()
    if len(found) != len(numbers):
        raise damaged()
    for number, page in found:
        opened(page, number, has_seal=seal)
