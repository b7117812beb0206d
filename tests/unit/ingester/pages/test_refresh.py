"""Pages that only send their reader on are followed as redirects are."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ingester.entry import Entry, FetchError
from ingester.fetch.ports import DEFAULT_LIMITS, Fetched, Limits, NotModified
from ingester.pages.fulltext import FullText
from ingester.pages.kind import PageKind, read_page
from ingester.pages.refresh import LONGEST, RefreshFollower
from tests.builders import a_source

OLD = "https://harbour.example/news?id=7"
NEW = "https://harbour.example/2026/ferry-sails-again"
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
STORY = "The evening ferry between the old quay and the island sails again, the harbour said. "
ARTICLE = (
    f"<title>Ferry sails again</title><article><h1>Ferry sails again</h1>{STORY * 5}</article>"
)


def stub(to: str, rest: str = "") -> str:
    """Return what static site generators write where a page was: it calls the new one its own."""
    return (
        f'<!DOCTYPE html><title>Redirecting…</title><link rel="canonical" href="{to}">'
        f'<meta http-equiv="refresh" content="0; url={to}"><h1>Redirecting…</h1>'
        f'<a href="{to}">Click here if you are not redirected.</a>{rest}'
    )


class Web:
    """A fetcher of some pages, which remembers what it was asked, and their robots.txt."""

    def __init__(self, pages: Mapping[str, str], *, forbids: tuple[str, ...] = ()) -> None:
        self.pages = pages
        self.forbids = forbids
        self.asked: list[tuple[str, str | None, timedelta]] = []

    def get(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        accept: str = "",
        limits: Limits = DEFAULT_LIMITS,
    ) -> Fetched | NotModified:
        self.asked.append((url, etag, limits.total))
        return Fetched(
            url=url,
            permanent_url=url,
            status=200,
            content_type="text/html",
            charset="utf-8",
            headers={"etag": '"7"', "last-modified": "yesterday", "cache-control": "max-age=9"},
            body=self.pages[url].encode(),
        )

    def refusal(self, url: str) -> FetchError | None:
        return FetchError("robots.txt forbids it", kind="robots") if url in self.forbids else None

    def delay(self, url: str) -> timedelta | None:
        return None

    def sitemaps(self, url: str) -> tuple[str, ...]:
        return ()


def got(web: Web, url: str = OLD, *, limits: Limits = DEFAULT_LIMITS) -> Fetched:
    follower = RefreshFollower(web, web, read_page, monotonic=iter(range(0, 1_000, 4)).__next__)
    answer = follower.get(url, etag='"1"', limits=limits)
    assert isinstance(answer, Fetched)
    return answer


def test_what_a_page_leads_to_comes_in_its_place_without_its_validators() -> None:
    web = Web({OLD: stub(NEW), NEW: ARTICLE})
    answer = got(web)
    assert (answer.url, answer.permanent_url, answer.etag) == (NEW, None, None)
    assert answer.headers == {"cache-control": "max-age=9"}
    assert [(url, etag) for url, etag, _ in web.asked] == [(OLD, '"1"'), (NEW, None)]


def test_all_that_it_leads_through_has_the_time_of_one_fetch() -> None:
    web = Web({OLD: stub(NEW), NEW: stub("/3"), "https://harbour.example/3": ARTICLE})
    got(web, limits=replace(DEFAULT_LIMITS, total=timedelta(seconds=6)))
    assert [total.total_seconds() for _, _, total in web.asked] == [6, 2, 0]


def test_a_circle_is_left_at_once() -> None:
    web = Web({OLD: stub(NEW), NEW: stub(OLD)})
    with pytest.raises(FetchError, match="in a circle"):
        got(web)
    assert len(web.asked) == 2


def test_a_page_that_asks_for_itself_with_another_query_is_taken_itself() -> None:
    web = Web({OLD: stub(NEW), NEW: stub(NEW + "?again=1")})
    assert got(web).url == NEW


def test_it_leads_on_as_often_as_redirects_may() -> None:
    web = Web({f"https://harbour.example/{n}": stub(f"/{n + 1}") for n in range(20)})
    with pytest.raises(FetchError, match="more than 5 redirects"):
        got(web, "https://harbour.example/0")
    assert len(web.asked) == 6


def test_what_robots_txt_forbids_is_not_asked_for() -> None:
    web = Web({OLD: stub(NEW), NEW: ARTICLE}, forbids=(NEW,))
    with pytest.raises(FetchError, match="robots"):
        got(web)
    assert len(web.asked) == 1


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(ARTICLE + f'<meta http-equiv="refresh" content="9; url={NEW}">', id="says"),
        pytest.param(stub(NEW, f"<!--{'x' * LONGEST}-->"), id="big"),
        pytest.param(stub("file:///etc/passwd"), id="no web address"),
    ],
)
def test_a_page_that_is_no_mere_way_to_another_is_taken_itself(page: str) -> None:
    assert got(Web({OLD: page, NEW: ARTICLE})).url == OLD


def test_the_text_of_an_article_is_that_of_the_page_it_leads_to() -> None:
    web = Web({OLD: stub(NEW), NEW: ARTICLE})
    entry = Entry(url=OLD, title="Ferry sails again", summary="It sails.")
    result = FullText(web, web, lambda: NOON).enrich(entry, a_source())
    assert result.trouble is None
    assert "between the old quay" in result.entry.text
    forbidding = Web(web.pages, forbids=(NEW,))
    refused = FullText(forbidding, forbidding, lambda: NOON).enrich(entry, a_source())
    assert refused.trouble is not None
    assert "robots.txt" in refused.trouble.text


def test_a_source_that_only_leads_on_is_looked_at_where_it_leads_at_every_poll() -> None:
    web = Web({OLD: stub(NEW), NEW: ARTICLE})
    kind = PageKind(web, lambda: NOON, robots=web)
    source = a_source(url=OLD, kind="page")
    first = kind.poll(source, dict)
    assert [entry.title for entry in first.entries] == ["Ferry sails again"]
    again = kind.poll(replace(source, validators=first.validators), dict)
    assert again.unchanged
    web.pages = {**web.pages, NEW: ARTICLE.replace("again", "no more")}
    later = kind.poll(replace(source, validators=again.validators), dict)
    assert [entry.title for entry in later.entries] == ["Ferry sails no more"]


def test_what_fails_where_a_page_leads_names_that_host() -> None:
    class Broken(Web):
        def get(self, url: str, **asked: Any) -> Fetched | NotModified:
            if url == NEW:
                raise FetchError("no connection", kind="connect")
            return super().get(url, **asked)

    with pytest.raises(FetchError, match=r"^redirected to harbour\.example: no c") as found:
        RefreshFollower(Broken({OLD: stub(NEW)}), None, read_page).get(OLD)
    assert (found.value.kind, found.value.is_led_on) == ("connect", True)


def test_what_is_led_on_once_more_names_the_last_host_alone() -> None:
    class Broken(Web):
        def get(self, url: str, **asked: Any) -> Fetched | NotModified:
            if url == NEW:
                said = "redirected to quay.example: no connection"
                raise FetchError(said, kind="connect", is_led_on=True)
            return super().get(url, **asked)

    with pytest.raises(FetchError, match=r"^redirected to quay\.example: no c"):
        RefreshFollower(Broken({OLD: stub(NEW)}), None, read_page).get(OLD)


def test_a_page_that_is_as_it_was_leads_nowhere() -> None:
    class Unchanged(Web):
        def get(self, url: str, **asked: Any) -> Fetched | NotModified:
            return NotModified(url=url, permanent_url=None, headers={})

    assert isinstance(RefreshFollower(Unchanged({}), None, read_page).get(OLD), NotModified)
