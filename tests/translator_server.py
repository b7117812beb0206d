"""A translator for tests: speaks LibreTranslate's protocol and OpenAI's, and knows a few words.

    with TranslatorServer(EXPANSIONS) as server:
        settings = server.settings("openai")
        ...
        assert server.asked == [...]

What it knows is `{"term": {"sv": ["form", "another form"]}}`; what it does not know it returns
as it was, as translators do with names. It is a `FaultServer`, so a test may let any of its paths
misbehave with `on`.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from monitor.config.translator import TranslatorSettings
from tests.answers import Connection, Seen, reply
from tests.servers import FaultServer

Expansions = Mapping[str, Mapping[str, Sequence[str]]]

EXPANSIONS: Expansions = json.loads(
    Path(__file__).with_name("translations.json").read_text(encoding="utf-8")
)
CHAT = "/v1/chat/completions"
MODEL = "small-and-local"
_CODES = {"zh": "zh-Hans"}
"""LibreTranslate's codes where they are not ours."""


class TranslatorServer(FaultServer):
    """Serves until its `with` block ends."""

    def __init__(
        self,
        expansions: Expansions = EXPANSIONS,
        *,
        key: str | None = None,
        formats: Sequence[str | None] = ("json_schema", "json_object", None),
        written: Callable[[str], str] = str,
        confusable: Sequence[str] = (),
        confidence: float = 0.9,
        most_alternatives: int = 10,
        most_texts: int = 100,
    ) -> None:
        """Listen.

        Args:
            key: What it wants as a key.
            formats: Types of `response_format` that it takes, None for none at all.
            written: What the model makes of its JSON.
            confusable: What the model says may be taken for any term.
            most_alternatives, most_texts: Limits of LibreTranslate's that answer 400.
        """
        super().__init__()
        self._known = {term.casefold(): forms for term, forms in expansions.items()}
        self._key = key
        self._formats = formats
        self._written = written
        self._confusable = list(confusable)
        self._confidence = confidence
        self._most_alternatives = most_alternatives
        self._most_texts = most_texts
        self._languages = sorted({"en", *(code for f in expansions.values() for code in f)})
        self.on("/languages", self._list_languages)
        self.on("/translate", self._translate)
        self.on(CHAT, self._chat)

    def settings(self, kind: str, **changes: Any) -> TranslatorSettings:
        """Return settings that lead here."""
        url = self.url("") if kind == "libretranslate" else self.url("/v1")
        model = MODEL if kind == "openai" else ""
        given = {"kind": kind, "url": url, "key": self._key, "model": model, **changes}
        return TranslatorSettings(**given)

    @property
    def asked(self) -> list[dict[str, Any]]:
        """The bodies of all POST requests, oldest first."""
        return [json.loads(request.body) for request in self.requests if request.method == "POST"]

    # --- LibreTranslate ---

    def _list_languages(self, connection: Connection, seen: Seen) -> None:
        codes = [_CODES.get(language, language) for language in self._languages]
        _json([{"code": code, "name": code, "targets": codes} for code in codes])(connection, seen)

    def _translate(self, connection: Connection, seen: Seen) -> None:
        _json(*self._translated(json.loads(seen.body)))(connection, seen)

    def _translated(self, body: dict[str, Any]) -> tuple[Any, int]:
        refusal = self._libre_refusal(body)
        if refusal is not None:
            return refusal
        target = {code: ours for ours, code in _CODES.items()}.get(body["target"], body["target"])
        if target not in self._languages:
            return {"error": f"{body['target']} is not supported"}, 400
        texts = body["q"] if isinstance(body["q"], list) else [body["q"]]
        forms = [self._forms(text, target) for text in texts]
        best: Any = [forms_[0] for forms_ in forms]
        more: Any = [forms_[1 : 1 + body.get("alternatives", 0)] for forms_ in forms]
        if not isinstance(body["q"], list):
            best, more = best[0], more[0]
        answer = {"translatedText": best}
        if body.get("alternatives"):
            answer["alternatives"] = more
        if body["source"] == "auto":
            answer["detectedLanguage"] = {"confidence": 90.0, "language": "en"}
        return answer, 200

    def _libre_refusal(self, body: dict[str, Any]) -> tuple[Any, int] | None:
        if self._key and "api_key" not in body:
            return {"error": "Please contact the server operator to get an API key"}, 400
        if self._key and body["api_key"] != self._key:
            return {"error": "Invalid API key"}, 403
        if body.get("alternatives", 0) > self._most_alternatives:
            limit = self._most_alternatives
            return {"error": f"Invalid request: alternatives parameter must be <= {limit}"}, 400
        if isinstance(body["q"], list) and len(body["q"]) > self._most_texts:
            return {"error": "Invalid request: request exceeds text limit"}, 400
        return None

    def _forms(self, text: str, target: str) -> list[str]:
        forms = list(self._known.get(text.casefold(), {}).get(target, ()))
        if target == "en" and not forms:
            back = [t for t, known in self._known.items() for f in known.values() if text in f]
            forms = back[:1]
        return forms or [text]

    # --- OpenAI ---

    def _chat(self, connection: Connection, seen: Seen) -> None:
        body = json.loads(seen.body)
        if self._key and seen.headers.get("authorization") != f"Bearer {self._key}":
            said = {"message": f"Incorrect API key provided: {self._key}", "type": "invalid"}
            _json({"error": said}, 401)(connection, seen)
            return
        wish = body.get("response_format", {}).get("type")
        if wish not in self._formats:
            said = {"message": f"response_format.type {wish} is not supported", "code": None}
            _json({"error": said}, 400)(connection, seen)
            return
        _json(chat_answer(self._written(self._model_says(body))))(connection, seen)

    def _model_says(self, body: dict[str, Any]) -> str:
        prompt = body["messages"][-1]["content"]
        names = [term for term in self._known if term in prompt.casefold()]
        forms = self._known[max(names, key=len)] if names else {}
        asked = re.findall(r"([\w-]+) \(", prompt.partition("Languages: ")[2].partition("\n")[0])
        variants = [
            {"lang": lang, "text": text, "kind": "translation", "confidence": self._confidence}
            for lang in asked
            for text in forms.get(lang, ())
        ]
        said = {"variants": variants, "confusable_with": self._confusable}
        return json.dumps(said, ensure_ascii=False)


def chat_answer(content: Any, **changes: Any) -> dict[str, Any]:
    """Return the body of a chat completion with this content."""
    message = {"role": "assistant", "content": content, "refusal": None}
    choice = {"index": 0, "message": message, "finish_reason": "stop", **changes}
    return {"id": "chatcmpl-1", "object": "chat.completion", "model": MODEL, "choices": [choice]}


def _json(value: Any, status: int = 200) -> Callable[[Connection, Seen], None]:
    body = json.dumps(value, ensure_ascii=False)
    return reply(body, status=status, content_type="application/json")
