"""A bench that is told to end, as by `timeout`, ends what it has started as well."""

import signal
import sys
from types import FrameType

TOLD_TO_END = 128 + signal.SIGTERM


def end_in_order() -> None:
    """Let SIGTERM end the bench by its `finally` clauses, which end children and databases.

    Children that were forked inherit this; what they run may set it anew.
    """

    def end(_: int, __: FrameType | None) -> None:
        sys.exit(TOLD_TO_END)

    signal.signal(signal.SIGTERM, end)
