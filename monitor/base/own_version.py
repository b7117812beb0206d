"""Which version of the program this is."""

import os
import sys
from functools import cache

_NAME, _AS_FILED = "newsroom-monitor", "newsroom_monitor-"
_INSTALLED = ".dist-info"


@cache
def own_version() -> str:
    """Return the version, as it is installed.

    It stands in the name of the folder of what is known about the program; to ask Python for it
    takes longer than for most programs to begin.
    """
    for folder in sys.path:
        try:
            names = os.listdir(folder or ".")
        except OSError:
            continue
        for name in names:
            if name.startswith(_AS_FILED) and name.endswith(_INSTALLED):
                return name.removeprefix(_AS_FILED).removesuffix(_INSTALLED)
    from importlib.metadata import version

    return version(_NAME)
