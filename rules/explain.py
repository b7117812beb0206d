"""Why a match counts, in words a reader understands."""

from rules.languages.tables import language_name
from storage.model import Evidence

_LAYERS = {
    "exact": "as written",
    "folded": "same letters",
    "inflected": "word form",
    "compound": "compound",
    "variant": "variant",
    "acronym": "acronym",
    "lexicon": "translation",
    "cognate": "cognate",
}
_LONGEST = 80


def describe(evidence: Evidence) -> str:
    """Return one line: "Hanoi-konventionen — compound, Swedish — for Hanoi Convention".

    The language is left out when it is not known. Text is clipped to 80 characters and its
    white space made plain.
    """
    how = _LAYERS.get(evidence.layer, evidence.layer)
    language = language_name(evidence.language)
    reason = f"{how}, {language}" if language else how
    return f"{_clipped(evidence.text)} — {reason} — for {_clipped(evidence.term)}"


def _clipped(text: str) -> str:
    plain = " ".join("".join(each if each.isprintable() else " " for each in text).split())
    return plain if len(plain) <= _LONGEST else plain[: _LONGEST - 1] + "…"
