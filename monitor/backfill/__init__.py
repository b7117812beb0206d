"""The archive, read for rules that came after the articles. Knows nothing of alerts."""
