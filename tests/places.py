"""Where the checkout lies, and the shared cases: beside it, or where MONITOR_SHARED says."""

import os
from pathlib import Path

ROOT = Path(__file__).parents[1]
SHARED = Path(os.environ.get("MONITOR_SHARED", ROOT.parent / "shared"))
