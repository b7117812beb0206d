"""What must be said in every language that messages are written in."""

from collections.abc import Collection, Mapping

from common.records import dataclass

Plural = tuple[str, str]
"""How it is said of one, and of any other number, which is `{n}`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The phrases of one language; what stands in braces is filled in.

    Attributes:
        code: BCP 47 primary subtag.
        found: How words were found, by the layer of their evidence; "related" is what a list has in
            the rule's own language.
        sources: What the lists are called that come with the program, where it is another word
            than in English; all others have names of their own.
        how: `{how}` with the name of the `{language}`.
        reason: Why it counts: `{words}`, `{how}`, `{term}`.
        more_words: `{words}` and `{n}` others that were found alike.
        alone: Nobody else tells the story.
        outlets, articles: How many more tell it.
        in_languages: `{told}`, in `{n}` languages, which is never 1.
        seen: `{time}` at which we saw it, when the source names none.
        stories: How many stories a digest tells.
        left_out: How many it leaves out, in the same plural.
        priorities: By name; "normal" is never shown.
        footer: The `{rule}` that raised it.
        look_up: The `{command}` that shows all that is known.
        read: On a button that opens the article.
        test, notice, digest: Labels.
        test_title, test_text: What a test says of channel `{name}`.
        notice_title: Above a sentence about the monitor itself.
        limit_title: Above what says that a limit holds the rest back.
        first: The `{outlet}` that told it first.
        held: Why `{n}` alerts of a digest were held back, by the reason.
        last_of: Which message is the last of a "day" of `{rule}`, of a channel's day ("all_day"),
            of an "hour" or a "minute": the `{n}`th.
        used_up: That a limit of `{n}` a "day", for `{rule}`, "all_day" or an "hour" was set when
            `{sent}` were sent already.
        rest_waits: `{what}` is the last; what comes next is told at `{time}`; `{look_up}` it.
    """

    code: str
    found: Mapping[str, str]
    sources: Mapping[str, str]
    how: str
    reason: str
    more_words: str
    alone: str
    outlets: Plural
    articles: Plural
    in_languages: str
    seen: str
    stories: Plural
    left_out: Plural
    priorities: Mapping[str, str]
    footer: str
    look_up: str
    read: str
    test: str
    notice: str
    digest: str
    test_title: str
    test_text: str
    notice_title: str
    limit_title: str
    first: str
    held: Mapping[str, Plural]
    last_of: Mapping[str, str]
    used_up: Mapping[str, str]
    rest_waits: str

    def found_by(self, layer: str, language: str, written_in: Collection[str]) -> str:
        """Return how words were found; a word of the rule's own language is no translation.

        Args:
            language: BCP 47, of what was found.
            written_in: What the rule is written in.
        """
        if layer == "lexicon" and language.split("-")[0] in written_in:
            layer = "related"
        return self.found.get(layer, layer)


def counted(forms: Plural, n: int) -> str:
    """Return how it is said of so many."""
    return forms[0 if n == 1 else 1].format(n=n)
