"""How languages write, inflect, compound and sound. Knows no rules."""
