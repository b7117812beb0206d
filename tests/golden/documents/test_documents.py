"""The documents in `seeds/` in, articles as JSON out; `--update-golden` writes what is expected."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ingester.articles import sighting_of
from ingester.documents.parse import read_document
from tests.builders import a_source
from tests.places import ROOT

SEEDS = ROOT / "seeds"
EXPECTED = Path(__file__).parent / "expected"
DOCUMENTS = sorted(path for path in SEEDS.iterdir() if not path.name.startswith("."))
FILED_AT = datetime(2025, 11, 1, 8, 0, tzinfo=UTC)
SEEN_AT = datetime(2025, 11, 2, 12, 0, tzinfo=UTC)


def read(path: Path) -> dict[str, Any]:
    source = a_source("seeds", kind="folder", url="/seeds")
    document = read_document(path.read_bytes(), path.name, modified_at=FILED_AT, now=SEEN_AT)
    sightings = [sighting_of(entry, source, seen_at=SEEN_AT) for entry in document.entries]
    return {
        "notices": list(document.notices),
        "articles": [
            {
                "url": article.url,
                "title": article.title,
                "language": article.language,
                "published_at": article.published_at and article.published_at.isoformat(),
                "authors": list(article.authors),
                "categories": list(article.categories),
                "fingerprints": [
                    print_.kind
                    for print_ in (made.own, made.url, made.number, made.title)
                    if print_ is not None
                ],
                "summary": article.summary,
                "text": article.text.split("\n"),
            }
            for made in sightings
            for article in (made.article,)
        ],
    }


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_a_document_gives_the_expected_articles(path: Path, request: pytest.FixtureRequest) -> None:
    expected = EXPECTED / f"{path.name}.json"
    made = read(path)
    if request.config.getoption("--update-golden"):
        expected.parent.mkdir(exist_ok=True)
        expected.write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n", "utf-8")
    assert made == json.loads(expected.read_text("utf-8"))


def test_nothing_is_expected_of_documents_that_are_gone() -> None:
    names = {path.name for path in DOCUMENTS}
    assert {path.name.removesuffix(".json") for path in EXPECTED.iterdir()} == names


def test_the_documents_speak_at_least_six_languages() -> None:
    languages = {article["language"] for path in DOCUMENTS for article in read(path)["articles"]}
    assert len(languages) >= 6
    assert "" not in languages
