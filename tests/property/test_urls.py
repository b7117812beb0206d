"""Whatever text comes as a URL: nothing raises, and what is canonical stays so."""

import re

import httpx
from hypothesis import given
from hypothesis import strategies as st

from ingester.urls.dates import url_date
from ingester.urls.hosts import ascii_host
from ingester.urls.parts import Parts, split_url
from ingester.urls.urls import (
    absolute_url,
    canonical_url,
    check_feed_url,
    identity_key,
    shown_url,
    site_of,
)

PIECES = st.sampled_from(
    [
        *("http://", "https://", "HTTP:", "//", "/", "\\", "?", "#", "#!", "@", ":", ":80", "&"),
        *("&amp;", "=", ";", "..", "/./", "%2e", "%", "%2", "%41", "%c3%a5", "%00", "[", "]"),
        *("[::1]", "127.1", "0x7f", "example.com", "www.", "m.", "xn--", "räk", "☕", "。", "①"),
        *("utm_source=x", "a=1", "amp", "/amp", "jsessionid=1", "2025/10/26", "\t", " ", "\x00"),
        *("\ud800", "\u202e", "İ", "ß"),
    ]
)
BUILT = st.lists(PIECES | st.text(max_size=4), max_size=12).map("".join)
URLS = BUILT | BUILT.map("https://example.com/{}".format) | st.text(max_size=60)
LEGAL = re.compile(r"https?://[a-z0-9.\[\]:_-]+/[A-Za-z0-9._~!$&'()*+,;=:@/?%#-]*")


@given(URLS, st.none() | URLS)
def test_canonical_is_legal_and_canonical_again(url: str, base: str | None) -> None:
    canonical = canonical_url(url, base)
    if canonical is not None:
        assert canonical_url(canonical) == canonical
        assert canonical_url(canonical, base) == canonical
        assert LEGAL.fullmatch(canonical)
        assert len(canonical) <= 8192


@given(URLS.filter(lambda url: url.startswith("http")))
def test_ordinary_addresses_are_split_like_all_others(url: str) -> None:
    """One with a scheme in capitals is never taken for ordinary."""

    def split(text: str) -> Parts | str:
        try:
            return split_url(text)
        except ValueError as error:
            return str(error)

    assert split(url) == split(url[:4].upper() + url[4:])


@given(URLS)
def test_a_key_does_not_depend_on_the_spelling(url: str) -> None:
    canonical = canonical_url(url)
    assert identity_key(url) == (url.strip() if canonical is None else identity_key(canonical))


@given(URLS, st.none() | URLS)
def test_an_absolute_url_names_the_host_that_is_checked(url: str, base: str | None) -> None:
    """The client reads it with another parser, which must see the same host."""
    absolute = absolute_url(url, base)
    if absolute is not None:
        assert absolute_url(absolute) == absolute
        host = httpx.URL(absolute).raw_host.decode("ascii")
        assert ascii_host(f"[{host}]" if ":" in host else host).strip("[]") == host


def checked(url: str) -> tuple[str | None, str]:
    """Return what is accepted, or None and why not."""
    try:
        return check_feed_url(url), ""
    except ValueError as error:
        return None, str(error)


@given(URLS)
def test_a_url_is_refused_with_a_sentence_or_accepted_for_good(url: str) -> None:
    kept, sentence = checked(url)
    if kept is None:
        assert sentence
        assert sentence.isprintable()
        assert len(sentence) < 200
    else:
        assert checked(kept) == (kept, "")
        assert kept.isascii()


@given(URLS)
def test_nothing_raises(url: str) -> None:
    assert isinstance(site_of(url), str)
    assert len(shown_url(url)) <= 80
    assert shown_url(url).isprintable()
    url_date(url)
