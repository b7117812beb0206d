"""What is told where a segment's bytes are none that were ever written."""

from collections.abc import Iterator
from contextlib import contextmanager

from storage.api.errors import IndexDamaged


def damaged() -> IndexDamaged:
    """Return what is raised when a segment's bytes make no sense."""
    return IndexDamaged()


@contextmanager
def damage_told() -> Iterator[None]:
    """Tell what goes wrong in here, where nothing but a segment's bytes is read, as damage.

    Raises:
        IndexDamaged: They cannot be read.
    """
    try:
        yield
    except Exception as error:
        from common.native.runtime import Trap  # dear to import; whoever raised it has

        # Native code that ends up elsewhere; numbers and sizes that fit nothing; no UTF-8.
        if isinstance(error, Trap | IndexError | OverflowError | ValueError):
            raise damaged() from error
        raise
