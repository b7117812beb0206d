"""The JSON of rules: as they stand, tried, tested on the archive, explained, changed as a file."""
