"""Keywords of several words, some of which are spelled otherwise: one stands near the next."""

from itertools import product

import pytest

from rules.matcher import RuleMatcher, by_brute_force
from tests.builders import a_rule, a_source, an_article

NAME = "Dmitri Sergeyevich Kovalchuk"
SPELLED = (("Dmitri", "Dmitrij"), ("Sergeyevich", "Sergejewitsch"), ("Kovalchuk", "Kowaltschuk"))
BETWEEN = (" ", " und ", " heute ", " ist heute auch ", ". ")


@pytest.mark.parametrize("words", list(product(*SPELLED)), ids=" ".join)
def test_words_of_a_chain_are_found_wherever_trying_every_rule_finds_them(
    words: tuple[str, str, str],
) -> None:
    rule = a_rule(NAME)
    matcher = RuleMatcher([rule])
    found = 0
    for first, second in product(BETWEEN, repeat=2):
        one, two, three = words
        for text in (
            f"{one}{first}{two}{second}{three}",
            f"{three}{first}{one}{second}{two} heute",
            f"{one}{first}{one}{second}{two} {three}",
            f"Kovalchuk{first}{two} kam{second}{one} {three}",
        ):
            article = an_article("Untitled", text=text, language="de")
            matches = matcher.matches(article, a_source())
            assert matches == by_brute_force([rule], article, a_source()), text
            found += len(matches)
    assert found >= len(BETWEEN)


@pytest.mark.parametrize(
    ("rule", "text", "language"),
    [
        ("Kovalchuk Kovalchuk Dmitri", "Kowaltschuk Kowaltschuk Dmitrij kam", "de"),
        ("Dmitri Sergeyevich Kovalchuk", "昨日Dmitrij Sergejewitsch Kowaltschuk氏は", "ja"),
        ("Anna Maria Sergeyevich Ivan Kovalchuk", "Anna Maria Sergejewitsch Iwan Kovalchuk", "de"),
        (
            "Anna Maria Petra Clara Sergeyevich Ivan Dmitri Kovalchuk",
            "Anna Maria Petra Clara Sergejewitsch Iwan Dmitrij Kovalchuk",
            "de",
        ),
    ],
)
def test_a_chain_has_its_words_twice_or_many_of_them(rule: str, text: str, language: str) -> None:
    every = [a_rule(rule)]
    article = an_article("Untitled", text=text, language=language)
    (match,) = RuleMatcher(every).matches(article, a_source())
    assert [match] == by_brute_force(every, article, a_source())


MIDDLE = ("Б.", "Б.В.", "Б. В.", "Петровна", "Петровна Б.", "и Б.", "Дж.Б.", "сказал Б.")


@pytest.mark.parametrize("middle", MIDDLE)
@pytest.mark.parametrize("name", ["Anna Novak", "Anna Maria Novak", "Anna Novak summit"])
def test_middle_names_and_initials_part_no_words(name: str, middle: str) -> None:
    rules = [a_rule(name)]
    matcher = RuleMatcher(rules)
    heard = {"Anna": "Анна", "Maria": "Мария", "Novak": "Новак", "summit": "саммит"}
    words = [heard[word] for word in name.split()]
    for place in range(1, len(words)):
        text = " ".join([*words[:place], middle, *words[place:]])
        article = an_article("x", text=f"{text} вчера", language="ru")
        matches = matcher.matches(article, a_source())
        assert matches == by_brute_force(rules, article, a_source()), text
        assert matches or middle[0].islower(), text


@pytest.mark.parametrize("between", ["の の の の の の の", "К. К. К. К. К. К. К."])
@pytest.mark.parametrize("words", list(product(*SPELLED)), ids=" ".join)
def test_rests_of_runs_and_initials_are_no_words_of_a_gap(
    words: tuple[str, str, str], between: str
) -> None:
    """However many there are."""
    rule = a_rule(NAME)
    one, two, three = words
    for text in (f"{one} {between} {two} {three}", f"{three} {one} {between} {two}"):
        article = an_article("Untitled", text=f"heute {text}", language="de")
        found = RuleMatcher([rule]).matches(article, a_source())
        assert found == by_brute_force([rule], article, a_source()), text
        assert found, text
