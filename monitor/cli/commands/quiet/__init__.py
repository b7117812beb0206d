"""Commands about what is not to be sent: silences, and what readers think of alerts."""
