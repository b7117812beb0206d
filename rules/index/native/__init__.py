"""What an article's words sound like and which ways of rules they may be, in C (`hearing.c`).

Only `rules.index.hearing` comes in here.
"""
