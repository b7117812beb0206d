"""Imported first: a bench measures what users have, not what developers have installed besides.

With rich, which other tools of theirs bring, httpx imports a command line of its own: 6 MB.
"""

import sys

sys.modules["httpx._main"] = None  # type: ignore[assignment] (so it is said to be missing)
