"""A keyword in a language that writes nouns as one word, as its texts part or join it.

Lehrermangel is Mangel an Lehrern, and Verbot von Plastiktüten a Plastiktütenverbot.
"""

from collections.abc import Callable, Collection, Iterator, Sequence

from rules.data.tables import has_capital_nouns
from rules.languages.compounds import halves, joins
from rules.languages.inflection import before_others
from rules.lexicons.api import Form
from rules.text.tokenizer import Word

_ENGLISH = "en"
_SOURCE = "compound"
_OF_A_PHRASE = 2


def otherwise_joined(
    text: str,
    words: Sequence[Word],
    forms: Collection[Form],
    languages: Collection[str],
    lookup: Callable[[str, str], Sequence[Form]],
) -> Iterator[Form]:
    """Yield a keyword of one word in two, or one of two words the other way round.

    These are looked for near each other, in any order, or as one. Not what is one thing with a name
    of its own: a Krankenhaus is a hospital, and no house of the sick.

    Args:
        forms: What lists call the keyword.
        lookup: What a word of a language is called.
    """
    for language in filter(joins, languages):
        if len(words) == 1 and _is_told_by_parts(forms):
            as_noun = str.capitalize if has_capital_nouns(language) else str
            for head, tail in halves(text, language, usual=False):
                pair = as_noun(head), as_noun(tail)
                if all(lookup(part, language) for part in pair):
                    yield _composed(language, *pair)
                    break
        elif len(words) == _OF_A_PHRASE and words[0].end + 1 < words[1].start:
            first, second = words[1].text, words[0].text
            yield _composed(language, first, second)
            if before := before_others(first.lower(), language):  # Lärarbrist
                yield _composed(language, before, second)


def _composed(language: str, first: str, second: str) -> Form:
    return Form(language, f"{first} {second}", _SOURCE, kind="composed")


def _is_told_by_parts(forms: Collection[Form]) -> bool:
    english = [form.text for form in forms if form.language == _ENGLISH]
    is_name = any(form.kind == "name" for form in forms)
    return not is_name and all(" " in text or "-" in text for text in english)
