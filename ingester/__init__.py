"""From what the world publishes to entries and articles."""
