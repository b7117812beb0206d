"""Which languages are related: only to group what is counted, never to decide."""

from functools import cache

from rules.data.tables import primary, rows


def family_of(language: str) -> str:
    """Return the family of a language, as people read it; "other" if it is not known."""
    return families().get(primary(language), "other")


@cache
def families() -> dict[str, str]:
    """Return the family of each language."""
    return {code: family for family, codes in rows("families.tsv") for code in codes.split()}
