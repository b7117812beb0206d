"""Into what texts are taken apart, to be compared."""

import re

BREAKS = frozenset('.!?。！？:\n"“”»«')
"""After these a word may have its capital because a sentence begins."""
TOKENS = re.compile(rf"\w+|[{''.join(sorted(BREAKS))}]")
LETTERS = re.compile(r"[^\W\d_]+")
DIGITS = re.compile(r"\d+")
