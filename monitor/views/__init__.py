"""The JSON of every noun, for `--json` and for programs."""
