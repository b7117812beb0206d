"""Small things that every room of the program uses: clock, times, names, refusals, pages of
stored articles.

Imports no other room.
"""
