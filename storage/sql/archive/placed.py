"""What is about to come into the search index, and by which analysis it has all that is there."""

from typing import Any, NamedTuple

from sqlalchemy import select

from storage.said.others import INDEX_IS_FULL
from storage.sql import rows
from storage.sql.tables.schema import article_page, article_segment, meta

full_by = select(meta.c.value).where(meta.c.key == INDEX_IS_FULL)


class Placed(NamedTuple):
    """What articles hold, as it is about to be written: the rows of segments and of their pages.

    Attributes:
        numbers: The number of each article, by which nobody knows it yet.
    """

    numbers: dict[str, int]
    segments: list[dict[str, Any]]
    pages: list[dict[str, Any]]

    def beside(self) -> list[rows.Beside]:
        """Return the rows, of which nobody else has the numbers."""
        return [rows.Beside(article_segment, self.segments), rows.Beside(article_page, self.pages)]
