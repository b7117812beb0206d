"""Pages: an article's parts, a list of articles, and the page that completes an entry."""
