"""Commands about the archive as a whole."""
