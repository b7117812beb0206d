"""Bytes and markup to plain text; its language, titles and dates. Pure."""
