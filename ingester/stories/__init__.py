"""Which articles tell one event: what they are known by, likeness, where one belongs."""
