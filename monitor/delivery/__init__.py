"""Carrying what is owed: in batches, at each channel's pace, beside one another."""
