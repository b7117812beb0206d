"""What can go wrong with a store, as callers are told."""


class StorageError(Exception):
    """The store cannot do what was asked.

    Attributes:
        retry: Whether the same call may succeed later (busy, connection lost, server
            starting). When False the store is not usable: full, corrupt, too new.
    """

    def __init__(self, text: str, *, retry: bool) -> None:
        super().__init__(text)
        self.retry = retry


class StoreLost(StorageError):
    """What was opened is no longer what is there: a process that stays must end.

    The file or database was moved away, emptied or replaced, or a newer program has migrated it.
    """

    def __init__(self, text: str) -> None:
        super().__init__(text, retry=False)


class Damaged(StoreLost):
    """What is stored cannot be read: a backup must be restored before anybody writes again."""


class IndexDamaged(StorageError):
    """The search index cannot be read; from now on it counts as damaged, and is not asked.

    Nothing is lost by it: it is made of the articles, and whoever fills it makes it anew.
    """

    def __init__(self) -> None:
        super().__init__(
            "the search index is damaged, which loses nothing: a daemon makes it anew from the "
            "articles in the background, and who asks again has these read instead",
            retry=True,
        )


class NotUpToDate(StorageError):
    """The tables are those of an older program, and this call does not change them."""

    def __init__(self, text: str) -> None:
        super().__init__(text, retry=False)


class Ambiguous(StorageError):
    """A shortened id fits several things."""

    def __init__(self, text: str) -> None:
        super().__init__(text, retry=False)


class FencedOut(StorageError):
    """A lease was lost in the meantime; nothing was written."""

    def __init__(self, text: str) -> None:
        super().__init__(text, retry=False)
