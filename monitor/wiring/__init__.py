"""What builds the two halves of the program: what looks at sources, and what sends."""
