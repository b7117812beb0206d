"""Text to folded words with their places. Knows no rules."""
