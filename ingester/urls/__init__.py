"""Addresses: canonical form, parts, hosts, dates in them. Pure."""
