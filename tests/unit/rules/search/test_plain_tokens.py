"""What the search index is told of letters is kept from one start to the next."""

import subprocess
import sys
from pathlib import Path

from rules.search import plain_tokens, sounding

_LOOK = """
import sys
opened = set()
sys.addaudithook(lambda event, given: opened.add(str(given[0])) if event == "open" else None)
from rules.search import plain_tokens, sounding
plain_tokens._made(), sounding._sounding_letters()
ours = [each for each in sys.modules if each.startswith(("rules.", "common."))]
read = {sys.modules[each].__file__ for each in ours}
read |= {path for path in opened if path.endswith(".tsv")}
known = set(map(str, plain_tokens.made_by_files()))
print("\\n".join(sorted(path for path in read if path not in known)))
"""


def test_what_is_kept_is_what_would_be_made() -> None:
    assert sounding.sounding_letters() == sounding._sounding_letters()
    table = plain_tokens._table()
    assert table.classes.tobytes() + table.sounding.tobytes() == plain_tokens._made()


def test_what_is_kept_is_made_anew_when_anything_changes_that_it_is_made_of() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _LOOK], capture_output=True, text=True, check=True, timeout=60
    )
    others = {Path(line).name for line in done.stdout.split()}
    # What keeps it, and what says nothing of letters.
    keeping = {"__init__.py", "kept.py", "own_files.py", "patterns.py", "records.py"}
    assert others <= keeping | {"language_names.py"}
