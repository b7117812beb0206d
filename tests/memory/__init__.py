"""A store in memory, which keeps the same promises as those on disk."""
