"""RSS, Atom, RDF and JSON feeds: bytes in, entries out; and the feeds that a page declares."""
