"""The lexicons that rules are compiled with; nothing is read before a term is looked up."""

from collections.abc import Callable, Sequence
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.config.load import Config
from monitor.lexicons.packed import news_edition, packed_news
from rules.expand.making import MAKING
from rules.lexicons.news_source import ENGLISH

if TYPE_CHECKING:  # each start asks for the fingerprint, and seldom for what is in the lists
    from monitor.lexicons.dictd import Dictionary
    from rules.expand.variants import Made
    from rules.lexicons.api import Lexicon
    from rules.lexicons.names_packed import PackedNames
    from rules.lexicons.news_packed import PackedNews


def _nobody(sentence: str) -> None:
    """Tell nobody."""


class Lexicons:
    """The product's own lists, and the dictionaries of this machine."""

    def __init__(
        self,
        folders: Sequence[Path] = (),
        cache: Path | None = None,
        *,
        language: str = ENGLISH,
        tell: Callable[[str], None] = _nobody,
    ) -> None:
        """Keep where things are; nothing is read.

        Args:
            folders: Where dictionaries lie, the first of equal names counts; never written to,
                and they need not exist.
            cache: A folder for what is made of them; it may be deleted at any time. None for
                none, and so for no dictionaries.
            language: What rules are written in, unless their words say otherwise.
            tell: Gets a sentence for whoever waits, before something that takes long.
        """
        self._folders = tuple(folders) if cache is not None else ()
        self._cache = cache
        self.language = language
        self._tell = tell

    @cached_property
    def all(self) -> tuple["Lexicon", ...]:
        """All of them, the surest first."""
        from monitor.lexicons.places import PlaceNames
        from rules.lexicons.japanese_names import JapaneseNames
        from rules.lexicons.news import NewsLexicon
        from rules.lexicons.numbers import NumberLexicon
        from rules.lexicons.substances import SubstanceLexicon
        from rules.lexicons.transliteration import TransliterationLexicon

        lists = (
            NewsLexicon(lambda: self._news),
            PlaceNames(lambda: self._places),
            JapaneseNames(),
            TransliterationLexicon(),
            SubstanceLexicon(),
            NumberLexicon(),
        )
        if not self._installed or self._cache is None:
            return lists
        from monitor.lexicons import dictionaries

        installed = dictionaries.Dictionaries(self._installed, self._cache, tell=self._tell)
        return (*lists, installed)

    def made(self, query: str, language: str = "") -> "Made":
        """Return what the lists say of a query, which may take a second.

        Args:
            language: What it is written in, if its owner has said so.
        """
        from rules.expand.variants import made_of

        return made_of(query, self.all, language=language, default=self.language)

    def at_once(self) -> tuple[tuple["Lexicon", ...], str]:
        """Return the lexicons that answer without a wait, and their fingerprint.

        Dictionaries that must first be read as a whole are left out, and the fingerprint says so.
        """
        if not self._installed:
            return self.all, self.fingerprint
        from monitor.lexicons import dictionaries

        ready = tuple(
            lexicon
            for lexicon in self.all
            if not isinstance(lexicon, dictionaries.Dictionaries) or lexicon.is_ready
        )
        waiting = ", without dictionaries" if ready != self.all else ""
        return ready, self.fingerprint + waiting

    @property
    def fingerprint(self) -> str:
        """A text that changes when the lists, or how variants are made of them, change."""
        packages = (f"{name} {version(name)}" for name in ("babel", "pycountry"))
        lists = [f"news {news_edition(self._cache) or self._news.edition}", *packages]
        if self._installed:
            from monitor.lexicons import dictionaries

            lists.append(f"dictionaries {dictionaries.fingerprint(self._installed)}")
        return ", ".join((MAKING, *lists))

    @cached_property
    def _news(self) -> "PackedNews":
        return packed_news(self._cache, tell=self._tell, apart=True)

    @cached_property
    def _places(self) -> "PackedNames":
        from monitor.lexicons.places import packed_places

        return packed_places(self._cache, apart=True)

    @cached_property
    def _installed(self) -> tuple["Dictionary", ...]:
        if not any(each.is_dir() or (each.parent / "edict").is_dir() for each in self._folders):
            return ()
        from monitor.lexicons import dictionaries

        return dictionaries.find(self._folders)


def lexicons_of(config: Config, *, tell: Callable[[str], None]) -> Lexicons:
    """Return the lexicons that the settings name; made once a run, and handed to who asks them.

    Args:
        tell: As of `Lexicons`.
    """
    cache = config.home / "cache"
    return Lexicons(config.dictionaries, cache, language=config.rule_language, tell=tell)
