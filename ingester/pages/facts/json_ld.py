"""The JSON-LD of a page: its article, and the people whom the article refers to."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from typing import Any

from lxml.html import HtmlElement

from common.records import dataclass
from ingester.pages.facts.dom import folded, some_text
from ingester.text.json import bounded_json

MAX_SCRIPT_CHARS = 512 * 1024
_MOST_OBJECTS = 500
_DEEP = 4
_LONGEST_TITLE = 2_000
_HULLS = (
    ("<!--", "-->"),
    ("//<![CDATA[", "//]]>"),
    ("/*<![CDATA[*/", "/*]]>*/"),
    ("<![CDATA[", "]]>"),
)
"""What old sites wrap scripts in, for browsers that know no scripts, and for XML."""
_ARTICLES = ("article", "posting", "report", "story", "review", "webpage", "newsarticle", "recipe")

Linked = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PageData:
    """`article`: what describes the article, {} if nothing does; `named`: objects by their @id.

    Of a page that is there for a video, `article` has that one's `uploadDate`.
    `body` is the article's text, "" if no object about it has it.
    """

    article: Linked = field(default_factory=dict)
    named: Mapping[str, Linked] = field(default_factory=dict)
    body: str = ""


def page_data(tree: HtmlElement) -> PageData:
    """Return the most telling of a page's JSON-LD objects about an article."""
    objects: list[Linked] = []
    videos: list[Linked] = []
    named: dict[str, Linked] = {}
    for value in _of_scripts(tree):
        if len(objects) + len(named) >= _MOST_OBJECTS:
            break
        if _types(value):
            objects.append(value)
        elif value.get("@type") == "VideoObject":
            videos.append(value)
        if isinstance(value.get("@id"), str) and "name" in value:
            named.setdefault(value["@id"], value)
    shown = (some_text(element, _LONGEST_TITLE) for element in tree.iter("title", "h1"))
    title = folded(next(filter(None, shown), ""))
    objects.sort(
        key=lambda value: (
            is_whole_page(value),
            "headline" not in value,
            # Some pages describe the articles that they link in the same way.
            not _is_in(string(value.get("headline")), title),
        )
    )
    article = objects[0] if objects else {}
    if is_whole_page(article):
        of_page = (video for video in videos if _is_in(string(video.get("name")), title))
        article = {**article, "uploadDate": next(of_page, {}).get("uploadDate")}
    return PageData(article, named, _body(objects) if objects else "")


def _of_scripts(tree: HtmlElement) -> Iterator[Linked]:
    """Yield the objects of a page's scripts, in their order."""
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or "").lower():
            text = _unwrapped((script.text or "").strip())
            if text and len(text) <= MAX_SCRIPT_CHARS:
                yield from _objects(_loaded(text), depth=0)


def _body(objects: Sequence[Linked]) -> str:
    """Return the text that the first object has, or another one under the same headline."""
    headline = folded(string(objects[0].get("headline")))
    for value in objects:
        if value is objects[0] or folded(string(value.get("headline"))) == headline != "":
            for key in ("articleBody", "reviewBody"):
                said = value.get(key)
                parts = said if isinstance(said, list) else [said]
                if text := "\n".join(part for part in parts if isinstance(part, str)).strip():
                    return text
    return ""


def is_whole_page(value: Linked) -> bool:
    """Tell an object about the page from one about its article."""
    return all(type_.lower() == "webpage" for type_ in _types(value))


def string(value: object) -> str:
    """Return a value of JSON-LD as text; the first of several, "" if it is none."""
    if isinstance(value, list) and value:
        value = value[0]
    return value.strip() if isinstance(value, str) else ""


def _is_in(headline: str, title: str) -> bool:
    return bool(headline) and folded(headline) in title


def _unwrapped(text: str) -> str:
    for start, end in _HULLS:
        text = text.removeprefix(start).removesuffix(end)
    return text.strip()


_STRING = r'("(?:[^"\\]|\\.)*+"?)'
"""What holds commas and brackets as it likes; one that nobody closes goes on to the end."""
_COMMA_AT_END = re.compile(_STRING + r"|,(?=\s*[}\]])", re.S)
_NEXT_OBJECT = re.compile(_STRING + r"|(\})\s*(?=\{)", re.S)
_TYPE_SAID = re.compile(r'"@type"\s*+:\s*+(?:\[\s*+)?"([^"]{1,80})"')
_DATE_SAID = re.compile(r'"(date(?:Published|Created|Modified))"\s*+:\s*+"([^"]{4,60})"')


def _loaded(text: str) -> object:
    """Return the value that a script holds, None if it cannot be read.

    What templates of sites leave is passed over: commas behind the last of several, and several
    objects one after another. Of what is no JSON even so, as with quotes in a headline, type and
    dates are read.
    """
    bare = text.rstrip("; \n")
    for mended in (_unmended, _without_last_commas, _as_a_list):
        try:
            return bounded_json(mended(bare))
        except (ValueError, RecursionError):
            continue
    type_ = next((said for said in _TYPE_SAID.findall(bare) if _types({"@type": said})), "")
    return {"@type": type_, **dict(reversed(_DATE_SAID.findall(bare)))} if type_ else None


def _unmended(text: str) -> str:
    return text


def _without_last_commas(text: str) -> str:
    return _COMMA_AT_END.sub(lambda found: found[1] or "", text)


def _as_a_list(text: str) -> str:
    apart = _NEXT_OBJECT.sub(lambda found: found[1] or "},", _without_last_commas(text))
    return f"[{apart}]"


def _objects(value: object, *, depth: int) -> Iterator[Linked]:
    if depth > _DEEP:
        return
    if isinstance(value, list):
        for item in value[:100]:
            yield from _objects(item, depth=depth + 1)
    elif isinstance(value, dict):
        yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _objects(value.get(key), depth=depth + 1)


def _types(value: Linked) -> Sequence[str]:
    types = value.get("@type")
    names = types if isinstance(types, list) else [types]
    return [name for name in names if isinstance(name, str) and name.lower().endswith(_ARTICLES)]
