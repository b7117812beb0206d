"""Which language the letters of a text show: a packed model, and the kernel that reads it.

`model.py` is the door; `pack.py` makes `model.bin` of what py3langid has learned. May import
common.
"""
