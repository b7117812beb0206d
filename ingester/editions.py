"""Whether an entry may be another form of a known article, and the version that it makes of it."""

from dataclasses import replace

from common.clip import clip
from ingester.fingerprints import (
    TEXT_LENGTH,
    Sighting,
    folded,
    is_telling,
    same_numbers,
    texts_alike,
    texts_unlike,
    titles_alike,
    words_of,
    words_said_by,
)
from storage.model import Article


def are_alike(new: Article, stored: Article) -> bool:
    """Whether an entry may be an edited form of an article, although it is called otherwise."""
    if folded(new.title) == folded(stored.title):
        return True
    return titles_alike(new.title, stored.title) or (
        same_numbers(new.title, stored.title) and have_one_text(new, stored)
    )


def are_unlike(new: Article, stored: Article) -> bool:
    """Whether neither title nor text may be an edited form of the article's."""
    return not titles_alike(new.title, stored.title) and texts_unlike(new.text, stored.text)


def say_the_same(new: Article, stored: Article) -> bool:
    """Whether two articles of one title and day are one: that alone is no reason."""
    if not new.text:
        return is_telling(folded(new.title)) and not (stored.text and stored.summary)
    return have_one_text(new, stored)


def have_one_text(new: Article, stored: Article) -> bool:
    """Whether an entry's text is about that of an article, or what its source said of it."""
    # What a page has completed has the source's own words in its summary.
    return texts_alike(new.text, stored.text) or texts_alike(new.text, stored.summary)


def edition_of(before: Article, sighting: Sighting, *, was: str) -> Article:
    """Return the new version of a known article.

    Args:
        was: What was said before its page completed it.
    """
    new = sighting.article
    text = new.text
    is_completed = words_of(sighting.said) != words_said_by(new)
    was_completed = words_of(was) not in ("", words_said_by(before))
    if not is_completed and text in before.text:
        text = before.text if was_completed or not was else text
    elif not is_completed and was_completed:
        # Its page was not read again: what it said is kept beside what is new.
        text = f"{text}\n\n{before.text.removeprefix(before.summary).lstrip()}"
    return replace(
        before,
        title=new.title,
        text=clip(text, TEXT_LENGTH, trim=True),
        summary=new.summary,
        language=new.language or before.language,
        updated_at=new.updated_at,
        authors=new.authors,
        categories=new.categories,
    )
