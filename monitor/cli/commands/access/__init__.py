"""Commands about who may ask over HTTP: tokens of programs, users with a password."""
