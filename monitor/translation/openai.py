"""Any endpoint that speaks OpenAI's chat completions: one term, a dozen languages a request."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Any
from urllib.parse import urlsplit

from common.language_names import language_name
from common.records import dataclass
from ingester.text.json import bounded_json
from monitor.translation.api import Answer, Question
from monitor.translation.exchange import Exchange, Reply, TranslatorError, described
from rules.expand.translations import Proposal
from rules.languages.scripts import normal

LANGUAGES_A_CALL = 12
MOST_VARIANTS = 200
"""So many are read of one answer."""

_UNSAID = 0.8
"""The confidence of a form for which none was said."""

_REFUSED_FORMAT = (400, 415, 422, 500, 501)
"""How endpoints answer a `response_format` that they do not know."""

_SYSTEM = (
    "You help a news monitor recognise one subject in newspapers of many languages. "
    "You answer with one JSON object and nothing else."
)
_TASK = """\
Term: {term}
{context}Languages: {languages}

For each language, give the forms under which its newspapers write this subject in running text: \
the established name or the usual translation in its dictionary form, one or two a language, and \
the acronym where one is in use. If its noun changes inside when it is declined (Polish las, \
lasów), give that form, too. Write names of people and places as that language spells them, \
in its own script. Give nothing for a language in which you are not sure that the form exists. \
No explanations, no quotes, no romanisation. Say how sure you are as a number from 0 to 1.
As confusable_with, give names that look or sound alike but mean something else.

