"""What sites show instead of a page, with status 200: what is said of it, and whether it passes."""

from common.records import dataclass
from ingester.entry import ParseError

MISSING, ROBOT, CONSENT, LOGIN, PAY, AGE = "missing", "robot", "consent", "login", "pay", "age"
REGION, SCRIPT, REDIRECT, DOWN, PARKED = "region", "script", "redirect", "down", "parked"

_NEXT = "nothing was taken in; look at the address and, if that stays so, give the source another"


@dataclass(frozen=True, slots=True)
class Refusal:
    """What is shown instead of a page.

    Attributes:
        shown: What it is, as a noun.
        said: Where, what and why, of a source that is such a page.
        of_site: It is shown for any page of the site.
        of_page: It is shown for what is not there.
        passes: It may be over the next time.
    """

    shown: str
    said: str
    of_site: bool = False
    of_page: bool = False
    passes: bool = False


REFUSALS = {
    MISSING: Refusal(
        "an error page, that there is no such page",
        "the site says that there is no such page, though its status says that there is",
        of_page=True,
    ),
    ROBOT: Refusal(
        "a check for robots",
        "the site shows a check for robots instead of the page",
        of_site=True,
        passes=True,
    ),
    CONSENT: Refusal(
        "a page that asks for consent",
        "the site asks for consent, to cookies for instance, before it shows the page",
        of_site=True,
    ),
    LOGIN: Refusal("a login", "the site shows the page only to those who log in"),
    PAY: Refusal("an offer to subscribe", "the site shows the page only to its subscribers"),
    AGE: Refusal(
        "a page that asks for an age", "the site asks for an age before it shows the page"
    ),
    REGION: Refusal(
        "that it may not be seen from here",
        "the site does not show the page in the country that it is asked from",
        of_site=True,
    ),
    SCRIPT: Refusal(
        "nothing until a browser runs their program",
        "the page shows nothing until a browser runs its program",
        of_site=True,
    ),
    REDIRECT: Refusal(
        "but the way to another page", "the page only sends its reader on to another one"
    ),
    DOWN: Refusal(
        "an error of the site, or that it is maintained",
        "the site shows an error, or that it is maintained, though its status says that all is "
        "well",
        of_site=True,
        passes=True,
    ),
    PARKED: Refusal(
        "a page of whoever holds the address now",
        "the site is gone and whoever holds its address shows a page of their own",
        of_site=True,
    ),
}


class InsteadOfPageError(ParseError):
    """A page shows something else than its article or its list; `kind` says what.

    Args:
        to: Where it leads instead, or "".
    """

    def __init__(self, kind: str, *, to: str = "") -> None:
        said = f"{REFUSALS[kind].said} ({to[:200]})" if to else REFUSALS[kind].said
        super().__init__(f"{said}: {_NEXT}", kind=kind, to=to)


def without_advice(error: ParseError) -> str:
    """Return what a page is instead, without what is advised to whoever follows it already."""
    return str(error).removesuffix(f": {_NEXT}")
