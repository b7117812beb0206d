"""`import-opml` and `export-opml`."""

import os
from pathlib import Path

import pytest

from tests.unit.monitor.cli.conftest import Monitor

LIST = """<opml><body><outline text="World">
<outline text="A & B" xmlUrl="https://a.example/rss?x=1&y=2"/>
<outline text="Bad" xmlUrl="nowhere"/></outline></body></opml>"""


def test_a_list_that_is_not_well_formed_is_followed(monitor: Monitor, tmp_path: Path) -> None:
    file = tmp_path / "list.opml"
    file.write_text(LIST)
    monitor("import-opml", str(file), "--dry-run")
    assert monitor.out == "1 feed would be added.\n"
    monitor("list-sources", expect=1)
    monitor("import-opml", str(file), "--tag", "mine", "--every", "1h")
    assert monitor.out == "1 feed added.\n"
    assert monitor.err.startswith("Skipped:")  # and no progress where nobody looks
    assert "nowhere" in monitor.err
    (source,) = monitor.json("list-sources")
    assert (source["name"], source["every"], source["last_ok_at"]) == ("A & B", "1h", None)
    outcomes = [feed["outcome"] for feed in monitor.json("import-opml", str(file))]
    assert outcomes == ["known", "skipped"]


def test_what_is_skipped_is_named_without_its_password(monitor: Monitor, tmp_path: Path) -> None:
    urls = ("javascript:alert(1)", "file:///etc/passwd", "https://bo:hush@a.example/rss")
    file = tmp_path / "list.opml"
    outlines = "".join(f'<outline xmlUrl="{url}"/>' for url in urls)
    file.write_text(f"<opml>{outlines}</opml>")
    monitor("import-opml", str(file), expect=1)
    skipped = [line for line in monitor.err.splitlines() if line.startswith("Skipped:")]
    for url, line in zip((*urls[:2], "https://bo:***@a.example/rss"), skipped, strict=True):
        assert line.startswith(f"Skipped: {url}: ")
        assert line.count(url) == 1
    assert "hush" not in monitor.err


def test_a_feed_in_several_folders_has_the_tags_of_all(monitor: Monitor, tmp_path: Path) -> None:
    feed = '<outline xmlUrl="https://harbour.example/{}" text="{}"/>'
    file = tmp_path / "list.opml"
    file.write_text(
        f"<opml><body>{feed.format('feed', 'Harbour')}<outline text='Ports'>"
        f"{feed.format('feed', 'Harbour news')}{feed.format('other', 'Other')}</outline>"
        f"<outline text='Daily'>{feed.format('feed#x', 'Again')}</outline></body></opml>"
    )
    taken = monitor.json("import-opml", str(file), "--tag", "mine")
    assert [each["outcome"] for each in taken] == ["added", "known", "added", "known"]
    tags = {each["name"]: each["tags"] for each in monitor.json("list-sources")}
    assert tags == {"Harbour": ["mine", "Ports", "Daily"], "Other": ["mine", "Ports"]}
    monitor("import-opml", str(file), "--tag", "later")
    assert {each["name"]: each["tags"] for each in monitor.json("list-sources")} == tags


def test_what_is_exported_can_be_imported(monitor: Monitor, tmp_path: Path) -> None:
    monitor("export-opml", expect=1)
    file = tmp_path / "list.opml"
    file.write_text(LIST)
    monitor("import-opml", str(file))
    exported = monitor("export-opml")
    assert 'xmlUrl="https://a.example/rss?x=1&amp;y=2"' in exported
    assert '<outline text="World" title="World">' in exported
    file.write_text(exported)
    assert [feed["outcome"] for feed in monitor.json("import-opml", str(file))] == ["known"]


def test_a_file_that_is_no_list_is_refused_in_one_sentence(
    monitor: Monitor, tmp_path: Path
) -> None:
    file = tmp_path / "page.html"
    file.write_text("<html></html>")
    monitor("import-opml", str(file), expect=2)
    assert monitor.err.count("\n") == 1
    assert "no OPML" in monitor.err
    monitor("import-opml", str(tmp_path / "missing"), expect=2)
    file.write_text("<opml></opml>")
    monitor("import-opml", str(file), expect=1)
    assert "names no feeds" in monitor.err


@pytest.mark.parametrize("kept", [LIST.index("nowhere"), LIST.index("</outline>")])
def test_a_list_that_stops_in_the_middle_says_so(
    monitor: Monitor, tmp_path: Path, kept: int
) -> None:
    file = tmp_path / "list.opml"
    file.write_text(LIST[:kept])
    monitor("import-opml", str(file))
    assert monitor.out == "1 feed added.\n"
    assert "the list stops in the middle" in monitor.err
    file.write_text(LIST)
    monitor("import-opml", str(file), "--dry-run")
    assert "stops in the middle" not in monitor.err


def test_a_pipe_is_refused_and_not_waited_for(monitor: Monitor, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.opml")
    monitor("import-opml", str(tmp_path / "pipe.opml"), expect=2)
    assert "pipe.opml: is not a plain file" in monitor.err


@pytest.mark.parametrize("text", ["<opml/>", '<opml version="2.0" />', "<opml></opml>"])
def test_a_list_that_is_empty_is_not_one_that_stops_in_the_middle(
    monitor: Monitor, text: str
) -> None:
    path = monitor.home / "empty.opml"
    path.write_text(text)
    monitor("import-opml", str(path), expect=1)
    assert "names no feeds" in monitor.err
    assert "stops in the middle" not in monitor.err
