"""Verbs of a rule in English are found in all their forms, also where endings do not tell."""

import pytest

from monitor.lexicons.packed import packed_news
from rules.expand.expand import expand
from rules.lexicons.english_verbs import verb_forms
from rules.lexicons.news import NewsLexicon
from rules.matcher import RuleMatcher
from rules.query.parsed import parsed
from storage.model import Article
from tests.builders import a_rule, a_source, an_article, with_variants


def matches(rule: str, article: Article) -> bool:
    matcher = RuleMatcher([with_variants(a_rule(rule), NewsLexicon(packed_news))])
    return bool(matcher.matches(article, a_source()))


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("steps down", "The chairman stepped down on Friday."),
        ("stepped down", "The chairman steps down on Friday."),
        ("files for bankruptcy", "The maker filed for bankruptcy."),
        ("filing for bankruptcy", "Two makers file for bankruptcy."),
        ("breaks record", "She broke a record in Oslo."),
        ("carries weapons", "A man carrying weapons was seen."),
        ("meets president", "Meeting the president, he smiled."),
        ("denies charges", "Both deny the charges."),
        ("withdraws", "The army withdrew at night."),
        ("wins", "She won the vote."),
    ],
)
def test_another_form_of_the_verb_is_found(rule: str, text: str) -> None:
    assert matches(rule, an_article("", text=text, language="en"))


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("file", "The report was filed away."),  # three letters say too little alone
        ("strike", "He was struck by a ball."),  # as a noun means it
        ("steps down", "The ladder has ten steps."),
    ],
)
def test_what_may_be_another_word_is_not(rule: str, text: str) -> None:
    assert not matches(rule, an_article("", text=text, language="en"))


def test_only_what_may_be_english_has_english_verbs() -> None:
    of = {each.text for each in expand(parsed("die Krise"), (), ("de",))}
    assert "died" not in of


def test_a_form_of_two_verbs_is_of_both() -> None:
    assert {"lie", "laid"} <= {form.text for form in verb_forms("lay")}
    assert not list(verb_forms("convention"))
