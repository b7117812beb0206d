"""Which of many rules an article may concern. Only `rules.matcher` comes in here."""
