"""The archive as a whole: copied into another database, and rid of what nobody needs any more.

In: settings and stores. Who works with them meanwhile is refused, or waited for.
"""
