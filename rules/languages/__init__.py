"""What a language does to words, as data."""
