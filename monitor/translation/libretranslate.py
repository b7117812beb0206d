"""LibreTranslate: one language a request, several texts at once, alternatives where it has them."""

import threading
from collections.abc import Sequence
from dataclasses import field
from typing import Any

from common.records import dataclass
from monitor.translation.api import Answer, Question
from monitor.translation.exchange import Exchange, Reply, TranslatorError, described
from rules.expand.translations import Proposal, holds_words
from rules.languages.scripts import normal
from rules.text.tokenizer import words

ALTERNATIVES = 3
_SURE, _LESS_SURE = 0.9, 0.8


@dataclass(slots=True)
class LibreTranslate:
    """Implements `monitor.translation.api.Translator`.

    Attributes:
        url: Of the server, without the slash at the end.
        check_back: Whether each translation is translated back and compared, and not only
            alternatives of single words.
    """

    url: str
    key: str | None = field(default=None, repr=False)
    check_back: bool = False
    source: str = "libretranslate"
    width: int = 3
    _codes: tuple[str, ...] | None = None
    _plain: bool = False
    _may_check: bool = True
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def identity(self) -> tuple[str, ...]:
        return ("libretranslate", self.url, "checked" if self.check_back else "")

    def questions(self, question: Question) -> Sequence[Question]:
        return [
            question._replace(languages=(language,), context="") for language in question.languages
        ]

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
        suspects = self._suspects(question.texts, texts)
        doubted: frozenset[tuple[str, str]] = frozenset()
        if suspects:
            back_to = "en" if source == "auto" else source
            doubted = self._doubted(suspects, target, back_to, exchange)
        return Answer(
            proposals=tuple(
                tuple(
                    Proposal(
                        question.languages[0],
                        text,
                        _LESS_SURE if number else _SURE,
                        (term, text) in doubted,
                    )
                    for number, text in enumerate(forms)
                )
                for term, forms in zip(question.texts, texts, strict=True)
            )
        )

    def _known_codes(self, exchange: Exchange) -> tuple[str, ...]:
        """Return the codes of the server's languages, asked for once; none if it lists none."""
        with self._lock:
            if self._codes is None:
                try:
                    reply = exchange.get(f"{self.url}/languages")
                    listed = reply.value if reply.ok else None
                except TranslatorError as error:
                    if not str(error).startswith(("HTTP 404", "HTTP 405")):
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
        translations = []
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
            translations += one
        self._plain = True
        return translations

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

    def _suspects(
        self, terms: Sequence[str], texts: Sequence[Sequence[str]]
    ) -> list[tuple[str, str]]:
        """Return (term, translation) of what is translated back.

        An alternative for a single word is often another of its meanings: golpe for strike.
        """
        return [
            (term, text)
            for term, forms in zip(terms, texts, strict=True)
            for number, text in enumerate(forms)
            if self.check_back or (number and self._may_check and len(words(term)) == 1)
        ]

    def _doubted(
        self, suspects: Sequence[tuple[str, str]], source: str, target: str, exchange: Exchange
    ) -> frozenset[tuple[str, str]]:
        """Return those that do not hold the term's words when they are translated back.

        A word that comes back as it was is one that the server does not know; that says nothing.
        Unless the user wants the check, a server that fails at it is not asked for it again.
        """
        texts = list(dict.fromkeys(text for _, text in suspects))
        try:
            back = self._translated(texts, source, target, exchange)
        except TranslatorError:
            if self.check_back:
                raise
            self._may_check = False
            back = None
        if back is None:
            return frozenset()
        meanings = dict(zip(texts, back, strict=True))
        return frozenset(
            (term, text)
            for term, text in suspects
            if text not in meanings[text]
            and any(meanings[text])
            and not any(holds_words(meaning, term) for meaning in meanings[text])
        )


def _codes(listed: Any) -> tuple[str, ...]:
    """Return the codes that a server lists; none if it does not."""
    entries = listed if isinstance(listed, list) else []
    codes = [entry.get("code") for entry in entries if isinstance(entry, dict)]
    return tuple(code for code in codes if isinstance(code, str))


_CHINESE = {"zh": ("zh-Hans", "zh", "zh-CN"), "zh-Hant": ("zh-Hant", "zt", "zh-TW")}
"""How its versions call the two ways of writing Chinese, which no other code may stand for."""


def code_for(tag: str, codes: Sequence[str]) -> str | None:
    """Return the server's code for a language; None if it lists others only.

    A server that lists none is asked for the language by our own tag.
    """
    if not codes or tag in codes:
        return tag
    if tag in _CHINESE:
        return next((code for code in _CHINESE[tag] if code in codes), None)
    return next((code for code in codes if normal(code) == normal(tag)), None)


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
    if not all(isinstance(text, str) for text in best):
        return None
    return [[text, *_strings(others)] for text, others in zip(best, more, strict=True)]


def _strings(value: Any) -> list[str]:
    texts = value if isinstance(value, list) else []
    return [text for text in texts if isinstance(text, str)][:ALTERNATIVES]


def _is_no_language(reply: Reply) -> bool:
    """Whether a request was refused because of its languages."""
    said = reply.said.lower()
    return reply.status == 400 and ("not supported" in said or "not available" in said)
