"""Apprise, an optional library, for the services that no kind of our own sends to."""
