"""Asking sites for bytes, politely: requests, robots.txt, conditional polls.

No document is read here.
"""
