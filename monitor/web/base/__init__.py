"""What pages, the API and what serves them share: the desk, the templates, what guards them."""
