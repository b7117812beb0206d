"""The JSON of what came of looking at a source."""

from typing import TypedDict

from monitor.pipeline.poll import PollResult


class PollShape(TypedDict):
    """What came of looking at a source; `notices` has only those that are new."""

    source: str
    state: str
    new_articles: int
    alerts: int
    error: str | None
    notices: list[str]


def poll_shape(result: PollResult) -> PollShape:
    """Return the result of a poll."""
    return {
        "source": result.source.name,
        "state": result.source.state.value,
        "new_articles": result.new_articles,
        "alerts": result.alerts,
        "error": result.error,
        "notices": list(result.notices),
    }
