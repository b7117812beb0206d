"""Whatever is stored: the file that is written of it is read back as the same, in both forms."""

import string
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.rules_file.apply import Applying, Outcome, drafts
from monitor.rules_file.check import check
from monitor.rules_file.read import read_file
from monitor.rules_file.tree import FileMistake, Table, read_tree
from monitor.rules_file.write import Thing, everything, to_toml, to_yaml
from storage.api.storage import Storage
from storage.model import Channel, Rule, Source, Variant, stable_id
from tests.memory.storage import MemoryStorage

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
WRITERS: Mapping[str, Callable[[Mapping[str, list[Thing]]], str]] = {
    "yaml": to_yaml,
    "toml": to_toml,
}

letters = string.ascii_letters + "äđС河ハ' \"#:-!&*?[]{}|>%@`~,\\=0"
names = (
    (st.text(letters, min_size=1, max_size=12) | st.sampled_from(["no", "007", "null", "~", "1e3"]))
    .map(lambda text: " ".join(text.split()))
    .filter(lambda text: text != "" and not text.startswith("-"))
)
queries = st.sampled_from(
    [
        *("rail strike", '"rail strike" -bus', "title:rail", "'rail'", "=WHO", "/a|b c/", "*quake"),
        *("rail OR\ntram OR\n\tbus", "C++ #metoo: x", "rail^3 bus^-2 score>=2", "NOT rail", "no"),
        *(
            "公约 | ハノイ",
            r"what\? \\ here",
            "rail -bus # no comment",
            "- rail",
            "[rail]",
            "&rail",
        ),
    ]
)
tags = st.lists(names, max_size=2, unique=True).map(tuple)
options = st.fixed_dictionaries(
    {},
    optional={
        "full_text": st.sampled_from(["yes", "no"]),
        "selector": st.sampled_from(["h3 a", "a[href*='x: y']", ".a > a", "#n"]),
    },
)
variants = st.lists(
    st.builds(
        Variant,
        language=st.sampled_from(["", "no", "sv"]),
        text=names.filter(str.strip),
        of=st.just(""),
    ),
    max_size=2,
    unique_by=lambda variant: variant.key,
).map(tuple)


@st.composite
def stores(draw: st.DrawFn) -> Storage:
    storage = MemoryStorage()
    told = draw(st.lists(names, max_size=2, unique=True))
    channels = [
        Channel(
            id=stable_id("channel", name),
            name=name,
            kind="email",
            target="mailto:desk@example.org",
            added_at=NOW,
            recipients=("desk@example.org",),
        )
        for name in told
    ]
    sources = [
        Source(
            id=stable_id("source", kind, url),
            kind=kind,
            url=url,
            name=name,
            every=draw(st.sampled_from([timedelta(minutes=15), timedelta(minutes=90)])),
            added_at=NOW,
            tags=draw(tags),
            options=draw(options) if kind == "page" else {},
        )
        for number, name in enumerate(draw(st.lists(names, max_size=2, unique=True)))
        for kind in [draw(st.sampled_from(["feed", "page", "sitemap"]))]
        for url in [f"https://example.org/{number}.xml"]
    ]
    with storage.transaction() as tx:
        for channel in channels:
            tx.channels.add(channel)
        for source in sources:
            tx.sources.add(source)
        for number, name in enumerate(draw(st.lists(names, max_size=3, unique=True))):
            rule = Rule(
                id=stable_id("rule", name),
                name=name,
                query=draw(queries),
                created_at=NOW + timedelta(seconds=number),
                channel_ids=tuple(channel.id for channel in channels),
                strictness=draw(st.sampled_from(["exact", "forms", "all", "broad"])),
                languages=draw(st.sampled_from([(), ("no",), ("sv", "vi")])),
                variants=draw(variants),
                sources=tuple(source.name for source in sources),
                tags=draw(tags),
                max_per_day=draw(st.sampled_from([None, 1, 20])),
                expires_at=draw(st.sampled_from([None, NOW + timedelta(days=1)])),
            )
            tx.rules.add(rule)
    return storage


def written(storage: Storage, form: str) -> str:
    with storage.reading() as tx:
        return WRITERS[form](everything(tx))


def applied(storage: Storage, text: str, form: str) -> Outcome:
    """Apply a file's text; everything in it must be right."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"rules.{form}"
        path.write_text(text, newline="")
        content = read_file(path)
        checked = check(content, now=NOW, channels=(), sources=())
        assert checked.mistakes == [], text
        channels, problems = drafts(checked, now=NOW)
        assert problems == []
        with storage.transaction() as tx:
            applying = Applying(tx, checked, home=Path(folder), now=NOW)
            return applying.run(channels, {}, expansion="", prune=True)


@pytest.mark.parametrize("form", WRITERS)
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(storage=stores())
def test_what_is_written_is_read_back_as_what_is_there(form: str, storage: Storage) -> None:
    text = written(storage, form)
    outcome = applied(storage, text, form)
    assert outcome.changes == [], text
    assert written(storage, form) == text
    other = MemoryStorage()
    applied(other, text, form)
    assert written(other, form) == text
    assert applied(other, text, form).changes == []


@given(
    st.text(max_size=40) | st.lists(st.sampled_from("a: -\n'\"[]{}&*!|>#%@,.=\\\t ?")).map("".join)
)
def test_no_text_brings_the_reader_down(text: str) -> None:
    for is_toml in (False, True):
        try:
            tree = read_tree(text, is_toml=is_toml)
        except FileMistake as error:
            line, sentence = error.line, str(error)
        else:
            assert isinstance(tree, Table)
            assert tree.values.keys() == tree.lines.keys()
            continue
        assert 1 <= line <= len(text.splitlines()) + 1
        assert "\n" not in sentence
