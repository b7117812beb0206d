"""What several packages know alike: scripts, names of languages, headers, versions.

Here lives pure knowledge that at least two packages need. It imports nobody of ours, reads and
writes nothing, and grows only when a second copy would appear elsewhere.
"""
