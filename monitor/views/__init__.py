"""The JSON of every noun, for `--json` and for programs, and the schema of each."""
