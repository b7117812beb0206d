"""Other people's documents, read in a process of their own within bounds."""
