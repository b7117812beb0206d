"""Titles of pages: the headline that readers see, without the name of the site."""

import pytest

from ingester.pages.kind import read_page

TEXT = "<p>The evening ferry between the old quay and the island sails again, they said.</p>" * 5
HERE = "https://www.harbour-post.example/2026/ferry"


def title(head: str, body: str, url: str = HERE) -> str:
    html = f"<html><head>{head}</head><body>{body}<article>{TEXT}</article></body></html>"
    return read_page(html.encode(), url=url, content_type="text/html; charset=utf-8").title


def linked(headline: str) -> str:
    return (
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "'
        + headline
        + '"}</script>'
    )


def og(name: str, value: str) -> str:
    return f'<meta property="og:{name}" content="{value}">'


def test_the_heading_goes_before_a_wording_for_search_engines() -> None:
    head = linked("Ferry to the island: timetable and prices") + og(
        "title", "Evening ferry returns to the island"
    )
    assert title(head, "<h1>Evening ferry returns to the island</h1>") == (
        "Evening ferry returns to the island"
    )
    other = "<title>Evening ferry between quay and island is back</title>" + og("title", "Ferry!")
    shown = "<h1>The evening ferry between quay and island is back again</h1>"
    assert title(other, shown) == "The evening ferry between quay and island is back again"


def test_what_json_ld_and_open_graph_agree_on_goes_before_another_heading() -> None:
    head = linked("Evening ferry returns after the storm") + og(
        "title", "Evening ferry returns after the storm | Harbour Post"
    )
    head += og("site_name", "Harbour Post")
    read = title(head, "<h1>Evening boats return after storms</h1>")
    assert read == "Evening ferry returns after the storm"


def test_a_heading_that_goes_on_where_the_title_element_ends_is_the_title() -> None:
    for full in ("Ferry returns", "Ferry returns - The Boatman"):
        assert title(f"<title>{full}</title>", "<h1>Ferry returns to the island</h1>") == (
            "Ferry returns to the island"
        )
    head = "<title>Ferry</title>" + og("title", "Ferry returns")
    assert title(head, "<h1>Ferryman resigns over pay</h1>") == "Ferry returns"


def test_a_heading_about_something_else_is_not_the_title() -> None:
    head = "<title>Evening ferry returns after the storm</title>"
    assert title(head, "<h1>Subscribe to our letters</h1>") == (
        "Evening ferry returns after the storm"
    )
    menu = "<nav><h1>Evening ferry returns</h1></nav>"
    assert title(head, menu) == "Evening ferry returns after the storm"


@pytest.mark.parametrize(
    ("full", "expected"),
    [
        ("Ferry returns to the island | Harbour Post", "Ferry returns to the island"),
        ("Ferry returns to the island - Harbour Post", "Ferry returns to the island"),
        ("Ferry returns - a comment", "Ferry returns - a comment"),
        ("渡轮恢复往返海岛航线_海港新闻网", "渡轮恢复往返海岛航线"),
    ],
)
def test_the_sites_name_is_taken_off_the_title_element(full: str, expected: str) -> None:
    assert title(f"<title>{full}</title>", "") == expected


@pytest.mark.parametrize("mark", [": ", " | ", " - "])
def test_the_sites_name_is_taken_off_where_a_title_begins_with_it(mark: str) -> None:
    head = og("site_name", "Harbour Post") + og("title", f"Harbour Post{mark}Ferry returns at last")
    assert title(head, "") == "Ferry returns at last"
    kept = og("site_name", "Harbour Post") + og("title", "Harbour: Ferry returns at last")
    assert title(kept, "") == "Harbour: Ferry returns at last"


def test_the_name_of_the_site_is_not_the_headline() -> None:
    full = "<title>Evening ferry returns to the island | Harbour Post</title>"
    heads = "<h1>Harbour Post</h1><h1>Evening ferry returns to the island</h1>"
    assert title(full, heads) == "Evening ferry returns to the island"
    assert title(full, "<h1>Harbour Post</h1>") == "Evening ferry returns to the island"


def test_a_part_of_the_title_that_a_lesser_heading_shows_is_the_title() -> None:
    full = "<title>Harbour Post » Archive » Evening ferry returns to the island</title>"
    read = title(full, "<h1>Harbour Post</h1><h2>Evening ferry returns to the island</h2>")
    assert read == "Evening ferry returns to the island"


def test_words_above_the_headline_are_not_a_part_of_it() -> None:
    pieces = "<h1><span>Shipping</span><span>Evening ferry returns to the island</span></h1>"
    assert title(og("title", "Evening ferry returns to the island"), pieces) == (
        "Evening ferry returns to the island"
    )


def test_pieces_of_a_heading_do_not_run_into_one_word() -> None:
    assert title("", "<h1><span>Evening</span><span>ferry</span> re<b>turn</b>s</h1>") == (
        "Evening ferry returns"
    )


def test_a_headline_that_was_cut_gives_way_to_the_whole_one() -> None:
    long = "The evening ferry between the old quay and the island sails again after a long winter"
    assert title(linked(long[:60] + "...") + og("title", long), "") == long


def test_a_page_that_nobody_named_is_called_by_its_one_lesser_heading() -> None:
    html = "<title>Document</title><h2>Ferry returns to the island</h2><p>It sails.</p>"
    assert read_page(html.encode(), content_type="text/html").title == "Ferry returns to the island"


