"""What messages say to their reader: the same phrases in each language, one file a language."""
