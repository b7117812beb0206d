"""Who may ask over HTTP: tokens made, shown once, found again, and the sessions of browsers."""
