"""Which words of rules the words of an article may be, by letters and by sounds, in C (`engine.c`).

Only `rules.index.memory.engine` comes in here.
"""
