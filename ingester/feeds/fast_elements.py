"""What each element of an ordinary feed says, as feedparser would say it; the rest is declined."""

import re
from collections.abc import Callable, Mapping
from dataclasses import field

from lxml import etree

from common.records import dataclass
from ingester.feeds.conventions import E_MAIL, HTML_TYPES, beside_e_mail
from ingester.text.titles import title_text

_MOST_PLACE = 16_384
_MOST_NAME = 300
_MOST_CATEGORIES = 200

ATOM = "{http://www.w3.org/2005/Atom}"
_OF_THREADS = (
    "{http://purl.org/syndication/thread/1.0}count",
    "{http://purl.org/syndication/thread/1.0}updated",
)
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_FULL_TEXTS = ("{http://news.yandex.ru}full-text", "{http://turbo.yandex.ru}content")
_SY = "{http://purl.org/rss/1.0/modules/syndication/}"
_MEDIA = ("{http://search.yahoo.com/mrss/}", "{http://search.yahoo.com/mrss}")
_XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

_BASE = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d+)?/[^\s<>\"']*")
_REFERENCE = re.compile(r"&(\w+);")
_MANY_SLASHES = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:///")
_E_MAIL_ALONE = re.compile(E_MAIL, re.A)

_IGNORED_MEDIA = frozenset(
    (
        *("content", "thumbnail", "group", "credit", "text", "copyright", "player", "rating"),
        *("restriction", "license"),
    )
)
_IGNORED = {
    "http://purl.org/rss/1.0/modules/slash/": None,
    "http://wellformedweb.org/commentapi/": None,
    "http://rssnamespace.org/feedburner/ext/1.0": frozenset({"origlink", "info", "emailserviceid"}),
    "http://purl.org/rss/1.0/modules/syndication/": None,
    "http://purl.org/syndication/thread/1.0": None,
    "http://webns.net/mvcb/": frozenset({"generatoragent", "errorreportsto"}),
}
"""What feedparser keeps where nobody of ours looks, by namespace; None for all of it."""

_OF_FEEDPARSER = re.compile(
    r"https?://(?:backend\.userland\.com|blogs\.law\.harvard|purl\.org|my\.netscape|example\.com"
    r"|web\.resource|webns\.net|media\.tangent|creativecommons|cyber\.law|my\.theinfo|freshmeat"
    r"|xmlns\.com|www\.w3\.org|www\.georss|www\.opengis|postneo|www\.itunes|search\.yahoo"
    r"|madskills|prismstandard|schemas\.|hacks\.|wellformedweb|podlove|rssnamespace)|^uri/",
    re.I,
)
_WITH_A_MEANING = (
    "abstract author body category channel cloud content contributor copyright created description "
    "email enclosure entry expirationdate feed fullitem generator geom georssgeom guid height "
    "homepage id info issued item keywords language lastbuilddate link managingeditor modified "
    "name newlocation pubdate published rights rss source subtitle summary tagline tags textinput "
    "title updated uri url webmaster where width "
    # and where it keeps what it has read:
    "links authors contributors tags published_parsed updated_parsed guidislink title_detail "
    "summary_detail ttl sy_updateperiod sy_updatefrequency"
)
_MEANT = frozenset(_WITH_A_MEANING.split())
"""Elements without a namespace of which feedparser makes something."""

_IMAGE_PARTS = frozenset(("url", "title", "link", "width", "height", "description", "name"))
_HARMLESS_RELS = frozenset(
    (
        *("self", "hub", "next", "first", "last", "previous", "prev", "search", "edit"),
        *("replies", "related", "license", "via"),
    )
)


class DeclinedError(Exception):
    """Something that feedparser must read."""


@dataclass(slots=True)
class Item:
    """What has been read of an entry so far."""

    texts: dict[str, str] = field(default_factory=dict)
    bases: dict[str, str] = field(default_factory=dict)
    is_permalink: bool = False
    guid_is_link: bool = False
    html_title: bool = True
    has_media_title: bool = False
    link: str | None = None
    alternates: list[str] = field(default_factory=list)
    alternate_types: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)
    enclosures: list[tuple[str, str]] = field(default_factory=list)
    source: str = ""


