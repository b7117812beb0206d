"""The steps: poll, complete, take in, owe, deliver; and searching the archive for a new rule."""
