"""The tables, their columns and their rules, once, for both databases."""
