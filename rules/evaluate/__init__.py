"""Whether a rule holds for an article, exactly, with the evidence."""
