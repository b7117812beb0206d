"""What is known of the kinds of source."""

import subprocess
import sys

import pytest

from ingester.kinds import FOLDER, FULL_TEXT, KINDS, LOCAL, spec_of


def test_only_folders_are_on_this_machine_and_always_news() -> None:
    assert {FOLDER} == LOCAL
    assert [name for name, spec in KINDS.items() if spec.is_always_news] == [FOLDER]


@pytest.mark.parametrize("name", KINDS)
def test_the_usual_interval_is_one_that_is_allowed(name: str) -> None:
    assert KINDS[name].every >= KINDS[name].shortest


def test_outlines_of_lists_tell_the_kinds_apart() -> None:
    types = [spec.opml_type for spec in KINDS.values() if spec.opml_type]
    assert len(types) == len(set(types))


def test_of_a_kind_that_only_a_later_version_knows_little_is_known() -> None:
    spec = spec_of("mailbox")
    assert spec.label == "mailbox"
    assert spec.is_remote
    assert FULL_TEXT not in spec.options


def test_to_know_the_kinds_nothing_is_imported_that_reads_or_fetches() -> None:
    dear = "{'httpx', 'lxml', 'feedparser', 'trafilatura'}"
    code = f"import sys, ingester.kinds; print({dear} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
