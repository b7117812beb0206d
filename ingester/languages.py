"""The languages of a document's articles: looked for once it is known which are new."""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import replace

from ingester.fingerprints import Sighting
from ingester.recognition import Found, Recognised
from ingester.text.company import Company
from ingester.text.language import Declarations, Text, primary
from storage.model import Article

log = logging.getLogger("monitor.pipeline")

OTHERS = 20
"""So many others of a document say which language prevails in it."""


class Languages:
    """Finds the language of each entry of one document at most once.

    Args:
        declared: What the document declares for all of them, or "".
        tripped: Told of an entry whose text the detection trips over; it is stored without a
            language, and the others as ever.
    """

    def __init__(self, declared: str, *, tripped: Callable[[Sighting, Exception], None]) -> None:
        self._said = primary(declared)
        self._declarations = Declarations(declared)
        self._tripped = tripped
        self._found: dict[str, str] = {}

    def given_to(
        self, fresh: Recognised, *, may_alert: Set[str], beside: Iterable[Text] = ()
    ) -> Recognised:
        """Return what was recognised with all that is only looked for of what is to be stored.

        Args:
            beside: What else the document lists, which tells in what language most of it is.
            may_alert: The marks of new entries about which rules may speak; of all others they
                say nothing, since they were there before.
        """
        if not fresh.new and not fresh.edited:
            return fresh
        self._find([found.sighting for found in (*fresh.new, *fresh.edited)], beside)
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

    def _find(self, sightings: Sequence[Sighting], beside: Iterable[Text]) -> None:
        wanted = {each.mark: each for each in sightings if each.mark not in self._found}
        if wanted:
            found = dict(zip(wanted, self._shown(list(wanted.values())), strict=True))
            self._found |= found
            try:
                self._found |= self._by_company(wanted, found, beside)
            except Exception as bug:  # what stands beside entries must not cost them
                log.debug("the language that prevails in a document is not known", exc_info=bug)

    def _shown(self, sightings: Sequence[Sighting]) -> list[str]:
        try:
            return self._declarations.languages_of([_text(each) for each in sightings])
        except Exception as bug:  # one entry's must not cost a document
            log.debug("the languages of a document are looked for one by one", exc_info=bug)
            return [self._alone(sighting) for sighting in sightings]

    def _by_company(
        self,
        wanted: Mapping[str, Sighting],
        found: Mapping[str, str],
        beside: Iterable[Text],
    ) -> Mapping[str, str]:
        """Return the languages that prevail, of entries that are said to be in none."""
        undeclared = [mark for mark, each in wanted.items() if not primary(each.declared)]
        unsure = [
            mark for mark in undeclared if Company.may_change(found[mark], _text(wanted[mark]).text)
        ]
        if not unsure:
            return {}
        own = [(found[mark], _text(each).text) for mark, each in wanted.items()]
        titles = {each.article.title for each in wanted.values()}
        others = [each for each in beside if each.text and each.text not in titles][:OTHERS]
        shown = Declarations().languages_of(others)
        beside_them = zip(shown, (each.text for each in others), strict=True)
        company = Company([*own, *beside_them], said=self._said)
        return {mark: company.language_of(found[mark], _text(wanted[mark]).text) for mark in unsure}

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
