"""Tokens that silence a story."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from monitor.silences.tokens import (
    KEY_FILE,
    alert_of_token,
    delivery_of_token,
    key_in,
    leave_token,
    mute_token,
)

KEY = b"k" * 64
ALERT = "a1b2c3" + "x" * 20


def test_a_token_names_its_alert_and_is_the_same_each_time() -> None:
    token = mute_token(KEY, ALERT)
    assert token == mute_token(KEY, ALERT)
    assert alert_of_token(KEY, token) == ALERT
    assert alert_of_token(KEY, f" {token}\n") == ALERT


def test_what_was_not_signed_here_names_nothing() -> None:
    token = mute_token(KEY, ALERT)
    other = token.replace(ALERT, ALERT[:-1] + "y")
    for wrong in ("", ".", "m1", "m1..", other, token[:-1], token + "a", f"m2{token[2:]}", "ä.b.c"):
        assert alert_of_token(KEY, wrong) is None
    assert alert_of_token(b"another key", token) is None


def test_a_token_is_for_one_thing_only() -> None:
    assert delivery_of_token(KEY, leave_token(KEY, ALERT)) == ALERT
    assert alert_of_token(KEY, leave_token(KEY, ALERT)) is None
    assert delivery_of_token(KEY, mute_token(KEY, ALERT)) is None
    assert delivery_of_token(KEY, "l1" + mute_token(KEY, ALERT)[2:]) is None


def test_the_key_is_made_once_and_is_nobody_elses_business(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: key_in(tmp_path), range(16)))
    assert len(keys) == 1
    assert stat.S_IMODE((tmp_path / KEY_FILE).stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [KEY_FILE]