@pytest.mark.parametrize("name", ["The Ferry Line", "Ferry"])
def test_a_short_title_that_is_said_twice_goes_before_a_long_heading(name: str) -> None:
    head = "<h1>News of boats, harbours and everything that sails</h1>"
    said = f"<meta property='og:title' content='{name}'>{head}"
    for twice in (said, f"{head}<h2>{name}</h2>"):
        html = f"<title>{name}</title>{twice}<p>It sails.</p>"
        assert read_page(html.encode(), content_type="text/html").title == name


@pytest.mark.parametrize(
    "untitled",
    ["Document", "Untitled Document", "untitled", "Document sans titre", "Untitled-1", "React App"],
)
def test_what_an_editor_calls_a_new_page_is_no_title(untitled: str) -> None:
    html = f"<title>{untitled}</title><h1>Ferry returns to the island</h1><p>It sails.</p>"
    assert read_page(html.encode(), content_type="text/html").title == "Ferry returns to the island"


@pytest.mark.parametrize("mark", ["｜", "－", "—", " | "])
def test_signs_of_east_asia_part_a_headline_from_the_site(mark: str) -> None:
    head = f"<title>市議会が新しい路面電車を承認{mark}港新聞</title>"
    assert title(head, "<h1>市議会が新しい路面電車を承認</h1>") == "市議会が新しい路面電車を承認"


def test_a_heading_in_capitals_is_spelt_as_the_head_of_the_page_spells_it() -> None:
    heading = "<h1>FERRY RETURNS TO THE ISLAND</h1>"
    assert (
        title(og("title", "Ferry returns to the island"), heading) == "Ferry returns to the island"
    )
    assert title("<title>FERRY RETURNS TO THE ISLAND</title>", heading) == heading[4:-5]


@pytest.mark.parametrize("name", [" » Harbour Post", " | Harbour Post", " :: Harbour Post"])
def test_what_stands_last_behind_such_signs_is_the_site(name: str) -> None:
    where = "https://hp.example/2026/ferry"
    said = title(f"<title>Ferry returns to the island{name}</title>", "", where)
    assert said == "Ferry returns to the island"


def test_a_lesser_heading_is_found_in_front_of_a_colon_that_stands_apart() -> None:
    head = "<title>Ferry returns to the island : Harbour Post</title>"
    assert title(head, "<h3>Ferry returns to the island</h3>") == "Ferry returns to the island"


@pytest.mark.parametrize("mark", ["~", "⋆", "●"])
def test_the_name_of_the_site_stands_behind_many_signs(mark: str) -> None:
    head = f"<title>Evening ferry returns to the island {mark} Gulls of the North</title>"
    shown = "<h3>Evening ferry returns to the island</h3>"
    assert title(head, shown) == "Evening ferry returns to the island"


def test_a_lesser_heading_with_which_the_title_begins_may_be_one_word() -> None:
    head = "<title>Blocked - Gulls of the North</title>"
    assert title(head, "<h2>Blocked</h2><h2>Gulls of the North</h2>") == "Blocked"
    assert title("<title>Sea - Gulls</title>", "<h2>Gulls</h2>") == "Sea - Gulls"


def test_a_page_without_headings_is_called_as_its_line_in_bold_not_as_its_site() -> None:
    line = "<td><b>Evening ferry returns to the island</b><br>It left at seven.</td>"
    head = "<title>The Harbour Post</title>"
    assert title(head, f"<table><tr>{line}</table>") == "Evening ferry returns to the island"
    own = "<title>Evening ferry returns to the old island</title>"
    assert title(own, f"<table><tr>{line}</table>") == "Evening ferry returns to the old island"
    assert title(head, f"<h2>Sea</h2><table><tr>{line}</table>") != title(head, line)
    within = "<p>They said that <b>nobody sails before the end of May</b>, and left.</p>"
    assert title(head, within) == "The Harbour Post"
    assert title(head, "<p><b>Seven dead in a storm at sea.</b><br>So it began.</p>") == (
        "The Harbour Post"
    )


def test_a_site_may_be_named_behind_a_wide_colon() -> None:
    head = "<title>夜の連絡船が再開：港湾日報</title>"
    assert title(head, "<h1>夜の連絡船が再開</h1>") == "夜の連絡船が再開"


def test_a_heading_that_leads_home_is_the_site_s_name() -> None:
    body = "<h1><a href='/'>Harbour Post</a></h1><h3>Evening ferry returns to the island</h3>"
    head = "<title>Harbour Post: Evening ferry returns to the island</title>"
    assert title(head, body, url="https://b.example/x") == "Evening ferry returns to the island"


def test_a_site_s_name_in_front_goes_where_no_heading_has_it() -> None:
    head = "<title>Harbour Post online: Evening ferry returns to the island</title>"
    assert title(head, "") == "Evening ferry returns to the island"
    shown = "Harbour-Post: Evening ferry returns to the island"
    assert title(f"<title>{shown}</title>", f"<h1>{shown}</h1>") == shown


def test_whose_report_it_is_stands_in_brackets_on_portals() -> None:
    said = "夕方の連絡船が島へ再び運航（港湾新聞）"
    head = linked(said) + og("title", f"{said} - ポータル") + og("site_name", "ポータル")
    shown = "夕方の連絡船が島へ再び運航"
    assert title(head, f"<h1>{shown}</h1>") == shown
    assert title(head, f"<h1>{said}</h1>") == said


def test_authorities_of_china_state_the_title_by_a_name_of_their_own() -> None:
    head = '<title>县政府</title><meta name="ArticleTitle" content="老城供水管网改造启动">'
    assert title(head, "<div class='t'>老城供水管网改造启动</div>") == "老城供水管网改造启动"
