"""Commands about channels: where alerts go."""
