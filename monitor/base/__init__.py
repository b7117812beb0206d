"""Small things that every room of the program uses: clock, times, names, refusals.

Imports no other room.
"""
