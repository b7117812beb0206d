"""Lists of feeds as other readers keep them: read, followed and written (OPML)."""
