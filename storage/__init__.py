"""The nouns of the product, the promise to keep them, and the two databases that keep it."""
