"""Reading feeds, pages and documents: how well, how fast, and what hostile ones can do."""
