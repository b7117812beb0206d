"""The languages of a document's articles: looked for once it is known which are new."""

import logging
from collections.abc import Callable, Sequence, Set
from dataclasses import replace

from ingester.fingerprints import Sighting
from ingester.recognition import Found, Recognised
from ingester.text.language import Declarations, Text
from storage.model import Article

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

    def given_to(self, fresh: Recognised, *, may_alert: Set[str]) -> Recognised:
        """Return what was recognised with all that is only looked for of what is to be stored.

        Args:
            may_alert: The marks of new entries about which rules may speak; of all others they
                say nothing, since they were there before.
        """
        if not fresh.new and not fresh.edited:
            return fresh
        self._find([found.sighting for found in (*fresh.new, *fresh.edited)])
        new = tuple(
            self._whole(found, is_quiet=found.sighting.mark not in may_alert) for found in fresh.new
        )
        edited = tuple(
            self._whole(found, is_quiet=found.article.baseline) for found in fresh.edited
        )
        return replace(fresh, new=new, edited=edited)

    def _whole(self, found: Found, *, is_quiet: bool) -> Found:
        article = found.article
        language = self._found[found.sighting.mark] or article.language
        if (article.language, article.baseline) == (language, is_quiet):
            return found
        return Found(
            sighting=found.sighting,
            article=_told_in(article, language, is_quiet=is_quiet),
            before=found.before,
            fingerprints=found.fingerprints,
        )

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


def _told_in(article: Article, language: str, *, is_quiet: bool) -> Article:
    """Return an article in a language, in half of the time of `replace`: each new one comes by."""
    return Article(
        id=article.id,
        source_id=article.source_id,
        story_id=article.story_id,
        url=article.url,
        title=article.title,
        text=article.text,
        first_seen_at=article.first_seen_at,
        summary=article.summary,
        language=language,
        authors=article.authors,
        categories=article.categories,
        published_at=article.published_at,
        updated_at=article.updated_at,
        baseline=is_quiet,
        publisher=article.publisher,
    )
