"""Lists of what things are called in several languages."""
