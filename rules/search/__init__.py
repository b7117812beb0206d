"""Rules and articles as the search index sees them."""
