"""One file a noun: its tables as statements that both databases speak. Only SQLAlchemy Core."""
