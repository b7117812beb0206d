"""Copies of a text are told from variations of it, and both from what merely is alike."""

from datetime import timedelta
from typing import Any

import pytest

from ingester.stories.prints import Print, cited, differs_in_part, is_copy, packed, unpacked
from ingester.stories.signature import Signer
from rules.lexicons.concepts import Concepts, pack_concepts
from rules.text.folding import fold
from tests.builders import NOON, a_source, an_article

SIGNER = Signer(fold, Concepts(pack_concepts([])))
WIRE = (
    "Dockers in the northern harbours went back to work on Monday after nine days. Their union "
    "and the owners agreed on shorter nights and on two more people for each crane. Ships had "
    "waited outside of the harbours since the first of the month, some of them with fruit. "
    "The owners said that it would take a week until all of them were unloaded. A second vote "
    "of the members, which the union called a formality, is due before the end of the month. "
    "Shops inland had begun to miss oranges, and one brewery had closed for want of malt."
)
HALF = WIRE[: len(WIRE) // 2]


def of(title: str, text: str = "", source: str = "Harbour News", **changes: Any) -> Print:
    article = an_article(title, text=text, source_id=a_source(source).id, **changes)
    return SIGNER.signature(article).print


@pytest.mark.parametrize(
    "copy",
    [
        pytest.param(of("Dockers return", WIRE, "Other"), id="another headline"),
        pytest.param(of("Dockers return", f"KIRUNA (Wire) - {WIRE}", "Other"), id="agency line"),
        pytest.param(
            of("Dockers return", f"It is over, our reporter writes from the quay. {WIRE}", "Other"),
            id="a lead more",
        ),
        pytest.param(of("Dockers return", HALF, "Other"), id="cut to half"),
        pytest.param(of("Dockers return", WIRE.replace("nine", "ten"), "Other"), id="one word"),
    ],
)
def test_a_copy_is_told_whatever_stands_around_it(copy: Print) -> None:
    wire = of("Dockers back at work", WIRE)
    assert is_copy(wire, copy)
    assert is_copy(copy, wire)
    assert not differs_in_part(wire, copy)


def test_another_text_is_no_copy() -> None:
    other = of("Dockers back", "Cranes stood still again in the south, where nobody had agreed.")
    assert not is_copy(of("Dockers back", WIRE), other)
    assert not is_copy(of("Dockers back"), of("Dockers back"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(
            of("Report 17", "Delegates spoke about the Hanoi Convention, report 17."),
            of("Report 18", "Delegates spoke about the Hanoi Convention, report 18.", "Other"),
            id="a number",
        ),
        pytest.param(
            of("Mayor resigns", "The mayor of Oberdorf has resigned after the audit."),
            of("Mayor resigns", "The mayor of Niederdorf has resigned after the audit.", "Other"),
            id="a name",
        ),
        pytest.param(
            of("Item one about ferries", ""), of("Item two about ferries", ""), id="one word of few"
        ),
        pytest.param(
            of("Draw of 12 May", "The numbers are in the table."),
            of("Draw of 13 May", "The numbers are in the table."),
            id="a series with the same text",
        ),
        pytest.param(
            of("Ferry sinks off Skagen", "Read the whole article at our site, with pictures."),
            of("Minister opens a bridge", "Read the whole article at our site, with pictures."),
            id="what a source always says",
        ),
        pytest.param(
            of("Weather", "Rain in the west, later also in the east.", published_at=NOON),
            of(
                "Weather",
                "Sun everywhere, but for fog in the valleys.",
                published_at=NOON + timedelta(days=1),
            ),
            id="a recurring title",
        ),
    ],
)
def test_what_differs_in_a_number_or_a_name_alone_is_a_variation(one: Print, other: Print) -> None:
    assert differs_in_part(one, other)
    assert differs_in_part(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (of("Strike in Kiruna ends", "Trains run again."), of("Kiruna: trains run again", "")),
        (of("Weather", "Rain."), of("Weather", "Sun and fog.", "Other")),
        (of("Draw of 12 May", "It is 4."), of("Draw of 13 May", "Nobody won anything.", "Other")),
        (of("Strike in Kiruna", ""), of("Strike in Kiruna", "")),
    ],
)
def test_what_is_merely_alike_is_no_variation(one: Print, other: Print) -> None:
    assert not differs_in_part(one, other)


ADVISED = "A flaw in the gateway lets whoever reaches it run commands, the maker says; update to"
ONE_FLAW = of("Agency lists one exploited flaw", f"{ADVISED} 5.2. CVE-2026-31324 is its number.")


@pytest.mark.parametrize(
    ("other", "is_of_others"),
    [
        pytest.param(of("CVE-2026-24813", "An agency lists it, and says more."), True, id="other"),
        pytest.param(
            of("Agency lists two", f"CVE-2026-20353, cve 2026 24813. {ADVISED}"), True, id="two"
        ),
        pytest.param(of("Behörde", "Die Lücke CVE-2025-31324", language="de"), True, id="year"),
        pytest.param(
            of("One more", f"CVE-2026-20353 and CVE‑2026‑31324. {HALF}"), False, id="shared"
        ),
        pytest.param(
            of("It is exploited", f"That flaw is used by now. {HALF}"), False, id="unnamed"
        ),
        pytest.param(of("CVE-2026", HALF), False, id="no number"),
        pytest.param(of("CVE-2026-24813", HALF, "Other"), False, id="another source"),
    ],
)
def test_a_source_tells_of_two_flaws_in_two_advisories(other: Print, is_of_others: bool) -> None:
    assert differs_in_part(ONE_FLAW, other) is is_of_others
    assert differs_in_part(other, ONE_FLAW) is is_of_others


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Text.\nKälla: https://a.example/b/c-1.htm", ["https://a.example/b/c-1.htm"]),
        ("Text. (Source: https://a.example/b.)", ["https://a.example/b"]),
        ("文。来源：https://a.example/b", ["https://a.example/b"]),
        ("Text.\nhttps://a.example/b\n", ["https://a.example/b"]),
        ("Read https://a.example/b for more.", []),
        ("Källa: https://a.example/b " + "and much more text after it " * 20, []),
    ],
)
def test_the_source_that_a_text_gives_at_its_end_is_found(text: str, found: list[str]) -> None:
    assert cited(text) == found


def test_a_whole_site_is_nobodys_source() -> None:
    assert of("One", "Text.\nSource: https://a.example/").cited == ()
    assert of("One", "Text.\nSource: https://a.example/b").cited != ()


def test_prints_come_back_as_they_were() -> None:
    one = of("Dockers", WIRE, url="https://a.example/1")
    two = of("Två", "Kort.\nKälla: https://a.example/b", language="sv")
    again = unpacked(packed([one, two]))
    for before, after in zip((one, two), again, strict=True):
        assert (before.address, before.cited, before.scale, before.length) == (
            *(after.address, after.cited, after.scale, after.length),
        )
        for mine, theirs in zip(
            (before.title, before.body, before.pieces),
            (after.title, after.body, after.pieces),
            strict=True,
        ):
            assert mine.tolist() == theirs.tolist()
