"""Deliveries that are owed, held back or done, as they are kept: their rows and their moves."""
