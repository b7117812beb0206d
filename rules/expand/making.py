"""In which way variants are made: asked for at each start, so it is not where they are made."""

MAKING = "22"
"""Grows when variants are made in another way, so that those of old rules are made anew."""
