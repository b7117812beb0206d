"""Posting over HTTP, and what responses mean in general. Knows no kind."""
