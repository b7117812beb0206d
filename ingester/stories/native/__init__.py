"""In C: which stories an article may belong to, and how alike they are (`../nearby.py`)."""
