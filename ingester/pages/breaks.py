"""Text that only line breaks part, made into paragraphs as other pages have them."""

from lxml.html import Element, HtmlElement

_FEWEST_BREAKS = 2
_FEWEST_CHARACTERS = 150
_MOST = 200
_BOXES = ("div", "td", "section", "article")
_TAGS = "a abbr b bdi cite code em font i kbd mark q s small span strike strong sub sup u"
_INLINE = frozenset(_TAGS.split())


def paragraphs_of_breaks(tree: HtmlElement) -> None:
    """Wrap, in place, each line of a box whose text stands between `<br>` in a paragraph."""
    boxes = (box for box in tree.iter(*_BOXES) if _is_broken(box))
    for box, _ in zip(list(boxes), range(_MOST), strict=False):
        _wrap(box)


def _is_broken(box: HtmlElement) -> bool:
    breaks = [child for child in box if child.tag == "br"]
    if len(breaks) < _FEWEST_BREAKS:
        return False
    return (
        len(box.text or "") + sum(len(line_end.tail or "") for line_end in breaks)
        >= _FEWEST_CHARACTERS
    )


def _wrap(box: HtmlElement) -> None:
    children = list(box)
    line = Element("p")
    line.text, box.text = box.text, None
    made: list[HtmlElement] = [line]
    for child in children:
        tail, child.tail = child.tail, None
        if child.tag in _INLINE:
            child.tail = tail
            line.append(child)
            continue
        if child.tag != "br":
            made.append(child)
        line = Element("p")
        line.text = tail
        made.append(line)
    box[:] = [part for part in made if part.tag != "p" or part.text_content().strip()]
