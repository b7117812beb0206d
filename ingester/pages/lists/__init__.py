"""Pages that list articles: which of their links lead to them, and what is said of each."""
