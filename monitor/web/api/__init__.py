"""The same nouns and shapes as `--json`, for programs that ask over HTTP."""
