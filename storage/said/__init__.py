"""What a round always asks, as texts: SQLite needs no SQLAlchemy for it, which is long to load."""
