"""Settings of the translator: what they may be, and what must stand together."""

from pathlib import Path

import pytest

from monitor.config.load import Config, ConfigError, load
from monitor.config.translator import TranslatorSettings
from monitor.translation.openai import chat_url
from rules.languages.scripts import news_languages
from tests.places import ROOT

LIBRE = {"": "libretranslate", "_URL": "http://127.0.0.1:5000"}
MODEL = {"": "openai", "_URL": "https://api.example/v1", "_MODEL": "small"}


def loaded(**given: str) -> Config:
    return load(
        environ={
            "MONITOR_HOME": "/h",
            **{f"MONITOR_TRANSLATOR{name}": value for name, value in given.items()},
        }
    )


def test_nobody_is_asked_unless_it_is_set() -> None:
    assert loaded().translator is None


def test_a_translator_needs_its_address_and_no_more() -> None:
    assert loaded(**LIBRE).translator == TranslatorSettings(
        kind="libretranslate", url="http://127.0.0.1:5000/"
    )
    assert loaded(**MODEL).translator == TranslatorSettings(
        kind="openai", url="https://api.example/v1", model="small"
    )


def test_all_of_it_can_be_set(tmp_path: Path) -> None:
    secret = tmp_path / "key"
    secret.write_text("sesame\n")
    secret.chmod(0o600)
    further = {
        "_KEY_FILE": str(secret),
        "_LANGUAGES": "sv, zh-Hant,sv",
        "_TIMEOUT": "90",
        "_CHECK_BACK": "Yes",
    }
    found = loaded(**LIBRE, **further).translator
    assert found == TranslatorSettings(
        kind="libretranslate",
        url="http://127.0.0.1:5000/",
        key="sesame",
        languages=("sv", "zh-Hant"),
        timeout_seconds=90,
        check_back=True,
    )
    assert "sesame" not in repr(found)


def test_one_that_is_switched_off_in_the_file_keeps_its_settings(tmp_path: Path) -> None:
    toml = tmp_path / "monitor.toml"
    toml.write_text('translator = ""\ntranslator_url = "http://127.0.0.1:5000"\n')
    assert load(environ={"MONITOR_HOME": "/h"}, path=toml).translator is None


@pytest.mark.parametrize(
    ("given", "said"),
    [
        pytest.param({"_URL": "https://x.example"}, "but not translator", id="alone"),
        pytest.param({"": "openai", "_MODEL": "m"}, "translator_url is not", id="no address"),
        pytest.param(
            {"": "openai", "_URL": "https://x.example"}, "translator_model is not", id="no model"
        ),
        pytest.param({**LIBRE, "_MODEL": "m"}, "has no models", id="a model for no model"),
        pytest.param({**LIBRE, "": "google"}, "libretranslate or openai", id="another kind"),
        pytest.param({**LIBRE, "_URL": "127.0.0.1:5000"}, "expected a URL such as", id="no URL"),
        pytest.param({**LIBRE, "_LANGUAGES": "sv,Swedish!"}, 'got "Swedish!"', id="no code"),
        pytest.param({**LIBRE, "_TIMEOUT": "0"}, "from 1 to 600", id="no time"),
        pytest.param({**LIBRE, "_CHECK_BACK": "maybe"}, "yes or no", id="neither"),
    ],
)
def test_what_does_not_fit_is_told_once(given: dict[str, str], said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        loaded(**given)
    [mistake] = caught.value.mistakes
    assert said in mistake


@pytest.mark.parametrize(
    ("url", "warned"),
    [
        ("http://translate.example", True),
        ("https://translate.example", False),
        ("http://127.0.0.1:5000", False),
        ("http://localhost:5000", False),
        ("http://[::1]:5000", False),
    ],
)
def test_a_key_that_would_travel_in_the_clear_is_warned_of(url: str, warned: bool) -> None:
    config = loaded(**{**LIBRE, "_URL": url, "_KEY": "sesame"})
    assert any("unencrypted" in warning for warning in config.warnings) is warned


@pytest.mark.parametrize(
    ("url", "chat"),
    [
        ("https://api.example", "https://api.example/v1/chat/completions"),
        ("https://api.example/", "https://api.example/v1/chat/completions"),
        ("https://api.example/v1/", "https://api.example/v1/chat/completions"),
        ("https://x.example/api/v3", "https://x.example/api/v3/chat/completions"),
        ("https://x.example/v1/chat/completions", "https://x.example/v1/chat/completions"),
        ("https://x.example/m/?version=2", "https://x.example/m/chat/completions?version=2"),
    ],
)
def test_where_chats_are_posted(url: str, chat: str) -> None:
    assert chat_url(url) == chat


def test_the_page_names_the_languages_that_are_asked_for() -> None:
    page = (ROOT / "docs" / "translators.md").read_text(encoding="utf-8")
    listed = page.split("```")[5].split()
    assert tuple(listed) == news_languages()
