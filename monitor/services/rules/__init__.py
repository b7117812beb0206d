"""Rules: added, edited, removed, their variants decided, and what readers say of their matches."""
