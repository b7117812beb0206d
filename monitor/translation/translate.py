"""Asks the configured translator what a rule's terms are called elsewhere, and checks the answers.

Called when a rule is saved, or on request; never inside a transaction. It never fails: what
went wrong is a sentence beside whatever did come.
"""

import logging
import threading
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import httpx

from common.records import dataclass
from ingester.text.language import detect
from monitor.base import clock
from monitor.config.translator import TranslatorSettings
from monitor.translation.api import Answer, Question, Translator
from monitor.translation.cache import AnswerCache
from monitor.translation.exchange import Exchange, TranslatorError
from monitor.translation.libretranslate import LibreTranslate
from monitor.translation.openai import OpenAI, chat_url
from rules.expand.translations import (
    Proposal,
    TermToTranslate,
    clean_names,
    negatives,
    terms_to_translate,
    variants_from,
)
from rules.languages.scripts import news_languages
from rules.query.lexer import QuerySyntaxError
from rules.query.parsed import parsed, readable
from storage.model import Rule, Variant

log = logging.getLogger("monitor.translation")

FAILURES_IN_A_ROW = 3
"""After so many questions without an answer, nothing more is asked."""

_FROM_ALL = ("all", "broad")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposals:
    """What a translator says about a rule.

    Attributes:
        variants: Checked; active, or proposed when they are doubtful.
        confusable: Near names that mean something else, for people to look at.
        problem: Why something is missing, as a clause: "HTTP 403 Forbidden: ..."; None if
            nothing is.
        in_vain: Whether asking about another rule now would end in the same way.
    """

    variants: tuple[Variant, ...] = ()
    confusable: tuple[str, ...] = ()
    problem: str | None = None
    in_vain: bool = False


NOTHING = Proposals()


class Translation:
    """The translator that the user has configured. Safe to use from many threads."""

    def __init__(
        self,
        settings: TranslatorSettings,
        client: httpx.Client,
        *,
        now: Callable[[], datetime] = clock.now,
        cache: AnswerCache | None = None,
        pause: Callable[[float], object] | None = None,
    ) -> None:
        self._settings = settings
        self._client = client
        self._now = now
        self._cache = cache
        self._pause = pause

    def of_rule(self, rule: Rule, others: Iterable[Rule] = ()) -> Proposals:
        """Return what is proposed for a rule that shall be found in other languages, too.

        Nothing is asked for a rule that wants only its own words (`--match exact`, `forms`);
        one of some languages is asked for in those.

        Args:
            others: Rules whose excluded terms are no variants of this one.
        """
        if rule.strictness not in _FROM_ALL:
            return NOTHING
        return self.propose(
            rule.query,
            description="" if rule.name == rule.query else rule.name,
            languages=rule.languages,
            unwanted=_excluded(others),
        )

    def of_rules(self, rules: Sequence[Rule], others: Sequence[Rule] = ()) -> list[Proposals]:
        """Return what is proposed for each of several rules, in their order.

        When the translator cannot be asked any more, the problem is said for the rest, too.
        """
        proposals: list[Proposals] = []
        for rule in rules:
            if proposals and proposals[-1].in_vain:
                proposals.append(Proposals(problem=proposals[-1].problem, in_vain=True))
            else:
                around = [other for other in (*others, *rules) if other.id != rule.id]
                proposals.append(self.of_rule(rule, around))
        return proposals

    def propose(
        self,
        query: str,
        *,
        description: str = "",
        languages: Sequence[str] = (),
        unwanted: Collection[str] = (),
    ) -> Proposals:
        """Return what is proposed for the terms of a query; never raises.

        Args:
            description: What the user says it is about, in one line.
            languages: Tags to ask for instead of the configured ones.
            unwanted: What no variant may be, as `rules.expand.translations.negatives` has it.
        """
        try:
            known = parsed(query)
        except QuerySyntaxError as error:
            return Proposals(problem=f"the query cannot be read: {error}")
        terms = terms_to_translate(known)
        if not terms:
            return NOTHING
        translator = _translator(self._settings)
        question = Question(
            texts=tuple(term.text for term in terms),
            languages=tuple(languages) or self._settings.languages or news_languages(),
            context=_context(description, query, terms[0].text),
            source=detect(" ".join((*(term.text for term in terms), description))),
        )
        asked = _Asked(translator, self._exchange(), self._cache, self._now)
        asked.all(translator.questions(question))
        return _checked(terms, asked, {*unwanted, *negatives(known)}, translator.source)

    def _exchange(self) -> Exchange:
        return Exchange(
            self._client,
            budget=timedelta(seconds=self._settings.timeout_seconds),
            now=self._now,
            secrets=tuple(
                filter(None, (self._settings.key, urlsplit(self._settings.url).password))
            ),
            pause=self._pause,
        )


