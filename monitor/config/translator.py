"""The translator's settings, checked together."""

from collections.abc import Mapping
from dataclasses import field
from typing import Any
from urllib.parse import urlsplit

from common.records import dataclass

TIMEOUT_SECONDS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class TranslatorSettings:
    """Which translator is asked, and how.

    Attributes:
        kind: "libretranslate" or "openai".
        model: Only of "openai".
        languages: Tags; empty for `rules.languages.scripts.news_languages`.
        timeout_seconds: For all questions about one rule together.
        check_back: Whether LibreTranslate's answers are translated back and compared.
    """

    kind: str
    url: str
    key: str | None = field(default=None, repr=False)
    model: str = ""
    languages: tuple[str, ...] = ()
    timeout_seconds: int = TIMEOUT_SECONDS
    check_back: bool = False


def checked(values: Mapping[str, Any]) -> tuple[TranslatorSettings | None, list[str]]:
    """Return the translator that the settings make, and what does not fit together in them.

    Args:
        values: Parsed settings by name; those that could not be parsed are missing.
    """
    if "translator" not in values:
        lonely = [name for name in sorted(values) if name.startswith("translator_")]
        return None, [f"{', '.join(lonely)} set, but not translator"] if lonely else []
    kind = values["translator"]
    if not kind:  # switched off, the rest kept for later
        return None, []
    mistakes = []
    if "translator_url" not in values:
        mistakes.append("translator is set, but translator_url is not")
    if kind == "openai" and not values.get("translator_model"):
        mistakes.append("translator is openai, but translator_model is not set")
    if kind != "openai" and values.get("translator_model"):
        mistakes.append(f"translator_model is set, but {kind} has no models")
    if mistakes:
        return None, mistakes
    return TranslatorSettings(
        kind=kind,
        url=values["translator_url"],
        key=values.get("translator_key") or None,
        model=values.get("translator_model", ""),
        languages=values.get("translator_languages", ()),
        timeout_seconds=values.get("translator_timeout", TIMEOUT_SECONDS),
        check_back=values.get("translator_check_back", "no") == "yes",
    ), []


def sends_key_in_the_clear(settings: TranslatorSettings) -> bool:
    """Whether the key would travel unencrypted to a host that is named, not numbered."""
    parts = urlsplit(settings.url)
    host = parts.hostname or ""
    numbered = host == "localhost" or host.replace(".", "").isdigit() or ":" in host
    return bool(settings.key) and parts.scheme == "http" and not numbered
