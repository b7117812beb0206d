"""What may be chosen about rules, sources and channels: a table a noun, a row a field."""
