"""What a message says, for every kind alike: wording, excerpts, harmless text."""
