"""Sample feeds and pages of our own, and all that is read from each."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingester.discovery.inspect import inspect

HERE = Path(__file__).parent
SAMPLES = sorted(
    path
    for folder in ("feeds", "pages")
    for path in (HERE / folder).iterdir()
    if not path.name.endswith(".expected.json")
)
NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "sample", SAMPLES, ids=lambda sample: f"{sample.parent.name}/{sample.name}"
)
def test_a_sample_reads_as_it_did(sample: Path, request: pytest.FixtureRequest) -> None:
    expected = sample.with_name(sample.name + ".expected.json")
    inspected = inspect(sample.read_bytes(), url=f"https://www.example.org/{sample.name}", now=NOON)
    if request.config.getoption("--update-golden"):
        shown = json.dumps(inspected, ensure_ascii=False, indent=1)
        expected.write_text(shown + "\n", encoding="utf-8")
    assert inspected == json.loads(expected.read_text("utf-8"))
