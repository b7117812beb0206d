"""Where dictionaries are looked for and what is made of them is kept: set once, by the settings.

Apart from `monitor.lexicons.registry` so that commands that need no lexicon need not load one.
"""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple


class Folders(NamedTuple):
    """Folders that may not exist.

    Attributes:
        dictionaries: Where dictionaries lie, the first of equal names counts; never written to.
        cache: Where what is made of them is kept; it may be deleted at any time.
    """

    dictionaries: tuple[Path, ...] = ()
    cache: Path = Path()


def _nobody(sentence: str) -> None:
    """Tell nobody."""


_current: Callable[[], Folders] = Folders
_tell: Callable[[str], None] = _nobody


def use(folders: Callable[[], Folders], *, tell: Callable[[str], None] = _nobody) -> None:
    """Let the lexicons of this process read these from now on; asked when one is needed.

    Args:
        tell: Gets a sentence for whoever waits, before something that takes long.
    """
    global _current, _tell
    _current, _tell = folders, tell


def current() -> Folders:
    """Return what `use` has set; without that, no folders at all."""
    return _current()


def tell(sentence: str) -> None:
    """Tell whoever waits for this process."""
    _tell(sentence)
