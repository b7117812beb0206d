"""The lexicons of this installation: packed, from packages, from dictionaries on the machine."""
