"""What differs between SQLite and PostgreSQL: connecting, locking, who is alive."""
