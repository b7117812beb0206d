"""Two reports of these days that share a name which few others have."""

from ingester.stories.frequencies import Frequencies
from ingester.stories.placing import day_of, place_of
from ingester.stories.sums import Traits, with_article
from ingester.stories.weights import RARE, weighed
from tests.quality.stories.test_kinds import signer
from tests.quality.stories.test_stories import article, of_other

SHIP = article(
    [
        "Ferry Orvaskin runs aground off Luskentyre",
        "The ferry Orvaskin ran aground in fog on Monday with 140 passengers. Lifeboats took all "
        "of them ashore. The captain had asked for a tug an hour before, the coastguard said.",
    ]
)
OWNER = [
    "Owner of ferry Orvaskin put off repairs, union says",
    "Engineers warned in May that steering on the Orvaskin failed at low speed, letters show. The "
    "company saved money by waiting, a union for sailors claims. Its lawyer told reporters in Oban "
    "that fog and not machinery was to blame, and that the captain should have waited for a tug; "
    "passengers in Glasgow said they would sue, and the ministry for transport wants an inquiry. "
    "Shares in Oslo fell by 8 percent on Tuesday. Two more ships of one design sail to Norway.",
]
OTHER_OWNER = [part.replace("Orvaskin", "Tamerlund") for part in OWNER]


def _is_joined(told: list[str], *, days: int = 1, told_before: int = 0) -> bool:
    """Return whether what another outlet tells so many days later is one event with the ship's."""
    later = of_other(article(told), 24 * days)
    known = Frequencies()
    signatures = [signer().signature(each) for each in (SHIP, later)]
    known.learn(known.lesson(signatures))
    known.learn(known.lesson(signatures[1:]) * told_before)
    before, after = (weighed(each, known) for each in signatures)
    story = with_article(Traits(), before, day_of(SHIP))
    return place_of(after, day_of(later), [story]) is not None


def test_a_rare_name_of_both_makes_one_event_of_two_reports_of_these_days() -> None:
    assert _is_joined(OWNER)
    assert not _is_joined(OTHER_OWNER)
    assert not _is_joined(OWNER, days=4)


def test_a_name_that_many_have_does_not() -> None:
    assert _is_joined(OWNER, told_before=RARE - 2)
    assert not _is_joined(OWNER, told_before=RARE)
