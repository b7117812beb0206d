"""The steps from one form of the tables to the next, oldest first; never edited after release."""
