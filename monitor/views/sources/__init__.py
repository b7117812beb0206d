"""The JSON of sources: found on a site, looked at, polled, as they stand."""
