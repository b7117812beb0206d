"""Posting over HTTP, and what answers mean in general. Knows no kind."""
