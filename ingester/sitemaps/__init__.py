"""Sitemaps and news sitemaps: bytes in, entries out."""
