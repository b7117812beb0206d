"""Recognising several documents with few questions to the store."""

from collections.abc import Iterable, Mapping, Sequence

from ingester.fingerprints import Sighting
from ingester.recognition import Recognised, Stored, recognise
from storage.api.articles import Known
from storage.model import Article


class Asked:
    """Implements `Stored`: knows the answers to questions that were asked for many at once."""

    def __init__(self, stored: Stored) -> None:
        self._stored = stored
        self._answers: dict[str, Known | None] = {}

    def ask(self, keys: Iterable[str]) -> None:
        """Ask for those of the keys whose answer is not known."""
        wanted = [key for key in keys if key not in self._answers]
        if wanted:
            known = self._stored.known(wanted)
            self._answers.update((key, known.get(key)) for key in wanted)

    def forget(self, keys: Iterable[str]) -> None:
        """Ask anew for these, when they are asked for again."""
        for key in keys:
            self._answers.pop(key, None)

    def known(self, keys: Iterable[str]) -> Mapping[str, Known]:
        wanted = list(keys)
        self.ask(wanted)
        answers = ((key, self._answers[key]) for key in wanted)
        return {key: known for key, known in answers if known is not None}

    def some(self, ids: Iterable[str]) -> Mapping[str, Article]:
        return self._stored.some(ids)


def recognise_all(documents: Sequence[Sequence[Sighting]], stored: Stored) -> list[Recognised]:
    """Return what `recognise` returns for each of several documents, none of which is stored."""
    asked = Asked(stored)
    sightings = [sighting for document in documents for sighting in document]
    own = asked.known({sighting.own.key for sighting in sightings})
    new = (sighting for sighting in sightings if sighting.own.key not in own)
    asked.ask({print_.key for sighting in new for print_ in sighting.others})
    return [recognise(document, asked) for document in documents]
