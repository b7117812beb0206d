"""A source that nobody has named is called what it calls itself, once it has said so."""

import logging
from dataclasses import replace

from monitor.services.fields.source_fields import SourceChanges
from monitor.services.sources.sources import edit, free_name, name_of_place
from storage.api.storage import Storage
from storage.model import Source

log = logging.getLogger("monitor.poll")


def named_by_title(storage: Storage, source: Source, title: str) -> Source:
    """Return a source by the title that its first poll has shown, where its name is its address.

    What rules name by its address stays so: they may stand in a file that is applied again.
    """
    address = free_name(name_of_place(source.kind, source.url), set())
    if not title or source.name != address:
        return source
    with storage.changing() as tx:
        current = tx.sources.get(source.id)
        is_named = any(source.name in rule.sources for rule in tx.rules.outlines())
        if is_named or current is None or current.name != source.name:
            return source
        name = free_name(title, {other.name for other in tx.sources.all()})
        named = edit(tx, current, SourceChanges(name=name), now=current.added_at)
    log.info("a source is called what it calls itself", extra={"source": name, "was": source.name})
    return replace(source, name=named.name)
