"""The translators that a user may configure: each proposes what a rule's terms are elsewhere."""
