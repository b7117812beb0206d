"""What of a site can be followed, and what a document would bring. Uses all kinds."""
