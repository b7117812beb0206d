"""What would go out, without sending anything: for the command line, a page, an API."""
