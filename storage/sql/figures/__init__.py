"""What is counted for people to look at: statements that read no texts, variants or payloads."""
