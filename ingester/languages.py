"""The languages of a document's articles: looked for once it is known which are new."""

from collections.abc import Callable
from dataclasses import replace

from ingester.fingerprints import Sighting
from ingester.recognition import Found, Recognised
from ingester.text.language import Declarations


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
        new = tuple(self._with_language(found) for found in fresh.new)
        edited = tuple(self._with_language(found) for found in fresh.edited)
        return replace(fresh, new=new, edited=edited)

    def _with_language(self, found: Found) -> Found:
        language = self._of(found.sighting)
        if not language:
            return found
        return replace(found, article=replace(found.article, language=language))

    def _of(self, sighting: Sighting) -> str:
        language = self._found.get(sighting.mark)
        if language is None:
            article = sighting.article
            text = f"{article.title}\n{article.text}"
            try:
                language = self._declarations.language_of(sighting.declared, text)
            except Exception as bug:  # one entry's must not cost a document
                self._tripped(sighting, bug)
                language = ""
            self._found[sighting.mark] = language
        return language
