"""What an e-mail address is."""

import pytest

from common.mail_address import is_mail_address


@pytest.mark.parametrize(
    "text",
    [
        "name@example.org",
        "first.last+news@example.org",
        "alerts@localhost",
        "a" * 64 + "@example.org",
        "news@" + "a" * 63 + ".org",
    ],
)
def test_plain_addresses_are_taken(text: str) -> None:
    assert is_mail_address(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name",
        "@example.org",
        "name@",
        "a@b@example.org",
        ".name@example.org",
        "name.@example.org",
        "na..me@example.org",
        "name@-example.org",
        "name@example-.org",
        "name@example..org",
        "name@example.org.",
        "name@exam_ple.org",
        "na me@example.org",
        "name@example.org\n",
        "Name <name@example.org>",
        "näme@example.org",
        "name@exämple.org",
        "a" * 65 + "@example.org",
        "news@" + "a" * 64 + ".org",
        "a@" + ".".join(["b" * 50] * 5),
    ],
)
def test_nothing_else_is_an_address(text: str) -> None:
    assert not is_mail_address(text)
