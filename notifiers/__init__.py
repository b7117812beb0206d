"""From an alert to a message on somebody's screen."""
