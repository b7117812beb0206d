"""Regular expressions that are compiled when they are first used: to start needs few of them."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:

    def pattern(text: str | Callable[[], str], flags: int = 0) -> re.Pattern[str]:
        """Return the regular expression.

        Args:
            text: What `re.compile` is given, or what returns it.
        """
        ...
else:

    class pattern:  # stands for a function of `re`
        """Stands for the regular expression, and takes its methods over as they are asked for."""

        def __init__(self, text: str | Callable[[], str], flags: int = 0) -> None:
            self._text = text
            self._flags = flags

        def __getattr__(self, name: str) -> Any:
            text = self._text if isinstance(self._text, str) else self._text()
            compiled = re.compile(text, self._flags)
            for method in ("match", "fullmatch", "search", "sub", "findall", "finditer", "split"):
                setattr(self, method, getattr(compiled, method))
            return getattr(compiled, name)
