"""How words sound, and which words of rules a word of an article may be by its sounds, in C.

Only `engine.c` comes in here, by way of what stands beside it.
"""