def handle(
    element: etree._Element, item: Item, handlers: Mapping[str, Callable[..., None]]
) -> None:
    """Read an element of a channel, an entry or an item into what is known of it.

    Raises:
        DeclinedError: It, or what it holds, is not ordinary.
    """
    tag = element.tag
    if not isinstance(tag, str):
        raise DeclinedError  # an entity that is not resolved
    handler = handlers.get(tag)
    if handler is None and tag[0] != "{":
        handler = handlers.get(tag.lower())
    if handler is not None:
        handler(element, item)
    elif tag.startswith(ATOM) and handlers in (ATOM_FEED, ATOM_ENTRY):
        raise DeclinedError
    else:
        _ignore(element)


def _plain(name: str) -> "Handler":
    def keep(element: etree._Element, item: Item) -> None:
        only_attributes(element)
        _keep(item, name, _text(element))

    return keep


def _full_text(element: etree._Element, item: Item) -> None:
    """Keep the whole text that feeds for Yandex have beside a beginning of it."""
    text = _text(element)
    if len(text) > len(item.texts.get("content", "")):
        item.texts["content"] = text


def _as_it_is(element: etree._Element, head: Item) -> None:
    only_attributes(element)
    name = str(element.tag).rpartition("}")
    _keep(head, ("sy_" if name[0] else "") + name[2].lower(), _text(element))


def _keywords(element: etree._Element, item: Item) -> None:
    for part in _text(element).split(","):
        _add_category(item, part.strip())


def _media_title(element: etree._Element, item: Item) -> None:
    """Note a title that counts only where the entry has none of its own."""
    if len(element):
        raise DeclinedError
    item.has_media_title = True


def _media_category(element: etree._Element, item: Item) -> None:
    only_attributes(element, "label", "scheme")
    if text := _text(element):
        _add_category(item, element.get("label") or text)


def _contributor(element: etree._Element, item: Item) -> None:
    """Step over somebody whom nobody of ours asks for."""
    del item
    known = (f"{ATOM}name", f"{ATOM}email", f"{ATOM}uri")
    if any(child.tag not in known or len(child) for child in element):
        raise DeclinedError


def _link(element: etree._Element, item: Item) -> None:
    only_attributes(element)
    if item.link is not None:
        raise DeclinedError
    item.link = _as_link(_text(element))
    item.alternates.append(item.link)


def _guid(element: etree._Element, item: Item) -> None:
    only_attributes(element, "isPermaLink")
    _id(item, element, is_permalink=element.get("isPermaLink", "true") == "true")


def _atom_id(element: etree._Element, item: Item) -> None:
    only_attributes(element)
    _id(item, element, is_permalink=True)


def _id(item: Item, element: etree._Element, *, is_permalink: bool) -> None:
    text = _place(_text(element))
    _keep(item, "id", text)
    if is_permalink and _MANY_SLASHES.match(text):
        raise DeclinedError  # which feedparser mends
    item.is_permalink = is_permalink
    item.guid_is_link = is_permalink and item.link is None


def _published(element: etree._Element, item: Item) -> None:
    _keep(item, "published", _place(_text(element)))


def _updated(element: etree._Element, item: Item) -> None:
    _keep(item, "updated", _place(_text(element)))


def _category(element: etree._Element, item: Item) -> None:
    only_attributes(element, "domain")
    _add_category(item, _text(element))


def _source(element: etree._Element, item: Item) -> None:
    _keep(item, "source", _text(element))
    item.source = _place(element.get("url") or "")


def _author(element: etree._Element, item: Item) -> None:
    _add_author(item, _text(element))


def _enclosure(element: etree._Element, item: Item) -> None:
    url = element.get("url")
    if not url or len(element):
        raise DeclinedError
    item.enclosures.append((url, (element.get("type") or "").lower()))


def _image(element: etree._Element, item: Item) -> None:
    del item
    if any(str(child.tag).lower() not in _IMAGE_PARTS or len(child) for child in element):
        raise DeclinedError


def _nothing(element: etree._Element, item: Item) -> None:
    del item
    if len(element):
        raise DeclinedError


def _hours(element: etree._Element, item: Item) -> None:
    del item
    if any(str(child.tag).lower() not in ("hour", "day") or len(child) for child in element):
        raise DeclinedError


