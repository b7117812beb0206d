"""One file a kind of channel: all that there is to know about it; `kinds.py` lists them."""
