"""The languages of a document's articles: looked for once it is known which are new."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace

from ingester.fingerprints import Sighting
from ingester.recognition import Found, Recognised
from ingester.text.language import Declarations, Text

log = logging.getLogger("monitor.pipeline")


class Languages:
    """Finds the language of each entry of one document at most once.

    Args:
        declared: What the document declares for all of them, or "".
        tripped: Told of an entry whose text the detection trips over; it is stored without a
            language, and the others as ever.
    """

    def __init__(self, declared: str, *, tripped: Callable[[Sighting, Exception], None]) -> None:
        self._declarations = Declarations(declared)
        self._tripped = tripped
        self._found: dict[str, str] = {}

    def given_to(self, fresh: Recognised) -> Recognised:
        """Return what was recognised with the languages of what is to be stored."""
        self._find([found.sighting for found in (*fresh.new, *fresh.edited)])
        new = tuple(self._with_language(found) for found in fresh.new)
        edited = tuple(self._with_language(found) for found in fresh.edited)
        return replace(fresh, new=new, edited=edited)

    def _with_language(self, found: Found) -> Found:
        language = self._found[found.sighting.mark]
        if not language:
            return found
        return replace(found, article=replace(found.article, language=language))

    def _find(self, sightings: Sequence[Sighting]) -> None:
        wanted = {each.mark: each for each in sightings if each.mark not in self._found}
        if not wanted:
            return
        try:
            languages = self._declarations.languages_of([_text(each) for each in wanted.values()])
        except Exception as bug:  # one entry's must not cost a document
            log.debug("the languages of a document are looked for one by one", exc_info=bug)
            languages = [self._alone(sighting) for sighting in wanted.values()]
        self._found.update(zip(wanted, languages, strict=True))

    def _alone(self, sighting: Sighting) -> str:
        try:
            return self._declarations.languages_of([_text(sighting)])[0]
        except Exception as bug:
            self._tripped(sighting, bug)
            return ""


def _text(sighting: Sighting) -> Text:
    article = sighting.article
    return Text(sighting.declared, f"{article.title}\n{article.text}")
