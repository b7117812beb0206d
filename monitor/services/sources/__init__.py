"""Sources: found on a site, looked at, added, edited and removed."""
