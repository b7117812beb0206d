"""A query's terms as the ways in which a text may hold them."""
