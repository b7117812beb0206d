"""What places are called, as installed packages say."""

import subprocess
import sys

_READ_THEN_ASK = """
from monitor.lexicons.places import _territories
from common.language_names import language_name
assert any(name.text == "Deutschland" for name in _territories())
assert language_name("sv", "nn") == "svensk", language_name("sv", "nn")
from babel import Locale
assert Locale.parse("lt").days["stand-alone"]["wide"]
"""


def test_what_a_language_says_itself_is_not_taken_for_all_that_is_known_of_it() -> None:
    """Babel remembers what it reads for the whole process, so this one is asked in its own."""
    subprocess.run([sys.executable, "-c", _READ_THEN_ASK], check=True)
