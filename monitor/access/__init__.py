"""Who may ask over HTTP: tokens, users with a password, and the sessions of browsers."""
