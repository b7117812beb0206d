"""Translators that are asked for variants: protocol, cache, one file a backend."""
