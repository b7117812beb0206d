"""The program: wiring, daemon and command line."""
