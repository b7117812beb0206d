"""Care of a whole database: migrating, checking, moving its instants."""
