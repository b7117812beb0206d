"""Files in folders: text, Markdown, JSON lines, saved pages and feeds."""
