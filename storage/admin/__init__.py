"""A whole database: opening it, migrating it, checking it, moving its instants."""
