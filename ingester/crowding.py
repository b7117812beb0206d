"""What the entries of one document show beside one another: repeats, shared keys, numbering."""

from collections import Counter
from collections.abc import Iterable, Sequence, Set

from ingester.editions import are_alike, have_one_text
from ingester.fingerprints import Sighting, folded
from ingester.urls.urls import identity_key
from storage.model import Fingerprint

NUMBERS_TELL = 3
"""So many numbers of a site, one an article, show that they are its names for articles."""


def numberings(document: Iterable[Sighting]) -> dict[str, bool]:
    """Return what a document shows of its sites, by the key of their numbering.

    True: each article has a number of its own. False: several different ones have the same.
    """
    numbers: dict[str, dict[str, list[Sighting]]] = {}
    for sighting in document:
        if sighting.numbering is not None and sighting.number is not None:
            of_site = numbers.setdefault(sighting.numbering.key, {})
            of_site.setdefault(sighting.number.key, []).append(sighting)
    shown: dict[str, bool] = {}
    for key, of_site in numbers.items():
        if any(map(_are_several, of_site.values())):
            shown[key] = False
        elif len(of_site) >= NUMBERS_TELL and all(len(each) == 1 for each in of_site.values()):
            shown[key] = True
    return shown


def without_repeats(document: Iterable[Sighting]) -> list[Sighting]:
    """Return the entries without those that say again, word for word, what one before them says."""
    first: dict[str, Sighting] = {}
    for sighting in document:
        first.setdefault(sighting.as_read, sighting)
    return list(first.values())


def _are_several(sightings: Sequence[Sighting]) -> bool:
    """Whether entries with one number in their addresses are different articles."""
    first = sightings[0].article
    return any(
        identity_key(other.article.url) != identity_key(first.url)
        and not are_alike(other.article, first)
        and not have_one_text(other.article, first)
        for other in sightings[1:]
    )


def crowded(
    document: Sequence[Sighting], own: Sequence[Fingerprint], urls: Sequence[Fingerprint | None]
) -> Set[str]:
    """Return the keys that several entries have that are not one article."""
    counts = Counter(print_.key for print_ in own)
    shared = {key for key, count in counts.items() if count > 1}
    named = Counter(
        sighting.named.key
        for sighting, print_ in zip(document, own, strict=True)
        if print_.key in shared
    )
    shared.update(key for key, count in named.items() if count > 1)
    titles: dict[str, set[str]] = {}
    numbers: dict[str, set[str]] = {}
    for sighting, url in zip(document, urls, strict=True):
        if url is not None:
            titles.setdefault(url.key, set()).add(folded(sighting.article.title))
        if url is not None and sighting.number is not None:
            numbers.setdefault(sighting.number.key, set()).add(url.key)
    shared.update(key for key, several in titles.items() if len(several) > 1)
    shared.update(key for key, several in numbers.items() if len(several) > 1)
    return shared
