"""Local doubles of the services that channels send to, written from what their vendors document.

docs/channels.md cites the pages and says what nobody has checked against the real service.
"""
