"""What a page says of itself: title, authors, time, address, language."""
