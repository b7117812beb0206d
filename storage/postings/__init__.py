"""The search index as bytes, in native code; only `storage.sql` comes in.

A segment has some articles, the older ones first, and for each of their tokens the articles that
have it, and in which lines. It is never changed: several become one, which takes their place.
"""