Answer in this shape:
{{"variants": [{{"lang": "sv", "text": "...", "kind": "translation", "confidence": 0.9}}], \
"confusable_with": ["..."]}}
kind is one of translation, name, acronym."""

_SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["variants", "confusable_with"],
    "properties": {
        "variants": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["lang", "text", "kind", "confidence"],
                "properties": {
                    "lang": {"type": "string"},
                    "text": {"type": "string"},
                    "kind": {"type": "string", "enum": ["translation", "name", "acronym"]},
                    "confidence": {"type": "number"},
                },
            },
        },
        "confusable_with": {"type": "array", "items": {"type": "string"}},
    },
}
_FORMATS: tuple[dict[str, Any] | None, ...] = (
    {
        "type": "json_schema",
        "json_schema": {"name": "variants", "strict": True, "schema": _SCHEMA},
    },
    {"type": "json_object"},
    None,
)
"""What the answer shall look like, from the strictest to nothing, for endpoints that refuse."""


@dataclass(slots=True)
class OpenAI:
    """Implements `monitor.translation.api.Translator`.

    Attributes:
        url: Where chats are posted, in full.
    """

    url: str
    model: str
    key: str | None = field(default=None, repr=False)
    width: int = 3
    _format: int = 0

    @property
    def source(self) -> str:
        return f"openai:{self.model}"

    @property
    def identity(self) -> tuple[str, ...]:
        return ("openai", self.url, self.model)

    def questions(self, question: Question) -> Sequence[Question]:
        size = LANGUAGES_A_CALL
        return [
            question._replace(texts=(text,), languages=question.languages[at : at + size])
            for text in question.texts
            for at in range(0, len(question.languages), size)
        ]

    def ask(self, question: Question, exchange: Exchange) -> Answer:
        reply = self._replied(question, exchange)
        variants, confusable = read(_content(reply.value))
        known = {normal(language) for language in question.languages}
        kept = [variant for variant in variants if normal(variant.language) in known]
        return Answer(proposals=(tuple(kept),), confusable=confusable)

    def _replied(self, question: Question, exchange: Exchange) -> Reply:
        """Return the reply to the strictest form of answer that the endpoint takes."""
        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        first = self._format
        for number in range(first, len(_FORMATS)):
            last = number == len(_FORMATS) - 1
            try:
                reply = exchange.post(self.url, self._body(question, _FORMATS[number]), headers)
            except TranslatorError as error:
                if error.final or last or "response_format" not in str(error):
                    raise
                continue
            if reply.ok:
                self._format = max(self._format, number)
                return reply
            if last or reply.status not in _REFUSED_FORMAT:
                break
        raise TranslatorError(described(reply), final=True)

    def _body(self, question: Question, shape: Mapping[str, Any] | None) -> dict[str, Any]:
        named = ", ".join(_named(language) for language in question.languages)
        context = f"What it is about: {question.context}\n" if question.context else ""
        task = _TASK.format(term=question.texts[0], context=context, languages=named)
        body: dict[str, Any] = {
            "model": self.model,
            "messages": [
                {"role": "system", "content": _SYSTEM},
                {"role": "user", "content": task},
            ],
        }
        return body if shape is None else {**body, "response_format": shape}


def chat_url(url: str) -> str:
    """Return where chats are posted, given the address of a server or of its API.

    `https://host` is taken for `https://host/v1`; any other path is the API's own.
    """
    parts = urlsplit(url)
    path = parts.path.rstrip("/")
    if not path.endswith("/chat/completions"):
        path = f"{path or '/v1'}/chat/completions"
    return parts._replace(path=path).geturl()


def _named(tag: str) -> str:
    """Return "zh-Hant (Chinese)"."""
    return f"{tag} ({language_name(tag)})"


def _content(value: Any) -> str:
    """Return the text of the first choice.

    Raises:
        TranslatorError: There is none.
    """
    choices = value.get("choices") if isinstance(value, dict) else None
    choice = choices[0] if isinstance(choices, list) and choices else None
    message = choice.get("message") if isinstance(choice, dict) else None
    if not isinstance(choice, dict) or not isinstance(message, dict):
        raise TranslatorError("its answer is not that of a chat; check translator_url", final=True)
    if isinstance(message.get("refusal"), str) and message["refusal"]:
        raise TranslatorError("the model refuses to answer")
    content = message.get("content")
    if isinstance(content, list):
        content = "".join(
            part["text"]
            for part in content
            if isinstance(part, dict) and isinstance(part.get("text"), str)
        )
    if not isinstance(content, str) or not content.strip():
        raise TranslatorError("the model says nothing")
    if choice.get("finish_reason") == "length":
        raise TranslatorError("the model's answer is cut off")
    return content


_THOUGHT = re.compile(r"<think>.*?</think>", re.DOTALL)
_FENCE = re.compile(r"```[a-zA-Z]*\s*\n(.*?)```", re.DOTALL)


def read(content: str) -> tuple[list[Proposal], tuple[str, ...]]:
    """Return the variants and the confusable names that a model's text holds.

    The JSON may stand in a code fence or between sentences, as models write that were not
    bound to it; single entries of a wrong shape are left out.

    Raises:
        TranslatorError: There is no JSON of the shape in it.
    """
    value = _object(_THOUGHT.sub("", content))
    listed = value.get("variants")
    if isinstance(listed, dict):  # {"sv": ["..."], "da": "..."}
        listed = [
            {"lang": lang, "text": text}
            for lang, texts in listed.items()
            for text in (texts if isinstance(texts, list) else [texts])
        ]
    if not isinstance(listed, list):
        raise TranslatorError("the model's answer has no variants")
    read = (_proposal(one) for one in listed[:MOST_VARIANTS])
    proposals = [proposal for proposal in read if proposal is not None]
    confusable = value.get("confusable_with")
    names = confusable if isinstance(confusable, list) else []
    return proposals, tuple(name for name in names if isinstance(name, str))


def _object(text: str) -> dict[str, Any]:
    """Return the JSON object in a text; a list alone is taken for its variants."""
    fenced = _FENCE.search(text)
    start, end = text.find("{"), text.rfind("}")
    for candidate in (
        text,
        fenced[1] if fenced else "",
        text[start : end + 1] if start >= 0 else "",
    ):
        try:
            value = bounded_json(candidate) if candidate.strip() else None
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict):
            return value
        if isinstance(value, list):
            return {"variants": value}
    raise TranslatorError("the model's answer is not JSON")


def _proposal(entry: Any) -> Proposal | None:
    if not isinstance(entry, dict):
        return None
    language, text = entry.get("lang", entry.get("language")), entry.get("text")
    if not isinstance(language, str) or not isinstance(text, str):
        return None
    return Proposal(language, text, _confidence(entry.get("confidence")))


def _confidence(value: Any) -> float:
    """Return a number in [0, 1] from a number, a numeral or a percentage."""
    if isinstance(value, str):
        try:
            value = float(value.strip().rstrip("%"))
        except ValueError:
            return _UNSAID
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return _UNSAID
    return min(max(value / 100 if value > 1 else float(value), 0.0), 1.0)
