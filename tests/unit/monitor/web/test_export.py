"""Lists as files: what is in them, and that no spreadsheet runs any of it."""

import csv
import io

import pytest

from monitor.app import App
from monitor.web.pages.export import NOUNS, harmless
from notifiers.content.wording import why
from tests.stored import fill, telling
from tests.unit.monitor.web.asking import Browser, app, browser

__all__ = ["app", "browser"]

FORMULA = '=HYPERLINK("http://evil.example","strike")'


def _read(browser: Browser, path: str) -> list[dict[str, str]]:
    response = browser.get(path)
    assert response.status_code == 200, response.text
    assert "attachment" in response.headers["content-disposition"]
    return list(csv.DictReader(io.StringIO(response.text.removeprefix("\ufeff"))))


@pytest.mark.parametrize("noun", NOUNS)
def test_every_list_comes_as_both_kinds_of_file(app: App, browser: Browser, noun: str) -> None:
    alert = fill(app.storage)
    telling(app.storage, alert)
    browser.post(f"/alerts/{alert.id}/mute")
    query = "?q=strike" if noun == "search" else "?days=1"
    rows, shapes = (
        _read(browser, f"/export/{noun}.csv{query}"),
        browser.get(f"/export/{noun}.json{query}"),
    )
    assert len(rows) == len(shapes.json()) == 1
    assert rows[0]


def test_files_have_the_filters_of_their_page(app: App, browser: Browser) -> None:
    fill(app.storage)
    assert len(_read(browser, "/export/alerts.csv?language=en&rule=strike")) == 1
    assert _read(browser, "/export/alerts.csv?language=sv") == []
    assert _read(browser, "/export/rules.csv?q=ferry") == []
    assert _read(browser, "/export/sources.csv?state=paused") == []
    assert _read(browser, "/export/deliveries.csv?state=held") == []


def test_what_proves_an_alert_reads_as_in_its_message(app: App, browser: Browser) -> None:
    alert = fill(app.storage)
    browser.post(f"/alerts/{alert.id}/mute")
    [row] = _read(browser, "/export/alerts.csv")
    assert row["evidence"] == "; ".join(why(alert.evidence))
    assert "strike" in row["evidence"]
    assert not [cell for cell in row.values() if cell.startswith(("[", "{"))]


def test_no_cell_is_a_formula(app: App, browser: Browser) -> None:
    fill(app.storage, title=FORMULA)
    [row] = _read(browser, "/export/alerts.csv")
    assert row["article.title"] == f"'{FORMULA}"
    assert browser.get("/export/alerts.json").json()[0]["article"]["title"] == FORMULA


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\t=1", "\r=1", "  =1"])
def test_what_a_spreadsheet_would_run_is_quoted(text: str) -> None:
    assert harmless(text) == f"'{text}"
    assert harmless(f"a{text}") == f"a{text}"


@pytest.mark.parametrize("file", ["alerts.xls", "alerts", "tokens.csv", ".json"])
def test_there_are_no_other_files(browser: Browser, file: str) -> None:
    assert browser.get(f"/export/{file}").status_code == 404
