"""Recorded days gone through with today's rules, in an archive of their own: what would be told.

In: a folder of recorded days, settings, and the rules, channels and sources of a store, read only.
"""
