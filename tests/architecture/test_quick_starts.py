"""What starts often, or is waited for, imports little: what it does not need yet comes later."""

import subprocess
import sys
from pathlib import Path

import pytest

DEAR = frozenset(
    {"alembic", "feedparser", "httpx", "jinja2", "lxml.html", "numpy", "starlette"}
    | {"common.native.runtime", "trafilatura", "uvicorn"}
)


def _imported(code: str) -> set[str]:
    """Return the modules that a process has imported that ran the code."""
    code = f"import sys\n{code}\nprint(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stderr.split())


def test_the_daemon_can_send_what_it_owes_before_it_can_fetch_or_show_anything() -> None:
    imported = _imported("import monitor.daemon.daemon, monitor.web.serve, monitor.web.listening")
    assert not DEAR & imported


def test_a_round_that_brings_nothing_loads_nothing_that_only_news_need(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    round_ = f"""
import os
os.environ["MONITOR_SEEDS"] = {str(tmp_path / "seeds")!r}
from monitor.cli.main import _hurry, new_session, run
_hurry()
home = {str(tmp_path / "home")!r}
assert run(["--home", home, "run", "--once", "--no-starter"], new_session()) == 0
import ingester.feeds.kind, ingester.sandbox.tasks
"""
    _imported(round_)  # which makes the tables
    imported = _imported(round_)
    assert "httpx" in imported  # it did poll
    of_articles = {"ingester.articles", "ingester.pages.fulltext", "monitor.completing.enrich"}
    of_matching = {"rules.matcher", "rules.explain.reasons", "ingester.stories.nearby"}
    of_bodies = {"ingester.feeds.fast", "ingester.pages.lists.listing", "ingester.documents.parse"}
    of_channels = {"notifiers.channels.kinds"}
    dear = {"apscheduler", "chardet", "lxml.etree", "sqlalchemy.dialects.postgresql"}
    dear |= {"pygments", "rich"}  # which httpx imports where they are
    assert not (of_articles | of_matching | of_bodies | of_channels | dear) & imported
    assert not (DEAR - {"httpx"}) & imported


def test_nobody_waits_in_a_transaction_for_what_the_first_article_takes_to_load(
    tmp_path: Path,
) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (seeds / "one.txt").write_text("Ministers sign the treaty\n\nThey met in Hanoi.\n")
    loaded = _imported(f"""
import os
from contextlib import contextmanager
os.environ["MONITOR_SEEDS"] = {str(seeds)!r}
from monitor.cli.main import new_session, run
from storage.admin.engine import SqlStorage
inner, within = SqlStorage.transaction, set()

@contextmanager
def transaction(storage):
    before = set(sys.modules)
    with inner(storage) as tx:
        yield tx
    within.update(set(sys.modules) - before)

SqlStorage.transaction = transaction
assert run(["--home", {str(tmp_path / "home")!r}, "run", "--once"], new_session()) == 0
assert {{"storage.sql.archive.segments", "rules.search.analyzer"}} <= set(sys.modules)
sys.modules = dict.fromkeys(within)
""")
    assert loaded
    assert not {"numpy", "rules.search.analyzer", "storage.sql.archive.segments"} & loaded


def test_a_round_with_rules_that_brings_nothing_does_not_load_what_is_known_of_words(
    tmp_path: Path,
) -> None:
    (tmp_path / "seeds").mkdir()
    begin = f"""
import os
os.environ["MONITOR_SEEDS"] = {str(tmp_path / "seeds")!r}
from monitor.cli.main import _hurry, new_session, run
_hurry()
home = {str(tmp_path / "home")!r}
"""
    round_ = f"{begin}assert run(['--home', home, 'run', '--once'], new_session()) == 0"
    _imported(f"{begin}run(['--home', home, 'add-rule', 'harbour strike'], new_session())")
    _imported(round_)  # which searches the archive for the rule
    lists = {"rules.lexicons.news", "rules.lexicons.news_packed", "monitor.lexicons.places"}
    assert not (lists | {"rules.expand.expand"}) & _imported(round_)


def test_who_asks_how_things_stand_does_not_wait_for_what_makes_variants(tmp_path: Path) -> None:
    imported = _imported(f"""
from monitor.cli.main import new_session, run
run(["--home", {str(tmp_path / "home")!r}, "status"], new_session())
""")
    assert "monitor.services.health" in imported
    assert not {each for each in imported if each.startswith("rules.")} | {"re2"} & imported


def test_what_is_owed_leaves_before_the_rest_of_the_daemon_is_read() -> None:
    needed = {"httpx"}  # with which it is sent
    start = "monitor.daemon.start, monitor.config.home_lock, monitor.delivery.courier"
    imported = _imported(f"import {start}, monitor.net.client, notifiers.channels.kinds")
    assert DEAR & imported <= needed
    rest = {"apscheduler", "monitor.daemon.daemon", "monitor.pipeline.poll", "rules.matcher"}
    assert not rest & imported


@pytest.mark.parametrize("command", ["list-rules", "list-channels"])
def test_a_list_of_what_is_stored_needs_no_rules_to_be_read(tmp_path: Path, command: str) -> None:
    run = f"run(['--home', {str(tmp_path)!r}, {command!r}], new_session())"
    code = f"from monitor.cli.main import new_session, run\n{run}"
    _imported(code)  # which makes the tables
    imported = _imported(code)
    assert not DEAR & imported
    of_articles = {"storage.sql.archive.articles", "storage.sql.archive.stories"}
    assert not ({"rules.query.parsed"} | of_articles) & imported


def test_rules_are_shown_and_saved_without_anything_that_matches_texts() -> None:
    imported = _imported("import monitor.services.rules.rules")
    assert not {"numpy", "common.native.runtime", "rules.matcher"} & imported


def test_a_rule_is_tried_without_a_parser_of_html_and_without_any_channel() -> None:
    imported = _imported("import monitor.backtest.trial, monitor.services.rules.rules")
    assert not {"lxml.html", "ingester.pages.kind", "notifiers.channels.kinds"} & imported


def test_native_code_runs_without_what_wasmtime_has_for_python() -> None:
    kernel = "Kernel(Path('ingester/guessing/guess.wasm')).call('mark')"
    code = f"from pathlib import Path\nfrom common.native.kernel import Kernel\n{kernel}"
    assert "wasmtime" not in _imported(code)
