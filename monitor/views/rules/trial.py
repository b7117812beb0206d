"""The JSON of what a rule says about one document."""

from typing import TypedDict

from monitor.views.base.evidence import EvidenceShape, evidence_shape
from storage.model import Match


class TrialShape(TypedDict):
    """Whether a document matches a rule that is tried, and by which words."""

    id: str | int
    matched: bool
    score: float
    language: str
    evidence: list[EvidenceShape]


def trial_shape(id: str | int, language: str, match: Match | None) -> TrialShape:
    """Return what a rule says about one document."""
    return {
        "id": id,
        "matched": match is not None,
        "score": match.score if match else 0.0,
        "language": language,
        "evidence": evidence_shape(match.evidence) if match else [],
    }
