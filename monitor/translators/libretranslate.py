"""LibreTranslate: one language a request, several texts at once, alternatives where it has them."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from monitor.translators.asking import Answer, Question
from monitor.translators.exchange import Exchange, Reply, TranslatorError, described
from rules.languages.writing import normal
from rules.proposals import Proposal, holds_words

ALTERNATIVES = 3
_SURE, _LESS_SURE = 0.9, 0.8


@dataclass(slots=True)
class LibreTranslate:
    """Implements `monitor.translators.asking.Translator`.

    Attributes:
        url: Of the server, without the slash at the end.
        check_back: Whether each translation is translated back and compared.
    """

    url: str
    key: str | None = field(default=None, repr=False)
    check_back: bool = False
    source: str = "libretranslate"
    width: int = 3
    _codes: tuple[str, ...] | None = None
    _plain: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def identity(self) -> tuple[str, ...]:
        return ("libretranslate", self.url, "checked" if self.check_back else "")

    def questions(self, question: Question) -> Sequence[Question]:
        return [question._replace(languages=(each,), context="") for each in question.languages]

    def ask(self, question: Question, exchange: Exchange) -> Answer:
        nothing = Answer(proposals=((),) * len(question.texts))
        codes = self._known_codes(exchange)
        target = code_for(question.languages[0], codes)
        if target is None:
            return nothing
        source = code_for(question.source, codes) if question.source else None
        source = source or "auto"
        texts = self._translated(question.texts, source, target, exchange)
        if texts is None:
            return nothing
        language = question.languages[0]
        proposals = [
            tuple(Proposal(language, text, _LESS_SURE if n else _SURE) for n, text in enumerate(t))
            for t in texts
        ]
        if self.check_back and any(texts):
            proposals = self._checked(question, proposals, source, target, exchange)
        return Answer(proposals=tuple(proposals))

    def _known_codes(self, exchange: Exchange) -> tuple[str, ...]:
        """Return the codes of the server's languages, asked for once; none if it lists none."""
        with self._lock:
            if self._codes is None:
                try:
                    reply = exchange.get(f"{self.url}/languages")
                    listed = reply.value if reply.ok else None
                except TranslatorError as error:
                    if "HTTP 404" not in str(error):
                        raise
                    listed = None
                self._codes = _codes(listed)
            return self._codes

    def _translated(
        self, texts: Sequence[str], source: str, target: str, exchange: Exchange
    ) -> list[list[str]] | None:
        """Return the translations of each text, the best first; None if it cannot do this pair.

        A server may refuse alternatives or several texts at once; then it gets neither.
        """
        if not self._plain:
            together = self._at_once(texts, source, target, exchange)
            if together is not None:
                return together
        found = []
        for text in texts:
            reply = self._post([text], source, target, 0, exchange)
            if source == "auto" and _is_no_language(reply):
                reply = self._post([text], "en", target, 0, exchange)
            if _is_no_language(reply):
                return None
            one = _texts(reply.value, 1) if reply.ok else None
            if one is None:
                said = described(reply) if not reply.ok else "its answer is not LibreTranslate's"
                raise TranslatorError(said, final=True)
            found += one
        self._plain = True
        return found

    def _at_once(
        self, texts: Sequence[str], source: str, target: str, exchange: Exchange
    ) -> list[list[str]] | None:
        """Return the translations with alternatives; None if the server does not like that."""
        try:
            reply = self._post(list(texts), source, target, ALTERNATIVES, exchange)
        except TranslatorError as error:
            if error.final or len(texts) == 1:
                raise
            return None
        return _texts(reply.value, len(texts)) if reply.ok else None

    def _post(
        self, texts: list[str], source: str, target: str, alternatives: int, exchange: Exchange
    ) -> Reply:
        body: dict[str, Any] = {
            "q": texts if len(texts) > 1 else texts[0],
            "source": source,
            "target": target,
            "format": "text",
        }
        if alternatives:
            body["alternatives"] = alternatives
        if self.key:
            body["api_key"] = self.key
        return exchange.post(f"{self.url}/translate", body, {})

    def _checked(
        self,
        question: Question,
        proposals: list[tuple[Proposal, ...]],
        source: str,
        target: str,
        exchange: Exchange,
    ) -> list[tuple[Proposal, ...]]:
        """Mark what does not hold the term's words when it is translated back."""
        flat = [each.text for one in proposals for each in one]
        back = self._translated(flat, target, "en" if source == "auto" else source, exchange)
        if back is None:
            return proposals
        words = dict(zip(flat, back, strict=True))
        return [
            tuple(
                each._replace(doubted=not any(holds_words(b, text) for b in words[each.text]))
                for each in one
            )
            for text, one in zip(question.texts, proposals, strict=True)
        ]


def _codes(listed: Any) -> tuple[str, ...]:
    """Return the codes that a server lists; none if it does not."""
    entries = listed if isinstance(listed, list) else []
    codes = [each.get("code") for each in entries if isinstance(each, dict)]
    return tuple(each for each in codes if isinstance(each, str))


_CHINESE = {"zh": ("zh-Hans", "zh", "zh-CN"), "zh-Hant": ("zh-Hant", "zt", "zh-TW")}
"""How its versions call the two ways of writing Chinese, which no other code may stand for."""


def code_for(tag: str, codes: Sequence[str]) -> str | None:
    """Return the server's code for a language; None if it lists others only.

    A server that lists none is asked for the language by our own tag.
    """
    if not codes or tag in codes:
        return tag
    if tag in _CHINESE:
        return next((each for each in _CHINESE[tag] if each in codes), None)
    return next((each for each in codes if normal(each) == normal(tag)), None)


def _texts(value: Any, count: int) -> list[list[str]] | None:
    """Return the translations of so many texts with their alternatives; None if there are none."""
    if not isinstance(value, dict):
        return None
    best, more = value.get("translatedText"), value.get("alternatives")
    if isinstance(best, str):
        best, more = [best], [more]
    if not isinstance(best, list) or len(best) != count:
        return None
    if not isinstance(more, list) or len(more) != count:
        more = [[]] * count
    if not all(isinstance(each, str) for each in best):
        return None
    return [[text, *_strings(others)] for text, others in zip(best, more, strict=True)]


def _strings(value: Any) -> list[str]:
    found = value if isinstance(value, list) else []
    return [each for each in found if isinstance(each, str)][:ALTERNATIVES]


def _is_no_language(reply: Reply) -> bool:
    """Whether a request was refused because of its languages."""
    said = reply.said.lower()
    return reply.status == 400 and ("not supported" in said or "not available" in said)