def _title_of_atom(element: etree._Element, item: Item) -> None:
    item.html_title = _atom_text(element, item, "title") == "html"


def _subtitle(element: etree._Element, item: Item) -> None:
    _atom_text(element, item, "description")


def _content(element: etree._Element, item: Item) -> None:
    _atom_text(element, item, "content")


def _atom_text(element: etree._Element, item: Item, name: str) -> str:
    only_attributes(element, "type", _XML_BASE)
    if base := element.get(_XML_BASE):
        if name == "title" or not _BASE.fullmatch(base):
            raise DeclinedError
        item.bases[name] = base
    type_: str = element.get("type", "text")
    if type_ not in ("text", "html"):
        raise DeclinedError
    _keep(item, name, _text(element))
    return type_


def _atom_author(element: etree._Element, item: Item) -> None:
    texts: dict[str, str] = {}
    only_attributes(element)
    for child in element:
        name = str(child.tag).rpartition("}")[2]
        if child.tag not in (f"{ATOM}name", f"{ATOM}email", f"{ATOM}uri") or name in texts:
            raise DeclinedError
        only_attributes(child)
        texts[name] = _text(child)
        if len(texts[name]) > _MOST_NAME:
            raise DeclinedError
    if (element.text or "").strip():
        raise DeclinedError
    if name := title_text(texts.get("name") or texts.get("email") or "", markup=True):
        item.authors.append(name)


def _keep(item: Item, name: str, text: str) -> None:
    if name in item.texts:
        raise DeclinedError  # said twice
    item.texts[name] = text


def _text(element: etree._Element) -> str:
    """Return an element's text as feedparser gives it; declines markup and what it would mend."""
    if len(element):
        raise DeclinedError
    text: str = (element.text or "").strip()
    if text.isascii():
        return text
    try:
        # Feeds that were encoded twice: feedparser undoes that where it can be.
        text = text.encode("iso-8859-1").decode("utf-8")
    except UnicodeError:
        return text
    if any("\x80" <= letter <= "\x9f" for letter in text):
        raise DeclinedError  # characters of Windows-1252 under wrong numbers
    return text.strip()


def _place(text: str) -> str:
    if len(text) > _MOST_PLACE:
        raise DeclinedError
    return text


def _as_link(text: str) -> str:
    """Return the text of an RSS link, with its ampersands mended as feedparser does."""
    text = _REFERENCE.sub(r"&\1", _place(text).replace("&amp;", "&")) if "&" in text else text
    if _MANY_SLASHES.match(text):
        raise DeclinedError
    return text


def _add_category(item: Item, text: str) -> None:
    if len(item.categories) >= _MOST_CATEGORIES:
        raise DeclinedError
    if name := title_text(_place(text), markup=True):
        item.categories.append(name)


def _add_author(item: Item, text: str) -> None:
    if len(text) > _MOST_NAME:
        raise DeclinedError
    if "@" in text:
        if name := beside_e_mail(text):
            text = name
        elif not _E_MAIL_ALONE.fullmatch(text):
            raise DeclinedError
    if name := title_text(text, markup=True):
        item.authors.append(name)


def _atom_link(element: etree._Element, item: Item) -> None:
    only_attributes(element, "href", "rel", "type", "title", "hreflang", "length", *_OF_THREADS)
    href, rel = element.get("href"), element.get("rel", "alternate").lower()
    type_ = element.get("type", "text/html").lower()
    if not href or len(element) or _MANY_SLASHES.match(href):
        raise DeclinedError
    if rel == "alternate":
        item.alternates.append(href)
        item.alternate_types.append(type_)
        if type_ in HTML_TYPES:
            item.link = href
    elif rel == "enclosure":
        item.enclosures.append((href, element.get("type", "text/html").lower()))
    elif rel not in _HARMLESS_RELS and not rel.startswith("http://schemas.google.com/"):
        raise DeclinedError


def _atom_category(element: etree._Element, item: Item) -> None:
    only_attributes(element, "term", "scheme", "label")
    if (element.text or "").strip() or len(element):
        raise DeclinedError
    _add_category(item, element.get("label") or element.get("term") or "")


def _harmless_link(element: etree._Element, item: Item) -> None:
    """Decline an Atom link in RSS that feedparser might take for the item's own."""
    del item
    if element.get("rel", "alternate").lower() not in _HARMLESS_RELS or not element.get("href"):
        raise DeclinedError


