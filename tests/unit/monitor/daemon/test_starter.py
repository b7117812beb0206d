"""What a new home says about itself."""

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from monitor.app import App
from monitor.config.load import Config, default_seeds
from monitor.daemon import starter
from monitor.services.sources.sources import set_state
from storage.api.storage import Storage
from storage.model import Channel, Rule, SourceState
from tests.builders import NOON, a_channel, a_rule, a_source, given


def test_the_hints_stand_in_the_order_in_which_they_work() -> None:
    places = [starter.HELP.index(each) for each in ("add-channel", "add-rule", "add-source")]
    assert places == sorted(places)
    channel = starter.HELP.partition("add-channel ")[2].split()[0]
    assert f"--notify {channel}\n" in starter.HELP


@pytest.mark.parametrize(
    ("url", "page"), [("http://127.0.0.1:8420/", "http://127.0.0.1:8420/"), (None, "it web")]
)
def test_a_page_is_named_only_while_it_is_served(
    capsys: pytest.CaptureFixture[str], url: str | None, page: str
) -> None:
    config = SimpleNamespace(seeds=None, command_name="it", web_listen="127.0.0.1:8420")
    app = cast("App", SimpleNamespace(config=config))
    starter.say_what_next(app, has_alerts=True, page=url)
    said = capsys.readouterr().out.splitlines()
    assert said[-1] == f"  To look at it all: {page}"
    assert said[1].endswith("there is no seed folder in which it could find.")


def start(
    storage: Storage,
    seeds: Path | None,
    *,
    wants_starter: bool = True,
    samples: bool | None = None,
) -> bool:
    """Start with this seed folder, as far as the store is concerned; the samples are unnamed."""
    config = Config(
        home=Path("/nowhere"),
        database_url="sqlite:////nowhere/x",
        seeds=seeds,
        seeds_are_samples=seeds == default_seeds() if samples is None else samples,
    )
    app = SimpleNamespace(storage=storage, config=config, now=lambda: NOON)
    return starter.prepare(cast(App, app), starter=wants_starter)


def followed(storage: Storage) -> list[tuple[str, str]]:
    with storage.reading() as tx:
        return [(source.name, source.url) for source in tx.sources.all()]


def test_an_empty_home_follows_the_samples_with_the_starter_rule(storage: Storage) -> None:
    assert start(storage, default_seeds())
    assert followed(storage) == [("seeds", str(default_seeds()))]
    assert not start(storage, default_seeds())
    assert followed(storage) == [("seeds", str(default_seeds()))]


@pytest.mark.parametrize("thing", [a_rule(), a_channel()], ids=["rule", "channel"])
def test_the_samples_alert_into_no_desk_that_is_set_up(
    storage: Storage, thing: Rule | Channel
) -> None:
    given(storage, thing)
    assert not start(storage, default_seeds())
    assert not start(storage, default_seeds())
    assert followed(storage) == []
    start(storage, Path("/srv/desk"))
    assert followed(storage) == [("seeds", "/srv/desk")]


def test_the_samples_are_followed_by_whoever_names_them(storage: Storage) -> None:
    given(storage, a_rule())
    start(storage, default_seeds(), samples=False)
    assert followed(storage) == [("seeds", str(default_seeds()))]


def test_another_seed_folder_takes_the_place_of_the_former(storage: Storage) -> None:
    for folder in ("/srv/a", "/srv/b", "/srv/a", "/srv/a"):
        start(storage, Path(folder))
        assert followed(storage) == [("seeds", folder)]
    start(storage, None)
    assert followed(storage) == []
    start(storage, Path("/srv/a"))
    assert followed(storage) == [("seeds", "/srv/a")]


def test_a_seed_folder_that_its_owner_removed_stays_removed(storage: Storage) -> None:
    start(storage, Path("/srv/a"))
    with storage.transaction() as tx:
        [source] = tx.sources.all()
        set_state(tx, source, SourceState.REMOVED, now=NOON)
    start(storage, Path("/srv/a"))
    assert followed(storage) == []


def test_a_seed_folder_from_before_its_id_was_kept_is_known_by_its_name(storage: Storage) -> None:
    given(storage, a_source("seeds", kind="folder", url="/srv/old"))
    with storage.transaction() as tx:
        tx.meta.set("starter", "seen")
    start(storage, Path("/srv/new"))
    assert followed(storage) == [("seeds", "/srv/new")]


def test_a_folder_of_ones_own_that_is_called_seeds_is_kept_at_the_first_start(
    storage: Storage,
) -> None:
    given(storage, a_source("seeds", kind="folder", url="/srv/news/seeds"))
    assert start(storage, default_seeds())
    assert ("seeds", "/srv/news/seeds") in followed(storage)
    assert ("seeds (2)", str(default_seeds())) in followed(storage)
    start(storage, default_seeds())
    assert ("seeds", "/srv/news/seeds") in followed(storage)
