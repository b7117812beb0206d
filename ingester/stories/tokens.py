"""Into what texts are taken apart, to be compared."""

import re

from common.stems import LETTERS_AND_MARKS

BREAKS = frozenset('.!?。！？:\n"“”»«')
"""After these a word may have its capital because a sentence begins."""
TOKENS = re.compile(rf"[{LETTERS_AND_MARKS}]+|[{''.join(sorted(BREAKS))}]")
LETTERS = re.compile(rf"(?:(?![\d_])[{LETTERS_AND_MARKS}])+")
DIGITS = re.compile(r"\d+")