def _ignore(element: etree._Element) -> None:
    """Step over an element that says nothing to us; decline one that feedparser may use."""
    namespace, _, local = str(element.tag).removeprefix("{").rpartition("}")
    if f"{{{namespace}}}" in _MEDIA:
        _ignore_media(element)
        return
    if len(element):
        raise DeclinedError
    known = _IGNORED.get(namespace.lower(), frozenset())
    if known is None or local.lower() in known:
        return
    if local.lower() in _MEANT if not namespace else _OF_FEEDPARSER.match(namespace):
        raise DeclinedError


def _ignore_media(element: etree._Element) -> None:
    for part in element.iter():
        namespace, _, local = str(part.tag).removeprefix("{").rpartition("}")
        if f"{{{namespace}}}" not in _MEDIA or local not in _IGNORED_MEDIA:
            raise DeclinedError


def only_attributes(element: etree._Element, *known: str) -> None:
    """Decline an element that has attributes besides the known ones.

    Raises:
        DeclinedError: It has others.
    """
    for name in element.keys():  # noqa: SIM118  # the mapping itself takes longer to make
        if name not in known:
            raise DeclinedError


Handler = Callable[[etree._Element, Item], None]
Handlers = Mapping[str, Handler]

CHANNEL: Handlers = {
    "title": _plain("title"),
    "link": _link,
    "description": _plain("description"),
    "language": _as_it_is,
    "ttl": _as_it_is,
    f"{_DC}language": _plain("language"),
    f"{_SY}updatePeriod": _as_it_is,
    f"{_SY}updateFrequency": _as_it_is,
    "image": _image,
    "textinput": _image,
    "skiphours": _hours,
    "skipdays": _hours,
    f"{ATOM}link": _harmless_link,
    **dict.fromkeys(
        (
            *("generator", "copyright", "managingeditor", "webmaster", "pubdate", "docs", "cloud"),
            *("lastbuilddate", "category", "rating", f"{_DC}date", f"{_DC}creator"),
            *(f"{_DC}rights", f"{_DC}publisher"),
        ),
        _nothing,
    ),
}
ITEM: Handlers = {
    "title": _plain("title"),
    "link": _link,
    "guid": _guid,
    "description": _plain("description"),
    f"{_CONTENT}encoded": _plain("content"),
    **dict.fromkeys(_FULL_TEXTS, _full_text),
    "pubDate": _published,
    "pubdate": _published,
    f"{_DC}date": _updated,
    "author": _author,
    f"{_DC}creator": _author,
    f"{_DC}author": _author,
    "category": _category,
    f"{_DC}subject": _category,
    **{f"{media}keywords": _keywords for media in _MEDIA},
    **{f"{media}title": _media_title for media in _MEDIA},
    **{f"{media}category": _media_category for media in _MEDIA},
    "enclosure": _enclosure,
    "comments": _nothing,
    "source": _source,
    "image": _nothing,
    f"{_DC}rights": _nothing,
    f"{_DC}publisher": _nothing,
    f"{ATOM}link": _harmless_link,
}
_ATOM_COMMON: Handlers = {
    f"{ATOM}title": _title_of_atom,
    f"{ATOM}id": _atom_id,
    f"{ATOM}link": _atom_link,
    f"{ATOM}author": _atom_author,
    f"{ATOM}rights": _nothing,
}
ATOM_FEED: Handlers = {
    **_ATOM_COMMON,
    f"{ATOM}subtitle": _subtitle,
    **dict.fromkeys(
        (
            *(f"{ATOM}generator", f"{ATOM}logo", f"{ATOM}icon", f"{ATOM}updated"),
            *(f"{ATOM}category", f"{ATOM}published"),
        ),
        _nothing,
    ),
    f"{ATOM}contributor": _contributor,
}
ATOM_ENTRY: Handlers = {
    **_ATOM_COMMON,
    f"{ATOM}summary": _subtitle,
    f"{ATOM}content": _content,
    f"{ATOM}published": _published,
    f"{ATOM}updated": _updated,
    f"{ATOM}category": _atom_category,
    f"{ATOM}contributor": _contributor,
}
