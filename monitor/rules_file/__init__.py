"""Rules, sources and channels as one file: read, checked, applied, written."""
