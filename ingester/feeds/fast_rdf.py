"""RSS 1.0, which is RDF: its items stand beside its channel, and its elements in a namespace."""

from lxml import etree

from ingester.feeds.fast_elements import (
    CHANNEL,
    ITEM,
    XML_LANG,
    DeclinedError,
    Handlers,
    only_attributes,
)

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_RSS = "{http://purl.org/rss/1.0/}"

RDF = f"{_RDF}RDF"
RDF_ITEM = f"{_RSS}item"
ABOUT = f"{_RDF}about"
"""The attribute that is the id of an item."""

_CHANNEL, _ITEMS, _IMAGE = f"{_RSS}channel", f"{_RSS}items", f"{_RSS}image"
_LISTS = (f"{_RDF}Seq", f"{_RDF}Bag")
_IMAGE_PARTS = (f"{_RSS}title", f"{_RSS}url", f"{_RSS}link")


def parts_of_rdf(root: etree._Element) -> list[etree._Element]:
    """Return what stands in the channel of a feed, and the items behind it.

    What lists or pictures them says nothing to us, and is left out.

    Raises:
        DeclinedError: It is built otherwise than usual.
    """
    only_attributes(root, XML_LANG)
    if not len(root):
        raise DeclinedError
    parts: list[etree._Element] = []
    for place, child in enumerate(root):
        if place == 0 and child.tag == _CHANNEL:
            only_attributes(child, ABOUT)
            parts += [part for part in child if not _is_for_machines(part)]
            if any(part.tag == RDF_ITEM for part in parts):
                raise DeclinedError
        elif place and child.tag == RDF_ITEM:
            parts.append(child)
        elif not place or not _is_for_machines(child):
            raise DeclinedError
    return parts


def _is_for_machines(element: etree._Element) -> bool:
    """Whether an element is the list of a channel's items, or its picture, as usual."""
    if element.tag == _IMAGE:
        return all(part.tag in _IMAGE_PARTS and not len(part) for part in element)
    if element.tag != _ITEMS or element.attrib or len(element) != 1:
        return False
    (listed,) = element
    return listed.tag in _LISTS and all(
        each.tag == f"{_RDF}li" and not len(each) and not each.text for each in listed
    )


def _of_rdf(handlers: Handlers) -> Handlers:
    """Return the handlers of the elements that RSS 1.0 has, and of those of other namespaces."""
    own = {f"{_RSS}{name}": handlers[name] for name in ("title", "link", "description")}
    return own | {name: handler for name, handler in handlers.items() if name[0] == "{"}


RDF_CHANNEL, RDF_ENTRY = _of_rdf(CHANNEL), _of_rdf(ITEM)
