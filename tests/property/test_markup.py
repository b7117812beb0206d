"""What native code reads of HTML is what libxml2 reads, or it leaves it to that."""

from hypothesis import given
from hypothesis import strategies as st

from ingester.text.markup import plain_texts
from ingester.text.text import is_markup, plain_text

INLINE = ("a", "b", "em", "span", "font", "q", "SUP")
BOXES = ("div", "blockquote", "section", "figure", "nav")
STRANGE = ("table", "td", "script", "pre", "title", "svg", "wbr", "object", "unheard")
VOID = ("br", "hr", "img", "BR /", "img src='a>b'", 'img alt="it\'s"')
LETTERS = "rail strike| in|日本語|한국|\u1112\u1161|e\u0301|न\u093c|\U0001f600|1 < 2|<|>|--"
ODD = " |\n|\t|\r|\u00a0|\u3000|\u2028|\ufeff|\x01|\x85|\ud800|<!-- a -->|<!-->|<![CDATA[x]]>"
REFERENCES = (
    "&amp;|&nbsp;|&eacute;|&#8217;|&#x20AC;|&#150;|&#10;|&#xD800;|&#1;|&amp|&notit;|& |&|&#;|&#65"
)
TEXTS = (*LETTERS.split("|"), *ODD.split("|"), *REFERENCES.split("|"))
ATTRIBUTES = ("", "", " class=x", ' href="/a?b=1&c=2"', "\nid = 'i'", ' a b="<"', " /")
texts = st.lists(st.sampled_from(TEXTS), max_size=4).map("".join)


def _tagged(inside: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    names = st.sampled_from((*INLINE, *BOXES, *STRANGE, "p", "p", "h2", "ul", "li", "li"))
    attributes, ends = st.sampled_from(ATTRIBUTES), st.sampled_from((True, True, True, False))
    whole = st.builds(
        lambda name, said, text, end: f"<{name}{said}>{text}" + (f"</{name}>" if end else ""),
        names,
        attributes,
        inside,
        ends,
    )
    parts = st.one_of(whole, texts, st.sampled_from([f"<{name}>" for name in VOID]))
    return st.lists(parts, max_size=4).map("".join)


@given(st.recursive(texts, _tagged, max_leaves=12))
def test_what_is_read_together_is_read_as_it_is_alone(markup: str) -> None:
    read = plain_texts([markup])
    assert read.get(markup, plain_text(markup)) == plain_text(markup)


blocks = st.sampled_from(("p", "div", "h2", "blockquote", "li", "section", "b", "a", "q"))


@given(st.lists(st.tuples(blocks, st.sampled_from(("one", "two ", "日本", "&amp;"))), min_size=1))
def test_what_is_plainly_nested_is_left_to_nobody(parts: list[tuple[str, str]]) -> None:
    markup = "".join(
        f"<ul><li>{text}</ul>" if name == "li" else f"<{name}>{text}</{name}>"
        for name, text in parts
    )
    assert is_markup(markup)
    assert plain_texts([markup]) == {markup: plain_text(markup)}
