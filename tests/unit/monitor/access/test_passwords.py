"""Passwords: which may be chosen, and what is kept of one."""

import pytest

from monitor.access import passwords
from monitor.access.passwords import Cost, Crowded, checked_password, is_right, kept_of
from monitor.base.errors import Refusal

CHEAP = Cost(n=2**4, r=8, p=1)
GOOD = "correct horse battery"


def test_only_the_password_itself_is_right() -> None:
    kept = kept_of(GOOD, cost=CHEAP)
    assert GOOD not in kept
    assert is_right(GOOD, kept)
    for wrong in ("", GOOD[:-1], GOOD + " ", GOOD.upper(), kept, "\ud800", "x" * 100_000):
        assert not is_right(wrong, kept), wrong[:40]


def test_the_same_password_is_kept_otherwise_each_time() -> None:
    assert kept_of(GOOD, cost=CHEAP) != kept_of(GOOD, cost=CHEAP)


def test_a_password_is_right_however_a_keyboard_writes_its_letters() -> None:
    assert is_right("rödgröt och fisk", kept_of("ro\u0308dgro\u0308t och fisk", cost=CHEAP))


def test_nobody_has_no_password() -> None:
    for typed in ("", GOOD):
        assert not is_right(typed, None)


@pytest.mark.parametrize(
    "text", ["short", "x" * 257, "annaannaanna", "aaaaaaaaaaaaaaaa", "abababababababab"]
)
def test_what_is_guessed_first_is_refused(text: str) -> None:
    with pytest.raises(Refusal):
        checked_password(text, name="Anna")


def test_a_good_one_is_taken() -> None:
    assert checked_password(GOOD, name="Anna") == GOOD
    assert checked_password("越南河內公約簽署儀式新聞", name="x")


def test_what_a_guess_costs_is_kept_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = kept_of(GOOD, cost=CHEAP)
    assert kept.startswith("scrypt$16$8$1$")
    monkeypatch.setattr(passwords, "COST", Cost(n=2**5, r=8, p=2))
    assert is_right(GOOD, kept)


def test_who_comes_when_too_many_are_checked_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = kept_of(GOOD, cost=CHEAP)
    monkeypatch.setattr(passwords, "PATIENCE_S", 0.01)
    for _ in range(passwords.MOST_AT_ONCE):
        assert passwords._guesses.acquire(blocking=False)
    with pytest.raises(Crowded):
        is_right(GOOD, kept)
    for _ in range(passwords.MOST_AT_ONCE):
        passwords._guesses.release()
    assert is_right(GOOD, kept)
