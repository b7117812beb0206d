"""Which files something is made of: what it imports, and the tables that it reads."""

import subprocess
import sys
from collections.abc import Collection
from pathlib import Path

_LOOK = """
import sys
opened = set()
sys.addaudithook(lambda event, given: opened.add(str(given[0])) if event == "open" else None)
{made}
ours = [each for each in sys.modules if each.startswith(("rules.", "common."))]
read = {{sys.modules[each].__file__ for each in ours}}
read |= {{path for path in opened if path.endswith(".tsv")}}
print("\\n".join(sorted(read)))
"""
_KEEPING = frozenset(
    ("__init__.py", "kept.py", "own_files.py", "patterns.py", "records.py", "language_names.py")
)
"""What keeps things, and what says nothing of letters."""


def others_read(made: str, known: Collection[object]) -> set[str]:
    """Return the names of files of ours that are read besides known ones.

    Args:
        made: Python that makes something.
        known: Paths of what it is known to be made of.
    """
    done = subprocess.run(
        [sys.executable, "-c", _LOOK.format(made=made)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    paths = set(done.stdout.split()) - set(map(str, known))
    return {Path(path).name for path in paths} - _KEEPING
