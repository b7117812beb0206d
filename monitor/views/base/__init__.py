"""What the JSON of several nouns shares: instants, the words that prove a match, the schema."""
