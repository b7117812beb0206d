"""Makes what the repository keeps: tables of words, pictures and payloads of the documentation."""
