"""The languages of a document's articles."""

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

import pytest

from ingester.articles import sighting_of
from ingester.entry import Entry
from ingester.languages import Languages
from ingester.recognition import Found, Recognised
from ingester.text.language import Declarations, Text
from tests.builders import NOON, a_source

SWEDISH = "Regeringen vill att kommunerna bygger fler cykelvägar innan nästa vinter."


def found(text: str, *, stored_in: str = "") -> Found:
    entry = Entry(url=f"https://a.example/{len(text)}", title=text[:40], text=text)
    sighting = sighting_of(entry, a_source(), seen_at=NOON, with_language=False)
    article = replace(sighting.article, language=stored_in)
    return Found(sighting=sighting, article=article, before=article if stored_in else None)


def test_what_is_new_or_edited_gets_its_language_and_what_is_known_keeps_its_own() -> None:
    fresh = Recognised(
        new=(found(SWEDISH),),
        edited=(found(SWEDISH, stored_in="en"), found("NASA", stored_in="fi")),
        relisted=(found(SWEDISH, stored_in="da"),),
    )
    given = Languages("", tripped=lambda *_: None).given_to(fresh, may_alert=frozenset())
    assert [each.article.language for each in given.new] == ["sv"]
    assert [each.article.language for each in given.edited] == ["sv", "fi"]
    assert [each.article.language for each in given.relisted] == ["da"]


def test_an_article_that_gets_its_language_keeps_all_else() -> None:
    one = found(SWEDISH)
    some = ("one", "other")
    own: dict[str, Any] = {"title": one.article.title, "text": SWEDISH}
    own |= dict.fromkeys(("authors", "categories"), some)
    own |= dict.fromkeys(("first_seen_at", "published_at", "updated_at"), NOON)
    for name in ("id", "source_id", "story_id", "url", "summary", "publisher"):
        own[name] = f"its {name}"
    given: dict[str, Any] = {"language": "sv", "baseline": not one.article.baseline}
    assert {*own, *given} == {each.name for each in fields(one.article)}
    whole = replace(one.article, **own)
    may_alert = frozenset[str](() if given["baseline"] else (one.sighting.mark,))
    (new,) = (
        Languages("", tripped=lambda *_: None)
        .given_to(Recognised(new=(replace(one, article=whole),)), may_alert=may_alert)
        .new
    )
    assert new.article == replace(whole, **given)


def test_a_text_that_detection_trips_over_costs_its_language_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plain = Declarations.languages_of

    def trip(self: Declarations, texts: Sequence[Text]) -> list[str]:
        if any(each.text.startswith("NASA") for each in texts):
            raise ZeroDivisionError
        return plain(self, texts)

    monkeypatch.setattr(Declarations, "languages_of", trip)
    told: list[str] = []
    fresh = Recognised(new=(found("NASA"), found(SWEDISH)), edited=(), relisted=())
    languages = Languages(
        "", tripped=lambda sighting, bug: told.append(f"{sighting.article.title}: {bug!r}")
    )
    given = languages.given_to(fresh, may_alert=frozenset(), beside=[Text("", "NASA and ESA")])
    assert [each.article.language for each in given.new] == ["", "sv"]
    assert told == ["NASA: ZeroDivisionError()"]


def test_what_is_new_is_quiet_unless_rules_may_speak_of_it() -> None:
    heard, quiet = found(SWEDISH), found("NASA")
    known = found("NASA and ESA", stored_in="en")
    fresh = Recognised(new=(heard, quiet), edited=(known,))
    languages = Languages("", tripped=lambda *_: None)
    given = languages.given_to(fresh, may_alert={heard.sighting.mark})
    assert [each.article.baseline for each in (*given.new, *given.edited)] == [False, True, False]


def test_what_shows_no_language_is_in_that_of_what_is_listed_beside_it() -> None:
    beside = [Text("", f"{SWEDISH} {number}") for number in range(3)]
    fresh = Recognised(new=(found("Storm i natt"),), edited=(found("NASA", stored_in="sv"),))

    def languages(listed: Sequence[Text], fresh: Recognised = fresh) -> list[str]:
        given = Languages("", tripped=lambda *_: None)
        given_to = given.given_to(fresh, may_alert=frozenset(), beside=listed)
        return [each.article.language for each in (*given_to.new, *given_to.edited)]

    assert languages([]) == ["", "sv"]
    assert languages(beside) == ["sv", "sv"]
    assert languages([Text("", "Storm i natt"), *beside[:2]]) == ["", "sv"]
    declared = found("Storm i natt")
    declared = replace(declared, sighting=replace(declared.sighting, declared="da"))
    assert languages(beside, Recognised(new=(declared,))) == ["da"]
