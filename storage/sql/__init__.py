"""What people set up and what was raised, one file a noun: statements that both databases speak."""
