"""A reader that reads here what the program reads in a process of its own."""

from ingester.feeds.lenient import read_xml
from ingester.pages.kind import read_listing, read_page


class HereReader:
    """Implements `ingester.fetch.ports.Reader`, without bounds."""

    read_page = staticmethod(read_page)
    read_listing = staticmethod(read_listing)
    read_feed = staticmethod(read_xml)