def _context(description: str, query: str, first: str) -> str:
    """Return in one line what the terms are about; "" when they say it themselves."""
    known = [" ".join(text.split()) for text in (description, query)]
    told = [text if len(text) <= _MOST_CONTEXT else f"{text[:_MOST_CONTEXT]}..." for text in known]
    return " - ".join(text for text in told if text not in ("", first))


_MOST_CONTEXT = 300


def warning(problem: str) -> str:
    """Return the sentence for whoever has saved a rule: what failed."""
    return (
        f"The translator did not do all that it was asked ({problem}); the rule is saved with what "
        "there is."
    )


def _translator(settings: TranslatorSettings) -> Translator:
    if settings.kind == "openai":
        return OpenAI(chat_url(settings.url), settings.model, settings.key)
    url = settings.url.rstrip("/").removesuffix("/translate")
    return LibreTranslate(url, settings.key, check_back=settings.check_back)


class _Asked:
    """Questions, asked a few at a time, and what came back."""

    def __init__(
        self,
        translator: Translator,
        exchange: Exchange,
        cache: AnswerCache | None,
        now: Callable[[], datetime],
    ) -> None:
        self._translator = translator
        self._exchange = exchange
        self._cache = cache
        self._now = now
        self._lock = threading.Lock()
        self._failed_in_a_row = 0
        self._questions: Sequence[Question] = ()
        self.answers: dict[Question, Answer] = {}
        self.problems: list[TranslatorError] = []
        self.in_vain = False

    def all(self, questions: Sequence[Question]) -> None:
        """Ask what is not known yet; ends when all is answered, or nothing more can be had."""
        self._questions = questions
        waiting = []
        for question in questions:
            known = self._known(question)
            if known is None:
                waiting.append(question)
            else:
                self.answers[question] = known
        waiting.reverse()
        threads = [
            # Daemons: whoever interrupts the command does not wait for the other side.
            threading.Thread(target=self._work, args=(waiting,), name="translator", daemon=True)
            for _ in range(min(self._translator.width, len(waiting)))
        ]
        try:
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        except BaseException:
            self._exchange.stop(TranslatorError("interrupted", final=True))
            raise

    def in_order(self) -> list[tuple[Question, Answer]]:
        """Return the answers in the order of the questions."""
        return [
            (question, self.answers[question])
            for question in self._questions
            if question in self.answers
        ]

    def _work(self, waiting: list[Question]) -> None:
        while True:
            try:
                question = waiting.pop()
            except IndexError:
                return
            try:
                answer = self._translator.ask(question, self._exchange)
            except TranslatorError as error:
                self._failed(error)
            except Exception as bug:
                # Our own mistake, or an answer nobody thought of: the rule is saved all the same.
                log.exception("bug while asking a translator")
                self._failed(TranslatorError(f"internal error {type(bug).__name__}", final=True))
            else:
                self._answered(question, answer)

    def _answered(self, question: Question, answer: Answer) -> None:
        with self._lock:
            self.answers[question] = answer
            self._failed_in_a_row = 0
        if self._cache is not None:
            identity = self._translator.identity
            self._cache.put(identity, question, answer, now=self._now())

    def _failed(self, error: TranslatorError) -> None:
        with self._lock:
            self.problems.append(error)
            self._failed_in_a_row += 1
            hopeless = error.final or self._failed_in_a_row >= FAILURES_IN_A_ROW
        if hopeless:
            self.in_vain = True
            self._exchange.stop(error)

    def _known(self, question: Question) -> Answer | None:
        if self._cache is None:
            return None
        return self._cache.get(self._translator.identity, question, now=self._now())


def _checked(
    terms: Sequence[TermToTranslate], asked: _Asked, unwanted: Collection[str], source: str
) -> Proposals:
    proposals: dict[str, list[Proposal]] = {}
    names: list[str] = []
    for question, answer in asked.in_order():
        for text, proposed in zip(question.texts, answer.proposals, strict=True):
            proposals.setdefault(text, []).extend(proposed)
        names.extend(answer.confusable)
    variants = [
        variant
        for term in terms
        for variant in variants_from(
            proposals.get(term.text, ()), term, source=source, unwanted=unwanted
        )
    ]
    return Proposals(
        variants=tuple(variants),
        confusable=clean_names(names, terms[0].text),
        problem=str(asked.problems[0]) if asked.problems else None,
        in_vain=asked.in_vain,
    )


def _excluded(rules: Iterable[Rule]) -> frozenset[str]:
    """Return what rules exclude; those that cannot be read exclude nothing."""
    excluded: set[str] = set()
    for rule in rules:
        if "NOT" in rule.query or "-" in rule.query:
            known = readable(rule.query)
            excluded |= negatives(known) if known else frozenset()
    return frozenset(excluded)
