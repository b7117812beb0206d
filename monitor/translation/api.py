"""What translators are asked, what they answer, and how they say that they cannot."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from common.records import dataclass
from monitor.translation.exchange import Exchange
from rules.expand.translations import Proposal


class Question(NamedTuple):
    """One request's worth of asking.

    Attributes:
        texts: The terms, as the query writes them.
        languages: Tags, as `rules.languages.scripts.news_languages` has them.
        context: What the terms are about, for translators that read it; "" otherwise.
        source: The language of the texts by its code, or "" when it is not known.
    """

    texts: tuple[str, ...]
    languages: tuple[str, ...]
    context: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a translator proposes.

    Attributes:
        proposals: For each text of the question.
        confusable: Near names that mean something else.
    """

    proposals: tuple[tuple[Proposal, ...], ...]
    confusable: tuple[str, ...] = ()

    @property
    def says_something(self) -> bool:
        """Whether there is anything in it worth keeping."""
        return any(self.proposals)


class Translator(Protocol):
    """A kind of translator, behind one address."""

    @property
    def source(self) -> str:
        """What its variants call it, for people."""
        ...

    @property
    def identity(self) -> tuple[str, ...]:
        """What tells it from others, for the cache; without secrets."""
        ...

    @property
    def width(self) -> int:
        """How many questions it is asked at the same time."""
        ...

    def questions(self, question: Question) -> Sequence[Question]:
        """Split a question into what one request can carry, the most useful first."""
        ...

    def ask(self, question: Question, exchange: Exchange) -> Answer:
        """Ask one question of `questions`. May be called by several threads at once.

        Raises:
            monitor.translation.exchange.TranslatorError: There is no answer.
        """
        ...
