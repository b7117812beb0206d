"""A rule's text to its tree, its mistakes and its doubts."""
