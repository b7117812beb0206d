"""Settings, the home folder and its secrets, read once and checked whole."""
