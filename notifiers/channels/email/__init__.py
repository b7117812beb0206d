"""E-mail: the message, and its way over SMTP."""
