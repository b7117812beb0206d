"""What a field holds, and so how it is written: for the tables of rules and sources."""

from enum import StrEnum


class FieldKind(StrEnum):
    """What a field holds, and so how it is written."""

    TEXT = "text"
    NAMES = "names"
    """Any number of texts."""
    CHOICE = "choice"
    """One of a few words."""
    SWITCH = "switch"
    """One of a few words, each an option of its own."""
    COUNT = "count"
    """A whole number: of a rule from 1, of a source from 0."""
    DURATION = "duration"
    LANGUAGE = "language"
    """The code of one language."""
    DATE = "date"
    """An instant, or the day that ends then."""
    SCHEDULE = "schedule"
    """When digests are sent."""
    BACKFILL = "backfill"
    """How much of what is stored a new rule sends."""
    LANGUAGES = "languages"
    VARIANTS = "variants"
