"""A query's terms as the patterns by which a text may hold them."""
