"""Use cases: what a command, a page and an API call. No click, no command's name."""
