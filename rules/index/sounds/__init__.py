"""Words by their sounds: what native code knows of them, listens for and hears in articles."""
