"""From what somebody wants to know to the articles that say it."""
